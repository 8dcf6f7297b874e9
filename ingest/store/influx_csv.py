r"""InfluxDB's CSV, cut into blocks of whole records while it comes, and read as columns.

It does not tell an empty text from none, and it says nothing of errors: an answer that was broken off (by a
time limit, by `KILL QUERY`) ends as one that is complete does, with 200. So the question is followed by
another one, whose answer is known and which InfluxDB leaves out when the first one failed: `end`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from pyarrow import csv

TYPE = "application/csv"
#: Large enough that a block's own cost is nothing, small enough that reading it takes no time to speak of.
BLOCK = 4 << 20


def header(columns: Sequence[str]) -> bytes:
    """The first line of an answer with these columns."""
    return ",".join(["name", "tags", *columns]).encode() + b"\n"


def end(measurement: str) -> bytes:
    """What InfluxDB answers to `influxql.named`."""
    return f"name,tags,name\nmeasurements,,{measurement}\n".encode()


@dataclass(slots=True)
class Records:
    """Bytes as they come, given back as blocks of whole records; the first begins with the header."""

    end: bytes
    _waiting: list[bytes] = field(default_factory=list)
    _size: int = 0

    def add(self, chunk: bytes) -> bytes:
        """A block when there is enough for one, else nothing."""
        self._waiting.append(chunk)
        self._size += len(chunk)
        if self._size < BLOCK:
            return b""
        waiting = b"".join(self._waiting)
        cut = _end_of_record(
            waiting, max(0, self._size - len(self.end) - 1)
        )  # what comes last may be the end
        self._waiting = [waiting[cut:]]
        self._size -= cut
        return waiting[:cut]

    def rest(self) -> bytes | None:
        """The last block when nothing more comes; None: the end is missing."""
        waiting = b"".join(self._waiting)
        if waiting == self.end:  # no rows
            return b""
        return waiting.removesuffix(b"\n" + self.end) if waiting.endswith(b"\n" + self.end) else None


def parse(block: bytes, columns: Mapping[str, pa.DataType], *, skip: int = 0) -> pa.Table:
    """The columns of a block without its first `skip` lines; raises `ValueError` for what is no such CSV."""
    return csv.read_csv(
        pa.BufferReader(block),
        csv.ReadOptions(
            column_names=["name", "tags", *columns],
            skip_rows=skip,
            block_size=len(block) + 1,
            use_threads=False,  # the threads of InfluxDB may need the processor
        ),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=dict(columns),
            include_columns=list(columns),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _end_of_record(text: bytes, limit: int) -> int:
    """Where the last record ends that does so before `limit`; 0: none does.

    A line break between quotation marks belongs to a text. Quotation marks within a text stand twice, so an
    even number of them before a line break says that it ends a record.
    """
    odd = b'"' in text and text.count(b'"', 0, limit) % 2  # looking is ten times as fast as counting
    while True:
        line_break = text.rfind(b"\n", 0, limit)
        odd = odd != text.count(b'"', line_break + 1, limit) % 2
        if not odd or line_break < 0:
            return line_break + 1
        limit = line_break
