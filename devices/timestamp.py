"""RFC 3339 timestamps to integer nanoseconds, exactly: `datetime` keeps microseconds only."""

from datetime import datetime

_END_NS = 2**63  #: 2262-04-11; databases keep nanoseconds in 64 bits


def parse(text: str) -> int:
    """UTC nanoseconds since 1970 of an RFC 3339 timestamp; digits beyond nanoseconds are cut off.

    Raises `ValueError` for anything else: no offset, dates that do not exist, leap seconds (`:60`), times
    before 1970 or after 2262-04-11.
    """
    # fromisoformat takes other forms of ISO 8601 too (weeks, other separators, from Python 3.13 on 24:00).
    separators = text[4:5] + text[7:8] + text[13:14] + text[16:17]
    if separators != "--::" or text[10:11] not in _SEPARATORS or text[11:13] == "24":
        raise ValueError("not like 2026-03-01T12:00:00Z")
    fraction, offset = _split(text[19:])
    seconds = int(datetime.fromisoformat(text[:19] + offset).timestamp())
    time_ns = seconds * 1_000_000_000 + fraction
    if not 0 <= time_ns < _END_NS:
        raise ValueError("outside of 1970 to 2262")
    return time_ns


_SEPARATORS = ("T", "t", " ")


def _split(tail: str) -> tuple[int, str]:
    """Fraction in nanoseconds and offset of `.775023242+00:00`; either may be the whole tail."""
    if tail[-1:] in ("Z", "z"):
        digits, offset = tail[:-1], "+00:00"
    else:
        digits, offset = tail[:-6], tail[-6:]
        if offset[:1] not in ("+", "-") or offset[3:4] != ":" or offset[4:5] > "5":
            raise ValueError("without an offset as +00:00 or Z")
    if not digits:
        return 0, offset
    if digits[0] != "." or not (digits.isascii() and digits[1:].isdigit()):
        raise ValueError("with a wrong fraction of a second")
    return int(digits[1:10].ljust(9, "0")), offset
