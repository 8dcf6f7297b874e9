"""One writer a state folder: a lock that the kernel lets go of when its holder dies."""

import fcntl
import os
from pathlib import Path

from devices.language import say
from ingest.errors import SpoolLocked

#: The name of the lock in its state folder.
LOCK = "lock"


def take_lock(state_dir: Path) -> int:
    """Lock the folder's file `lock` and write our process id into it; returns the open descriptor.

    Closing the descriptor gives the lock back; the file stays. Raises `SpoolLocked` with the holder's id.
    """
    path = state_dir / LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise SpoolLocked(
            say(
                "{folder} belongs to the running process {holder}",
                folder=state_dir,
                holder=holder or say("(unknown)"),
            ),
            hint=say("stop that one first, or give this one its own `state` folder"),
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor
