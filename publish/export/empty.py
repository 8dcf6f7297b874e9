"""Why there is nothing of what was asked for."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devices.language import Sentence, say
from devices.moment import written
from ingest.store.tables import Tables
from publish.export.chosen import Chosen
from publish.export.errors import NothingFound
from publish.export.reasons import word
from publish.export.series import Gathered, Tally
from publish.summary import Window

if TYPE_CHECKING:
    import pyarrow as pa

_DAY_NS = 86400 * 10**9
#: Values are looked for around the time asked for: first in a day, then in ever longer times up to this, so
#: that what is found at once stays small …
_LONGEST_NS = 8 * _DAY_NS
#: … and no further than this, if the registry does not bound it.
_REACH_NS = 400 * _DAY_NS


def is_empty(gathered: Gathered) -> bool:
    """Whether there is no value in it, not even an incomplete one; rows may say so, window by window."""
    return not any(map(has_anything, gathered.tallies.values()))


def has_anything(tally: Tally) -> bool:
    """Whether a series has a value, be it an incomplete one."""
    return tally.values > 0 or tally.coverage_sum > 0


async def why_nothing(chosen: Chosen, gathered: Gathered, tables: Tables) -> NothingFound:
    """The reason, as the error to raise. Asks the store where values lie around the time asked for."""
    failed = sum(one.failed for one in gathered.tallies.values())
    dropped = sum(one.dropped for one in gathered.tallies.values())
    if failed or dropped:
        return _all_left_out(failed, dropped)
    begin, end = chosen.period.begin_ns, chosen.period.end_ns
    first, last = _service(chosen)
    span = {"begin": _when(begin, chosen), "end": _when(end, chosen)}
    if first is not None and first >= end:
        return NothingFound(
            say("in that time, {begin} to {end}, nothing was measured there yet", **span),
            hint=say("the first of these places was equipped on {when}", when=_when(first, chosen)),
        )
    if last is not None and last <= begin:
        return NothingFound(
            say("in that time, {begin} to {end}, nothing was measured there any more", **span),
            hint=say("the last of these places was given up on {when}", when=_when(last, chosen)),
        )
    before = await _nearest(chosen, tables, _backwards(begin, first), newest=True)
    after = await _nearest(chosen, tables, _forwards(end, chosen.now_ns), newest=False)
    hint = _around(chosen, before, after)
    if why := _most(gathered):
        return NothingFound(
            say("in that time, {begin} to {end}, there is no value: {why}", why=why, **span), hint=hint
        )
    return NothingFound(say("in that time, {begin} to {end}, there is no value", **span), hint=hint)


def _most(gathered: Gathered) -> Sentence | None:
    """The reason of most windows, where windows were asked for and it is known."""
    reasons = Counter[str]()
    for one in gathered.tallies.values():
        reasons.update(one.reasons)
    for reason, _ in reasons.most_common(1):
        return None if reason in ("unknown", "nothing") else word(reason)
    return None


def _all_left_out(failed: int, dropped: int) -> NothingFound:
    if not dropped:
        return NothingFound(
            say(
                "all values of that time ({count}) failed their tests, and such are never exported",
                count=failed,
            ),
            hint=say("messnetz devices show says which tests a place's values pass"),
        )
    keep = say("with suspect keep they are there, marked with the flag 3")
    if not failed:
        return NothingFound(
            say("all values of that time ({count}) are suspect, and such were to be dropped", count=dropped),
            hint=keep,
        )
    return NothingFound(
        say(
            "no value of that time is left: {failed} failed their tests, {dropped} are suspect and were to be"
            " dropped",
            failed=failed,
            dropped=dropped,
        ),
        hint=keep,
    )


def _around(chosen: Chosen, before: int | None, after: int | None) -> Sentence:
    match before, after:
        case None, None:
            return say(
                "nor is there one within a year before it, nor after it: messnetz status says what comes in"
            )
        case int(), None:
            return say(
                "the last one before it is of {when}; there is none after it", when=_when(before, chosen)
            )
        case None, int():
            return say("the first one after it is of {when}", when=_when(after, chosen))
    return say(
        "the last one before it is of {before}, the first one after it of {after}",
        before=_when(before, chosen),
        after=_when(after, chosen),
    )


def _service(chosen: Chosen) -> tuple[int | None, int | None]:
    """From when to when anything stood at any of the places; None is open."""
    begins = [one.begin_ns for device in chosen.devices for one in device.installations]
    ends = [one.end_ns for device in chosen.devices for one in device.installations]
    known_begins = [one for one in begins if one is not None]
    known_ends = [one for one in ends if one is not None]
    return (
        min(known_begins) if begins and len(known_begins) == len(begins) else None,
        max(known_ends) if ends and len(known_ends) == len(ends) else None,
    )


def _backwards(end_ns: int, first_ns: int | None) -> Iterator[Window]:
    """Times before this one, the next one first."""
    lowest_ns = max(end_ns - _REACH_NS, first_ns or 0, 0)
    length_ns = _DAY_NS
    while end_ns > lowest_ns:
        begin_ns = max(end_ns - length_ns, lowest_ns)
        yield Window(begin_ns, end_ns)
        end_ns, length_ns = begin_ns, min(2 * length_ns, _LONGEST_NS)


def _forwards(begin_ns: int, highest_ns: int) -> Iterator[Window]:
    length_ns = _DAY_NS
    while begin_ns < highest_ns:
        end_ns = min(begin_ns + length_ns, highest_ns)
        yield Window(begin_ns, end_ns)
        begin_ns, length_ns = end_ns, min(2 * length_ns, _LONGEST_NS)


async def _nearest(chosen: Chosen, tables: Tables, windows: Iterator[Window], *, newest: bool) -> int | None:
    """The time of the newest (or oldest) value in the first of these windows that has any."""
    devices = [one.id for one in chosen.devices]
    for window in windows:
        found: list[int] = []
        for measurement, quantities in chosen.quantities.items():
            fields = [one.name for one in quantities]
            table = await tables.read(measurement, fields, window.begin_ns, window.end_ns, devices)
            if table.num_rows:
                found.append(_time(table, -1 if newest else 0))
        if found:
            return max(found) if newest else min(found)
    return None


def _time(table: "pa.Table", row: int) -> int:
    time_ns: int = table.column("time")[row].as_py()
    return time_ns


def _when(time_ns: int | None, chosen: Chosen) -> str:
    return written(time_ns or 0, chosen.zone)
