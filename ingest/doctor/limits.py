"""How much a broker takes and keeps, as far as it can be seen."""

import contextlib
from collections.abc import Iterator, Mapping

from devices.language import say
from ingest.dial import CannotConnect
from ingest.doctor.converse import TALK_S, Conversation, converse
from ingest.doctor.finding import Finding, size
from ingest.doctor.patience import in_thread
from ingest.doctor.subject import about
from ingest.settings import Broker


async def limits_of(broker: Broker, said: Conversation) -> Mapping[str, int]:
    """What the broker says of its limits; it says so to MQTT 5 only."""
    if broker.protocol == "5":
        return said.limits
    five = broker.model_copy(update={"protocol": "5"})
    with contextlib.suppress(OSError, ValueError, CannotConnect):
        return (await in_thread(lambda: converse(five, (), 0), TALK_S)).limits
    return {}


def judge_limits(broker: Broker, said: Conversation, limits: Mapping[str, int]) -> Iterator[Finding]:
    queue = about(broker, say("queue"))
    if limits.get("MaximumQoS", 2) < 1:
        yield Finding(queue, "wrong", say("the broker grants QoS 0 only"), say("allow QoS 1 on the broker"))
    if broker.share and not limits.get("SharedSubscriptionAvailable", 1):
        yield Finding(
            queue,
            "wrong",
            say("the broker knows no shared subscriptions"),
            say("take `share` out, or use a broker that knows them"),
        )
    if said.dropped:
        yield Finding(
            queue,
            "warning",
            say(
                "since its start the broker dropped {count} messages that clients were too slow or away for",
                count=said.dropped,
            ),
            say("raise max_queued_messages and max_queued_bytes in mosquitto.conf"),
        )
    known = _limits_seen(limits)
    name = say("the broker is {version}", version=said.version) if said.version else say("the broker")
    to_do = say("see that its session queue holds the messages of some hours, on disk")
    if "mosquitto" in said.version or not said.version:
        to_do = say(
            "Mosquitto keeps 1000 messages and drops the newest unless mosquitto.conf says"
            " max_queued_messages 0, persistence true and autosave_interval 60"
        )
    yield Finding(
        queue,
        "unknown",
        say(
            "{broker}{known}; how much it keeps for us while we are away cannot be asked",
            broker=name,
            known=known,
        ),
        to_do,
    )


def _limits_seen(limits: Mapping[str, int]) -> str:
    """What CONNACK says under MQTT 5."""
    parts = []
    if (packet := limits.get("MaximumPacketSize")) is not None:
        parts.append(say(", takes packets up to {size}", size=size(packet)))
    if (window := limits.get("ReceiveMaximum")) is not None:
        parts.append(say(", {count} messages ahead of their acknowledgement", count=window))
    if not parts:
        return ""
    return parts[0] if len(parts) == 1 else say("{one}{other}", one=parts[0], other=parts[1])
