"""What the devices said, as samples by series: the rows of a table taken apart once."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from devices import item
from devices.device import Device
from devices.quantity import Quantity
from devices.reading import TAGS
from publish.hours.hour import tells_bays
from publish.hours.plan import said_of
from publish.summary import SUSPECT, Sample

Tags = tuple[tuple[str, str], ...]


class Said(NamedTuple):
    """One series, oldest first. It stays one when its place gets another lot or its bay another name: `tags`
    are its own ones with those that the registry gives now. `bays` are the names that its bay had in its
    rows, each with the time from which on.
    """

    device: Device
    tags: Tags
    samples: Mapping[str, Sequence[Sample]]  #: by quantity, of which it says anything
    bays: Sequence[tuple[int, str]] = ()

    def bay_at(self, time_ns: int) -> str | None:
        """What the bay was called in the last row up to a time; before the first, as in the first."""
        if not self.bays:
            return None
        return self.bays[max(0, bisect_right(self.bays, time_ns, key=_first) - 1)][1]


def fields_of(quantities: Sequence[Quantity]) -> list[str]:
    """What to ask the store for."""
    return [*(name for one in quantities for name in said_of(one.name)), "interval"]


def said(
    measurement: str,
    table: pa.Table,
    devices: Mapping[str, Device],
    quantities: Sequence[Quantity],
    *,
    drop: bool = False,
) -> list[Said]:
    """The series of a table of `fields_of(quantities)`, of these devices.

    A value that failed is None, as for `publish.summary.samples`. With `drop`, suspect ones are None too and
    marked as suspect.
    """
    return [
        Said(device, tags, samples, bays)
        for device, tags, rows, bays in by_series(measurement, table, devices)
        if (samples := _samples(rows, quantities, drop=drop))
    ]


def by_series(
    measurement: str, table: pa.Table, devices: Mapping[str, Device]
) -> Iterator[tuple[Device, Tags, pa.Table, Sequence[tuple[int, str]]]]:
    """The rows of each series of registered devices by time, with the names its bay had."""
    if not table.num_rows:
        return
    codes, tags_of = _codes(table)
    places: dict[tuple[str, Tags], int] = {}
    place_of: list[int | None] = []
    for tags in tags_of:
        device = devices.get(tags.get("device", ""))
        key = None if device is None else (device.id, lasting(tags, device))
        place_of.append(None if key is None else places.setdefault(key, len(places)))
    series = pa.array(place_of, pa.int32()).take(codes)
    keyed = table.append_column("series", series).append_column("code", codes)
    if series.null_count:
        keyed = keyed.filter(series.is_valid())
    order = pc.sort_indices(keyed, [("series", "ascending"), ("time", "ascending")])
    keyed = keyed.take(order).combine_chunks()
    begin = 0
    counts = pc.value_counts(keyed.column("series")).to_pylist()
    for (device_id, own), count in zip(places, counts, strict=True):
        rows = keyed.slice(begin, count["counts"])
        begin += count["counts"]
        device = devices[device_id]
        yield device, placed(own, measurement, device), rows, _bays(rows, tags_of)


def lasting(tags: Mapping[str, str], device: Device) -> Tags:
    """The own tags that stay when a place gets another lot, or its bay another name."""
    parting = {"lot"} if device.bay is None or tells_bays(device) else {"lot", "bay"}
    return tuple([(name, tags[name]) for name in sorted(TAGS) if name in tags and name not in parting])


def placed(own: Tags, measurement: str, device: Device) -> Tags:
    """Own tags with those that the registry gives now."""
    now = {name: getattr(device, name) for name in item.PLACED.get(measurement, ())}
    return tuple(
        sorted({**{name: text for name, text in now.items() if text is not None}, **dict(own)}.items())
    )


def _bays(rows: pa.Table, tags_of: Sequence[Mapping[str, str]]) -> Sequence[tuple[int, str]]:
    """The names that a bay had, each with the time from which on."""
    codes = rows.column("code")
    if len(pc.unique(codes)) == 1:
        name = tags_of[codes[0].as_py()].get("bay")
        return () if name is None else ((0, name),)
    bays: list[tuple[int, str]] = []
    for time_ns, code in zip(rows.column("time").to_pylist(), codes.to_pylist(), strict=True):
        name = tags_of[code].get("bay", "")
        if not bays or bays[-1][1] != name:
            bays.append((time_ns, name))
    return bays


def _codes(table: pa.Table) -> tuple[pa.Array, list[dict[str, str]]]:
    """A number for each row that stands for its tags, and the tags of each number."""
    table = table.unify_dictionaries()
    combined: Any = None
    texts: list[tuple[str, list[str]]] = []
    for name in ("device", *TAGS):
        column = table.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0)
        words = column.dictionary.to_pylist()
        texts.append((name, words))
        number = pc.add(pc.fill_null(column.indices.cast(pa.int64()), -1), 1)
        combined = (
            number if combined is None else pc.add(pc.multiply(combined, pa.scalar(len(words) + 1)), number)
        )
    encoded = combined.dictionary_encode()
    return encoded.indices, [_tags(code, texts) for code in encoded.dictionary.to_pylist()]


def _tags(code: int, texts: Sequence[tuple[str, list[str]]]) -> dict[str, str]:
    found = {}
    for name, words in reversed(texts):
        code, number = divmod(code, len(words) + 1)
        if number:
            found[name] = words[number - 1]
    return found


def _samples(rows: pa.Table, quantities: Sequence[Quantity], *, drop: bool) -> dict[str, list[Sample]]:
    found = {}
    for quantity in quantities:
        value, failed, flag = (rows.column(name) for name in said_of(quantity.name))
        if value.null_count == failed.null_count == rows.num_rows:
            continue
        columns = [rows.column("time"), value, rows.column("interval"), flag]
        there = value.is_valid()
        if failed.null_count < rows.num_rows:
            there = pc.or_(there, failed.is_valid())
        if value.null_count:
            columns = [column.filter(there) for column in columns]
        found[quantity.name] = _made(columns, whole=quantity.decimals is None, drop=drop)
    return found


def _made(columns: Sequence[Any], *, whole: bool, drop: bool) -> list[Sample]:
    time, value, interval, flag = columns
    values = value.to_pylist()
    if whole and not pa.types.is_integer(value.type):  # written by others
        values = [one if one is None or not one.is_integer() else int(one) for one in values]
    intervals = interval.to_pylist()
    if pa.types.is_floating(interval.type):
        intervals = [None if one is None else int(one) for one in intervals]
    suspect = [one == SUSPECT for one in flag.to_pylist()]
    if drop:
        values = [None if bad else one for one, bad in zip(values, suspect, strict=True)]
    return list(map(Sample, time.to_pylist(), values, intervals, suspect))


def _first(named: tuple[int, str]) -> int:
    return named[0]
