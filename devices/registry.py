"""The registry: whose uplink is this, at its own time?

Made of every `*.yaml` in the devices' folder and of the device types. It is partial: a bad entry costs only
itself, and every mistake is a `Complaint`. At start a bad entry leaves its device unregistered, with the
reason remembered for its address; on reload the device keeps its last good entry, and a file that cannot
be read its last good content.
"""

import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from devices import type_file, yaml
from devices.complaint import Complaint
from devices.device import Device, Installation
from devices.device_file import Types, overlap
from devices.entries import BadEntry, Entries, read_entries
from devices.errors import RegistryUnreadable
from devices.ignored import IgnoredEntry
from devices.language import Sentence, say
from devices.period import Period, covering
from devices.publisher import Publisher
from devices.script_file import read_script
from devices.type import DeviceType
from devices.type_file import SHIPPED_TYPES as SHIPPED_TYPES  # noqa: PLC0414  part of this module's interface

#: Devices that are gone through between two pauses: a millisecond or two.
SLICE = 1000

#: A compiled type with the bytes of its file: while they stay, the type stays the same object.
_Source = tuple[bytes, DeviceType]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a device file said, kept while neither it nor its types change."""

    digest: bytes
    read: Entries
    types: Types  #: those it rests on
    unreadable: Complaint | None = None  #: why nothing of it can be used


@dataclass(frozen=True, slots=True)
class Registry:
    """What stood where, and when. Never changed: a reload makes a new one."""

    devices: Mapping[str, Device] = field(default_factory=dict)  #: by id
    types: Mapping[str, DeviceType] = field(default_factory=dict)  #: by id
    complaints: tuple[Complaint, ...] = ()
    by_address: Mapping[str, tuple[Installation, ...]] = field(default_factory=dict)  #: oldest first
    refused: Mapping[str, str] = field(default_factory=dict)  #: address of a bad entry -> the complaint
    ignored: Mapping[str, IgnoredEntry] = field(
        default_factory=dict
    )  #: devices that are not ours, by address
    periods: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)  #: not valid, by id of the device
    publishers: Mapping[str, Publisher] = field(default_factory=dict)  #: by municipality
    sources: Mapping[str, _Source] = field(default_factory=dict, repr=False)  #: of the types, by id
    files: Mapping[str, ReadFile] = field(default_factory=dict, repr=False)  #: of the devices, by path

    def installation(self, address: str, time_ns: int) -> Installation | None:
        """The installation of this address in force at a time (UTC nanoseconds)."""
        for one in self.by_address.get(address, ()):
            if (one.begin_ns is None or one.begin_ns <= time_ns) and (
                one.end_ns is None or time_ns < one.end_ns
            ):
                return one
        return None

    def installations(self, address: str) -> tuple[Installation, ...]:
        """Every installation of this address, oldest first."""
        return self.by_address.get(address, ())

    def in_period(self, device: str, time_ns: int) -> Period | None:
        """The period in which what this device measures at a time (UTC nanoseconds) is not valid."""
        return covering(self.periods.get(device, ()), time_ns)

    def why_not(self, address: str, time_ns: int) -> str:
        """Why `installation` found none for this address at this time: a bad entry, unknown, the dates."""
        if address in self.refused:
            return self.refused[address]
        known = self.by_address.get(address)
        if known is None:
            return say("not registered")
        for one in known:
            if one.begin_ns is not None and time_ns < one.begin_ns:
                day = _day(one, one.begin_ns)
                return say("{device}: before its installation on {day}", device=one.device.id, day=day)
        last = known[-1]
        day = _day(last, last.end_ns)
        return say("{device}: after its removal on {day}", device=last.device.id, day=day)


def _day(installation: Installation, time_ns: int | None) -> str:
    when = datetime.fromtimestamp((time_ns or 0) / 1e9, UTC)
    return f"{when.astimezone(ZoneInfo(installation.device.timezone)):%Y-%m-%d %H:%M}"


def changed_addresses(old: Registry, new: Registry) -> frozenset[str]:
    """Addresses whose installations were added or altered (their type and their device included)."""
    return frozenset(
        address for address, have in new.by_address.items() if old.by_address.get(address) != have
    )


def removed_devices(old: Registry, new: Registry) -> frozenset[str]:
    """Ids of devices that the new registry no longer has."""
    return frozenset(name for name in old.devices if name not in new.devices)


def replaced_devices(old: Registry, new: Registry) -> list[Device]:
    """The devices of the old registry that the new one no longer holds, not even in reserve."""
    held = {id(device) for device in _held(new)}
    return list({id(device): device for device in _held(old) if id(device) not in held}.values())


def _held(registry: Registry) -> Iterator[Device]:
    yield from registry.devices.values()
    for one in registry.files.values():
        yield from one.read.good  # those in conflict with others wait there


def let_go(devices: list[Device], pause: Callable[[], None] = lambda: None) -> None:
    """Empty a list of devices that nobody looks at any more, a few at a time.

    A device and its installations hold each other, so that their reference counts alone would never free
    them, and Python's search for such cycles stops all threads while it goes through a large registry.
    """
    while devices:
        for device in devices[-SLICE:]:
            object.__setattr__(device, "installations", ())
        del devices[-SLICE:]
        pause()


@dataclass(slots=True)
class _Read:
    """What the files say, before it is settled what of it can stand together."""

    good: list[Device] = field(default_factory=list)
    bad: list[BadEntry] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)


def load(
    devices_dir: Path,
    types_dirs: Sequence[Path],
    previous: Registry | None = None,
    codecs_dir: Path | None = None,
    pause: Callable[[], None] = lambda: None,
) -> Registry:
    """The registry of these folders; of two types with one name the later folder's counts.

    `codecs_dir` holds the `.js` files that types name as their codec. `previous` is the registry in force:
    its last good entries stay where new ones are bad, and what has not changed is not read again. `pause` is
    called after every few milliseconds of work: beside an event loop it is to sleep, so that others get on.
    Raises `RegistryUnreadable` when there is no folder of devices.
    """
    if not devices_dir.is_dir():
        hint = say("make the folder, or name another under `devices` in messnetz.yaml")
        raise RegistryUnreadable(say("{folder} is no folder", folder=devices_dir), hint=hint)
    sources, complaints = _read_types(types_dirs, codecs_dir, previous.sources if previous else {})
    types = Types({name: compiled for name, (_, compiled) in sources.items()}, _faulty(complaints))
    before = previous.files if previous else {}
    read = _Read(complaints=complaints)
    known = previous.devices if previous else {}
    files = {
        str(path): _read_file(path, types, before.get(str(path)), known, pause)
        for path in _files(devices_dir, read.complaints)
    }
    for one in files.values():
        _collect(one, read)
        pause()
    by_address = _refuse_conflicts(read, pause)
    kept = _kept(read, previous, by_address) if previous else []
    read.complaints.extend(itertools.chain.from_iterable(bad.complaints for bad in read.bad))
    devices = [*read.good, *kept]
    publishers = _publishers(files, read.complaints)
    if previous and read.unreadable:
        publishers = {**previous.publishers, **publishers}
    pause()
    return Registry(
        devices={device.id: device for device in devices},
        types=types.usable,
        complaints=tuple(sorted(read.complaints, key=lambda one: (one.file, one.line))),
        by_address=_by_address(devices, pause) if kept else by_address,
        refused={address: bad.complaints[0].sentence for bad in read.bad for address in bad.addresses},
        publishers=publishers,
        sources=sources,
        files=files,
    )


def _files(folder: Path, complaints: list[Complaint]) -> list[Path]:
    """The `*.yaml` of a folder by name; a `*.yml` is a complaint, for it looks as if it were read."""
    complaints.extend(
        Complaint(type_file.shown(path), 0, "", say("is not read: name it *.yaml"))
        for path in sorted(folder.glob("*.yml"))
    )
    return sorted(folder.glob("*.yaml"))


def _read_types(
    folders: Sequence[Path], codecs_dir: Path | None, previous: Mapping[str, _Source]
) -> tuple[dict[str, _Source], list[Complaint]]:
    """Every type that can be used; one whose file is wrong stays what it was before."""
    types: dict[str, _Source] = {}
    complaints: list[Complaint] = []
    for path in itertools.chain.from_iterable(_files(folder, complaints) for folder in folders):
        before = previous.get(path.stem)
        source = _bytes(path)
        if before is not None and before[0] == source and _is_current(before[1], path, codecs_dir):
            types[path.stem] = before
            continue
        compiled, _, wrong = type_file.read(path, codecs_dir)
        complaints.extend(wrong)
        if compiled is not None:
            types[path.stem] = (source, compiled)
        elif before is not None:
            types[path.stem] = before
    return types, complaints


def _is_current(before: DeviceType, path: Path, codecs_dir: Path | None) -> bool:
    """Whether a type whose own file has not changed is still what would be made of it."""
    if before.file != type_file.shown(path):
        return False
    if before.script is None:
        return True
    try:
        script = read_script((codecs_dir or Path()) / before.codec, before.script.file)
    except ValueError:
        return False
    return script.digest == before.script.digest


def _faulty(complaints: Iterable[Complaint]) -> dict[str, str]:
    """Where the first fault of each type stands."""
    places: dict[str, str] = {}
    for complaint in complaints:
        if complaint.device:
            places.setdefault(complaint.device, complaint.place)
    return places


def _read_file(
    path: Path,
    types: Types,
    before: ReadFile | None,
    known: Mapping[str, Device],
    pause: Callable[[], None],
) -> ReadFile:
    file, digest = type_file.shown(path), b""
    try:
        source = yaml.content(path)
        digest = hashlib.blake2b(source, digest_size=16).digest()
        if before is not None and before.digest == digest and _holds(before, types):
            return before
        read = read_entries(source, file, types, known, pause)
    except yaml.Unreadable as error:
        wrong = Complaint(file, error.line, "", error.args[0])
        return ReadFile(digest, Entries([], []), Types({}, {}), wrong)
    return ReadFile(digest, read, _used(read, types))


def _used(read: Entries, types: Types) -> Types:
    """The types that this outcome rests on: all, where something is wrong, for a complaint may list them."""
    if read.bad:
        return types
    return Types({one.type.id: one.type for device in read.good for one in device.installations}, {})


def _holds(before: ReadFile, types: Types) -> bool:
    if before.read.bad:
        return before.types == types
    return all(types.usable.get(name) is one for name, one in before.types.usable.items())


def _collect(one: ReadFile, read: _Read) -> None:
    read.good.extend(one.read.good)
    read.bad.extend(one.read.bad)
    if one.unreadable is not None:
        read.complaints.append(one.unreadable)
        read.unreadable.add(one.unreadable.file)


def _publishers(files: Mapping[str, ReadFile], complaints: list[Complaint]) -> dict[str, Publisher]:
    """By municipality; of several files the first that names one counts, and another is a complaint."""
    found: dict[str, tuple[Publisher, str]] = {}
    for path, one in files.items():
        said = one.read.publisher
        if said is None:
            continue
        before, where = found.get(said.municipality, (None, ""))
        if before is None:
            found[said.municipality] = said, path
            continue
        both = before.joined(said)
        if both is None:
            wrong = say(
                "publisher or ags of {municipality} differs in {file}, which counts: make them the same",
                municipality=said.municipality,
                file=type_file.shown(Path(where)),
            )
            complaints.append(Complaint(type_file.shown(Path(path)), 0, "", wrong))
        else:
            found[said.municipality] = both, where
    return {name: one for name, (one, _) in found.items()}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # `type_file.read` says so
        return b""


def _refuse_conflicts(read: _Read, pause: Callable[[], None]) -> dict[str, tuple[Installation, ...]]:
    """Entries with one id, or one address at one time, are all bad: nobody can say which was meant.

    Returns the installations of the others, by address.
    """
    by_address = _by_address(read.good, pause)
    ids = Counter(device.id for device in read.good)
    ids.update(bad.id for bad in read.bad if bad.id)
    pause()
    twice = {name for name, count in ids.items() if count > 1}
    messages: dict[int, Sentence] = {
        id(device): say("{count} entries have this id: give each place its own", count=ids[device.id])
        for device in (read.good if twice else ())
        if device.id in twice
    }
    for one, other in _clashes(by_address):
        for mine, its in ((one, other), (other, one)):
            said = say(
                "{address} is also at {device} ({place}) at the same time: end one installation with until",
                address=mine.address,
                device=its.device.id,
                place=f"{its.device.file}:{its.device.line}",
            )
            messages.setdefault(id(mine.device), said)
    if not messages:
        return by_address
    clashing = [device for device in read.good if id(device) in messages]
    read.good = [device for device in read.good if id(device) not in messages]
    for device in clashing:
        complaint = Complaint(device.file, device.line, device.id, messages[id(device)])
        read.bad.append(BadEntry(device.id, _addresses(device), device.file, [complaint]))
    return _by_address(read.good, pause)


def _clashes(
    by_address: Mapping[str, Sequence[Installation]],
) -> Iterator[tuple[Installation, Installation]]:
    for several in by_address.values():
        if len(several) > 1:
            for one, other in itertools.combinations(several, 2):
                if one.device is not other.device and overlap(one, other):
                    yield one, other


def _by_address(devices: Sequence[Device], pause: Callable[[], None]) -> dict[str, tuple[Installation, ...]]:
    """Installations by address, oldest first."""
    found: dict[str, tuple[Installation, ...]] = {}
    several: set[str] = set()
    for at, device in enumerate(devices):
        if at % SLICE == 0:
            pause()
        for one in device.installations:
            if one.address in found:
                found[one.address] += (one,)
                several.add(one.address)
            else:
                found[one.address] = device.installations if len(device.installations) == 1 else (one,)
    for address in several:
        found[address] = tuple(
            sorted(found[address], key=lambda one: (one.begin_ns is not None, one.begin_ns or 0))
        )
    return found


def _addresses(device: Device) -> frozenset[str]:
    return frozenset(one.address for one in device.installations)


def _kept(read: _Read, previous: Registry, good: Mapping[str, Sequence[Installation]]) -> list[Device]:
    """Last good entries that stay in force: of bad entries and of files that cannot be read.

    They yield to good entries of the new files that have their id or their address.
    """
    if not read.bad and not read.unreadable:
        return []
    wanted = [device for device in previous.devices.values() if device.file in read.unreadable]
    for bad in read.bad:
        wanted.extend(_last_good(bad, previous))
    ids = {device.id for device in read.good}
    return [device for device in wanted if device.id not in ids and not _taken(device, good)]


def _taken(device: Device, good: Mapping[str, Sequence[Installation]]) -> bool:
    return any(overlap(mine, its) for mine in device.installations for its in good.get(mine.address, ()))


def _last_good(bad: BadEntry, previous: Registry) -> list[Device]:
    if bad.id in previous.devices:
        return [previous.devices[bad.id]]
    known = itertools.chain.from_iterable(previous.by_address.get(address, ()) for address in bad.addresses)
    return [one.device for one in known]  # its id was mistyped
