"""Which hours of which measurement are finished, and which of them are due again.

Kept in the spool so that a line and the mark that it comes late are one transaction. A line is late when its
hour was closed before: from then on whoever sums the hour up may have read the store already.
"""

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ingest.group import Touched
from ingest.line_protocol import parse
from ingest.spool import bulk

HOUR_NS = 3600 * 1_000_000_000

_PART = [f"json_extract(value, '$[{place}]')" for place in range(4)]
_LATE = f"""
INSERT INTO hours_due (measurement, device, hour_ns, marked_ns, mark, emptied)
SELECT {_PART[0]}, {_PART[1]}, {_PART[2]}, ?2, 1, 0 FROM json_each(?1) WHERE TRUE
ON CONFLICT DO UPDATE SET mark = mark + 1
"""  # noqa: S608  constants
_TOUCHED = """
INSERT INTO hours_due (measurement, device, hour_ns, marked_ns, mark, emptied)
SELECT hours.measurement, ?2, value, ?3, 1, 1 FROM hours, json_each(?1) WHERE value < hours.closed_ns
ON CONFLICT DO UPDATE SET mark = mark + 1, emptied = 1
"""
_DUE = """
SELECT d.measurement, d.device, d.hour_ns, d.marked_ns, d.mark, d.emptied FROM hours_due d
JOIN hours h ON h.measurement = d.measurement WHERE d.hour_ns < h.done_ns
ORDER BY d.measurement, d.hour_ns, d.device LIMIT ?
"""
_SETTLE = f"""
DELETE FROM hours_due
WHERE (measurement, device, hour_ns, mark) IN (SELECT {", ".join(_PART)} FROM json_each(?))
"""  # noqa: S608  constants


class Progress(msgspec.Struct, frozen=True):
    """Of one measurement: lines before `closed_ns` (UTC) are late, hours before `done_ns` are finished."""

    closed_ns: int
    done_ns: int


class Due(msgspec.Struct, frozen=True):
    """A finished hour of a device that late lines touched. `mark` changes when more of them come.

    `emptied`: rows were taken away, whether or not lines came in their place.
    """

    measurement: str
    device: str
    hour_ns: int  #: its begin
    marked_ns: int  #: when the first of them came
    mark: int
    emptied: bool


class Book:
    """The progress as of the last commit, on the spool's thread; `progress` may be read by others."""

    def __init__(self) -> None:
        self.progress: Mapping[str, Progress] = {}
        self._closed: Mapping[bytes, bytes] = {}  #: as a line spells measurement and time
        self._newest = b""

    def load(self, connection: sqlite3.Connection) -> None:
        """Take up what another run left."""
        rows = connection.execute("SELECT measurement, closed_ns, done_ns FROM hours").fetchall()
        self.written({measurement: Progress(closed, done) for measurement, closed, done in rows})

    def written(self, progress: Mapping[str, Progress]) -> None:
        """What `put` did is on the disk."""
        self.progress = {**self.progress, **progress}
        self._closed = {name.encode(): b"%019d" % one.closed_ns for name, one in self.progress.items()}
        self._newest = max(self._closed.values(), default=b"")

    def mark(
        self, connection: sqlite3.Connection, lines: Iterable[bytes], touched: Sequence[Touched] = ()
    ) -> None:
        """Mark the finished hours that these lines, or rows taken away in these spans, belong to."""
        newest = self._newest
        for span in touched:
            first_ns = span.begin_ns // HOUR_NS * HOUR_NS
            last_ns = min(span.end_ns, int(newest or 0))
            hours = msgspec.json.encode(list(range(first_ns, last_ns, HOUR_NS))).decode()
            connection.execute(_TOUCHED, (hours, bulk.plain(span.device), time.time_ns()))
        # 19 digits until the year 2286; a shorter time brings a space along, which is less than any digit
        late = [line for line in lines if line[-19:] < newest]
        if late and (due := {key for line in late if (key := self._due(line))}):
            text = msgspec.json.encode([[bulk.plain(part) for part in key] for key in sorted(due)]).decode()
            connection.execute(_LATE, (text, time.time_ns()))

    def _due(self, line: bytes) -> tuple[str, str, int] | None:
        closed = self._closed.get(line.partition(b",")[0])  # None: states, health, finished hours themselves
        if closed is None or line[-19:] >= closed:
            return None
        try:
            measurement, tags, _, time_ns = parse(line)
        except ValueError:  # the store will refuse it
            return None
        return measurement, tags.get("device", ""), time_ns // HOUR_NS * HOUR_NS


def put(connection: sqlite3.Connection, progress: Mapping[str, Progress]) -> None:
    """Write the progress of these measurements, whatever it was before."""
    connection.executemany(
        "INSERT OR REPLACE INTO hours (measurement, closed_ns, done_ns) VALUES (?, ?, ?)",
        [(measurement, one.closed_ns, one.done_ns) for measurement, one in progress.items()],
    )


def due(connection: sqlite3.Connection, limit: int) -> list[Due]:
    """Finished hours that are due again, by measurement and time."""
    rows = connection.execute(_DUE, (limit,))
    return [Due(name, device, hour, at, mark, bool(gone)) for name, device, hour, at, mark, gone in rows]


def settle(connection: sqlite3.Connection, done: Iterable[Due]) -> None:
    """Forget marks; those that more lines have come for since they were read stay."""
    keys = [(one.measurement, one.device, one.hour_ns, one.mark) for one in done]
    connection.execute(_SETTLE, (msgspec.json.encode(keys).decode(),))
