"""The share of messages at QoS 0, which only the subscriber at QoS 1 sees: the running service counts it."""

from collections.abc import Iterator

from devices.language import Sentence, say
from ingest.doctor.finding import Finding
from ingest.doctor.patient import Patient
from ingest.doctor.subject import about
from ingest.settings import Broker


def judge_quality(broker: Broker, patient: Patient) -> Iterator[Finding]:
    subject = about(broker, "QoS 0")
    counted = patient.counted(broker.name)
    if not counted and patient.service.state != "stopped":
        yield Finding(
            subject,
            "unknown",
            say(
                "the share of messages at QoS 0 is counted by the service, which tells nothing of this broker"
            ),
            say("see the row of the service; if the broker is new in the settings, restart it"),
        )
        return
    if not counted:
        yield Finding(
            subject,
            "unknown",
            say("the share of messages at QoS 0 is counted by the service, which does not run"),
            say("start it, then ask again"),
        )
        return
    received, at_zero = int(counted["received"]), int(counted["qos0"])
    if counted.get("dropped"):
        yield Finding(
            subject,
            "wrong",
            say("{count} messages at QoS 0 were dropped for want of room", count=counted["dropped"]),
            _remedy(broker),
        )
    if not received:
        yield Finding(subject, "unknown", say("the service received nothing yet"))
    elif at_zero:
        share = f"{100 * at_zero / received:.0f}"
        yield Finding(
            subject,
            "warning",
            say(
                "{zero} of {received} messages ({share} %) came at QoS 0: such are lost while we are away",
                zero=at_zero,
                received=received,
                share=share,
            ),
            _remedy(broker),
        )
    else:
        yield Finding(subject, "ok", say("all {count} messages came at QoS 1 or 2", count=received))


def _remedy(broker: Broker) -> Sentence:
    if broker.format in ("chirpstack", "chirpstack_protobuf"):
        return say(
            "in chirpstack.toml set qos=1 under [integration.mqtt] (its default is 0) and restart ChirpStack;"
            " for gateways' statistics also in chirpstack-gateway-bridge.toml under"
            " [integration.mqtt.auth.generic]"
        )
    if broker.format == "chirpstack_v3":
        return say(
            "in chirpstack-application-server.toml set qos=1 under [application_server.integration.mqtt] and"
            " restart it"
        )
    if broker.format in ("ttn", "ttn_normalized"):
        return say(
            "The Things Stack publishes at QoS 0 only: keep Messnetz running all the time, on a network as"
            " good as can be had"
        )
    return say(
        "let the network server publish at QoS 1 (ChirpStack: qos=1 under [integration.mqtt]; The Things"
        " Stack cannot)"
    )
