"""When operators are told what is wrong: rules for Grafana and Prometheus, made of the section `alarms`.

What the database knows (a silent sensor, a dead gateway, a stuck bay, bad air) is asked by Grafana in
InfluxQL (`devices`, `street`); what the service says of itself (spool, writer, certificates) is asked in
PromQL and rendered twice (`pipeline`): for Prometheus, and for Grafana, which sends mail without an
Alertmanager.

**Who mutes whom.** A device behind a dead gateway or a deaf pipeline is not `silent`: its state is
`gateway_down` or `pipeline_down` (`status`, by the clock), so that its own alarm does not arise; the alarms
on batteries and stuck bays look at that state too. An alarm that was there before stays until the device is
seen well again: the state's codes are ordered so that everything above silent means "nobody can know".
With the service stopped there are no new rows; every alarm on devices keeps what it last knew, and only
`stopped` fires. Nothing is muted by configuration that could be forgotten.
"""

from publish.alarms.alarm import Alarm, MetricAlarm, Text
from publish.alarms.devices import device_alarms
from publish.alarms.pipeline import metric_alarms
from publish.alarms.street import street_alarms

__all__ = ["Alarm", "MetricAlarm", "Text", "device_alarms", "metric_alarms", "street_alarms"]
