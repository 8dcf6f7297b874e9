"""Whom the clock knows: every registered device, with what its file and its memory say of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from devices.device import Device
from devices.registry import Registry
from devices.state import DeviceState
from devices.status import State
from ingest.intake import GroupIntake
from ingest.status.gateways import Signs
from ingest.status.known import Kinds, Known, learn


class Roster:
    """All devices as last looked at; `by_state` counts them."""

    def __init__(self, intake: GroupIntake, battery_percent: int) -> None:
        self.by_state: Counter[str] = Counter()
        self._intake = intake
        self._battery_percent = battery_percent
        self._kinds = Kinds(battery_percent)
        self._registry: Registry | None = None  #: that of the last look
        self._known: dict[str, Known] = {}  #: by device
        self._by_key: dict[str, Known] = {}  #: by the key of their memory
        self._gateways: dict[str, str] = {}  #: registered ones, by the id that uplinks name

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[Known]:
        return iter(self._known.values())

    @property
    def by_device(self) -> Mapping[str, Known]:
        """All of them by their ids."""
        return self._known

    def of_key(self, key: str) -> Known | None:
        """Whose memory has this key."""
        return self._by_key.get(key)

    def memory(self, known: Known) -> DeviceState | None:
        """What is remembered of the hardware that stands there now; None where it was never heard."""
        return self._intake.states.get(known.key) if known.seen_ns else None

    def gateway_of(self, known: Known) -> str | None:
        """The one gateway that hears it, by its name where it is registered; a gateway's own name."""
        if known.is_gateway:
            return known.device.id
        if len(known.gateways) != 1:
            return None
        return self._gateways.get(known.gateways[0], known.gateways[0])

    def is_behind_registered(self, known: Known) -> bool:
        """Whether one of its gateways has an alarm of its own."""
        return any(name in self._gateways for name in known.gateways)

    # --- one look ------------------------------------------------------------------------------------

    def open(self, registry: Registry) -> None:
        """A look begins; what is known of types is found out anew with each registry."""
        if registry is not self._registry:
            self._registry, self._kinds = registry, Kinds(self._battery_percent)

    def observe(self, devices: Iterable[Device], signs: Signs, now_ns: int) -> list[Known]:
        """What the memory of some devices says of them and of their gateways."""
        found, states = [], self._intake.states
        for device in devices:
            known = self._known.get(device.id)
            if (
                known is None
                or known.device is not device
                or (known.changes_ns is not None and known.changes_ns <= now_ns)
            ):
                if not device.installations:  # a reload has let go of it
                    continue
                known = self._learn(learn(device, now_ns, self._kinds), known)
            found.append(known)
            memory = states.get(known.key)
            if memory is None or memory.seen_ns < (known.installation.begin_ns or 1):
                known.seen_ns, known.gateways = 0, ()
                continue
            known.seen_ns, known.source = memory.seen_ns, memory.source
            if known.is_over(now_ns):
                signs.once.add(memory.source)
                continue
            signs.note(known, memory)
            if known.is_gateway:
                signs.note_own(known, memory)
        return found

    def observe_again(self, known: Known) -> bool:
        """What its memory says of one device between two looks; false where it is not known any more."""
        memory = self._intake.states.get(known.key)
        if memory is None or self._known.get(known.device.id) is not known:
            return False
        known.seen_ns, known.source = memory.seen_ns, memory.source
        Signs().note(known, memory)
        return True

    def forget_others(self, found: Sequence[Known]) -> None:
        """Let go of devices that are registered no more: all but those found."""
        if len(found) == len(self._known):
            return
        kept = {known.device.id for known in found}
        for name in self._known.keys() - kept:
            known = self._known.pop(name)
            self._let_go(known)
            if known.state is not None:
                self.by_state[known.state] -= 1

    def settle(self, known: Known, state: State) -> None:
        """A device was judged."""
        if state is known.state:
            return
        if known.state is not None:
            self.by_state[known.state] -= 1
        self.by_state[state] += 1
        known.state = state

    def _learn(self, known: Known, before: Known | None) -> Known:
        if before is not None:
            known.take_over(before)
            self._let_go(before)
        self._known[known.device.id] = self._by_key[known.key] = known
        if known.is_gateway:
            self._gateways[known.installation.address] = known.device.id
        return known

    def _let_go(self, known: Known) -> None:
        """Of its key and its address, unless another has taken them over."""
        if self._by_key.get(known.key) is known:
            del self._by_key[known.key]
        address = known.installation.address
        if self._gateways.get(address) == known.device.id:
            del self._gateways[address]
