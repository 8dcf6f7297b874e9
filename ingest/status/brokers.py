"""Which brokers' sensors are cut off: evidence from the memory of the devices, and the rule's verdict."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from devices import broker, gateway
from devices.outage import Stopped
from devices.period import covering
from devices.registry import Registry
from ingest.status.downtimes import Downtimes, with_span
from ingest.status.gateways import Sign, Signs
from ingest.status.known import Known

#: Sensors looked at between two pauses.
_SLICE = 250


@dataclass(slots=True)
class BrokerEvents:
    """Who is told when the sensors of a broker are cut off, and when they are no more."""

    cut_off: Callable[[str, int], None]  #: its name, and since when none of them was heard
    back: Callable[[str, int], None]  #: likewise


class Brokers:
    """The verdicts; what is to outlive the process is noted in `noted`."""

    def __init__(self, noted: Downtimes, events: BrokerEvents) -> None:
        self._noted = noted
        self._events = events
        self._undecided: set[str] = set()

    def witness_ns(self, source: str, signs: Signs) -> int | None:
        """The newest uplink of a sensor of a broker whose sensors may be cut off; None where that is out."""
        return signs.heard_ns.get(source) if source in self._undecided else None

    def judge(
        self,
        signs: Signs,
        registry: Registry,
        now_ns: int,
        sources: Iterable[str],
        stopped: Callable[[Known], Stopped],
    ) -> Iterator[None]:
        """Judge these brokers, with a pause after every few sensors of one that is quiet.

        `stopped` gives the times in which a sensor could not be heard. Without any sensor in service none is
        cut off.
        """
        for source in sources:
            heard_ns, sensors = signs.heard_ns.get(source, 0), signs.sensors.get(source, ())
            begin_ns = self._noted.cut_off.get(source)
            if begin_ns is not None:
                if sensors and heard_ns <= begin_ns:
                    continue
                self._end(source, now_ns)
            self._undecided.discard(source)
            if not heard_ns or now_ns - heard_ns <= gateway.LEAST_NS:
                continue
            evidence = _Evidence(signs, registry, heard_ns, now_ns, stopped)
            for number, known in enumerate(sensors):
                evidence.add(known)
                if number % _SLICE == _SLICE - 1:
                    yield
            if evidence.is_cut_off:
                self._noted.cut_off[source] = heard_ns
                self._events.cut_off(source, heard_ns)
            elif evidence.by_clock > 1:
                self._undecided.add(source)

    def _end(self, source: str, now_ns: int) -> None:
        begin_ns = self._noted.cut_off.pop(source)
        spans = self._noted.cut_offs.get(source, ())
        self._noted.cut_offs[source] = with_span(spans, begin_ns, now_ns)
        self._events.back(source, begin_ns)


class _Evidence:
    """What is missing of the sensors of one broker."""

    def __init__(
        self,
        signs: Signs,
        registry: Registry,
        heard_ns: int,
        now_ns: int,
        stopped: Callable[[Known], Stopped],
    ) -> None:
        self.by_clock = 0  #: sensors that should speak soon
        self._signs = signs
        self._registry = registry
        self._heard_ns = heard_ns
        self._now_ns = now_ns
        self._stopped = stopped
        self._missing = 0
        self._behind_one: Counter[str] = Counter()

    @property
    def is_cut_off(self) -> bool:
        return broker.is_cut_off(self._missing, self._behind_one)

    def add(self, known: Known) -> None:
        """One sensor of it; not of one that somebody worked on since."""
        periods = self._registry.periods.get(known.device.id, ())
        if covering(periods, self._heard_ns, self._now_ns) is not None:
            return
        witness = self._witness(known)
        until_ns = self._now_ns if witness is None else min(witness.last_ns, self._now_ns)
        waited_ns = until_ns - self._heard_ns - self._stopped(known).between(self._heard_ns, until_ns)
        found = gateway.missing(waited_ns, self._heard_ns, known.seen_ns, known.speaks)
        if known.speaks.by_clock and gateway.is_expected(self._heard_ns, known.seen_ns, known.speaks):
            self.by_clock += 1
        if witness is None and len(known.gateways) == 1:
            self._behind_one[known.gateways[0]] += found
        else:
            self._missing += found

    def _witness(self, known: Known) -> Sign | None:
        """Of the gateways that hear it, the one of which statistics came last."""
        signs = (self._signs.gateways.get(name) for name in known.gateways)
        own = [sign for sign in signs if sign is not None and sign.own is not None]
        return max(own, key=lambda sign: sign.last_ns, default=None)
