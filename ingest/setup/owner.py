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
    """Who runs us; for root whoever called sudo, else whose folder it is, else `NOBODY_ELSE`."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    named = Owner(*(_number(environment.get(name, "")) for name in ("SUDO_UID", "SUDO_GID")))
    if named.uid:
        return named
    there = folder.stat()
    return Owner(there.st_uid, there.st_gid) if there.st_uid else Owner(NOBODY_ELSE, NOBODY_ELSE)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
