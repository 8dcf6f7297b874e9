"""What a check found: one row of the doctor's table."""

from dataclasses import dataclass
from typing import Literal

from devices.language import Sentence, say

#: `warning`: it works, and will cost data or trouble; `unknown`: it cannot be told from here.
State = Literal["ok", "warning", "wrong", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whose, how it is, what was seen, and what to change (empty: nothing)."""

    subject: str
    state: State
    what: str
    to_do: str = ""


def size(count: float) -> Sentence:
    """Bytes in the unit that fits."""
    for unit, length in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if count >= 10 * length:
            return say("{count} {unit}", count=round(count / length), unit=unit)
        if count >= length:
            whole, tenths = divmod(int(10 * count / length), 10)
            return say("{whole}.{tenths} {unit}", whole=whole, tenths=tenths, unit=unit)
    return say("{count} bytes", count=int(count))


def span(seconds: float) -> Sentence:
    """A length of time in the unit that fits."""
    whole = int(seconds)
    if whole < 120:
        return say("{count} s", count=whole)
    if whole < 2 * 3600:
        return say("{count} min", count=whole // 60)
    if whole < 2 * 86400:
        return say("{count} h", count=whole // 3600)
    return say("{count} days", count=whole // 86400)
