"""Who speaks without being registered, as far as what is kept of them tells."""

from collections.abc import Sequence
from dataclasses import dataclass

from devices import words
from devices.fit import Fit, fields, fits
from devices.language import say
from devices.registry import Registry
from devices.uplink import Kind, Uplink
from ingest import lns, spool_read
from ingest.errors import CommandFailed
from ingest.settings import Settings
from ingest.spool import KeptFilter
from ingest.spool.quarantine import KeptSummary

#: The newest messages of a sender that are looked into.
LOOKED_INTO = 10
#: So many digits of a DevEUI name its maker's block of devices (OUI-36 has 9) and the next of its numbers.
ALIKE = 11


@dataclass(frozen=True, slots=True)
class Stranger:
    """A sender whose messages wait in the quarantine; times are UTC nanoseconds of arrival.

    `said_ns` is the oldest message's own time. `uplinks` are the newest messages that could be read.
    """

    address: str
    messages: int
    first_ns: int
    last_ns: int
    said_ns: int
    reason: str  #: why it is unknown, as the files stand now
    known_as: str  #: the id of a place that had it or has it; `?` for a bad entry
    uplinks: Sequence[Uplink]
    fits: Sequence[Fit]

    @property
    def is_new(self) -> bool:
        """Whether no file names it."""
        return self.known_as == ""

    @property
    def is_dev_eui(self) -> bool:
        """Whether the address is a DevEUI, and not a name of the sender's own."""
        return normal(self.address) == self.address and len(self.address) == 16

    @property
    def fields(self) -> list[str]:
        """What its decoded objects hold."""
        return list(dict.fromkeys(name for one in self.uplinks for name in fields(one.decoded or {})))

    @property
    def payloads(self) -> list[tuple[int, int]]:
        """Port and length of its payloads, where the network server decoded none."""
        found = [one for one in self.uplinks if not one.decoded and one.payload is not None]
        return sorted({(one.f_port or 0, len(one.payload or b"")) for one in found})


def normal(address: str) -> str:
    """A DevEUI as the registry has it; any other name as it is."""
    try:
        return words.dev_eui(address)
    except ValueError:
        return address.strip()


def stranger(settings: Settings, registry: Registry, address: str) -> Stranger:
    """What is kept of one unknown sender; raises `CommandFailed` where nothing is."""
    wanted = normal(address)
    rows, _ = spool_read.kept_summary(settings.state, outcome="quarantined", address=wanted, limit=1)
    if not rows:
        raise CommandFailed(
            say("nothing is kept of {address}", address=wanted),
            hint=say("messnetz devices unknown lists who speaks without being registered"),
        )
    return look_into(settings, registry, rows[0])


def look_into(settings: Settings, registry: Registry, row: KeptSummary) -> Stranger:
    """A sender with its newest messages read, and the types that fit them."""
    chosen = KeptFilter(address=row.address, outcome="quarantined")
    oldest = spool_read.kept(settings.state, chosen, limit=1)
    uplinks = newest(settings, chosen)
    newest_ns = max((one.time_ns for one in uplinks), default=row.last_ns)
    return Stranger(
        address=row.address,
        messages=row.count,
        first_ns=row.first_ns,
        last_ns=row.last_ns,
        said_ns=oldest[0].time_ns if oldest else row.first_ns,
        reason=_why(registry, row.address, newest_ns),
        known_as=_known_as(registry, row.address),
        uplinks=uplinks,
        fits=fits(registry.types, uplinks, likely=_of_such_devices(registry, row.address)),
    )


def _why(registry: Registry, address: str, time_ns: int) -> str:
    if registry.installation(address, time_ns) is not None:
        return say("registered by now: a service that starts or reloads replays it")
    return registry.why_not(address, time_ns)


def _known_as(registry: Registry, address: str) -> str:
    known = registry.installations(address)
    return known[-1].device.id if known else "?" if address in registry.refused else ""


def _of_such_devices(registry: Registry, address: str) -> set[str]:
    """The types of registered devices whose DevEUI begins alike: makers number a model's devices in a row."""
    begin = address[:ALIKE]
    if len(address) != 16:
        return set()
    known = (several for name, several in registry.by_address.items() if name.startswith(begin))
    return {one.type.id for several in known for one in several}


def newest(settings: Settings, chosen: KeptFilter) -> list[Uplink]:
    """The newest kept messages that carry data and can be read."""
    found, formats = [], lns.formats(settings.brokers)
    for row in spool_read.newest_kept(settings.state, chosen, limit=LOOKED_INTO):
        if row.format not in formats:
            continue
        try:
            parsed = formats[row.format].parse(row.topic, row.payload, row.arrival_ns)
        except lns.Unreadable:
            continue
        if isinstance(parsed, Uplink) and parsed.kind is Kind.DATA:
            found.append(parsed)
    return found
