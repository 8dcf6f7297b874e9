"""What state each device is in: the evidence of one look, and the pure rules' verdict on it."""

from collections.abc import Iterable, Iterator

from devices import status
from devices.outage import NEVER, Stopped
from devices.registry import Registry
from devices.status import State
from ingest.events import Events
from ingest.status.brokers import BrokerEvents, Brokers
from ingest.status.downtimes import Downtimes
from ingest.status.gateways import GatewayEvents, Gateways, Signs
from ingest.status.known import Known
from ingest.status.ways import Ways


class Judge:
    """Judges devices by the signs of the newest look; what is to outlive the process is noted in `noted`."""

    def __init__(self, noted: Downtimes, ways: Ways, events: Events) -> None:
        self._ways = ways
        self._gateways = Gateways(noted, GatewayEvents(events.gateway_down, events.gateway_back))
        self._brokers = Brokers(noted, BrokerEvents(events.sensors_cut_off, events.sensors_back))
        self._signs = Signs()

    @property
    def heard(self) -> set[str]:
        """The brokers that ever brought something of a sensor that is registered, in service or not."""
        return {*self._signs.heard_ns, *self._signs.once}

    def weigh(self, signs: Signs, registry: Registry, now_ns: int) -> Iterator[None]:
        """Find out from the signs of all devices which brokers and gateways are down, in slices."""
        self._ways.forget()
        yield from self._brokers.judge(signs, registry, now_ns, self._ways.brokers, self._stopped)
        self._ways.forget()
        yield from self._gateways.judge(signs, now_ns, self._ways.stopped)
        self._ways.forget()
        self._signs = signs

    def judge(
        self, devices: Iterable[Known], registry: Registry, now_ns: int
    ) -> Iterator[tuple[Known, State]]:
        """The states of some devices."""
        brokers = ("", *self._ways.brokers)
        down = {
            of_sensors: {name: self._ways.is_down(name, now_ns, of_sensors=of_sensors) for name in brokers}
            for of_sensors in (False, True)
        }
        for known in devices:
            here = down[not known.is_gateway]
            pipeline_down = here.get(known.source, here[""])
            yield known, self._state(known, registry, now_ns, pipeline_down=pipeline_down)

    def _state(self, known: Known, registry: Registry, now_ns: int, *, pipeline_down: bool) -> State:
        gateways = known.gateways
        stopped, witness_ns = NEVER, None
        if known.is_gateway and known.seen_ns:
            gateways = (known.installation.address,)
            if (sign := self._signs.gateways.get(gateways[0])) is not None:
                known.seen_ns = max(known.seen_ns, sign.last_ns)
        if known.seen_ns and now_ns - known.seen_ns > known.speaks.limit_ns:
            if known.is_gateway:
                stopped = self._ways.stopped(known.source, gateways)
            else:
                stopped, witness_ns = self._stopped(known), self._witness_ns(known)
        down = self._gateways.down
        state = status.state(
            now_ns,
            known.installation,
            known.seen_ns,
            known.speaks,
            follows=known.follows,
            maintenance=bool(registry.periods) and registry.in_period(known.device.id, now_ns) is not None,
            pipeline_down=pipeline_down,
            gateway_down=bool(gateways and down) and all(name in down for name in gateways),
            stopped=stopped,
            witness_ns=witness_ns,
        )
        return "gateway_down" if state == "silent" and known.is_gateway else state

    def _stopped(self, known: Known) -> Stopped:
        """The times in which the clock of a sensor stood still."""
        return self._ways.stopped(known.source, known.gateways, of_sensors=True)

    def _witness_ns(self, known: Known) -> int | None:
        """The newest sign of those whose silence may be the reason of the sensor's own."""
        signs = (
            self._signs.witness_ns(known.gateways),
            self._brokers.witness_ns(known.source, self._signs),
        )
        return min((one for one in signs if one is not None), default=None)
