"""What a technician does to a place, as changes of its device file: add, end, give other hardware.

Each function takes the text of the file and what it says (`devices.yaml.read`), and returns the splices that
change it; all other entries stay as they are, byte for byte. Whether the outcome is right is not judged here:
the registry's own rules do so before a file is written. Raises `devices.edit.Uneditable`.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from devices import edit, yaml
from devices.edit import Entry, Splice, Uneditable
from devices.language import say
from devices.yaml_write import flow, pair

#: The keys of an entry that belong to the hardware, in the order in which they are written.
HARDWARE = ("from", "until", "dev_eui", "address", "type", "calibration", "variables")
#: All keys of an entry in that order.
ORDER = (
    *("id", "site", "district", "lot", "bay", "bays", "lane", "location", "interval", "publish", "labels"),
    *("direction", "qc", "dev_eui", "address", "type", "from", "until", "calibration", "variables"),
    "installations",
)


def add(text: str, said: Any, entries: Sequence[Mapping[str, Any]]) -> list[Splice]:
    """New places at the end of the file's list."""
    ordered = [{key: entry[key] for key in ORDER if key in entry} for entry in entries]
    return [edit.appended(text, "devices", ordered, len(_listed(said)))]


def end(text: str, said: Any, device: str, until: str) -> list[Splice]:
    """The place's present installation ends at `until` (as the file writes times)."""
    place, number = _find(text, said, device)
    mounted = _mounted(said, number)
    if mounted is None:
        raise Uneditable(say("{device} has ended already", device=device))
    return [_ended(_installation(place, mounted), until)]


def swap(text: str, said: Any, device: str, until: str, new: Mapping[str, Any]) -> list[Splice]:
    """The present installation, if there is one, ends at `until`, and the `new` one follows it."""
    place, number = _find(text, said, device)
    mounted = _mounted(said, number)
    ordered = {key: new[key] for key in HARDWARE if key in new}
    if "installations" in place.keys:
        ended = [] if mounted is None else [_ended(_installation(place, mounted), until)]
        return [*ended, _following(place, ordered)]
    if place.flow:
        return _listed_in_braces(place, None if mounted is None else until, ordered)
    return _listed_in_lines(place, None if mounted is None else until, ordered)


def mounted(text: str, said: Any, device: str) -> Mapping[str, Any]:
    """What the file says of the place's present installation; raises `Uneditable` where there is none."""
    number = number_of(text, said, device)
    at = _mounted(said, number)
    if at is None:
        raise Uneditable(say("{device} has ended already", device=device))
    entry: Mapping[str, Any] = _listed(said)[number]
    return entry["installations"][at] if entry.get("installations") else entry


def number_of(text: str, said: Any, device: str) -> int:
    """Which entry of the list has this id; raises `KeyError`."""
    for number, entry in enumerate(_listed(said)):
        if isinstance(entry, dict) and _written_id(text, entry) == device:
            return number
    raise KeyError(device)


def _listed(said: Any) -> list[Any]:
    listed = said.get("devices") if isinstance(said, dict) else None
    return listed if isinstance(listed, list) else []


def _written_id(text: str, entry: Mapping[str, Any]) -> str:
    said = entry.get("id")
    if not isinstance(said, int | float):
        return str(said)
    try:
        return yaml.as_written(text, "id", said)
    except ValueError:
        return str(said)


def _find(text: str, said: Any, device: str) -> tuple[Entry, int]:
    number = number_of(text, said, device)
    return edit.entry(text, "devices", number, len(_listed(said))), number


def _mounted(said: Any, number: int) -> int | None:
    """Which installation has no end; 0 is also that of the short form."""
    entry = _listed(said)[number]
    for at, one in enumerate(entry.get("installations") or [entry]):
        if one.get("until") is None:
            return at
    return None


def _installation(place: Entry, number: int) -> Entry:
    return place.below("installations", number) if "installations" in place.keys else place


def _ended(installation: Entry, until: str) -> Splice:
    if "until" in installation.keys:  # with nothing behind it
        return edit.replaced(installation, "until", until)
    after = "from" if "from" in installation.keys else "type"
    return edit.inserted(installation, "until", until, after=after)


def _following(place: Entry, new: Mapping[str, Any]) -> Splice:
    at, brackets = place.list_end("installations")
    if brackets:
        return Splice(at, at, f", {flow(new, quoted=place.quoted)}")
    last = place.below("installations", -1)
    column = last.column if last.flow else last.column - 2
    if last.flow:
        dash = place.text.rfind("-", edit.line_begin(place.text, last.begin), last.begin)
        column = dash - edit.line_begin(place.text, dash)
        block = f"{' ' * column}- {flow(new, quoted=last.quoted)}\n"
    else:
        block = edit.rendered(new, column)
    behind = edit.line_end(place.text, at)
    return Splice(behind, behind, block if place.text[behind - 1] == "\n" else f"\n{block}")


def _listed_in_braces(place: Entry, until: str | None, new: Mapping[str, Any]) -> list[Splice]:
    """`{id: a, dev_eui: x, type: t}` -> `{id: a, installations: [{dev_eui: x, type: t, until: …}, {…}]}`."""
    keys, text = place.keys, place.text
    gaps = [text[place.end_of(one) : place.begin_of(other)] for one, other in itertools.pairwise(keys)]
    if any("#" in gap for gap in gaps):
        raise Uneditable(say("a comment stands between its braces: edit this entry by hand"))
    pairs = {key: text[place.begin_of(key) : place.end_of(key)] for key in keys}
    before = [pairs[key] for key in keys if key in HARDWARE]
    if until is not None:
        behind = keys.index("from") if "from" in keys else len(keys)
        number = 1 + sum(key in HARDWARE for key in keys[:behind]) if "from" in keys else len(before)
        before.insert(number, pair("until", until, quoted=place.quoted))
    name = '"installations"' if place.quoted else "installations"
    listed = f"{name}: [{{{', '.join(before)}}}, {flow(new, quoted=place.quoted)}]"
    staying = [pairs[key] for key in keys if key not in HARDWARE]
    return [
        Splice(place.begin_of(keys[0]), place.end_of(keys[-1]), gaps[0].join([*staying, listed])),
    ]


@dataclass(frozen=True, slots=True)
class _Lines:
    """One key of an entry: the comments above it, and its own lines."""

    key: str
    begin: int  #: of the comments
    above: str
    own: str
    end: int


def _listed_in_lines(place: Entry, until: str | None, new: Mapping[str, Any]) -> list[Splice]:
    """The lines of the hardware move into a list `installations`, with their comments."""
    parts = list(_parts(place))
    moving = [part for part in parts if part.key in HARDWARE]
    first = moving[0]
    block = _moved(moving, place.column, until) + edit.rendered(new, place.column + 2)
    changes = [Splice(part.begin, part.end, "") for part in moving]
    listed = f"{' ' * place.column}installations:\n{block}"
    if first is not parts[0]:
        return [*changes, Splice(first.begin, first.begin, listed)]
    # The dash stands before a line that moves: the first that stays takes its place.
    heir = next(part for part in parts if part.key not in HARDWARE)
    own = heir.own[place.column :] + heir.above  # a comment above the dash would be the entry's before
    return [*changes, Splice(heir.begin, heir.end, f"{own}{listed}")]


def _parts(place: Entry) -> Iterator[_Lines]:
    text, begin = place.text, place.begin
    for key in place.keys:
        at = place.begin_of(key)
        own = at if begin == place.begin else edit.line_begin(text, at)
        end = place.line_end_of(key)
        yield _Lines(key, begin, text[begin:own], _with_line_feed(text[own:end]), end)
        begin = end


def _with_line_feed(lines: str) -> str:
    return lines if lines.endswith("\n") else f"{lines}\n"


def _moved(parts: Sequence[_Lines], column: int, until: str | None) -> str:
    """The lines as the first item of a list below a key in `column`."""
    behind = next((part for part in parts if part.key == "from"), parts[-1])
    made = ""
    for part in parts:
        own = part.own if part is not parts[0] else f"{' ' * column}{part.own.lstrip(' ')}"
        made += _shifted(part.above) + _shifted(own)
        if part is behind and until is not None:
            made += f"{' ' * (column + 4)}{pair('until', until)}\n"
    at = len(_shifted(parts[0].above)) + column + 2
    return f"{made[:at]}- {made[at + 2 :]}"


def _shifted(lines: str) -> str:
    return "".join(line if line.isspace() else f"    {line}" for line in lines.splitlines(keepends=True))
