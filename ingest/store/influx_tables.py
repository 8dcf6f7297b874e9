"""InfluxDB in columns: `/query` answered as CSV, which is read while it comes.

Tags are selected as columns: with `GROUP BY *` the CSV joins them without escaping what is in them. Of
version 3, whose CSV quotes nothing, JSON is asked for.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import pyarrow as pa
import pyarrow.compute as pc

from ingest.seams import StoreUnavailable
from ingest.settings import Influx
from ingest.store import columns, influx_csv, influxql
from ingest.store.buckets import Buckets
from ingest.store.influx_http import InfluxHttp, form
from ingest.store.tables import TAG_COLUMNS

_HEADERS = {"Accept": influx_csv.TYPE, "Accept-Encoding": "identity"}


class InfluxTables:
    """A `Tables` on an InfluxDB. Connects when it is first used, on the running event loop.

    `settings.timeout` bounds each wait for something to come, not a whole answer.
    """

    def __init__(self, settings: Influx) -> None:
        timeout = aiohttp.ClientTimeout(connect=settings.timeout, sock_read=settings.timeout)
        self._http = InfluxHttp(settings, timeout)
        self._buckets = Buckets(settings)
        self._version = 0

    async def read(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> pa.Table:
        """See `ingest.store.tables.Tables.read`."""
        self._version = self._version or await self._http.major_version()
        known = {bucket: await self._kinds(measurement, bucket) for bucket in self._buckets.of(measurement)}
        types = columns.types_of(fields, set().union(*known.values()))
        parts: list[pa.Table] = []
        for bucket, kinds in known.items():
            there = _readable(types, kinds)
            if there and (devices is None or devices):
                asked = _Asked(measurement, bucket, there, begin_ns, end_ns, devices)
                parts.append(await self._read(asked))
        return await asyncio.to_thread(columns.arranged, parts, types)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _kinds(self, measurement: str, bucket: str) -> set[tuple[str, str]]:
        """The fields that were ever written to a bucket, with their kinds."""
        found = await self._http.query(influxql.field_kinds(measurement), bucket)
        return {(field, kind) for one in found for field, kind in one["values"]}

    async def _read(self, asked: "_Asked") -> pa.Table:
        found = await self._http.query(influxql.tag_names(asked.measurement), asked.bucket)
        there = {tag for one in found for (tag,) in one["values"]}
        tags = [tag for tag in TAG_COLUMNS if tag in there]
        if self._version > 2:
            rows = await self._http.query(asked.text(tags), asked.bucket)
            return await asyncio.to_thread(_of_rows, rows, asked.columns(tags))
        table = await self._stream(asked, tags)
        for field, type_ in asked.types.items():
            if type_ == pa.string() and table.column(field).null_count:
                text = asked.text(tags, empty=field)
                table = _with_empty_texts(table, field, await self._http.query(text, asked.bucket))
        return table

    async def _stream(self, asked: "_Asked", tags: Sequence[str]) -> pa.Table:
        """The answer, of which one block is parsed while the next one comes."""
        expected = asked.columns(tags)
        head = influx_csv.header(list(expected))
        tables: list[asyncio.Future[pa.Table]] = []
        try:
            async for block in self._blocks(
                asked, f"{asked.text(tags)}; {influxql.named(asked.measurement)}"
            ):
                if not tables and not block.startswith(head):
                    raise self._http.stranger()
                if tables:
                    await tables[-1]
                parsing = asyncio.to_thread(influx_csv.parse, block, expected, skip=0 if tables else 1)
                tables.append(asyncio.ensure_future(parsing))
            async with self._http.speaking():
                return pa.concat_tables(
                    [pa.schema(list(expected.items())).empty_table(), *[await table for table in tables]]
                )
        finally:
            await asyncio.gather(*tables, return_exceptions=True)

    async def _blocks(self, asked: "_Asked", text: str) -> AsyncIterator[bytes]:
        """Whole records, with nothing missing at the end."""
        what = form(text, asked.bucket) | {"chunked": "true"}  # max-row-limit does not count for those
        records = influx_csv.Records(influx_csv.end(asked.measurement))
        async with self._http.asking("POST", "/query", data=what, headers=_HEADERS) as answer:
            if answer.content_type != influx_csv.TYPE:
                raise self._http.stranger()
            async for chunk in answer.content.iter_any():
                if block := records.add(chunk):
                    yield block
        last = records.rest()
        if last is None:
            raise StoreUnavailable(
                f"InfluxDB at {self._http.host} broke off its answer",
                hint="a limit of it (query-timeout, max-select-series), KILL QUERY or its end; see its log",
            )
        if last:
            yield last


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is read of one bucket; `types` are the fields that were ever written to it."""

    measurement: str
    bucket: str
    types: Mapping[str, pa.DataType]
    begin_ns: int
    end_ns: int
    devices: Sequence[str] | None

    def columns(self, tags: Sequence[str]) -> dict[str, pa.DataType]:
        """All columns of the answer."""
        return {"time": pa.int64(), **dict.fromkeys(tags, columns.TAG), **self.types}

    def text(self, tags: Sequence[str], *, empty: str | None = None) -> str:
        """The question; with `empty`, about the rows in which the text of this field is empty."""
        names = [*tags, *([empty] if empty else self.types)]
        return influxql.columns(
            self.measurement, names, self.begin_ns, self.end_ns, self.devices, empty=empty
        )


def _readable(types: Mapping[str, pa.DataType], kinds: set[tuple[str, str]]) -> dict[str, pa.DataType]:
    """The fields that a bucket has, if not in another type than the answer."""
    there = columns.types_of([field for field, kind in kinds if kind in columns.TYPES], kinds)
    return {
        field: type_
        for field, type_ in types.items()
        if there.get(field) == type_ or (there.get(field), type_) == (pa.int64(), pa.float64())
    }


def _of_rows(found: list[dict[str, Any]], expected: Mapping[str, pa.DataType]) -> pa.Table:
    """The rows that came as JSON."""
    rows = [row for one in found for row in one["values"]]
    arrays = []
    for place, type_ in enumerate(expected.values()):
        values = [row[place] for row in rows]
        if type_ == columns.TAG:
            arrays.append(pa.array([text or None for text in values], pa.string()).dictionary_encode())
        else:
            arrays.append(pa.array(values, type_))
    return pa.table(arrays, names=list(expected))


def _with_empty_texts(table: pa.Table, field: str, found: list[dict[str, Any]]) -> pa.Table:
    """A table of CSV with the texts of a field that are empty, and no nulls; there are few, if any."""
    empty = {tuple(value or None for value in row[:-1]) for one in found for row in one["values"]}
    if not empty:
        return table
    heads = table.select([name for name in ("time", *TAG_COLUMNS) if name in table.column_names])
    at_their_time = pc.is_in(heads.column("time"), pa.array({time for time, *_ in empty}, pa.int64()))
    places = pc.indices_nonzero(at_their_time)
    rows = zip(*(column.to_pylist() for column in heads.take(places).columns), strict=True)
    chosen = [place for place, row in zip(places.to_pylist(), rows, strict=True) if row in empty]
    is_empty = pc.is_in(pa.array(range(len(table)), pa.int64()), pa.array(chosen, pa.int64()))
    texts = pc.if_else(is_empty, "", table.column(field))
    return table.set_column(table.column_names.index(field), field, texts)
