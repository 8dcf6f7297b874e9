"""When we, a broker's connection or a gateway were down: kept in the state folder, beside our heartbeat."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from devices.outage import Span, bounded

FILE_NAME = "status.json"

#: Older times explain no silence any more.
KEPT_NS = 60 * 86_400_000_000_000
#: Spans kept of each; the oldest become one.
SPANS = 200
#: Spans remembered as told: only the newest may turn out to lie ahead.
TOLD = 10


class Downtimes(msgspec.Struct):
    """All that a silence may be explained by; times are UTC nanoseconds.

    `ours` are times in which we did not run or could take nothing, `brokers` those without a connection or
    with all gateways down, by broker; `cut_offs` those in which only its sensors were not heard; `gateways`
    by gateway's id. `down` says since when the gateways that count as down now gave no sign, `quiet` the same
    of brokers of which nothing comes, `cut_off` of brokers whose sensors are not heard. `untold` are times of
    ours for which no rows have been written yet, `told` the newest of those for which they have, and `ahead`
    what of these lies ahead of a clock that was set back: its next moment, and its end.
    """

    heartbeat_ns: int = 0
    ours: list[Span] = []
    brokers: dict[str, list[Span]] = {}
    gateways: dict[str, list[Span]] = {}
    down: dict[str, int] = {}
    quiet: dict[str, int] = {}
    cut_offs: dict[str, list[Span]] = {}
    cut_off: dict[str, int] = {}
    untold: list[Span] = []
    told: list[Span] = []
    ahead: list[Span] = []


def load(path: Path) -> Downtimes | None:
    """What was noted; None where nothing was, or nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Downtimes)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def encode(noted: Downtimes) -> bytes:
    """The file's content."""
    return msgspec.json.encode(noted)


def with_span(spans: Iterable[Span], begin_ns: int, end_ns: int) -> list[Span]:
    """The spans and one more, without those that are too old to explain anything."""
    kept = (span for span in spans if span[1] > end_ns - KEPT_NS)
    return bounded((*kept, (begin_ns, end_ns)), SPANS)


def cut(noted: Downtimes, now_ns: int) -> None:
    """Let go of times that are still to come: they were noted by a clock that was wrong and is set back."""
    noted.ours = _cut(noted.ours, now_ns)
    noted.untold = _cut(noted.untold, now_ns)
    for spans in (noted.brokers, noted.cut_offs, noted.gateways):
        spans.update({name: _cut(known, now_ns) for name, known in spans.items()})
    for begins in (noted.down, noted.quiet, noted.cut_off):
        begins.update({name: min(begin_ns, now_ns) for name, begin_ns in begins.items()})


def _cut(spans: Iterable[Span], now_ns: int) -> list[Span]:
    return [(begin_ns, min(end_ns, now_ns)) for begin_ns, end_ns in spans if begin_ns < now_ns]
