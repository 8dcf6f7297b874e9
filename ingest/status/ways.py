"""The ways by which uplinks come to us: which are down now, and when they were."""

import functools
from collections.abc import Collection, Mapping, Sequence

from devices.outage import Span, Stopped, common
from devices.status import CONNECTION_NS
from ingest.intake import GroupIntake
from ingest.status.downtimes import Downtimes, with_span

_EVER_NS = 2**62


class Ways:
    """Brokers and ourselves, looked at; gateways as they are noted in `noted`."""

    def __init__(self, intake: GroupIntake, noted: Downtimes) -> None:
        self._intake = intake
        self._noted = noted
        self._gone: dict[str, int] = {}  #: brokers without a connection, since when
        self._stuck_ns: int | None = None  #: since when nothing can be taken
        self._stopped: dict[tuple[str, tuple[str, ...], bool], Stopped] = {}

    @property
    def brokers(self) -> list[str]:
        """The names of the brokers that are read."""
        return [source.name for source in self._intake.sources]

    def look(self, now_ns: int) -> None:
        """Note whether the connections stand, and whether anything can be taken."""
        for source in self._intake.sources:
            if not source.connected:
                self._gone[source.name] = min(self._gone.get(source.name, now_ns), now_ns)
            elif source.name in self._gone:
                self.note(now_ns)
                del self._gone[source.name]
        if self._intake.stuck:
            self._stuck_ns = min(self._stuck_ns or now_ns, now_ns)
        elif self._stuck_ns is not None:
            self.note(now_ns)
            if now_ns - self._stuck_ns > CONNECTION_NS:  # rows found no room either
                self._noted.untold.append((self._stuck_ns, now_ns))
            self._stuck_ns = None

    def note(self, now_ns: int) -> None:
        """Note what is down just now up to this moment: the process may be killed before it ends."""
        for name, begin_ns in self._gone.items():
            self._noted.brokers[name] = with_span(self._noted.brokers.get(name, ()), begin_ns, now_ns)
        if self._stuck_ns is not None:
            self._noted.ours = with_span(self._noted.ours, self._stuck_ns, now_ns)

    def is_down(self, source: str, now_ns: int, *, of_sensors: bool = False) -> bool:
        """Whether nothing can come from a broker; of one that nobody names, whether that is so of all.

        `of_sensors`: also where only its sensors are cut off.
        """
        if self._stuck_ns is not None and now_ns - self._stuck_ns > CONNECTION_NS:
            return True
        if source:
            gone_ns = self._gone.get(source)
            gone = gone_ns is not None and now_ns - gone_ns > CONNECTION_NS
            return gone or source in self._noted.quiet or (of_sensors and source in self._noted.cut_off)
        return bool(self.brokers) and all(
            self.is_down(name, now_ns, of_sensors=of_sensors) for name in self.brokers
        )

    def quiet_ns(self, heard: Collection[str], begin_ns: int, now_ns: int) -> Mapping[str, int]:
        """By broker, for how long none of its sensors has been heard although they should; 0: it is not so.

        `heard` are the brokers of which one ever was; of the others it counts from `begin_ns` on.
        """
        found = {}
        for name in self.brokers:
            since = (self._noted.quiet.get(name), self._noted.cut_off.get(name))
            begins = [one for one in since if one is not None]
            unless = now_ns if name in heard else begin_ns
            found[name] = max(0, now_ns - min(begins, default=unless))
        return found

    def forget(self) -> None:
        """Take up what was noted since `stopped` was asked."""
        self._stopped = {}

    def stopped(self, source: str, gateways: tuple[str, ...] = (), *, of_sensors: bool = False) -> Stopped:
        """The times in which the clock of a device stood still that comes this way, up to now.

        `of_sensors`: also those in which only the sensors were cut off. Remembered until `forget`.
        """
        if not all(name in self._noted.down or name in self._noted.gateways for name in gateways):
            gateways = ()  # one of them was always there
        found = self._stopped.get((source, gateways, of_sensors))
        if found is None:
            spans = [*self._noted.ours, *self._of_broker(source, of_sensors=of_sensors)]
            if self._stuck_ns is not None:
                spans.append((self._stuck_ns, _EVER_NS))
            if gateways:
                spans += functools.reduce(common, map(self._of_gateway, gateways))
            found = self._stopped[source, gateways, of_sensors] = Stopped(spans)
        return found

    def _of_broker(self, source: str, *, of_sensors: bool) -> Sequence[Span]:
        """Of a broker that the settings do not name, the times in which all of them were down."""
        brokers = self.brokers
        names = [source] if source in brokers or not brokers else brokers
        return functools.reduce(common, (self._spans(name, of_sensors=of_sensors) for name in names))

    def _spans(self, name: str, *, of_sensors: bool) -> Sequence[Span]:
        noted = self._noted
        over, since = [*noted.brokers.get(name, ())], [self._gone.get(name), noted.quiet.get(name)]
        if of_sensors:
            over += noted.cut_offs.get(name, ())
            since.append(noted.cut_off.get(name))
        return [*over, *((begin_ns, _EVER_NS) for begin_ns in since if begin_ns is not None)]

    def _of_gateway(self, name: str) -> Sequence[Span]:
        begin_ns = self._noted.down.get(name)
        still = [] if begin_ns is None else [(begin_ns, _EVER_NS)]
        return [*self._noted.gateways.get(name, ()), *still]
