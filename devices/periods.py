"""The file of periods in which devices' values are not valid, as technicians write it.

`messnetz devices maintenance` and `messnetz devices flag` write it too. It is partial, as the registry is: a
bad entry costs only itself, and on reload its devices keep the periods they had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, WithJsonSchema, model_validator

from devices import edit, yaml
from devices.complaint import Complaint, did_you_mean
from devices.device import Device
from devices.device_file import Moment, Name, Wrong, moment
from devices.edit import Splice
from devices.explain import Problem, explain
from devices.language import say
from devices.period import Kind, Period
from devices.strict import STRICT
from devices.type_file import shown

_KEY = "periods"
_HEAD = "# {say}\nversion: 1\nperiods:\n"


def _several(said: Any) -> Any:
    """One text or a list of texts, as a list."""
    listed = said if isinstance(said, list | tuple) else [said]
    return tuple(str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in listed)


_TEXT = {"type": ["string", "number"]}
_Names = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_several),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}),
]


class PeriodEntry(BaseModel):
    """A time in which values are not valid: they are stored as failed, and no alarm is raised."""

    model_config = STRICT

    device: _Names = ()
    """Id of the device, or a list of ids."""
    site: _Names = ()
    """Instead: the site, or a list of sites, with all its devices."""
    begin: Annotated[Moment, Field(alias="from")]
    """When it begins, in local time, as `2026-03-10 09:30`."""
    to: Moment | None = None
    """When it is over, in local time. Default: it is not over yet."""
    kind: Kind
    """`maintenance`: somebody worked there; `flag`: what was measured was not the street."""
    reason: Name
    """Why, as `construction site`: for all who wonder later."""
    by: Name | None = None
    """Who said so."""
    since: Name | None = None
    """When it was entered, as `2026-03-11`."""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if bool(self.device) == bool(self.site):
            raise ValueError(say("write device or site: either the devices, or the sites with all of theirs"))
        return self


class PeriodsFile(BaseModel):
    """Periods in which values are not valid; `messnetz devices maintenance` and `devices flag` write it."""

    model_config = STRICT

    version: Literal[1] = 1
    """Version of this file's form."""
    periods: tuple[PeriodEntry, ...] = ()
    """One entry a period."""


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods by the id of the device, and what is wrong in their file."""

    by_device: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    complaints: tuple[Complaint, ...] = ()


def load(
    path: Path, devices: Mapping[str, Device], previous: Mapping[str, tuple[Period, ...]] | None = None
) -> Periods:
    """What the file says of these devices; nothing where there is no file.

    `previous` are the periods in force: all of them stay where the file cannot be read, those of a bad
    entry's devices where only that is bad.
    """
    if not path.exists():
        return Periods()
    before = previous or {}
    file = shown(path)
    try:
        text, said = yaml.read(path)
        listed = _list(text, said)
    except yaml.Unreadable as error:
        return Periods(before, (Complaint(file, error.line, "", error.args[0]),))
    found: dict[str, list[Period]] = {}
    complaints: list[Complaint] = []
    lines, places = yaml.Lines(text), _Places(devices)
    items = yaml.list_items(text, _KEY, len(listed)) or ()
    for at, one in enumerate(listed):
        problems = _problems(found, one, items[at].text if items else "", places)
        if problems:
            names = _named(one, places)
            for name in before.keys() & set(names):
                found[name] = list(dict.fromkeys((*before[name], *found.get(name, ()))))
            complaints += [
                Complaint(file, lines.of((_KEY, at, *problem.path)), next(iter(names), ""), problem.message)
                for problem in problems
            ]
    return Periods({name: tuple(several) for name, several in found.items()}, tuple(complaints))


def _problems(found: dict[str, list[Period]], said: Any, text: str, places: "_Places") -> Sequence[Problem]:
    """What is wrong with an entry; what is right goes into `found`."""
    if twice := yaml.double_keys(text, item=True):
        return [Problem((key,), say("{key} stands twice: keep one", key=key)) for key in twice]
    try:
        _add(found, PeriodEntry.model_validate(said, context=text), places)
    except ValidationError as error:
        return explain(error, PeriodEntry, said)
    except Wrong as error:
        return error.problems
    return ()


def read(text: str, said: Any) -> PeriodsFile:
    """The file of this text, which says this; raises `devices.yaml.Unreadable`."""
    entries = []
    for at, one in enumerate(_list(text, said)):
        try:
            entries.append(PeriodEntry.model_validate(one, context=text))
        except ValidationError as error:
            problem = explain(error, PeriodEntry, one)[0]
            line = yaml.Lines(text).of((_KEY, at, *problem.path))
            raise yaml.Unreadable(problem.message, line) from None
    return PeriodsFile(periods=tuple(entries))


def begin() -> str:
    """A file without entries."""
    return _HEAD.format(
        say=say(
            "Times in which values are not valid. Written by: messnetz devices maintenance and"
            " messnetz devices flag"
        )
    )


def add(text: str, said: Any, entry: PeriodEntry) -> list[Splice]:
    """One more period, behind the others."""
    written = entry.model_dump(by_alias=True, exclude_defaults=True)
    for name in ("device", "site"):
        if name in written:
            names = list(written[name])
            written[name] = names if len(names) > 1 else names[0]
    return [edit.appended(text, _KEY, [written], len(_list(text, said)))]


def open_entries(text: str, said: Any, name: str) -> Sequence[int]:
    """The places of the entries that name this device or site and are not over, newest last."""
    listed = read(text, said).periods
    return [at for at, one in enumerate(listed) if one.to is None and name in (*one.device, *one.site)]


def end(text: str, said: Any, at: int, to: str) -> list[Splice]:
    """The entry at a place, over at a time, which is written as it is given."""
    found = edit.entry(text, _KEY, at, len(_list(text, said)))
    return [
        edit.replaced(found, "to", to) if "to" in found.keys else edit.inserted(found, "to", to, after="from")
    ]


def new(
    *,
    device: Sequence[str] = (),
    site: Sequence[str] = (),
    begin: str,
    to: str | None,
    kind: Kind,
    reason: str,
    by: str,
    today: date,
) -> PeriodEntry:
    """An entry as `messnetz devices maintenance` and `flag` make it; raises pydantic's `ValidationError`."""
    said = {"from": begin, "to": to, "kind": kind, "reason": reason, "by": by or None}
    places = {"device": tuple(device)} if device else {"site": tuple(site)}
    return PeriodEntry.model_validate({**places, **said, "since": today.isoformat()}, context="")


def _list(text: str, said: Any) -> Sequence[Any]:
    """The entries, unread; raises `devices.yaml.Unreadable`."""
    said = {} if said is None else said
    head = {key: one for key, one in said.items() if key != _KEY} if isinstance(said, dict) else said
    try:
        PeriodsFile.model_validate(head, context=text)
    except ValidationError as error:
        problem = explain(error, PeriodsFile, head)[0]
        raise yaml.Unreadable(problem.message, yaml.Lines(text).of(problem.path)) from None
    listed = said.get(_KEY)
    if listed is None:
        return ()
    if not isinstance(listed, list | tuple):
        raise yaml.Unreadable(
            say("has no list `periods:` with one entry (- device: …) a period"), yaml.Lines(text).of((_KEY,))
        )
    return listed


class _Places:
    """The devices by id and, once it is asked for, by site."""

    def __init__(self, devices: Mapping[str, Device]) -> None:
        self.devices = devices
        self._by_site: dict[str, list[str]] | None = None

    @property
    def by_site(self) -> Mapping[str, Sequence[str]]:
        if self._by_site is None:
            self._by_site = {}
            for device in self.devices.values():
                self._by_site.setdefault(device.site, []).append(device.id)
        return self._by_site


def _named(said: Any, places: _Places) -> list[str]:
    """The devices that an entry speaks of, as far as can be told."""
    if not isinstance(said, dict):
        return []
    names = [one for one in _texts(said.get("device", ())) if one in places.devices]
    for one in _texts(said.get("site", ())):
        names += places.by_site.get(one, ())
    return names


def _texts(said: Any) -> list[str]:
    return [one for one in _several(said) if isinstance(one, str)]


def _add(found: dict[str, list[Period]], entry: PeriodEntry, places: _Places) -> None:
    """Put the entry's period to its devices; raises `Wrong`, for names that nobody has after the others."""
    unknown: list[Problem] = []
    for name in _devices(entry, places, unknown):
        device = places.devices[name]
        begin_ns = moment(entry.begin, ("from",), device) or 0
        end_ns = moment(entry.to, ("to",), device)
        if end_ns is not None and end_ns <= begin_ns:
            wrong = say("to {to} is not after from {begin}", to=entry.to, begin=entry.begin)
            raise Wrong(Problem(("to",), wrong))
        period = Period(begin_ns, end_ns, entry.kind, entry.reason, entry.by or "")
        found.setdefault(name, []).append(period)
    if unknown:
        raise Wrong(*unknown)


def _devices(entry: PeriodEntry, places: _Places, unknown: list[Problem]) -> Iterator[str]:
    """The devices of an entry; names that nobody has become problems."""
    for name in entry.device:
        if name in places.devices:
            yield name
        else:
            near = did_you_mean(name, places.devices)
            unknown.append(Problem(("device",), say("there is no device {name}{near}", name=name, near=near)))
    for name in entry.site:
        if name in places.by_site:
            yield from places.by_site[name]
        else:
            near = did_you_mean(name, places.by_site)
            unknown.append(
                Problem(("site",), say("no device stands at the site {name}{near}", name=name, near=near))
            )
