"""GeoJSON (RFC 7946): a feature a row, at the place it was measured."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from publish.export.about import About
from publish.export.sheet import Column, Sheet
from publish.export.write import times

_encode = msgspec.json.encode
_NOWHERE = msgspec.Raw(b"null")


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the rows to `target`; `progress` is told how many rows of how many are written.

    Coordinates are WGS 84, longitude first. A row of a place that nobody located, or of several places, has
    no geometry. What must be known stands at the head, where RFC 7946 allows foreign members.
    """
    done = 0
    with target.open("wb") as file:
        file.write(_head(about) + b'"features":[')
        for batch in sheet.batches():
            lines = b",\n".join(_features(sheet.columns, batch, _where(sheet, about)))
            if lines:
                file.write((b"," if done else b"") + b"\n" + lines)
            progress(done := done + batch.num_rows, sheet.rows)
        file.write(b"\n]}\n")


def _head(about: About) -> bytes:
    said: dict[str, Any] = {
        "title": about.title,
        "software": about.software,
        "registry": about.registry,
        "publishers": [
            {"name": one.name, "contact": one.contact, "licence": one.licence} for one in about.publishers
        ],
        "statements": about.statements,
    }
    return b'{"type":"FeatureCollection",\n"messnetz":' + _encode(said) + b",\n"


def _where(sheet: Sheet, about: About) -> Mapping[str | None, msgspec.Raw]:
    """The geometry of each place; under None that of rows which do not say their place."""
    found: dict[str | None, msgspec.Raw] = {
        one.device: msgspec.Raw(_encode({"type": "Point", "coordinates": [one.lon, one.lat]}))
        for one in about.places
        if one.lat is not None and one.lon is not None
    }
    said = {one.device for one in sheet.entries}
    only = found.get(said.pop()) if len(said) == 1 else None
    return found if only is None else {**found, None: only}


def _features(
    columns: tuple[Column, ...], batch: pa.RecordBatch, where: Mapping[str | None, msgspec.Raw]
) -> Iterator[bytes]:
    names = [column.name for column in columns]
    cells = [_cells(column, values) for column, values in zip(columns, batch.columns, strict=True)]
    places = cells[names.index("device")] if "device" in names else [None] * batch.num_rows
    for place, row in zip(places, zip(*cells, strict=True), strict=True):
        yield _encode(
            {
                "type": "Feature",
                "geometry": where.get(place, _NOWHERE),
                "properties": dict(zip(names, row, strict=True)),
            }
        )


def _cells(column: Column, values: pa.Array) -> list[Any]:
    cells = times.iso(np.asarray(values)) if column.kind == "time" else values
    listed: list[Any] = cells.to_pylist()
    return listed
