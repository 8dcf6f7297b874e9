"""The state folder: whose it is, and whether its disk has room for what the budgets allow."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from devices.language import say
from ingest import spool_read
from ingest.doctor.finding import Finding, size
from ingest.doctor.patient import Patient
from ingest.doctor.rights import is_closed, is_folder
from ingest.errors import SpoolError
from ingest.settings import Settings
from ingest.spool.disk import Figures

#: Below this the spool takes no more groups soon, whatever the budgets say.
LEAST_BYTES = 256 * 1024**2


def free_bytes(folder: Path) -> int:
    """Room in the folder's file system."""
    return shutil.disk_usage(folder).free


async def check(patient: Patient, free: Callable[[Path], int] = free_bytes) -> Sequence[Finding]:
    """Rights and room."""
    state = patient.settings.state
    if not is_folder(state):
        above = next(folder for folder in state.parents if is_folder(folder))
        return [_judge_absence(state, above), *_judge_room(patient.settings, above, free(above))]
    if is_closed(state):
        closed = say("this user may not read it")
        to_do = say("run this as the user that runs the service")
        found = [Finding(say("state folder"), "unknown", closed, to_do)]
        return [*found, *_judge_room(patient.settings, state, free(state))]
    return [*_judge_rights(state), *_judge_room(patient.settings, state, free(state))]


def _judge_absence(state: Path, above: Path) -> Finding:
    subject = say("state folder")
    if os.path.lexists(state):
        return Finding(
            subject,
            "wrong",
            say("{folder} is no folder, or a link to one that is not there", folder=state),
            say("mount its disk, or name another `state` in the settings"),
        )
    if os.access(above, os.W_OK):
        return Finding(subject, "ok", say("it is not there yet; the service makes it"))
    return Finding(
        subject,
        "wrong",
        say("{folder} is not there and this user may not make it", folder=state),
        say("make it, for the user that runs the service"),
    )


def _judge_rights(state: Path) -> Iterator[Finding]:
    subject, owner = say("state folder"), state.stat().st_uid
    others = sorted(path.name for path in state.iterdir() if path.lstat().st_uid != owner)
    if others:
        yield Finding(
            subject,
            "wrong",
            say("{names} belong to another user than their folder", names=", ".join(others[:5])),
            say("chown -R to the user that runs the service, of {folder}", folder=state),
        )
    if not os.access(state, os.W_OK | os.X_OK):
        yield Finding(
            subject,
            "unknown",
            say("this user may not write to {folder}", folder=state),
            say("run this as the user that runs the service, or give it the folder"),
        )
    elif not others:
        yield Finding(subject, "ok", say("{folder} may be written to", folder=state))


def _judge_room(settings: Settings, folder: Path, free: int) -> Iterator[Finding]:
    subject, growing = say("disk"), _may_grow(settings)
    left = size(free)
    if free < LEAST_BYTES:
        yield Finding(
            subject,
            "wrong",
            say("{left} left", left=left),
            say("make room in the file system of {folder}: soon nothing is taken any more", folder=folder),
        )
    elif free < growing:
        yield Finding(
            subject,
            "warning",
            say("{left} left, but spool and archive may still grow by {more}", left=left, more=size(growing)),
            say("make room, or lower spool.waiting_bytes and archive.bytes so that they fit"),
        )
    else:
        yield Finding(subject, "ok", say("{left} left, enough for all budgets", left=left))


def _may_grow(settings: Settings) -> int:
    """What the budgets allow beyond what is there already."""
    spool, figures = settings.spool, Figures()
    with contextlib.suppress(
        SpoolError, OSError
    ):  # nothing there yet, or it is said by the check of the spool
        figures = spool_read.figures(settings.state)
    archive = 0
    with contextlib.suppress(OSError):  # a day may be removed meanwhile
        archive = sum(path.stat().st_size for path in settings.state.glob("archive/*"))
    return sum(
        max(budget - used, 0)
        for budget, used in (
            (spool.waiting_bytes, figures.waiting_bytes),
            (spool.quarantine_bytes, figures.quarantine_bytes),
            (spool.dead_letter_bytes, figures.dead_letters_bytes),
            (settings.archive.bytes, archive),
        )
    )
