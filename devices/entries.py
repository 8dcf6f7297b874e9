"""One device file read: each entry of its list becomes a device, or the complaints why it does not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from devices import location, words, yaml
from devices.complaint import Complaint
from devices.device import Device
from devices.device_file import DeviceEntry, Head, Types, Wrong, compile_device
from devices.explain import Problem, explain
from devices.language import say
from devices.plain_entry import plain
from devices.publisher import Publisher


@dataclass(frozen=True, slots=True)
class BadEntry:
    """An entry that cannot be used."""

    id: str
    addresses: frozenset[str]
    file: str
    complaints: Sequence[Complaint]


@dataclass(frozen=True, slots=True)
class Entries:
    """What a device file says."""

    good: list[Device]
    bad: list[BadEntry]
    publisher: Publisher | None = None  #: None where the head names neither it nor the AGS


@dataclass(frozen=True, slots=True)
class _Entry:
    """One item of a file's list: what it says, and where its lines are found."""

    said: Any
    file: str
    text: str  #: of the item; of the whole file where it is not written as a block list
    line: int  #: 0 where it is not
    lines: yaml.Lines
    path: tuple[str | int, ...]  #: of the item in `lines`
    clean: bool  #: no key stands twice in it


def read_entries(
    source: bytes, file: str, types: Types, known: Mapping[str, Device], pause: Callable[[], None]
) -> Entries:
    """What the file of these bytes says; `file` is its name for messages. Raises `yaml.Unreadable`.

    Devices that are `known` by their id and have not changed stay the same objects. `pause` is called after
    every few milliseconds of work, so that other threads need not wait for longer.
    """
    text = yaml.decode(source)
    pause()
    cut = yaml.cut(text, "devices")
    around = _around(cut) if cut else None
    read = _sliced(cut, around, types, file, known, pause) if cut and around is not None else None
    return read if read is not None else _whole(text, types, file, pause)


def _around(cut: yaml.Sliced) -> dict[str, Any] | None:
    """What stands above and below the list; None where only the whole file can tell."""
    try:
        said = [yaml.parse(text) for text in (cut.above, cut.below)]
    except yaml.Unreadable:
        return None
    above, below = ({} if part is None else part for part in said)
    if not (isinstance(above, dict) and isinstance(below, dict)) or "devices" in above | below:
        return None
    around = above | below
    return around if around.keys() == set(yaml.keys(cut.around)) else None


def _sliced(
    cut: yaml.Sliced,
    around: dict[str, Any],
    types: Types,
    file: str,
    known: Mapping[str, Device],
    pause: Callable[[], None],
) -> Entries | None:
    """The file read slice by slice; None where only the whole of it can tell."""
    try:
        if yaml.may_have_doubles(cut.around, around):
            _check_doubles(cut.outline, yaml.Lines(cut.outline))
        head = _head(around, cut.around, lambda: yaml.Lines(cut.outline))
    except yaml.Unreadable:
        # What is no YAML at all is said first.
        if any(yaml.parse_slice(cut, one) is None for one in cut.slices):
            return None
        raise
    read = Entries([], [], _publisher(head))
    for one in cut.slices:
        pause()
        listed = yaml.parse_slice(cut, one)
        if listed is None:
            return None
        line = one.line
        # Most slices have no double key anywhere, and are asked as a whole.
        all_clean = not yaml.may_have_doubles(cut.text[one.begins[0] : one.end], listed)
        for said, begin, end in zip(listed, one.begins, (*one.begins[1:], one.end), strict=True):
            text = cut.text[begin:end]
            clean = all_clean or _is_clean(text, said)
            device = _quick(said, text, line, head, types, file) if clean else None
            if device is not None:
                read.good.append(_same(device, known))
            else:
                _closely(
                    _Entry(said, file, text, line, yaml.Lines(text, line), (0,), clean), head, types, read
                )
            line += text.count("\n")
    _refuse_far_off(read, file)
    return read


def _refuse_far_off(read: Entries, file: str) -> None:
    """Places that lie far from all others of the file are mistakes."""
    wrong = {id(device): said for device, said in location.far_off(read.good)}
    if not wrong:
        return
    for device in read.good:
        if (said := wrong.get(id(device))) is not None:
            addresses = frozenset(one.address for one in device.installations)
            read.bad.append(
                BadEntry(device.id, addresses, file, [Complaint(file, device.line, device.id, said)])
            )
    read.good[:] = [device for device in read.good if id(device) not in wrong]


def _whole(text: str, types: Types, file: str, pause: Callable[[], None]) -> Entries:
    said = yaml.parse(text)
    clean = not yaml.may_have_doubles(text, said)
    if not clean:
        _check_doubles(text, yaml.Lines(text))
    listed = _list(said)
    head = _head(
        {key: value for key, value in said.items() if key != "devices"}, text, lambda: yaml.Lines(text)
    )
    read = Entries([], [], _publisher(head))
    for entry in _entries(file, text, listed, clean=clean):
        pause()
        _closely(entry, head, types, read)
    _refuse_far_off(read, file)
    return read


def _list(said: Any) -> list[Any]:
    if not isinstance(said, dict):
        raise yaml.Unreadable(say("is no device file: write `municipality:` and `devices:` into it"), 1)
    listed = said.get("devices", ...)
    if listed is not None and not isinstance(listed, list):
        raise yaml.Unreadable(say("has no list `devices:` with one entry (- id: …) a place"), 1)
    return listed or []


def _check_doubles(text: str, lines: yaml.Lines) -> None:
    """Raises `yaml.Unreadable` where a key around the list stands twice."""
    twice = [(key, yaml.second(text, key)) for key in yaml.double_keys(text)]
    for key in set(yaml.keys(text)) - {"devices"}:
        twice += lines.doubles((key,))
    for key, line in sorted(twice, key=lambda one: one[1]):
        raise yaml.Unreadable(say("{key} stands twice: keep one", key=key), line)


def _head(said: dict[str, Any], text: str, lines: Callable[[], yaml.Lines]) -> Head:
    if (special := yaml.special(said)) is not None:
        raise yaml.Unreadable(yaml.not_plain(), lines().of(special))
    try:
        return Head.model_validate(said, context=text)
    except ValidationError as error:
        problem = explain(error, Head, said)[0]
        raise yaml.Unreadable(problem.message, lines().of(problem.path)) from None


def _publisher(head: Head) -> Publisher | None:
    said, whose = head.publisher, head.municipality
    if said is None:
        return Publisher(whose.id, whose.ags) if whose.ags else None
    return Publisher(whose.id, whose.ags, said.name, said.contact, said.licence)


def _entries(file: str, text: str, listed: list[Any], *, clean: bool) -> Iterator[_Entry]:
    items = yaml.list_items(text, "devices", len(listed))
    whole = yaml.Lines(text)
    for at, said in enumerate(listed):
        if items is None:
            yield _Entry(said, file, text, 0, whole, ("devices", at), clean)
        else:
            item = items[at]
            lines = yaml.Lines(item.text, item.line)
            yield _Entry(said, file, item.text, item.line, lines, (0,), clean)


def _quick(said: Any, text: str, line: int, head: Head, types: Types, file: str) -> Device | None:
    """The device of an entry without surprises."""
    entry = plain(said, text)
    if entry is None:
        return None
    try:
        return compile_device(entry, head, types, file=file, line=line)
    except Wrong:
        return None


def _same(device: Device, known: Mapping[str, Device]) -> Device:
    """The known device where it has not changed: half of the memory of a reload."""
    before = known.get(device.id)
    if (
        before is None
        or (before.line, before.file) != (device.line, device.file)
        or before != device
        or before.installations != device.installations
    ):
        return device
    object.__setattr__(device, "installations", ())  # they hold each other
    return before


def _closely(entry: _Entry, head: Head, types: Types, read: Entries) -> None:
    """Put the entry's device or its complaints to what was read."""
    if (special := yaml.special(entry.said)) is not None:
        _refuse(entry, read, [(yaml.not_plain(), entry.lines.of((*entry.path, *special)))])
        return
    _spell_dev_euis(entry)
    if twice := _twice(entry):
        _refuse(entry, read, [(say("{key} stands twice: keep one", key=key), line) for key, line in twice])
        return
    problems, device = _device(entry, head, types)
    if device is not None:
        read.good.append(device)
    else:
        lines = entry.lines
        _refuse(entry, read, [(one.message, lines.of((*entry.path, *one.path))) for one in problems])


def _refuse(entry: _Entry, read: Entries, wrong: Iterable[tuple[str, int]]) -> None:
    name, addresses = _called(entry)
    complaints = [Complaint(entry.file, line, name, message) for message, line in wrong]
    read.bad.append(BadEntry(name, addresses, entry.file, complaints))


def _twice(entry: _Entry) -> Sequence[tuple[str, int]]:
    """Keys that stand twice, with the line of the later one."""
    if entry.clean:
        return ()
    return _doubles(entry.text if entry.line else "", entry.lines, entry.path)


def _is_clean(text: str, said: Any) -> bool:
    return not yaml.may_have_doubles(text, said) or not _doubles(text, yaml.Lines(text))


def _doubles(text: str, lines: yaml.Lines, path: tuple[str | int, ...] = ()) -> Sequence[tuple[str, int]]:
    top = yaml.double_keys(text, item=True)  # where ruamel.yaml cannot read what py-yaml12 can
    return lines.doubles(path) or [(key, lines.of(path)) for key in top]


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
    return _text(entry.said.get("id")), frozenset(addresses)


def _text(said: Any) -> str:
    return str(said) if isinstance(said, str | int | float) else ""


def _address(key: str, said: Any, text: str) -> str:
    try:
        written = yaml.as_written(text, key, said) if isinstance(said, int | float) else _text(said)
        return words.dev_eui(written) if key == "dev_eui" else written.strip()
    except ValueError:
        return ""
