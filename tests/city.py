"""The sample city and a day of it, as the service would judge and store it."""

from collections.abc import Iterable
from pathlib import Path

from devices import registry as registry_files
from devices.registry import SHIPPED_TYPES, Registry
from devices.state import DeviceState
from ingest import pipeline
from ingest.pipeline import Verdict
from ingest.seams import Delivery
from ingest.simulator.city import City, Message
from tests.street import NOON

CONFIG = Path(__file__).parent.parent / "config" / "sample"


def load_giessen() -> Registry:
    """The registry that comes with Messnetz."""
    return registry_files.load(CONFIG / "devices", (SHIPPED_TYPES, CONFIG / "types"))


def day(registry: Registry, seed: int = 1) -> list[Message]:
    """The 24 hours before `NOON`."""
    return list(City(registry, seed).past(NOON, 24))


def delivery(message: Message) -> Delivery:
    """The message as a source would deliver it."""
    return Delivery(
        source="main",
        format={"v3": "ttn", "thingpark": "thingpark"}.get(message.topic.partition("/")[0], "chirpstack"),
        topic=message.topic,
        payload=message.payload,
        arrival_ns=NOON,
        qos=1,
        retained=False,
        redelivered=False,
        connection=0,
        settle=lambda _outcome: None,
    )


def judged(messages: Iterable[Message], registry: Registry) -> list[tuple[Message, Verdict]]:
    """What the pipeline makes of the messages, one after the other."""
    states: dict[str, DeviceState] = {}
    found = []
    for message in messages:
        heard = pipeline.read(delivery(message))
        verdict = pipeline.judge(heard, registry, states) if isinstance(heard, pipeline.Heard) else heard
        if verdict.state is not None:
            states[verdict.key] = verdict.state
        found.append((message, verdict))
    return found
