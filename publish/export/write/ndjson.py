"""NDJSON: an object a row; what a row has no value for is not in it."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from publish.export.about import About
from publish.export.sheet import Column, Sheet
from publish.export.write import times
from publish.export.write.lines import data, numbers, texts


def write(sheet: Sheet, about: About, target: Path, progress: Callable[[int, int], None]) -> None:  # noqa: ARG001  each writer is told of all
    """Write the rows to `target`; `progress` is told how many rows of how many are written."""
    done = 0
    with target.open("wb") as file:
        for batch in sheet.batches():
            pairs = [
                _pairs(column, cells) for column, cells in zip(sheet.columns, batch.columns, strict=True)
            ]
            inner = pc.binary_join_element_wise(*pairs, ",", null_handling="skip")
            file.write(data(pc.binary_join_element_wise("{", inner, "}\n", "")))
            progress(done := done + batch.num_rows, sheet.rows)


def _pairs(column: Column, cells: pa.Array) -> pa.Array:
    """`"name":value`, or null."""
    if column.kind == "time":
        said = pc.binary_join_element_wise('"', times.iso(np.asarray(cells)), '"', "")
    else:
        said = texts(cells, _json) if column.kind == "text" else numbers(cells)
    return pc.binary_join_element_wise(f"{_json(column.name)}:", said, "")


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()
