"""A device file changed on behalf of a technician: judged by the registry's own rules, then replaced whole.

Nothing is half done: a file that would bring a new complaint is not written, and what is written takes the
old file's place in one step, so that an interruption leaves either the old file or the new one.
"""

import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from devices.complaint import Complaint
from devices.files import hindrance
from devices.language import say
from devices.registry import Registry
from devices.type_file import shown
from ingest.errors import CommandFailed
from ingest.flush import flush_folder
from ingest.registry_files import load_registry
from ingest.settings import Settings


@dataclass(frozen=True, slots=True)
class Change:
    """A file as it is (None: it is not there yet), and as it is to be."""

    path: Path
    before: bytes | None
    after: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """What the registry would be, and what it complains of that it did not complain of before."""

    registry: Registry
    complaints: Sequence[Complaint]


def judge(settings: Settings, now: Registry, wanted: Change) -> Judged:
    """What the registry's rules say of a change to a device file that is not written yet."""
    with tempfile.TemporaryDirectory(prefix="messnetz-") as folder:
        trial = Path(folder) / "devices"
        trial.mkdir()
        for path in sorted(settings.devices.glob("*.y*ml")):
            if path.name != wanted.path.name:
                (trial / path.name).symlink_to(path.absolute())
        (trial / wanted.path.name).write_bytes(wanted.after)
        registry = load_registry(settings.model_copy(update={"devices": trial}))
        real = _Renamed((f"{shown(trial)}{os.sep}", f"{shown(settings.devices)}{os.sep}"))
        complaints = [real.complaint(one) for one in registry.complaints]
        devices = {
            name: replace(device, file=real.text(device.file)) for name, device in registry.devices.items()
        }
    known = Counter(map(_said, now.complaints))
    fresh = []
    for complaint in complaints:
        if known[_said(complaint)]:
            known[_said(complaint)] -= 1
        else:
            fresh.append(complaint)
    own = [one for one in fresh if one.file == shown(wanted.path)]  # a bad entry may cost others theirs
    return Judged(replace(registry, devices=devices, complaints=tuple(complaints)), own or fresh)


@dataclass(frozen=True, slots=True)
class _Renamed:
    """The trial's folder, said as the real one."""

    names: tuple[str, str]

    def text(self, text: str) -> str:
        return text.replace(*self.names) if self.names[0] in text else text

    def complaint(self, one: Complaint) -> Complaint:
        return replace(one, file=self.text(one.file), message=self.text(one.message))


def _said(complaint: Complaint) -> tuple[str, str, str]:
    """What a complaint says, whatever the lines are now."""
    return complaint.file, complaint.device, re.sub(r":\d+", ":", complaint.message)


def write(wanted: Change) -> None:
    """Put the new content in the old one's place in one step; `CommandFailed` leaves the old one."""
    path = wanted.path.resolve()  # a link stays one
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(wanted.after)
            file.flush()
            os.fsync(file.fileno())
        _same_rights(path, fresh)
        if _content(path) != wanted.before:
            raise CommandFailed(
                say("{file} was changed by someone else meanwhile: nothing is written", file=shown(path)),
                hint=say("the same command again takes the change into account"),
            )
        fresh.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        raise CommandFailed(
            say("{file} cannot be written: {error}", file=shown(path), error=hindrance(error)),
            hint=say("let this user write there, or make room; the file is as it was"),
        ) from error
    finally:
        fresh.unlink(missing_ok=True)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _same_rights(path: Path, fresh: Path) -> None:
    if path.exists():
        old = path.stat()
        fresh.chmod(stat.S_IMODE(old.st_mode))
        if (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()) and os.geteuid() == 0:
            os.chown(fresh, old.st_uid, old.st_gid)
