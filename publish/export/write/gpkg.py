"""A GeoPackage: the places as the layer `standorte`, the values as the table `messwerte`."""

import contextlib
import errno
import json
import os
import struct
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from devices.language import say
from publish.export.about import About, Place
from publish.export.errors import TooLarge
from publish.export.sheet import Column, Sheet
from publish.export.told import hardware
from publish.export.write import times

#: SQLite takes so many columns at most; `fid` and the local time are ours.
_COLUMNS = 2000 - 2
_MILLISECONDS = pa.timestamp("ms", tz="UTC")
_TYPES = {"time": _MILLISECONDS, "text": pa.string(), "number": pa.float64(), "integer": pa.int64()}
_GEOMETRY = "geom"
#: What QGIS 3.22 and GDAL 2 read without a warning; nothing of a newer version is used.
_VERSION = "1.2"
#: Always with milliseconds, as the standard asks.
_TIMES = {"DATETIME_PRECISION": "MILLISECOND"}
#: SQLite's words for a full disk, and GDAL's where SQLite has rolled back by itself because of it.
_FULL = ("disk is full", "no transaction is active")


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write places, rows and what must be known to `target`; `progress` is told how many rows are written.

    `messwerte.device` is `standorte.device`. Times are UTC, cut to the millisecond, which is all that a
    GeoPackage keeps; `local_time` is the first of them on the clock of the place. Raises `TooLarge`.
    """
    if len(sheet.columns) > _COLUMNS:
        raise TooLarge(
            say(
                "a GeoPackage holds {most} columns, and this has {count}",
                most=_COLUMNS,
                count=len(sheet.columns),
            ),
            hint=say("ask for --shape long, or for fewer series"),
        )
    raised: list[BaseException] = []
    rows = pa.RecordBatchReader.from_batches(*_rows(sheet, about, progress, raised))
    try:
        with _plain(target) as file:
            _write(file, about, rows)
    except Exception as error:
        if raised:  # which went through C, where it lost its name
            raise raised[0] from None
        if any(words in str(error) for words in _FULL):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


def _write(file: str, about: About, rows: pa.RecordBatchReader) -> None:
    import pyogrio  # noqa: PLC0415  GDAL takes its time to load

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's are for programmers
        pyogrio.write_arrow(
            _places(about),
            file,
            layer="standorte",
            driver="GPKG",
            geometry_name=_GEOMETRY,
            geometry_type="Point",
            crs="EPSG:4326",
            dataset_options={"VERSION": _VERSION},
            dataset_metadata={"TITLE": about.title, "SOFTWARE": about.software},
        )
        pyogrio.write_arrow(_notes(about), file, layer="hinweise", driver="GPKG")
        pyogrio.write_arrow(rows, file, layer="messwerte", driver="GPKG", layer_options=_TIMES)


@contextlib.contextmanager
def _plain(target: Path) -> Iterator[str]:
    """Another name of the file, of which GDAL and pyogrio understand nothing else than that it is a file.

    To them `a.zip`, `a!b` and names with line breaks are archives, addresses or other files.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as folder:
        Path(folder, "x.gpkg").symlink_to(target.absolute())
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            named = Path(f"/proc/self/fd/{descriptor}")  # of Linux
            yield str((named if named.exists() else Path(folder)) / "x.gpkg")
        finally:
            os.close(descriptor)


def _places(about: About) -> pa.Table:
    zone = ZoneInfo(about.timezone)
    rows = [_place(one, zone) for one in about.places]
    schema = pa.schema(
        [
            *(
                pa.field(name, pa.string())
                for name in ("device", "site", "municipality", "district", "lot", "bay")
            ),
            pa.field("height_m", pa.float64()),
            pa.field("publish", pa.string()),
            pa.field("interval_s", pa.int64()),
            pa.field("labels", pa.string()),
            pa.field("hardware", pa.string()),
            pa.field(_GEOMETRY, pa.binary()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _place(place: Place, zone: ZoneInfo) -> dict[str, Any]:
    """One row; labels and hardware are JSON, which QGIS reads as fields of a map."""
    here = place.lat is not None and place.lon is not None
    return {
        **{
            name: getattr(place, name)
            for name in ("device", "site", "municipality", "district", "lot", "bay")
        },
        "height_m": place.height_m,
        "publish": place.publish,
        "interval_s": place.interval_s,
        "labels": json.dumps(dict(place.labels), ensure_ascii=False),
        "hardware": json.dumps([hardware(one, zone) for one in place.hardware], ensure_ascii=False),
        _GEOMETRY: struct.pack("<BIdd", 1, 1, place.lon, place.lat) if here else None,  # WKB: a point
    }


def _notes(about: About) -> pa.Table:
    said = [("title", about.title), *about.asked.items()]
    for one in about.publishers:
        said += [("publisher", one.name), ("contact", one.contact), ("licence", one.licence)]
    said += [("software", about.software), ("registry", about.registry)]
    said += [("statement", one) for one in about.statements]
    return pa.table({"what": [what for what, _ in said], "text": [text for _, text in said]})


def _rows(
    sheet: Sheet, about: About, progress: Callable[[int, int], None], raised: list[BaseException]
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The table's form and its rows; what is raised while they are made stands in `raised`."""
    columns, moment = list(sheet.columns), None
    for place, column in enumerate(columns):
        if column.kind == "time":
            moment = place
            title = say("Local time").in_language(sheet.lang)
            columns.insert(place + 1, Column("local_time", title, "text"))
            break
    schema, zone = _schema(columns), ZoneInfo(about.timezone)

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        for batch in sheet.batches():
            cells = [_cells(one, values) for one, values in zip(sheet.columns, batch.columns, strict=True)]
            if moment is not None:
                cells.insert(moment + 1, _local(np.asarray(batch.column(moment)), zone))
            yield pa.RecordBatch.from_arrays(cells, schema=schema)
            progress(done := done + batch.num_rows, sheet.rows)

    def noted() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches()
        except BaseException as error:
            raised.append(error)
            raise

    return schema, noted()


def _schema(columns: Sequence[Column]) -> pa.Schema:
    """With the heads that people read, which QGIS shows instead of the names, and what they mean."""
    names, titles = _apart([one.name for one in columns]), _apart([one.title for one in columns])
    return pa.schema(
        [
            pa.field(
                name,
                _TYPES[column.kind],
                metadata={
                    "GDAL:OGR:alternative_name": title,
                    "GDAL:OGR:comment": " ".join(
                        part for part in (column.about, f"[{column.unit}]" if column.unit else "") if part
                    ),
                },
            )
            for column, name, title in zip(columns, names, titles, strict=True)
        ]
    )


def _apart(names: Sequence[str]) -> list[str]:
    """Names that differ in more than their capitals, which SQLite does not tell apart; none is `fid`."""
    taken, found = {"fid"}, []
    for name in names:
        free, number = name, 1
        while free.lower() in taken:
            number += 1
            free = f"{name} {number}"
        taken.add(free.lower())
        found.append(free)
    return found


def _cells(column: Column, values: pa.Array) -> pa.Array:
    if column.kind == "time":
        return pa.array(np.asarray(values) // 1_000_000, pa.int64()).cast(_MILLISECONDS)
    return values.cast(_TYPES[column.kind])


def _local(moments: times.Times, zone: ZoneInfo) -> pa.Array:
    """`2026-03-29T03:00:00+02:00`."""
    clocks = pc.utf8_rtrim(times.iso(times.local(moments, zone)), "Z")
    ahead = pc.replace_substring(times.offset_texts(times.offsets(moments, zone)), "UTC", "")
    return pc.binary_join_element_wise(clocks, ahead, "")
