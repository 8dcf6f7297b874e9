"""Alarms on what the service says of itself, in PromQL.

`last_over_time(...[1h])` bridges a service that stands still: an alarm keeps what was last known for an
hour instead of ending and beginning anew; that it stands still is an alarm of its own. No alarm begins of a
figure that was well when it was last seen.
"""

from devices.language import say
from ingest.settings import Settings
from publish.alarms.alarm import DAY, HOUR, MINUTE, MetricAlarm, Text

_DURATION = "{{ humanizeDuration $value }}"
_COUNT = '{{ printf "%.0f" $value }}'


def metric_alarms(settings: Settings) -> tuple[MetricAlarm, ...]:
    """The alarms, in the order of their urgency."""
    return (
        _stopped(settings),
        _not_ready(settings),
        _quiet(settings),
        _behind(settings),
        _spool(settings),
        _refused(settings),
        _quarantine(settings),
        _hours(settings),
        _disk(settings),
        _certificate(settings),
    )


def _known(metric: str) -> str:
    return f"last_over_time({metric}[1h])"


def _stopped(settings: Settings) -> MetricAlarm:
    up = 'up{job="messnetz"}'
    return MetricAlarm(
        uid="messnetz-metrics-stopped",
        name="MessnetzStopped",
        text=Text(
            title=say("Messnetz does not run"),
            where=say(
                "service{instance} does not answer", instance="{{ with $labels.instance }} {{ . }}{{ end }}"
            ),
            since=say("at least {minutes} minutes", minutes=settings.alarms.not_ready_minutes),
            cause=say("the service or its machine stands still, or Prometheus does not reach it"),
            step=say("`messnetz status` on its machine; the log's last lines say why it ended"),
        ),
        # without any `up` Prometheus has no service to ask
        expr=f"{_known(up)} or absent_over_time({up}[1h]) - 1",
        sign="below",
        limit=1,
        severity="critical",
        lasting_s=settings.alarms.not_ready_minutes * MINUTE,
        grafana=False,  # there messnetz-stopped says so, which also sees a database that takes nothing
    )


def _not_ready(settings: Settings) -> MetricAlarm:
    return MetricAlarm(
        uid="messnetz-not-ready",
        name="MessnetzNotReady",
        text=Text(
            title=say("Messnetz is not ready"),
            where=say("service {instance}", instance="{{ $labels.instance }}"),
            since=say("at least {minutes} minutes", minutes=settings.alarms.not_ready_minutes),
            cause=say("a broker or the database is not reached or refuses us, or the disk is full"),
            step=say("`messnetz status` names the reason; `messnetz doctor` looks at all of them"),
        ),
        expr=_known("messnetz_ready"),
        sign="below",
        limit=1,
        severity="critical",
        lasting_s=settings.alarms.not_ready_minutes * MINUTE,
    )


def _quiet(settings: Settings) -> MetricAlarm:
    """Connected and quiet: a broker that is not reached is `_not_ready`'s, and says why.

    The service judges whether sensors should have spoken: at night a car park says nothing for hours. Of
    several services behind `$share` one that hears something is enough.
    """
    return MetricAlarm(
        uid="messnetz-quiet",
        name="MessnetzQuiet",
        text=Text(
            title=say("No uplinks come in"),
            where=say("broker {source}", source="{{ $labels.source }}"),
            since=say("no sensor was heard for {age}", age=_DURATION),
            cause=say(
                "the network server stands still (its gateways may speak on), does not publish to this broker"
                " any more, publishes under another topic, or our user may not read it; the sensors raise no"
                " alarms of their own"
            ),
            step=say(
                "`messnetz doctor` shows what the broker grants; look whether the network server still sees"
                " uplinks"
            ),
        ),
        expr=(
            f"min by (source) ({_known('messnetz_source_quiet_seconds')})"
            f" and on (source) ({_known('messnetz_source_connected')} == 1)"
        ),
        sign="above",
        limit=settings.alarms.quiet_minutes * MINUTE,
        severity="critical",
    )


def _behind(settings: Settings) -> MetricAlarm:
    return MetricAlarm(
        uid="messnetz-behind",
        name="MessnetzWriterBehind",
        text=Text(
            title=say("The database lags behind"),
            where=say("service {instance}", instance="{{ $labels.instance }}"),
            since=say("the oldest line waits for {age}", age=_DURATION),
            cause=say("the database is down, too slow, or refuses our token; nothing is lost, it waits here"),
            step=say("`messnetz status` shows what the database answers; then look at the database"),
        ),
        expr=_known("messnetz_spool_oldest_waiting_seconds"),
        sign="above",
        limit=settings.alarms.behind_minutes * MINUTE,
        severity="warning",
    )


def _spool(settings: Settings) -> MetricAlarm:
    return MetricAlarm(
        uid="messnetz-spool",
        name="MessnetzSpoolFilling",
        text=Text(
            title=say("The spool fills up"),
            where=say("service {instance}", instance="{{ $labels.instance }}"),
            since=say("now {percent} % of its budget", percent=_COUNT),
            cause=say(
                "the database takes nothing; when the spool is full, the brokers must keep the messages, and"
                " they drop what does not fit"
            ),
            step=say(
                "bring the database back; until then `spool.waiting_bytes` may be raised where disk is left"
            ),
        ),
        expr=f"{_known('messnetz_spool_waiting_bytes')} / {settings.spool.waiting_bytes} * 100",
        sign="above",
        limit=settings.alarms.spool_percent,
        severity="critical",
    )


def _refused(settings: Settings) -> MetricAlarm:
    return MetricAlarm(
        uid="messnetz-refused",
        name="MessnetzWriteRefused",
        text=Text(
            title=say("The database refuses lines"),
            where=say("service {instance}", instance="{{ $labels.instance }}"),
            since=say("about {count} in the last hour", count=_COUNT),
            cause=say("a field has another type there, or the points are older than the bucket keeps"),
            step=say(
                "`messnetz dead-letters list` shows each line with the database's words; mend it, then"
                " `messnetz dead-letters replay`"
            ),
        ),
        expr="increase(messnetz_lines_dead_total[1h])",
        sign="above",
        limit=settings.alarms.refused_an_hour,
        severity="warning",
    )


def _quarantine(settings: Settings) -> MetricAlarm:
    return MetricAlarm(
        uid="messnetz-quarantine",
        name="MessnetzQuarantineGrowing",
        text=Text(
            title=say("The quarantine grows"),
            where=say("service {instance}", instance="{{ $labels.instance }}"),
            since=say("about {count} in the last hour", count=_COUNT),
            cause=say("sensors are not registered yet, or a codec or type does not fit what they send"),
            step=say(
                "`messnetz quarantine list` shows devices and reasons; register or mend, then `messnetz"
                " quarantine replay`"
            ),
        ),
        expr=(
            "sum by (instance)"
            ' (increase(messnetz_messages_settled_total{outcome=~"quarantined|rejected"}[1h]))'
        ),
        sign="above",
        limit=settings.alarms.quarantine_an_hour,
        severity="info",
    )


def _hours(settings: Settings) -> MetricAlarm:
    return MetricAlarm(
        uid="messnetz-hours",
        name="MessnetzHoursBehind",
        text=Text(
            title=say("Finished hours are behind"),
            where=say("service {instance}", instance="{{ $labels.instance }}"),
            since=say("the oldest is due for {age}", age=_DURATION),
            cause=say("the database does not answer questions, or lines that belong to the hour still wait"),
            step=say("`messnetz status`; the log says which hour failed and why"),
        ),
        expr=_known("messnetz_hours_behind_seconds"),
        sign="above",
        limit=settings.alarms.hours_behind * HOUR,
        severity="warning",
    )


def _disk(settings: Settings) -> MetricAlarm:
    return MetricAlarm(
        uid="messnetz-disk",
        name="MessnetzDiskFull",
        text=Text(
            title=say("The disk gets full"),
            where=say("state folder of {instance}", instance="{{ $labels.instance }}"),
            since=say("now {size}B are free", size="{{ humanize1024 $value }}"),
            cause=say("the spool grows because the database takes nothing, or something else fills the disk"),
            step=say("make room, or lower `archive.bytes`: the oldest days of the archive go first"),
        ),
        expr=_known("messnetz_disk_free_bytes"),
        sign="below",
        limit=settings.alarms.disk_free_bytes,
        severity="critical",
    )


def _certificate(settings: Settings) -> MetricAlarm:
    return MetricAlarm(
        uid="messnetz-certificate",
        name="MessnetzCertificateExpiring",
        text=Text(
            title=say("A certificate expires"),
            where=say(
                "connection {name} of service {instance}",
                name="{{ $labels.name }}",
                instance="{{ $labels.instance }}",
            ),
            since=say(
                "{if_left}{days} days are left; the alarm comes from {limit} on{else_}it has expired{end}",
                if_left="{{ if gt $value 0.0 }}",
                days=_COUNT,
                limit=settings.alarms.certificate_days,
                else_="{{ else }}",
                end="{{ end }}",
            ),
            cause=say("nobody renewed it; after its end the connection is refused"),
            step=say("have it renewed and put it in place as chapter 7 of the operations guide says"),
        ),
        expr=f"({_known('messnetz_certificate_expires_timestamp_seconds')} - time()) / {DAY}",
        sign="below",
        limit=settings.alarms.certificate_days,
        severity="warning",
    )
