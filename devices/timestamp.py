"""RFC 3339 timestamps to integer nanoseconds, exactly: `datetime` keeps microseconds only."""

import re
from datetime import datetime

_END_NS = 2**63  #: 2262-04-11; databases keep nanoseconds in 64 bits

#: To the second, fraction, offset. `datetime.fromisoformat` alone takes other forms of ISO 8601 too (weeks,
#: other separators, from Python 3.13 on 24:00).
_RFC_3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ](?!24)[0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?:\.([0-9]+))?([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)


def parse(text: str) -> int:
    """UTC nanoseconds since 1970 of an RFC 3339 timestamp; digits beyond nanoseconds are cut off.

    Raises `ValueError` for anything else: no offset, dates that do not exist, leap seconds (`:60`), times
    before 1970 or after 2262-04-11.
    """
    match = _RFC_3339.fullmatch(text)
    if match is None:
        raise ValueError("not like 2026-03-01T12:00:00Z or 2026-03-01T13:00:00.123+01:00")
    to_second, fraction, offset = match.groups()
    seconds = int(datetime.fromisoformat(to_second + (offset if len(offset) > 1 else "+00:00")).timestamp())
    time_ns = seconds * 1_000_000_000 + (int(fraction[:9].ljust(9, "0")) if fraction else 0)
    if not 0 <= time_ns < _END_NS:
        raise ValueError("outside of 1970 to 2262")
    return time_ns
