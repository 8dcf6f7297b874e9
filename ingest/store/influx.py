"""InfluxDB of version 1.8, 2 or 3: writes through `/api/v2/write`, reads InfluxQL through `/query`.

A line is written when a request that held it was answered 204. After 400 or 422 the batch is halved until
single lines are refused, each with the server's own words; writing the good ones again is harmless.
Which bucket a line belongs to follows from its measurement and tags (`ingest.store.buckets`).
"""

import asyncio
import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp
from influxdb_client.client.influxdb_client_async import InfluxDBClientAsync
from influxdb_client.rest import ApiException

from ingest.seams import CannotRemove, RefusedLine, Row, StoreUnavailable
from ingest.settings import Influx
from ingest.store import influxql
from ingest.store.answers import Refusal, understand
from ingest.store.buckets import Buckets
from ingest.store.influx_http import InfluxHttp
from ingest.tls_files import client_context

#: Level 9, the client's own, takes 30 ms for 2000 lines where level 1 takes 2.
GZIP_LEVEL = 1


class InfluxStore:
    """An `ingest.seams.Store`. Connects when it is first used, on the running event loop."""

    name = "influx"

    def __init__(self, settings: Influx) -> None:
        self._settings = settings
        self._buckets = Buckets(settings)
        self._http = InfluxHttp(settings, aiohttp.ClientTimeout(total=settings.timeout))
        self._client: InfluxDBClientAsync | None = None

    async def write(self, lines: Sequence[bytes]) -> Sequence[RefusedLine]:
        """Write a batch, halving it around lines that are refused; see `ingest.seams.Store.write`.

        Of a batch of which nothing was accepted, a line is only refused when the server's words are about
        that line. Else the request itself is likely wrong (a missing organisation, a proxy that swallows
        gzip or finds everything too large), which must not turn good lines into dead letters:
        `StoreUnavailable`, held, and as soon as a good line stands in the batch it tells the two apart.
        """
        refused: list[tuple[int, Refusal]] = []
        for bucket, part in self._buckets.parts(lines):
            refused += await self._write_to(bucket, lines, part)
        return [
            RefusedLine(index, refusal.words) for index, refusal in sorted(refused, key=lambda one: one[0])
        ]

    async def latest(
        self, measurement: str, fields: Sequence[str], since_ns: int, before_ns: int | None = None
    ) -> Sequence[Row]:
        """The newest row of each series; see `ingest.seams.Store.latest`."""
        text = influxql.latest(measurement, fields, since_ns, before_ns)
        newest: dict[tuple[tuple[str, str], ...], Row] = {}
        for row in influxql.rows(await self._query_all(measurement, text)):
            key = tuple(sorted(row.tags.items()))  # two buckets may hold parts of one series
            if key not in newest or newest[key].time_ns < row.time_ns:
                newest[key] = row
        return sorted(newest.values(), key=lambda row: row.tags.get("device", ""))

    async def window(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> Sequence[Row]:
        """All rows of all devices; see `ingest.seams.Store.window`."""
        if devices is not None and not devices:
            return ()
        text = influxql.window(measurement, fields, begin_ns, end_ns, devices)
        found = await self._query_all(measurement, text)
        return await asyncio.to_thread(_by_series, found)  # may be many

    async def series(
        self, measurement: str, fields: Sequence[str], device: str, begin_ns: int, end_ns: int
    ) -> Sequence[Row]:
        """All rows of one device; see `ingest.seams.Store.series`."""
        text = influxql.series(measurement, fields, device, begin_ns, end_ns)
        found = influxql.rows(await self._query_all(measurement, text))
        return sorted(found, key=lambda row: row.time_ns)

    async def counts(self, measurement: str, begin_ns: int, end_ns: int) -> dict[str, int]:
        """How many values each field has in `[begin_ns, end_ns)`, in all buckets together."""
        total: dict[str, int] = {}
        for one in await self._query_all(measurement, influxql.counts(measurement, begin_ns, end_ns)):
            for column, count in zip(one["columns"][1:], one["values"][0][1:], strict=True):
                field = column.removeprefix("count_")
                total[field] = total.get(field, 0) + (count or 0)
        return total

    async def remove(self, measurement: str, device: str, begin_ns: int, end_ns: int) -> None:
        """Remove rows: by InfluxQL on version 1 (in all its retention policies), `/api/v2/delete` on 2."""
        version = await self._http.major_version()
        if version not in (1, 2):
            raise _cannot_remove(version)
        for bucket in self._buckets.of(measurement):
            if version == 1:
                await self._http.query(influxql.delete(measurement, device, begin_ns, end_ns), bucket)
            else:
                await self._delete_v2(bucket, measurement, device, begin_ns, end_ns)

    async def check_removal(self) -> None:
        """See `ingest.seams.Store.check_removal`."""
        version = await self._http.major_version()
        if version not in (1, 2):
            raise _cannot_remove(version)

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()  # type: ignore[no-untyped-call]  # the client is typed in parts
        await self._http.close()

    # --- writing ---------------------------------------------------------------------------------------

    async def _write_to(
        self, bucket: str, lines: Sequence[bytes], whole: list[int]
    ) -> list[tuple[int, Refusal]]:
        """Write the lines at these places, which belong to one bucket; returns those that are refused."""
        refused: list[tuple[int, Refusal]] = []
        accepted = False
        parts = [whole] if whole else []
        while parts:
            part = parts.pop()
            refusal = await self._post([lines[index] for index in part], bucket)
            if refusal is None:
                accepted = True
            elif len(part) == 1 or refusal.is_of_all(len(part)):
                refused += [(index, refusal) for index in part]
                if refusal.too_large and not refusal.is_of(lines[part[0]]):
                    accepted |= await self._takes_shortest([lines[index] for index in whole], bucket)
            else:
                parts += _halves(part, lines, refusal)
        doubtful = [refusal for index, refusal in refused if not refusal.is_of(lines[index])]
        if doubtful and not accepted:
            raise self._refuses_everything(doubtful[0])
        return refused

    async def _takes_shortest(self, lines: Sequence[bytes], bucket: str) -> bool:
        """Whether the shortest line is accepted alone; asked when one of common length is too large.

        Raises `StoreUnavailable` when even the shortest is too large: then no line is at fault. Only the last
        writing of a point is sent for this: an older one would come after it, and win.
        """
        last = {(_series_key(line), _time_ns(line)): line for line in lines}
        refusal = await self._post([min(last.values(), key=len)], bucket)
        if refusal is not None and refusal.too_large:
            raise self._refuses_everything(refusal)
        return refusal is None

    def _refuses_everything(self, refusal: Refusal) -> StoreUnavailable:
        hint = "check influx.org and influx.bucket, and the proxy before InfluxDB if there is one"
        if refusal.too_large:
            hint = (
                "raise the limit of a request's body, in InfluxDB (max-body-size) or in the proxy before it "
                "(client_max_body_size)"
            )
        return StoreUnavailable(
            f"InfluxDB at {self._http.host} refuses everything: {refusal.words}", hint=hint, held=True
        )

    async def _post(self, lines: Sequence[bytes], bucket: str) -> Refusal | None:
        """One request; None when it was answered 204."""
        body = await asyncio.to_thread(gzip.compress, b"\n".join(lines), GZIP_LEVEL)
        async with self._http.speaking():
            client = self._writer()
            try:
                stored = await client.write_api().write(bucket, self._settings.org, body)
            except ApiException as error:
                return understand(error.status, error.body or b"", error.headers)
        if not stored:
            raise StoreUnavailable(
                f"something at {self._http.host} answers a write with success, but not as InfluxDB does",
                hint="check influx.url: is this InfluxDB, or a proxy's page?",
                held=True,
            )
        return None

    def _writer(self) -> InfluxDBClientAsync:
        if self._client is None:
            if self._settings.ca_file is not None:
                client_context(self._settings.ca_file)  # the client says less of what is wrong with it
            ca_file = str(self._settings.ca_file) if self._settings.ca_file else None
            self._client = InfluxDBClientAsync(
                self._http.url,
                timeout=int(self._settings.timeout * 1000),
                ssl_ca_cert=ca_file,
                # a POST that is redirected arrives as a GET, whose 200 would look like success
                allow_redirects=False,
            )
        # default headers are set last, over the client's own; its own gzip would compress at level 9
        for name, value in {"Content-Encoding": "gzip", **self._http.token.headers()}.items():
            self._client.api_client.set_default_header(name, value)  # type: ignore[no-untyped-call]  # typed in parts
        return self._client

    # --- asking ----------------------------------------------------------------------------------------

    async def _query_all(self, measurement: str, text: str) -> list[dict[str, Any]]:
        """The series that one statement gives in all buckets that hold rows of the measurement."""
        found: list[dict[str, Any]] = []
        for bucket in self._buckets.of(measurement):
            found += await self._http.query(text, bucket)
        return found

    async def _delete_v2(
        self, bucket: str, measurement: str, device: str, begin_ns: int, end_ns: int
    ) -> None:
        predicate = (
            f"_measurement={influxql.identifier(measurement)} AND device={influxql.identifier(device)}"
        )
        # both ends belong to the range that version 2 deletes
        span = {"start": _rfc3339(begin_ns), "stop": _rfc3339(end_ns - 1)}
        where = {"org": self._settings.org, "bucket": bucket}
        await self._http.request(
            "POST", "/api/v2/delete", params=where, json={**span, "predicate": predicate}
        )


def _cannot_remove(version: int) -> CannotRemove:
    return CannotRemove(f"InfluxDB {version} has no way to remove rows")


def _by_series(found: list[dict[str, Any]]) -> list[Row]:
    """The rows of all series by device, series and time. Two buckets may hold parts of one series."""
    by_tags: dict[tuple[str, ...], list[Row]] = {}
    for one in found:
        tags = one.get("tags", {})
        key = (tags.get("device", ""), *(f"{name}={value}" for name, value in tags.items() if value))
        by_tags.setdefault(key, []).extend(influxql.rows([one]))
    for rows in by_tags.values():
        rows.sort(key=lambda row: row.time_ns)
    return [row for key in sorted(by_tags) for row in by_tags[key]]


def _halves(part: list[int], lines: Sequence[bytes], refusal: Refusal) -> tuple[list[int], list[int]]:
    """The later and the earlier half of a part of the batch, the earlier on top of the stack.

    Sorted before the cut, so that lines that are bad for one reason lie together and cost few requests: by
    time when that is the reason, else by series, for one bad device. Both sorts are stable and keep the lines
    of one point in order: the newest writing of a point wins.
    """
    key = _time_ns if refusal.is_of_age else _series_key
    part = sorted(part, key=lambda index: key(lines[index]))
    middle = len(part) // 2
    return part[middle:], part[:middle]


def _series_key(line: bytes) -> bytes:
    return line.split(b" ", 1)[0]


def _time_ns(line: bytes) -> int:
    """The time at the end of a line; one that has none is bad for another reason: 0."""
    try:
        return int(line.rsplit(b" ", 1)[-1])
    except ValueError:
        return 0


def _rfc3339(time_ns: int) -> str:
    seconds, rest = divmod(time_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
