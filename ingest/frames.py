"""The frames of all devices that were stored last: what a broker may send anew."""

from collections.abc import Iterator

#: The last as many that were added are remembered. A kill loses the answers that the broker has not read:
#: thousands were seen; a session has 65 535 packet identifiers, so more cannot be unanswered in one.
GENERATION = 65_536

_BYTES = 8


class Frames:
    """Between `GENERATION` and three times as many, as `devices.duplicates.frame` names them."""

    def __init__(self, packed: bytes = b"") -> None:
        self._older = set(unpack(packed))
        self._newer: set[bytes] = set()

    def __contains__(self, frame: object) -> bool:
        return frame in self._newer or frame in self._older

    def add(self, frame: bytes) -> None:
        """Remember one that is being stored; now and then the oldest are forgotten."""
        self._newer.add(frame)
        if len(self._newer) >= GENERATION:
            self._older, self._newer = self._newer, set()

    def __iter__(self) -> Iterator[bytes]:
        """All of them, the older generation first."""
        yield from self._older
        yield from self._newer


def unpack(packed: bytes) -> Iterator[bytes]:
    """Each of several frames that stand one behind the other."""
    return (packed[at : at + _BYTES] for at in range(0, len(packed), _BYTES))
