"""InfluxQL, the one query language that InfluxDB 1, 2 and 3 share: questions as text, answers as rows."""

import re
from collections.abc import Sequence
from typing import Any

from ingest.seams import Row

_DEVICE = '"device"'
#: As many names are joined by OR; more by a regular expression: 4000 names took InfluxDB 1.8 12 s by OR, and
#: 0.6 s so (measured).
FEW = 100
#: What means something in a regular expression of Go (InfluxDB 1, 2) or Rust (3), and its delimiter.
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$/]")


def identifier(name: str) -> str:
    """A measurement, tag or field name in double quotes, whatever characters it has."""
    return f'"{_escape(name, chr(34))}"'


def string(value: str) -> str:
    """A string literal in single quotes, whatever characters it has."""
    return f"'{_escape(value, chr(39))}'"


def latest(measurement: str, fields: Sequence[str], since_ns: int, before_ns: int | None = None) -> str:
    """The newest row of each series in `[since_ns, before_ns)` in which any of the fields stands."""
    where = f"time >= {since_ns}" + ("" if before_ns is None else f" AND time < {before_ns}")
    return f"{_select(measurement, fields)} WHERE {where} GROUP BY * ORDER BY time DESC LIMIT 1"


def series(measurement: str, fields: Sequence[str], device: str, begin_ns: int, end_ns: int) -> str:
    """All rows of a device in `[begin_ns, end_ns)` in which any of the fields stands."""
    return f"{_select(measurement, fields)} WHERE {_of_device(device, begin_ns, end_ns)} GROUP BY *"


def window(
    measurement: str, fields: Sequence[str], begin_ns: int, end_ns: int, devices: Sequence[str] | None
) -> str:
    """All rows of these devices (None: of all) in `[begin_ns, end_ns)` in which any of the fields stands."""
    return f"{_select(measurement, fields)} WHERE {_in(begin_ns, end_ns, devices)} GROUP BY *"


def columns(
    measurement: str,
    columns: Sequence[str],
    begin_ns: int,
    end_ns: int,
    devices: Sequence[str] | None,
    *,
    empty: str | None = None,
) -> str:
    """Tags and fields of all rows of these devices in `[begin_ns, end_ns)`, as columns, sorted by time.

    At least one of the columns is a field; `empty` is one in which nothing but an empty text is looked for.
    """
    also = "" if empty is None else f" AND {identifier(empty)} = ''"
    return f"{_select(measurement, columns)} WHERE {_in(begin_ns, end_ns, devices)}{also}"


def field_kinds(measurement: str) -> str:
    """The fields of a measurement with their kinds, which may be several where shards differ."""
    return f"SHOW FIELD KEYS FROM {identifier(measurement)}"


def tag_names(measurement: str) -> str:
    """The tags of a measurement."""
    return f"SHOW TAG KEYS FROM {identifier(measurement)}"


def named(measurement: str) -> str:
    """The measurement itself."""
    return f"SHOW MEASUREMENTS WITH MEASUREMENT = {identifier(measurement)}"


def counts(measurement: str, begin_ns: int, end_ns: int) -> str:
    """How many values each field has in `[begin_ns, end_ns)`, as `count_<field>`."""
    where = f"time >= {begin_ns} AND time < {end_ns}"
    return f"SELECT count(*) FROM {identifier(measurement)} WHERE {where}"  # noqa: S608  every name is quoted


def _in(begin_ns: int, end_ns: int, devices: Sequence[str] | None) -> str:
    where = f"time >= {begin_ns} AND time < {end_ns}"
    return where if devices is None else f"{where} AND {_one_of(devices)}"


def _one_of(devices: Sequence[str]) -> str:
    if len(devices) <= FEW:
        return f"({' OR '.join(f'{_DEVICE} = {string(device)}' for device in devices)})"
    texts = "|".join(_SPECIAL.sub(r"\\\g<0>", device.replace("\n", r"\n")) for device in devices)
    return f"{_DEVICE} =~ /^({texts})$/"


def delete(measurement: str, device: str, begin_ns: int, end_ns: int) -> str:
    """Remove a device's rows in `[begin_ns, end_ns)` (InfluxDB 1: from all retention policies)."""
    where = _of_device(device, begin_ns, end_ns)
    return f"DELETE FROM {identifier(measurement)} WHERE {where}"  # noqa: S608  every name is quoted


def rows(found: Sequence[dict[str, Any]]) -> list[Row]:
    """The rows of the series that `/query` answered; absent tags and fields are left out."""
    return [
        Row(
            time_ns=values[0],
            tags={name: value for name, value in one.get("tags", {}).items() if value},
            fields={
                name: value
                for name, value in zip(one["columns"][1:], values[1:], strict=True)
                if value is not None
            },
        )
        for one in found
        for values in one["values"]
    ]


def _select(measurement: str, fields: Sequence[str]) -> str:
    columns = ", ".join(map(identifier, fields))
    return f"SELECT {columns} FROM {identifier(measurement)}"  # noqa: S608  every name is quoted


def _of_device(device: str, begin_ns: int, end_ns: int) -> str:
    return f'"device" = {string(device)} AND time >= {begin_ns} AND time < {end_ns}'


def _escape(text: str, quote: str) -> str:
    return text.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")
