"""Network servers: one small file each, from a payload to an `Uplink`.

Every module has the same shape: `TOPICS`, the filters to subscribe to by default, and
`parse(topic, payload, arrival_ns)`, which returns an `Uplink` or an `Ignored` and raises `Unreadable`
for anything else, never another error. Adding a server is one file and one line here.
"""

from collections.abc import Mapping
from typing import Protocol

from devices.uplink import Uplink
from ingest.lns import chirpstack, ttn
from ingest.lns.event import Ignored, Unreadable

__all__ = ["FORMATS", "Format", "Ignored", "Unreadable"]


class Format(Protocol):
    """What every module here is."""

    TOPICS: tuple[str, ...]

    def parse(self, topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
        """Read one message; `arrival_ns` (UTC) is its time when it says none itself."""
        ...


#: By the name that a broker's `format` has in the settings.
FORMATS: Mapping[str, Format] = {
    "chirpstack": chirpstack,
    "ttn": ttn,
}
