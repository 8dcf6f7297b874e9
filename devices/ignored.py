"""Devices that are not ours but are heard by our gateways: a neighbour's. Their uplinks are let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from devices import edit, words, yaml
from devices.complaint import Complaint
from devices.device_file import Name
from devices.edit import Splice
from devices.explain import explain
from devices.language import say
from devices.strict import STRICT
from devices.type_file import shown

_HEAD = "# {say}\nignored:\n"


class IgnoredEntry(BaseModel):
    """A device that is not ours."""

    model_config = STRICT

    address: Name
    """DevEUI, 16 hex digits, or the name that a sensor without LoRaWAN sends."""
    reason: Name | None = None
    """Whose it is, or why it is ignored."""
    since: Name | None = None
    """When it was entered, as 2026-03-10."""
    by: Name | None = None
    """Who entered it."""


class IgnoredFile(BaseModel):
    """Devices that are not ours; `messnetz devices ignore` writes this file."""

    model_config = STRICT

    ignored: tuple[IgnoredEntry, ...] = ()
    """One entry a device."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """The devices to be let go, by address; `complaint` says why the file cannot be read."""

    by_address: Mapping[str, IgnoredEntry] = field(default_factory=dict)
    complaint: Complaint | None = None


def load(path: Path) -> Ignored:
    """What the file says; nothing where there is no file."""
    if not path.exists():
        return Ignored()
    try:
        text, said = yaml.read(path)
        return Ignored({address_of(one.address): one for one in read(text, said).ignored})
    except yaml.Unreadable as error:
        return Ignored(complaint=Complaint(shown(path), error.line, "", str(error)))


def read(text: str, said: Any) -> IgnoredFile:
    """The file of this text, which says this; raises `devices.yaml.Unreadable`."""
    said = {} if said is None else said
    if isinstance(said, dict) and said.get("ignored", ...) is None:
        said = {**said, "ignored": ()}
    try:
        return IgnoredFile.model_validate(said, context=text)
    except ValidationError as error:
        problem = explain(error, IgnoredFile, said)[0]
        raise yaml.Unreadable(problem.message, yaml.Lines(text).of(problem.path)) from None


def address_of(text: str) -> str:
    """An address as uplinks have it."""
    try:
        return words.dev_eui(text)
    except ValueError:
        return text.strip()


def begin() -> str:
    """A file without entries."""
    return _HEAD.format(say=say("Devices that are not ours. Written by: messnetz devices ignore"))


def add(text: str, said: Any, address: str, reason: str, by: str, today: date) -> list[Splice]:
    """One more device; none where it is there already."""
    listed = read(text, said).ignored
    if address in map(_address, listed):
        return []
    entry = {"address": address, "reason": reason, "since": today.isoformat(), "by": by}
    return [edit.appended(text, "ignored", [{k: v for k, v in entry.items() if v}], len(listed))]


def remove(text: str, said: Any, address: str) -> list[Splice]:
    """Without this device; none where it is not there."""
    listed: Sequence[IgnoredEntry] = read(text, said).ignored
    return [
        edit.removed(text, "ignored", number, len(listed))
        for number, one in enumerate(listed)
        if _address(one) == address
    ]


def _address(entry: IgnoredEntry) -> str:
    return address_of(entry.address)
