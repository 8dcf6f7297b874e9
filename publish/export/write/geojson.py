"""GeoJSON (RFC 7946): a feature a row, at the place it was measured."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from publish.export.about import About
from publish.export.sheet import Column, Sheet
from publish.export.write import times
from publish.export.write.lines import data, numbers, texts


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the rows to `target`; `progress` is told how many rows of how many are written.

    Coordinates are WGS 84, longitude first. A row of a place that nobody located, or of several places, has
    no geometry. What must be known stands at the head, where RFC 7946 allows foreign members.
    """
    where, done = _where(sheet, about), 0
    with target.open("wb") as file:
        file.write(_head(about) + b'"features":[')
        for batch in sheet.batches():
            features = data(_features(sheet.columns, batch, where))
            file.write(features[1:] if not done else features)  # every feature begins with a comma
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
    return b'{"type":"FeatureCollection",\n"messnetz":' + _json(said).encode() + b",\n"


def _where(sheet: Sheet, about: About) -> Mapping[str | None, str]:
    """The geometry of each place; under None that of rows which do not say their place."""
    found: dict[str | None, str] = {
        one.device: _json({"type": "Point", "coordinates": [one.lon, one.lat]})
        for one in about.places
        if one.lat is not None and one.lon is not None
    }
    said = {one.device for one in sheet.entries}
    only = found.get(said.pop()) if len(said) == 1 else None
    return found if only is None else {**found, None: only}


def _features(
    columns: tuple[Column, ...], batch: pa.RecordBatch, where: Mapping[str | None, str]
) -> pa.Array:
    """A text a row."""
    pairs = [_pairs(column, cells) for column, cells in zip(columns, batch.columns, strict=True)]
    properties = pc.binary_join_element_wise(*pairs, ",")
    return pc.binary_join_element_wise(
        ',\n{"type":"Feature","geometry":', _places(batch, where), ',"properties":{', properties, "}}", ""
    )


def _places(batch: pa.RecordBatch, where: Mapping[str | None, str]) -> pa.Array:
    if "device" not in batch.schema.names:
        return pa.repeat(where.get(None, "null"), batch.num_rows)
    return pc.fill_null(texts(batch["device"], lambda place: where.get(place, "null")), "null")


def _pairs(column: Column, cells: pa.Array) -> pa.Array:
    """`"name":value`; where there is no value it says so, so that every feature has the same properties."""
    if column.kind == "time":
        said = pc.binary_join_element_wise('"', times.iso(np.asarray(cells)), '"', "")
    else:
        said = texts(cells, _json) if column.kind == "text" else numbers(cells)
    return pc.binary_join_element_wise(f"{_json(column.name)}:", pc.fill_null(said, "null"), "")


def _json(said: Any) -> str:
    return msgspec.json.encode(said).decode()
