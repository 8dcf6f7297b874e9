"""Columns as lines of text, a batch at once: what CSV and NDJSON have in common."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: From here on Arrow writes a float with an exponent, which not every reader takes.
_PLAIN = 1e10


def numbers(values: pa.Array) -> pa.Array:
    """Numbers as text, the shortest that reads back as the same number; without an exponent up to 2**53."""
    if not pa.types.is_floating(values.type):
        return values.cast(pa.string())
    said = pc.add(values, 0.0).cast(pa.string())  # no -0
    large = pc.max(pc.abs(values)).as_py()
    if large is None or large < _PLAIN:
        return said
    return pa.array([None if one is None else _plain(one) for one in values.to_pylist()], pa.string())


def _plain(value: float) -> str:
    return repr(value + 0.0).removesuffix(".0")


def texts(column: pa.Array, form: Callable[[str], str]) -> pa.Array:
    """A dictionary of texts as texts, each put into its form once."""
    said = [None if one is None else form(one) for one in column.dictionary.to_pylist()]
    return pa.array(said, pa.string()).take(column.indices)


def write_lines(file: BinaryIO, cells: Sequence[pa.Array], separator: str, ending: str) -> None:
    """A line a row; where there is no value there is nothing between two separators."""
    joined = pc.binary_join_element_wise(*cells, separator, null_handling="replace", null_replacement="")
    file.write(data(pc.binary_join_element_wise(joined, "", ending)))


def data(texts: pa.Array) -> memoryview:
    """All texts one after the other, as UTF-8."""
    _, ends, said = texts.buffers()
    places = np.frombuffer(ends, np.int32)
    return memoryview(said)[places[texts.offset] : places[texts.offset + len(texts)]]
