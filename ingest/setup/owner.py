"""Who owns an installation's files, and runs its containers: never root."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

#: Where root has no other user at hand: the user of our image, a number that no distribution gives away.
NOBODY_ELSE = 10001


class Owner(NamedTuple):
    """A user and a group by number."""

    uid: int
    gid: int

    def take(self, path: Path) -> None:
        """Give the file or folder to this user, where that takes root; else it is theirs already."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)


def find_owner(folder: Path, environment: Mapping[str, str] = os.environ) -> Owner:
    """Who runs us; for root whose folder it is or will be in, else who called sudo, else `NOBODY_ELSE`."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    there = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists()).stat()
    if there.st_uid:
        return Owner(there.st_uid, there.st_gid)
    named = Owner(*(_number(environment.get(name, "")) for name in ("SUDO_UID", "SUDO_GID")))
    return named if named.uid else Owner(NOBODY_ELSE, NOBODY_ELSE)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
