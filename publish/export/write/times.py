"""Times as text and as Excel's days, a million at once: UTC nanoseconds, as numpy's int64."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Times = npt.NDArray[np.int64]

SECOND_NS = 1_000_000_000
DAY_NS = 86400 * SECOND_NS
_QUARTER_NS = 900 * SECOND_NS  # no zone has changed its clock at another minute since 1972
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO, _GERMAN = "%Y-%m-%d", "%d.%m.%Y"


def iso(times: Times) -> pa.Array:
    """`2026-01-01T06:00:00Z`, with three, six or nine decimals of the second where it has any."""
    seconds = [_day(times, _ISO), _sign("T", times), _clock(times)]
    digits = _digits(times)
    if not digits.any():
        return _texts(np.hstack([*seconds, _sign("Z", times)]))
    rows = np.hstack([*seconds, _sign(".", times), _nanos(times), _sign("Z", times)])
    keep = np.arange(rows.shape[1])[None, :] < np.where(digits, digits + 20, 19)[:, None]
    keep[:, -1] = True
    return _texts(rows, keep)


def fractions(times: Times) -> pa.Array:
    """What of a time is below its second: `0.123`, with three, six or nine decimals, or `0`."""
    digits = _digits(times)
    rows = np.hstack([_sign("0", times), _sign(".", times), _nanos(times)])
    return _texts(rows, np.arange(rows.shape[1])[None, :] < np.where(digits, digits + 2, 1)[:, None])


def german(times: Times) -> pa.Array:
    """`01.01.2026 06:00:00`, as German Excel takes for a date; what is below a second is not in it."""
    return _texts(np.hstack([_day(times, _GERMAN), _sign(" ", times), _clock(times)]))


def local(times: Times, zone: ZoneInfo) -> Times:
    """What the clocks of this zone show, as if that were UTC."""
    return times + offsets(times, zone) * SECOND_NS


def offsets(times: Times, zone: ZoneInfo) -> Times:
    """By how many seconds the clocks of this zone are ahead of UTC."""
    quarters, places = np.unique(times // _QUARTER_NS, return_inverse=True)
    return np.array([_offset(int(quarter), zone) for quarter in quarters], np.int64)[places]


def offset_texts(seconds: Times) -> pa.Array:
    """`UTC+01:00`: a text for every spreadsheet, where `+01:00` would be run as a formula."""
    found, places = np.unique(seconds, return_inverse=True)
    said = pa.array([_offset_text(int(one)) for one in found], pa.string())
    return said.take(pa.array(places))


def excel_days(times: Times) -> npt.NDArray[np.float64]:
    """Days since 30 December 1899, as Excel counts; cut to the millisecond, which is all it keeps."""
    return times // 1_000_000 / 86_400_000 + 25569.0


def _offset_text(seconds: int) -> str:
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


@cache
def _offset(quarter: int, zone: ZoneInfo) -> int:
    when = (_EPOCH + timedelta(minutes=15 * quarter)).astimezone(zone)
    offset = when.utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0


def _day(times: Times, form: str) -> npt.NDArray[np.uint8]:
    days, places = np.unique(times // DAY_NS, return_inverse=True)
    said = [(_EPOCH + timedelta(days=int(day))).strftime(form).rjust(10, "0") for day in days]
    return _bytes(said)[places]


def _clock(times: Times) -> npt.NDArray[np.uint8]:
    return _clocks()[times % DAY_NS // SECOND_NS]


@cache
def _clocks() -> npt.NDArray[np.uint8]:
    return _bytes([f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86400)])


def _bytes(texts: list[str]) -> npt.NDArray[np.uint8]:
    """Texts of one length as rows of bytes."""
    return np.array(texts, "S").view(np.uint8).reshape(len(texts), -1)


def _digits(times: Times) -> Times:
    """How many decimals the second needs: none, three, six or nine."""
    nanos = times % SECOND_NS
    return np.where(nanos == 0, 0, np.where(nanos % 1000, 9, np.where(nanos % 1_000_000, 6, 3)))


def _nanos(times: Times) -> npt.NDArray[np.uint8]:
    nanos = times % SECOND_NS
    return np.stack([nanos // 10**place % 10 + ord("0") for place in range(8, -1, -1)], axis=1).astype(
        np.uint8
    )


def _sign(sign: str, times: Times) -> npt.NDArray[np.uint8]:
    return np.full((len(times), 1), ord(sign), np.uint8)


def _texts(rows: npt.NDArray[np.uint8], keep: Any = None) -> pa.Array:
    """Rows of ASCII as an array of texts; of each only what is to be kept."""
    count, width = rows.shape
    lengths = np.full(count, width) if keep is None else keep.sum(axis=1)
    ends = np.zeros(count + 1, np.int32)
    np.cumsum(lengths, out=ends[1:])
    data = np.ascontiguousarray(rows if keep is None else rows[keep])
    return pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(data))
