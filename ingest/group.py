"""What one transaction of the spool holds: everything that a drain of the socket became."""

import msgspec

from devices.state import DeviceState


class Kept(msgspec.Struct, frozen=True, gc=False):
    """A message that was refused, kept whole so that it can be replayed after the mistake is mended.

    `outcome` is `rejected` or `quarantined`; `reason` a short stable word, `detail` a sentence that says
    where and what. `address` is empty where none could be read. `time_ns` is the uplink's time, else the
    arrival. `id` is the row's in the spool, 0 before it has one. `written` names the series (a line each, as
    line protocol spells them) that were stored of the message, for one of which only a part was refused.
    """

    outcome: str
    reason: str
    detail: str
    source: str
    format: str
    topic: str
    address: str
    arrival_ns: int
    time_ns: int
    payload: bytes
    id: int = 0
    written: str = ""


class DeadLetter(msgspec.Struct, frozen=True, gc=False):
    """A line that the store, or we on its behalf, will never take; `reason` in the refuser's own words.

    `kind` is `refused` (by the store) or a short stable word of ours (`time`, `tag`).
    """

    line: bytes
    kind: str
    reason: str
    device: str
    arrival_ns: int
    id: int = 0


class Touched(msgspec.Struct, frozen=True, gc=False):
    """A time of a device, `[begin_ns, end_ns)` in UTC, from which the store's rows were taken away."""

    device: str
    begin_ns: int
    end_ns: int


class Group(msgspec.Struct):
    """One group commit: filled by the intake, written as one transaction, never changed between.

    `states` are keyed `device|address`; `released` are quarantine rows that this group replays; `touched` are
    times whose finished hours are due again beside those that `lines` belong to; `frames` are those that were
    stored, as `devices.duplicates.frame` names them.
    """

    lines: list[bytes] = []
    dead: list[DeadLetter] = []
    kept: list[Kept] = []
    states: dict[str, DeviceState] = {}
    released: list[int] = []
    touched: list[Touched] = []
    frames: list[bytes] = []

    def __bool__(self) -> bool:
        anything = self.lines or self.dead or self.kept or self.states or self.released or self.touched
        return bool(anything or self.frames)
