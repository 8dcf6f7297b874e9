"""What InfluxDB's answers mean. Their words are kept as they are: they are what an operator searches for.

| status | meaning |
|---|---|
| 204 | every line of the request is stored |
| 400, 422 | at least one line is refused, or the request itself is wrong (`Refusal`) |
| 413 | too large, the line or whatever a proxy is sent (`Refusal`) |
| 401, 403, 404, 3xx, other 4xx | an operator has to act (`StoreUnavailable`, held) |
| 408, 429, 5xx | try again, not before `Retry-After` (`StoreUnavailable`) |

Which lines a 400 stored is not to be learned from it: 1.8 and 3 store the good ones and answer 400, 2 answers
422, an unparsable line makes 2 store nothing, and `dropped=n` counts one cause out of several.
"""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ingest.seams import StoreUnavailable

#: Words are kept with every dead letter; some servers quote the line, some a whole page.
MAX_WORDS = 1000
#: Only a longer line is believed to be too large by itself; ours have some hundred bytes.
LONG_LINE_BYTES = 64 * 1024
#: How the words end when points were dropped; 2.7 goes on with where.
_DROPPED = re.compile(r"partial write: .*dropped=(\d+)(?: for database: [^;]*)?\s*$", re.DOTALL)
#: 1.8 says `beyond retention policy`, 2.7 `outside`; the newest of version 1 know a write window as well.
_AGE = re.compile(r"points (?:beyond|outside) (?:retention policy|write window)")

_HINTS = {
    401: "the token is missing or wrong: check influx.token_file (it is read anew when it changes)",
    403: "the token may not write to this bucket: give it the right to, or name another in influx.token_file",
    404: "check influx.url, influx.org and influx.bucket (version 1.8: database/retention_policy)",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that says that something in the request will never be taken.

    `dropped` is the server's own count of the points that it dropped for this one cause; 0: it gives none.
    """

    words: str
    too_large: bool = False
    dropped: int = 0

    def is_of_all(self, count: int) -> bool:
        """Whether the server says that it dropped every one of `count` lines, for one cause."""
        return self.dropped == count

    @property
    def is_of_age(self) -> bool:
        """Whether the cause is the points' time: older than the retention, or outside a write window."""
        return _AGE.search(self.words) is not None

    def is_of(self, line: bytes) -> bool:
        """Whether the words are about this line, sent alone, and not about the request as such.

        1.8 and 2 say `partial write:` or `field type conflict`, and all quote the line they cannot parse.
        (A proxy that swallowed `Content-Encoding: gzip` has the server quote bytes we never wrote.) A 413 is
        about the line only when that is long: a proxy may give it to whatever comes.
        """
        if self.too_large:
            return len(line) > LONG_LINE_BYTES
        spoken = ("partial write:", "field type conflict", line.split(b" ", 1)[0].decode(errors="replace"))
        return any(words in self.words for words in spoken)


def understand(status: int, body: bytes, headers: Mapping[str, str]) -> Refusal:
    """The refusal in an answer that is not a success; raises `StoreUnavailable` for everything else."""
    words = _words(body) or f"HTTP {status} without a word"
    if status in (400, 422, 413):
        # the count stands at the end, which the newer versions' words reach after MAX_WORDS
        dropped = _DROPPED.search(words)
        return Refusal(words[:MAX_WORDS], status == 413, int(dropped[1]) if dropped else 0)
    missing_policy = status == 500 and "retention policy not found" in words  # 1.8's 404 for it
    held = missing_policy or (300 <= status < 500 and status not in (408, 429))
    hint = _HINTS.get(
        404 if missing_policy else status, "check influx.url: is this InfluxDB?" if held else ""
    )
    raise StoreUnavailable(
        f"InfluxDB answered {status}: {words[:MAX_WORDS]}",
        hint=hint,
        retry_after_s=_retry_after_s(headers.get("Retry-After")),
        held=held,
    )


def _words(body: bytes) -> str:
    """`error` of version 1.8 (as CSV too), `message` of 2, `error` and the lines of 3, or the bare text."""
    text = body.decode(errors="replace").strip()
    if text.startswith("error\n"):
        return "\n".join(cell for row in csv.reader(text.splitlines(keepends=True)[1:]) for cell in row)
    try:
        said = json.loads(text)
    except ValueError:
        return text
    if not isinstance(said, dict):
        return text
    words = str(said.get("message") or said.get("error") or text)
    return "; ".join([words, *map(_words_of_line, _listed(said.get("data")))])


def _listed(data: Any) -> list[dict[str, Any]]:
    items = data if isinstance(data, list) else [data]
    return [item for item in items if isinstance(item, dict)]


def _words_of_line(item: dict[str, Any]) -> str:
    return f"{item.get('error_message', '')} ({item.get('original_line', '')})"


def _retry_after_s(value: str | None) -> float | None:
    """Seconds, from the header's seconds or HTTP date (RFC 9110 §10.2.3); None for neither."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    if date.tzinfo is None:  # "-0000": RFC 5322 says UTC without a word on the local zone
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
