"""Who let what be computed anew, when and why: `<state>/recomputed.jsonl`, two lines each, begun and done."""

import os
from pathlib import Path
from typing import Literal

import msgspec

#: The record's name in the state folder.
RECORD = "recomputed.jsonl"


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be computed anew: `[begin_ns, end_ns)` in UTC nanoseconds; by whom and why."""

    device: str
    begin_ns: int
    end_ns: int
    by: str
    reason: str
    dry_run: bool = False


class Entry(msgspec.Struct, frozen=True):
    """One line of the record."""

    at_ns: int
    phase: Literal["begun", "done"]
    asked: Asked
    rows_before: int = 0
    rows_after: int = 0


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Entry).decode


def read_record(state: Path) -> list[Entry]:
    """Everything that was ever recomputed, oldest first; half a line of a power cut is passed over."""
    try:
        lines = (state / RECORD).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    entries = []
    for line in lines:
        try:
            entries.append(_decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return entries


def append(state: Path, entry: Entry) -> None:
    """Add an entry; it is on the disk when this returns."""
    with (state / RECORD).open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(_encode(entry) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def interrupted(state: Path) -> list[Asked]:
    """What was begun and not done, oldest first."""
    last = {entry.asked: entry.phase for entry in read_record(state)}
    return [asked for asked, phase in last.items() if phase == "begun"]
