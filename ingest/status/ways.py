"""The ways by which uplinks come to us: which are down now, and when they were."""

import functools
from collections.abc import Sequence

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
        self._stopped: dict[tuple[str, tuple[str, ...]], Stopped] = {}

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
                self._end(source.name, now_ns)
        if self._intake.stuck:
            self._stuck_ns = min(self._stuck_ns or now_ns, now_ns)
        elif self._stuck_ns is not None:
            self._noted.ours = with_span(self._noted.ours, self._stuck_ns, now_ns)
            if now_ns - self._stuck_ns > CONNECTION_NS:  # rows found no room either
                self._noted.untold.append((self._stuck_ns, now_ns))
            self._stuck_ns = None

    def close(self, now_ns: int) -> None:
        """Note what is down just now, before the process ends."""
        for name in list(self._gone):
            self._end(name, now_ns)

    def _end(self, name: str, now_ns: int) -> None:
        spans = self._noted.brokers.get(name, ())
        self._noted.brokers[name] = with_span(spans, self._gone.pop(name), now_ns)

    def is_down(self, source: str, now_ns: int) -> bool:
        """Whether nothing can come from a broker; of one that nobody names, whether that is so of all."""
        if self._stuck_ns is not None and now_ns - self._stuck_ns > CONNECTION_NS:
            return True
        if source:
            gone_ns = self._gone.get(source)
            gone = gone_ns is not None and now_ns - gone_ns > CONNECTION_NS
            return gone or source in self._noted.quiet
        return bool(self.brokers) and all(self.is_down(name, now_ns) for name in self.brokers)

    def forget(self) -> None:
        """Take up what was noted since `stopped` was asked."""
        self._stopped = {}

    def stopped(self, source: str, gateways: tuple[str, ...] = ()) -> Stopped:
        """The times in which the clock of a device stood still that comes this way, up to now.

        Remembered until `forget`.
        """
        found = self._stopped.get((source, gateways))
        if found is None:
            spans = [*self._noted.ours, *self._of_broker(source)]
            if self._stuck_ns is not None:
                spans.append((self._stuck_ns, _EVER_NS))
            if gateways:
                spans += functools.reduce(common, map(self._of_gateway, gateways))
            found = self._stopped[source, gateways] = Stopped(spans)
        return found

    def _of_broker(self, source: str) -> Sequence[Span]:
        """Of a broker that the settings do not name, the times in which all of them were down."""
        brokers = self.brokers
        names = [source] if source in brokers or not brokers else brokers
        return functools.reduce(common, (self._spans(name) for name in names))

    def _spans(self, name: str) -> Sequence[Span]:
        since = (self._gone.get(name), self._noted.quiet.get(name))
        still = [(begin_ns, _EVER_NS) for begin_ns in since if begin_ns is not None]
        return [*self._noted.brokers.get(name, ()), *still]

    def _of_gateway(self, name: str) -> Sequence[Span]:
        begin_ns = self._noted.down.get(name)
        still = [] if begin_ns is None else [(begin_ns, _EVER_NS)]
        return [*self._noted.gateways.get(name, ()), *still]
