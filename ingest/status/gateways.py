"""Which gateways are down: their signs, gathered from the memory of the devices, and the rules' verdict."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from devices import gateway
from devices.outage import Stopped
from devices.state import DeviceState
from ingest.status.downtimes import Downtimes, with_span
from ingest.status.known import Known

#: A gateway counts as hearing a device while it heard it within so many of its intervals before its newest
#: uplink: single receptions far away come and go.
LATELY = 8
#: A gateway without a sign for so long when its broker is first looked at went down on its own.
_LONG_NS = 86_400_000_000_000
#: Sensors looked at between two pauses.
_SLICE = 1000


class Sign:
    """What is known of one gateway."""

    __slots__ = ("alone", "last_ns", "own", "source")

    def __init__(self) -> None:
        self.last_ns = 0  #: its newest sign
        self.source = ""  #: the broker that brought it
        self.alone: list[Known] = []  #: devices that it alone hears
        self.own: Known | None = None  #: itself, where it is registered and tells its statistics

    @property
    def can_be_judged(self) -> bool:
        """Whether it could be told that it is down."""
        return self.own is not None or len(self.alone) > 1


@dataclass(slots=True)
class Signs:
    """All signs of one look at all devices that are in service."""

    gateways: dict[str, Sign] = field(default_factory=dict)  #: by the id that uplinks name
    newest_ns: dict[str, int] = field(default_factory=dict)  #: by broker: its newest uplink of anybody
    heard_ns: dict[str, int] = field(default_factory=dict)  #: by broker: its newest uplink of a sensor
    sensors: dict[str, list[Known]] = field(default_factory=dict)  #: by the broker that brought them last
    once: set[str] = field(default_factory=set)  #: brokers that brought what is out of service now

    def note(self, known: Known, memory: DeviceState) -> None:
        """What one device's memory tells; sets the gateways that heard it lately."""
        seen_ns, source = memory.seen_ns, memory.source
        if seen_ns > self.newest_ns.get(source, 0):
            self.newest_ns[source] = seen_ns
        if not known.is_gateway:
            self.sensors.setdefault(source, []).append(known)
            if seen_ns > self.heard_ns.get(source, 0):
                self.heard_ns[source] = seen_ns
        if memory.heard_by:
            self._note_gateways(known, memory)

    def _note_gateways(self, known: Known, memory: DeviceState) -> None:
        lately_ns = memory.seen_ns - LATELY * known.speaks.interval_ns
        names = []
        for name, time_ns in memory.heard_by.items():
            sign = self.gateways.get(name)
            if sign is None:
                sign = self.gateways[name] = Sign()
            if time_ns > sign.last_ns:
                sign.last_ns, sign.source = time_ns, memory.source
            if time_ns >= lately_ns:
                names.append(name)
        if known.gateways != (now := tuple(names)):  # else the one before is kept, and no garbage made
            known.gateways = now
        if len(names) == 1:
            self.gateways[names[0]].alone.append(known)

    def witness_ns(self, gateways: Sequence[str]) -> int | None:
        """The newest sign of these; None where of none of them it could be told that it is down."""
        known = [sign for name in gateways if (sign := self.gateways.get(name)) is not None]
        if not any(sign.can_be_judged for sign in known):
            return None
        return max(sign.last_ns for sign in known)

    def note_own(self, known: Known, memory: DeviceState) -> None:
        """A registered gateway's own statistics."""
        sign = self.gateways.setdefault(known.installation.address, Sign())
        sign.own = known
        if memory.seen_ns > sign.last_ns:
            sign.last_ns, sign.source = memory.seen_ns, memory.source


@dataclass(slots=True)
class GatewayEvents:
    """Who is told when a gateway goes down or comes back."""

    down: Callable[[str, int], None]  #: its id, and since when it gave no sign
    back: Callable[[str, int], None]  #: its id, and since when it had given none


class BadTimes(Protocol):
    """Gives the times in which nothing could come from a broker, or also only nothing of its sensors."""

    def __call__(self, source: str, /, *, of_sensors: bool) -> Stopped: ...


class Gateways:
    """The verdicts; what is to outlive the process is noted in `noted`."""

    def __init__(self, noted: Downtimes, events: GatewayEvents) -> None:
        self._noted = noted
        self._events = events
        self._overdue_ns: dict[str, int] = {}  #: when a gateway was first found overdue
        #: when it was first found down
        self._down_ns = {name: begin_ns + gateway.LEAST_NS for name, begin_ns in noted.down.items()}

    @property
    def down(self) -> Mapping[str, int]:
        """The gateways that are down, and since when they gave no sign."""
        return self._noted.down

    @property
    def quiet(self) -> Mapping[str, int]:
        """The brokers of which all of two or more gateways are down, and since when nothing came."""
        return self._noted.quiet

    def judge(self, signs: Signs, now_ns: int, stopped: BadTimes) -> Iterator[None]:
        """Judge all of them, with a pause after every few sensors.

        While the sensors of a broker are cut off, only gateways that tell their own statistics can be judged.
        """
        by_source: dict[str, dict[str, Sign]] = {}
        for name, sign in signs.gateways.items():
            by_source.setdefault(sign.source, {})[name] = sign
        for source, begin_ns in list(self._noted.quiet.items()):
            if source not in by_source or signs.newest_ns.get(source, 0) > begin_ns:
                self._end_quiet(source, now_ns)
        for source, found in by_source.items():
            if source in self._noted.quiet:
                continue
            newest_ns = signs.newest_ns.get(source, 0)
            cut_off = source in self._noted.cut_off
            gateways = {name: sign for name, sign in found.items() if sign.own is not None or not cut_off}
            overdue, looked_at = set[str](), 0
            for name, sign in gateways.items():
                if (yield from _is_overdue(sign, now_ns, stopped(source, of_sensors=sign.own is None))):
                    overdue.add(name)
                looked_at += len(sign.alone)
                if looked_at >= _SLICE:
                    looked_at = 0
                    yield
            self._settle(source, gateways, overdue, newest_ns, now_ns)
            yield
        for name in [name for name in self._noted.down if name not in signs.gateways]:
            self._end(name, now_ns)  # of devices that are not in service any more

    def _settle(
        self, source: str, gateways: Mapping[str, Sign], overdue: set[str], newest_ns: int, now_ns: int
    ) -> None:
        for name in gateways.keys() - overdue:
            self._overdue_ns.pop(name, None)
            if name in self._noted.down:
                self._end(name, now_ns)
        together = [
            name
            for name, sign in gateways.items()
            if sign.can_be_judged and not self._alone(name, sign, newest_ns)
        ]
        waiting = any(name not in overdue for name in together)
        for name in overdue - self._noted.down.keys():
            since_ns = self._overdue_ns.setdefault(name, now_ns)
            others_speak = newest_ns > gateways[name].last_ns + gateway.LEAST_NS
            if others_speak or not waiting or now_ns - since_ns >= gateway.SETTLE_NS:
                self._noted.down[name] = gateways[name].last_ns
                self._down_ns[name] = now_ns
                self._events.down(name, gateways[name].last_ns)
        if len(together) > 1 and not waiting:
            last_ns = max(gateways[name].last_ns for name in together)
            if newest_ns <= last_ns + gateway.LEAST_NS:
                self._noted.quiet.setdefault(source, newest_ns)

    def _alone(self, name: str, sign: Sign, newest_ns: int) -> bool:
        """Whether it went down on its own: something came from its broker since."""
        if name in self._down_ns:
            return newest_ns > self._down_ns[name]
        return newest_ns - sign.last_ns > _LONG_NS

    def _end_quiet(self, source: str, now_ns: int) -> None:
        begin_ns = self._noted.quiet.pop(source)
        spans = self._noted.brokers.get(source, ())
        self._noted.brokers[source] = with_span(spans, begin_ns, now_ns)

    def _end(self, name: str, now_ns: int) -> None:
        begin_ns = self._noted.down.pop(name)
        self._down_ns.pop(name, None)
        self._noted.gateways[name] = with_span(self._noted.gateways.get(name, ()), begin_ns, now_ns)
        self._events.back(name, begin_ns)


def _is_overdue(sign: Sign, now_ns: int, stopped: Stopped) -> Generator[None, None, bool]:
    """Whether it gave no sign although it should have (the generator's value)."""
    waited_ns = now_ns - sign.last_ns - stopped.between(sign.last_ns, now_ns)
    if waited_ns <= gateway.LEAST_NS:
        return False
    if sign.own is not None:
        return waited_ns > gateway.own_limit_ns(sign.own.speaks.interval_ns)
    count = 0
    for number, known in enumerate(sign.alone):
        if known.state != "maintenance":
            count += gateway.missing(waited_ns, sign.last_ns, known.seen_ns, known.speaks)
            if count >= gateway.MISSING:
                return True
        if number % _SLICE == _SLICE - 1:
            yield
    return False
