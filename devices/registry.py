"""The registry: whose uplink is this, at its own time?

Made of every `*.yaml` in the devices' folder and of the device types. It is partial: a bad entry costs only
itself, and every mistake is a `Complaint`. At start a bad entry leaves its device unregistered, with the
reason remembered for its address; on reload the device keeps its last good entry, and a file that cannot
be read its last good content.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from devices import type_file, words, yaml
from devices.complaint import Complaint
from devices.device import Device, Installation
from devices.device_file import DeviceEntry, Head, Types, Wrong, compile_device, overlap
from devices.errors import RegistryUnreadable
from devices.explain import Problem, explain
from devices.type import DeviceType
from devices.type_file import SHIPPED_TYPES as SHIPPED_TYPES  # noqa: PLC0414  part of this module's interface

#: A compiled type with the bytes of its file: while they stay, the type stays the same object.
_Source = tuple[bytes, DeviceType]


@dataclass(frozen=True, slots=True)
class Registry:
    """What stood where, and when. Never changed: a reload makes a new one."""

    devices: Mapping[str, Device] = field(default_factory=dict)  #: by id
    types: Mapping[str, DeviceType] = field(default_factory=dict)  #: by id
    complaints: tuple[Complaint, ...] = ()
    by_address: Mapping[str, tuple[Installation, ...]] = field(default_factory=dict)  #: oldest first
    refused: Mapping[str, str] = field(default_factory=dict)  #: address of a bad entry -> the complaint
    sources: Mapping[str, _Source] = field(default_factory=dict, repr=False)  #: of the types, by id

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

    def why_not(self, address: str, time_ns: int) -> str:
        """Why `installation` found none for this address at this time: a bad entry, unknown, the dates."""
        if address in self.refused:
            return self.refused[address]
        known = self.by_address.get(address)
        if known is None:
            return "not registered"
        for one in known:
            if one.begin_ns is not None and time_ns < one.begin_ns:
                return f"{one.device.id}: before its installation on {_day(one, one.begin_ns)}"
        last = known[-1]
        return f"{last.device.id}: after its removal on {_day(last, last.end_ns)}"


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
    return frozenset(old.devices.keys() - new.devices.keys())


@dataclass(slots=True)
class _Bad:
    """An entry that cannot be used."""

    id: str
    addresses: frozenset[str]
    file: str
    complaints: list[Complaint]


@dataclass(slots=True)
class _Read:
    """What the files say, before it is settled what of it can stand together."""

    good: list[Device] = field(default_factory=list)
    bad: list[_Bad] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)


def load(
    devices_dir: Path,
    types_dirs: Sequence[Path],
    previous: Registry | None = None,
    codecs_dir: Path | None = None,
) -> Registry:
    """The registry of these folders; of two types with one name the later folder's counts.

    `codecs_dir` holds the `.js` files that types name as their codec.
    `previous` is the registry in force, whose last good entries stay where new ones are bad. Raises
    `RegistryUnreadable` when there is no folder of devices.
    """
    if not devices_dir.is_dir():
        hint = "make the folder, or name another under `devices` in messnetz.yaml"
        raise RegistryUnreadable(f"{devices_dir} is no folder", hint=hint)
    sources, complaints = _read_types(types_dirs, codecs_dir, previous.sources if previous else {})
    types = Types({name: compiled for name, (_, compiled) in sources.items()}, _faulty(complaints))
    read = _Read(complaints=complaints)
    for path in _files(devices_dir, read.complaints):
        _read_file(path, types, read)
    _refuse_conflicts(read)
    kept = _kept(read, previous) if previous else []
    read.complaints.extend(itertools.chain.from_iterable(bad.complaints for bad in read.bad))
    return _registry([*read.good, *kept], types.usable, sources, read)


def _registry(
    devices: Iterable[Device], types: Mapping[str, DeviceType], sources: Mapping[str, _Source], read: _Read
) -> Registry:
    by_id = {device.id: device for device in devices}
    refused = {address: str(bad.complaints[0]) for bad in read.bad for address in bad.addresses}
    return Registry(
        devices=by_id,
        types=types,
        complaints=tuple(sorted(read.complaints, key=lambda one: (one.file, one.line))),
        by_address={address: tuple(several) for address, several in _by_address(by_id.values()).items()},
        refused=refused,
        sources=sources,
    )


def _files(folder: Path, complaints: list[Complaint]) -> list[Path]:
    """The `*.yaml` of a folder by name; a `*.yml` is a complaint, for it looks as if it were read."""
    complaints.extend(
        Complaint(type_file.shown(path), 0, "", "is not read: name it *.yaml")
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
    return (
        before.script is None
        or _bytes((codecs_dir or Path()) / before.codec) == before.script.source.encode()
    )


def _faulty(complaints: Iterable[Complaint]) -> dict[str, str]:
    """Where the first fault of each type stands."""
    places: dict[str, str] = {}
    for complaint in complaints:
        if complaint.device:
            places.setdefault(complaint.device, complaint.place)
    return places


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # `type_file.read` says so
        return b""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One item of a file's list: what it says, and where its lines are found."""

    said: Any
    file: str
    text: str  #: of the item; of the whole file where it is not written as a block list
    line: int
    lines: yaml.Lines
    path: tuple[str | int, ...]  #: of the item in `lines`

    def complaints(self, problems: Iterable[Problem]) -> list[Complaint]:
        name, _ = _called(self)
        return [
            Complaint(self.file, self.lines.of((*self.path, *one.path)), name, one.message)
            for one in problems
        ]


def _read_file(path: Path, types: Types, read: _Read) -> None:
    file = type_file.shown(path)
    try:
        text, said = yaml.read(path)
        if twice := yaml.double_keys(text):
            raise yaml.Unreadable(f"{twice[0]} stands twice: keep one")
        listed = _list(said)
        head = _head(said, text)
    except yaml.Unreadable as error:
        read.complaints.append(Complaint(file, error.line, "", str(error)))
        read.unreadable.add(file)
        return
    for entry in _entries(file, text, listed):
        _spell_dev_euis(entry)
        problems, device = _device(entry, head, types)
        if device is not None:
            read.good.append(device)
        else:
            name, addresses = _called(entry)
            read.bad.append(_Bad(name, addresses, file, entry.complaints(problems)))


def _list(said: Any) -> list[Any]:
    if not isinstance(said, dict):
        raise yaml.Unreadable("is no device file: write `municipality:` and `devices:` into it", 1)
    listed = said.get("devices", ...)
    if listed is not None and not isinstance(listed, list):
        raise yaml.Unreadable("has no list `devices:` with one entry (- id: …) a place", 1)
    return listed or []


def _head(said: dict[str, Any], text: str) -> Head:
    try:
        return Head.model_validate(
            {key: value for key, value in said.items() if key != "devices"}, context=text
        )
    except ValidationError as error:
        problem = explain(error, Head, said)[0]
        raise yaml.Unreadable(problem.message, yaml.Lines(text).of(problem.path)) from None


def _entries(file: str, text: str, listed: list[Any]) -> Iterator[_Entry]:
    items = yaml.list_items(text, "devices", len(listed))
    whole = yaml.Lines(text)
    for at, said in enumerate(listed):
        if items is None:
            yield _Entry(said, file, text, 0, whole, ("devices", at))
        else:
            item = items[at]
            yield _Entry(said, file, item.text, item.line, yaml.Lines(item.text, item.line), (0,))


def _spell_dev_euis(entry: _Entry) -> None:
    """Put DevEUIs in as they are written where YAML made one number of several (`24e1…` is infinite)."""
    for path, part in _hardware(entry.said):
        number = part.get("dev_eui")
        if isinstance(number, int | float) and not _is_clear(entry.text, number):
            part["dev_eui"] = entry.lines.written((*entry.path, *path, "dev_eui")) or number


def _is_clear(text: str, number: float) -> bool:
    try:
        return bool(yaml.as_written(text, "dev_eui", number))
    except ValueError:
        return False


def _hardware(said: Any) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """The parts of an entry that may name hardware, by their path in it."""
    if isinstance(said, dict):
        yield (), said
        listed = said.get("installations")
        for at, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, dict):
                yield ("installations", at), one


def _device(entry: _Entry, head: Head, types: Types) -> tuple[Sequence[Problem], Device | None]:
    """The device, or the problems why there is none."""
    if twice := yaml.double_keys(entry.text, item=True) if entry.line else ():
        return [Problem((key,), f"{key} stands twice: keep one") for key in twice], None
    try:
        described = DeviceEntry.model_validate(entry.said, context=entry.text)
        return (), compile_device(described, head, types, file=entry.file, line=entry.line)
    except ValidationError as error:
        return explain(error, DeviceEntry, entry.said), None
    except Wrong as error:
        return error.problems, None


def _called(entry: _Entry) -> tuple[str, frozenset[str]]:
    """Id and addresses of a bad entry, as far as they can be told."""
    if not isinstance(entry.said, dict):
        return "", frozenset()
    addresses = {
        address
        for _, part in _hardware(entry.said)
        for key in ("dev_eui", "address")
        if (address := _address(key, part.get(key), entry.text))
    }
    return str(entry.said.get("id") or ""), frozenset(addresses)


def _address(key: str, said: Any, text: str) -> str:
    try:
        written = yaml.as_written(text, key, said) if isinstance(said, int | float) else str(said or "")
        return words.dev_eui(written) if key == "dev_eui" else written.strip()
    except ValueError:
        return ""


def _refuse_conflicts(read: _Read) -> None:
    """Entries with one id, or one address at one time, are all bad: nobody can say which was meant."""
    ids = Counter(device.id for device in read.good) + Counter(bad.id for bad in read.bad if bad.id)
    messages: dict[int, str] = {
        id(device): f"{ids[device.id]} entries have this id: give each place its own"
        for device in read.good
        if ids[device.id] > 1
    }
    for one, other in _clashes(read.good):
        for mine, its in ((one, other), (other, one)):
            where = f"{its.device.id} ({its.device.file}:{its.device.line})"
            said = f"{mine.address} is also at {where} at the same time: end one installation with until"
            messages.setdefault(id(mine.device), said)
    clashing = [device for device in read.good if id(device) in messages]
    read.good = [device for device in read.good if id(device) not in messages]
    for device in clashing:
        complaint = Complaint(device.file, device.line, device.id, messages[id(device)])
        read.bad.append(_Bad(device.id, _addresses(device), device.file, [complaint]))


def _clashes(devices: Iterable[Device]) -> list[tuple[Installation, Installation]]:
    return [
        pair
        for several in _by_address(devices).values()
        for pair in itertools.combinations(several, 2)
        if pair[0].device is not pair[1].device and overlap(*pair)
    ]


def _by_address(devices: Iterable[Device]) -> dict[str, list[Installation]]:
    """Installations by address, oldest first."""
    found: dict[str, list[Installation]] = {}
    for device in devices:
        for installation in device.installations:
            found.setdefault(installation.address, []).append(installation)
    for several in found.values():
        if len(several) > 1:
            several.sort(key=lambda one: (one.begin_ns is not None, one.begin_ns or 0))
    return found


def _addresses(device: Device) -> frozenset[str]:
    return frozenset(one.address for one in device.installations)


def _kept(read: _Read, previous: Registry) -> list[Device]:
    """Last good entries that stay in force: of bad entries and of files that cannot be read.

    They yield to good entries of the new files that have their id or their address.
    """
    wanted = [device for device in previous.devices.values() if device.file in read.unreadable]
    for bad in read.bad:
        wanted.extend(_last_good(bad, previous))
    ids = {device.id for device in read.good}
    good = _by_address(read.good)
    return [device for device in wanted if device.id not in ids and not _taken(device, good)]


def _taken(device: Device, good: Mapping[str, Sequence[Installation]]) -> bool:
    return any(overlap(mine, its) for mine in device.installations for its in good.get(mine.address, ()))


def _last_good(bad: _Bad, previous: Registry) -> list[Device]:
    if bad.id in previous.devices:
        return [previous.devices[bad.id]]
    known = itertools.chain.from_iterable(previous.by_address.get(address, ()) for address in bad.addresses)
    return [one.device for one in known]  # its id was mistyped
