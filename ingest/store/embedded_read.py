"""The embedded store read from outside and in whole: its rows of a time, page by page, as lines again."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from devices.language import say
from ingest import read_only
from ingest.errors import CommandFailed
from ingest.line_protocol import encode_row, tag
from ingest.store import embedded

_SPAN = """
SELECT min((SELECT min(time_ns) FROM points WHERE series = s.id)),
    max((SELECT max(time_ns) FROM points WHERE series = s.id)) FROM series s
"""
#: Each series is a seek of its own: the file has no order by time.
_PAGE = """
SELECT s.id, s.measurement, s.tags, p.time_ns, p.fields
FROM series s JOIN points p ON p.series = s.id AND p.time_ns >= ? AND p.time_ns < ?
WHERE s.id > ? OR (s.id = ? AND p.time_ns > ?) ORDER BY s.id, p.time_ns LIMIT ?
"""


class Stored(NamedTuple):
    """One row; `series` and `time_ns` are its place in the file."""

    series: int
    time_ns: int
    measurement: str
    fields: tuple[str, ...]
    line: bytes


class Reader:
    """A `store.db` that nobody writes. Raises `sqlite3.Error`; `CommandFailed` for one that is too new."""

    def __init__(self, path: Path) -> None:
        self._connection = read_only.connect(path)
        try:
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version > embedded.VERSION:
                raise CommandFailed(
                    say(
                        "{file} has version {version}, this Messnetz knows versions up to {known}",
                        file=path,
                        version=version,
                        known=embedded.VERSION,
                    ),
                    hint=say("copy it with the newer Messnetz that wrote it"),
                )
            types = self._connection.execute("SELECT measurement, field, type FROM field_types")
            self._types = {(measurement, field): kind for measurement, field, kind in types}
        except BaseException:
            self._connection.close()
            raise

    def span(self) -> tuple[int, int] | None:
        """The times of the oldest and the newest row (UTC nanoseconds); None when there is none."""
        oldest, newest = self._connection.execute(_SPAN).fetchone()
        return None if oldest is None else (oldest, newest)

    def page(self, begin_ns: int, end_ns: int, after: Stored | None, limit: int) -> list[Stored]:
        """At most `limit` rows of `[begin_ns, end_ns)` behind `after`, by series and time."""
        series, time_ns = (after.series, after.time_ns) if after else (-1, 0)
        values = (begin_ns, end_ns, series, series, time_ns, limit)
        return [self._stored(*row) for row in self._connection.execute(_PAGE, values)]

    def _stored(self, series: int, measurement: str, tags: str, time_ns: int, fields: str) -> Stored:
        said = msgspec.json.decode(fields, type=dict[str, float | int | str])
        typed = {field: self._typed(measurement, field, value) for field, value in said.items()}
        line = encode_row(measurement, _tags(tags), typed, time_ns)
        return Stored(series, time_ns, measurement, tuple(typed), line)

    def _typed(self, measurement: str, field: str, value: float | str) -> float | str:
        """JSON merges may write a float without its point; the type was fixed by the first value."""
        is_float = self._types.get((measurement, field)) == "float"
        return float(value) if is_float else value

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _tags(text: str) -> str:
    tags: Mapping[str, str] = msgspec.json.decode(text, type=dict[str, str])
    return "".join(tag(name, value) for name, value in tags.items())
