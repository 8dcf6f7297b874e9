"""Network servers: one small file each, from a payload to an `Uplink`.

Every module has the same shape: `TOPICS`, the filters to subscribe to by default (none where a server has
no usual ones), and `parse(topic, payload, arrival_ns)`, which returns an `Uplink` or an `Ignored` and
raises `Unreadable` for anything else, never another error. Adding a server is one file, one line here and
one in `ingest.settings`.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from devices.uplink import Uplink
from ingest.lns import (
    auto,
    chirpstack,
    chirpstack_v3,
    everynet,
    helium,
    kerlink,
    loriot,
    milesight,
    niotix,
    senml,
    sensor_community,
    thingpark,
    ttn,
    ttn_normalized,
)
from ingest.lns.custom import CustomFormat
from ingest.lns.event import Ignored, Unreadable
from ingest.settings import Broker

__all__ = ["FORMATS", "Format", "Ignored", "Unreadable", "format_name", "formats"]


class Format(Protocol):
    """What every module here is."""

    @property
    def TOPICS(self) -> tuple[str, ...]:  # noqa: N802  a constant of modules
        """Topic filters to subscribe to by default."""
        ...

    def parse(self, topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
        """Read one message; `arrival_ns` (UTC) is its time when it says none itself."""
        ...


#: By the name that a broker's `format` has in the settings. `custom` is each broker's own.
FORMATS: Mapping[str, Format] = {
    "auto": auto,
    "chirpstack": chirpstack,
    "chirpstack_protobuf": chirpstack,  # the name that people look for; both are read in any case
    "chirpstack_v3": chirpstack_v3,
    "everynet": everynet,
    "helium": helium,
    "kerlink": kerlink,
    "loriot": loriot,
    "milesight": milesight,
    "niotix": niotix,
    "senml": senml,
    "sensor_community": sensor_community,
    "thingpark": thingpark,
    "ttn": ttn,
    "ttn_normalized": ttn_normalized,
}


def format_name(broker: Broker) -> str:
    """The name of a broker's format, as `Delivery.format` and the quarantine keep it."""
    return f"custom:{broker.name}" if broker.format == "custom" else broker.format


def formats(brokers: Iterable[Broker]) -> Mapping[str, Format]:
    """Every format by its name, those that the brokers' own settings describe among them."""
    own = {
        format_name(broker): CustomFormat(broker.custom)
        for broker in brokers
        if broker.format == "custom" and broker.custom is not None
    }
    return {**FORMATS, **own}
