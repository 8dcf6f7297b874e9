"""The simulated city: who speaks when, and what goes wrong now and then.

Everything follows from the registry, the seed and the times asked for: two cities of one seed say the same.
"""

import heapq
import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from devices.codecs import LOCAL
from devices.device import Installation
from devices.registry import Registry
from ingest.simulator import events
from ingest.simulator.events import Format, Frame
from ingest.simulator.radio import hearings, spreading_factor
from ingest.simulator.street import Place, charge, moment, place
from ingest.simulator.voice import Voice

#: What a message is, as the publisher counts it.
Kind = Literal["uplink", "duplicate", "unregistered", "garbled", "undecoded", "join", "status"]

#: A DevEUI that nobody registers, and what it is called on the network server.
_STRANGER = ("24e124ff0badcafe", "karton-im-keller")
#: Whose network server the devices are on, one after the other, as far as those are wanted.
_SERVERS: Sequence[Format] = ("chirpstack", "chirpstack", "thingpark", "chirpstack", "chirpstack", "ttn")
_DEV_EUI = re.compile(r"[0-9a-f]{16}")
_COUNT_NS = 60_000_000_000
_INTERVAL_S = 600  # how often a device speaks of which neither registry nor type says it

#: What happens beside every so many uplinks, and at which of them it happens first.
_DUPLICATE, _UNREGISTERED, _GARBLED, _UNDECODED = (23, 4), (37, 9), (53, 14), (61, 19)
_STATUS, _STRANGE_JOIN, _JOIN = (29, 24), (71, 29), (211, 45)
#: What no sensor of the city sends: its network server's codec and ours fail on it.
_STRANGE_PORT, _NONSENSE = 223, b"\xff\xff\xff"


@dataclass(frozen=True, slots=True)
class Message:
    """One MQTT message and what it is meant to be."""

    topic: str
    payload: bytes
    kind: Kind


@dataclass(slots=True)
class _Resident:
    """A piece of hardware in its place, with what its radio remembers."""

    hardware: Installation
    place: Place
    model: str
    address: str
    name: str
    form: Format
    voice: Voice
    interval_s: int
    f_cnt: int
    counts: bool
    session: int = 0
    last_ns: int | None = None

    def mounted(self, time_ns: int) -> bool:
        """Whether it stands there at that time."""
        begin_ns, end_ns = self.hardware.begin_ns, self.hardware.end_ns
        return (begin_ns is None or begin_ns <= time_ns) and (end_ns is None or time_ns < end_ns)

    def waits(self, time_ns: int) -> bool:
        """Whether it counts and has just done so."""
        return self.counts and self.last_ns is not None and time_ns - self.last_ns < _COUNT_NS


class City:
    """The hardware of a registry, each with its place, its voice and its network server.

    Network servers are those of `servers` that it can speak as, or where there is none, all of them. Raises
    `ValueError` for a registry without any hardware.
    """

    def __init__(self, registry: Registry, seed: int = 1, servers: Collection[str] = ()) -> None:
        self._random = Random(seed)  # noqa: S311  it has to be believable, not secret
        self._servers = [one for one in _SERVERS if one in servers] or _SERVERS
        self._residents = self._move_in(registry, seed)
        if not self._residents:
            raise ValueError("no registered device has hardware with a DevEUI: register one first")
        self._stranger = replace(self._residents[0], address=_STRANGER[0], name=_STRANGER[1])
        self._recent: deque[Message] = deque(maxlen=8)
        self._uplinks = 0
        self._turn = 0

    def past(self, end_ns: int, hours: float) -> Iterator[Message]:
        """What the city said in the `hours` before `end_ns`, by time, each device at its own interval."""
        due = []
        for number, resident in enumerate(self._residents):
            step = resident.interval_s * 1_000_000_000
            due.append((end_ns - round(hours * 3.6e12) + self._random.randrange(step), number, step))
        heapq.heapify(due)
        while due and due[0][0] < end_ns:
            time_ns, number, step = due[0]
            late = self._random.randrange(step // 50)
            heapq.heapreplace(due, (time_ns + step + late, number, step))
            if self._residents[number].mounted(time_ns):
                yield from self._speak(self._residents[number], time_ns)

    def present(self, time_ns: int) -> Sequence[Message]:
        """What is said at `time_ns` by the device whose turn it is, and what goes wrong beside it.

        Time is not sped up: devices speak far more often than they would, of the little that has happened
        since. Those that count wait a minute between two uplinks, or they would mostly count nothing.
        """
        waiting = None
        for _ in self._residents:
            resident = self._residents[self._turn % len(self._residents)]
            self._turn += 1
            if not resident.mounted(time_ns):
                continue
            if not resident.waits(time_ns):
                return self._speak(resident, time_ns)
            waiting = resident
        return self._speak(waiting, time_ns) if waiting else ()

    def _move_in(self, registry: Registry, seed: int) -> list[_Resident]:
        lots = sorted({device.lot for device in registry.devices.values() if device.lot})
        found: list[_Resident] = []
        for device in registry.devices.values():
            evening = device.lot is not None and lots.index(device.lot) % 2 == 1
            where = place(device.id, seed, evening=evening)
            for hardware in device.installations:
                if _DEV_EUI.fullmatch(hardware.address):
                    found.append(self._resident(hardware, where, len(found)))
        return found

    def _resident(self, hardware: Installation, where: Place, number: int) -> _Resident:
        device, kind = hardware.device, hardware.type
        return _Resident(
            hardware,
            where,
            model=f"{kind.manufacturer} {kind.model}",
            address=hardware.address,
            name=device.id,
            form=self._servers[number % len(self._servers)],
            voice=Voice(device, kind, where, self._random),
            interval_s=device.interval_s or kind.interval_s or _INTERVAL_S,
            f_cnt=where.seed % 60_000,
            counts=any(
                value.counter in {"delta", "total"} for spec in kind.readings for value in spec.values
            ),
        )

    def _speak(self, resident: _Resident, time_ns: int) -> list[Message]:
        said = []
        if self._due(_JOIN) and resident.form != "thingpark":  # which does not tell of joins
            said.append(self._join(resident, resident.form, _later(resident, time_ns)))
        said.append(self._uplink(resident, _later(resident, time_ns)))
        said.extend(self._beside(resident, _later(resident, time_ns)))
        self._uplinks += 1
        return said

    def _uplink(self, resident: _Resident, time_ns: int) -> Message:
        frame = self._frame(resident, time_ns)
        resident.f_cnt += 1
        if self._due(_UNDECODED):
            nonsense = replace(frame, f_port=_STRANGE_PORT, payload=_NONSENSE, decoded=None)
            return self._message(resident, nonsense, "undecoded")
        message = self._message(resident, frame, "uplink")
        self._recent.append(message)
        return message

    def _beside(self, resident: _Resident, time_ns: int) -> Iterator[Message]:
        if self._due(_DUPLICATE) and self._recent:
            yield replace(self._random.choice(self._recent), kind="duplicate")
        if self._due(_UNREGISTERED):
            yield self._message(self._stranger, self._frame(self._stranger, time_ns), "unregistered")
            self._stranger.f_cnt += 1
        if self._due(_GARBLED):
            whole = self._message(resident, self._frame(resident, time_ns), "garbled")
            yield replace(whole, payload=whole.payload[: len(whole.payload) * 2 // 3] + b"\xff\x00")
        if self._due(_STATUS) and resident.form == "chirpstack":
            yield self._status(resident, time_ns)
        if self._due(_STRANGE_JOIN) and self._stranger.form != "thingpark":
            yield self._join(self._stranger, self._stranger.form, time_ns)

    def _join(self, resident: _Resident, form: Literal["chirpstack", "ttn"], time_ns: int) -> Message:
        resident.session += 1
        resident.f_cnt = 0
        resident.voice.restart()
        frame = self._frame(resident, time_ns)
        topic = events.topic(form, resident.address, resident.name, "join")
        return Message(topic, events.join(form, frame, self._random), "join")

    def _status(self, resident: _Resident, time_ns: int) -> Message:
        battery = charge(resident.place, moment(time_ns))
        frame = self._frame(resident, time_ns)
        topic = events.topic("chirpstack", resident.address, resident.name, "status")
        margin = max(-32, min(31, round(frame.hearings[0].snr) + 15))
        return Message(topic, events.status(frame, battery, margin, self._random), "status")

    def _message(self, resident: _Resident, frame: Frame, kind: Kind) -> Message:
        topic = events.topic(resident.form, resident.address, resident.name, "up")
        return Message(topic, events.uplink(resident.form, frame, self._random), kind)

    def _frame(self, resident: _Resident, time_ns: int) -> Frame:
        port, decoded = resident.voice.say(moment(time_ns), resident.interval_s)
        resident.last_ns = time_ns
        heard = hearings(resident.hardware.device, resident.place, self._random)
        noise = self._random.randbytes(self._random.randrange(11, 25))
        return Frame(
            resident.address,
            resident.name,
            resident.model,
            time_ns,
            resident.f_cnt,
            port,
            b""
            if resident.hardware.type.codec in LOCAL
            else noise,  # which our codecs would take at its word
            decoded,
            heard,
            spreading_factor(heard[0]),
            resident.session,
        )

    def _due(self, every: tuple[int, int]) -> bool:
        return self._uplinks % every[0] == every[1] % every[0]


def _later(resident: _Resident, time_ns: int) -> int:
    return time_ns if resident.last_ns is None else max(time_ns, resident.last_ns + 1)
