"""Parking in a window: how long bays were occupied, who came and went, how long they stayed.

There is no official definition of a car park's "Auslastung" (the Bundesverband Parken says so), so each
figure says its formula. Times in which a bay's state is not known take part in nothing: an unobserved bay
leaves numerator and denominator, and `observed_bays` reports it.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from ingest.seams import Row
from publish.summary import CAPTURE, COMPLETE, SUSPECT, Later, Sample, Span, Window, samples, spans

Fields = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Bay:
    """A window of one bay: when its state was known, and what turned in it."""

    known: Sequence[Span]
    arrivals: int
    departures: int
    stays: Sequence[float]  #: seconds, of those that ended
    suspect: frozenset[str] = frozenset()  #: fields of the bay's row that suspect values went into

    @property
    def known_ns(self) -> int:
        """For how long its state was known."""
        return sum(one.end_ns - one.begin_ns for one in self.known)

    @property
    def occupied_ns(self) -> float:
        """For how long it was occupied."""
        return math.fsum(one.value * (one.end_ns - one.begin_ns) for one in self.known)


def bay(
    rows: Sequence[Row],
    window: Window,
    known_s: int,
    ends: Collection[int] = (),
    later: Sequence[Later] = (),
) -> Bay | None:
    """A bay's window from its rows, oldest first, the last one before it carried in; None without any word.

    A state is known for `known_s` (from `later` on for as long as that says), and never beyond the end of
    what told it (`ends`, UTC nanoseconds).

    - arrivals: the sum of `arrivals` in the window, each written when the bay turned occupied;
    - departures: states "free" in the window of bays that were known to be occupied until then (ours:
      readings have no such field);
    - stays: `stay` in the window, the seconds since the bay turned occupied, written when it turned free.
    """
    told = (samples(rows, "occupied"), samples(rows, "arrivals"), samples(rows, "stay"))
    return bay_of(*told, window, known_s, ends, later)


def bay_of(
    states: Sequence[Sample],
    arrived: Sequence[Sample],
    stayed: Sequence[Sample],
    window: Window,
    known_s: int,
    ends: Collection[int] = (),
    later: Sequence[Later] = (),
) -> Bay | None:
    """A bay's window from what its rows say of `occupied`, `arrivals` and `stay`; see `bay`."""
    known_ns = known_s * 1_000_000_000
    then = [(one.since_ns, one.known_s * 1_000_000_000) for one in later]
    known = spans(states, window, known_ns, ends, then)
    if not known and not any(_inside(one, window) for one in states):
        return None
    arrivals = [one for one in arrived if _inside(one, window)]
    departures = [
        (before, free)
        for before, free in pairwise(states)
        if free.value == 0 and _inside(free, window) and _occupied_until(free, before, known_ns, ends, then)
    ]
    stays = [one for one in stayed if one.value is not None and _inside(one, window)]
    went_in: Mapping[str, Iterable[Sample | Span]] = {
        "occupied": known,
        "arrivals": arrivals,
        "departures": chain.from_iterable(departures),
        "stay": stays,
    }
    return Bay(
        known,
        int(sum(one.value or 0 for one in arrivals)),
        len(departures),
        [float(one.value or 0) for one in stays],
        frozenset(name for name, those in went_in.items() if any(one.suspect for one in those)),
    )


def bay_fields(found: Bay, window: Window) -> Fields:
    """The row of a bay.

    - `occupied`: seconds occupied / seconds known, 0 to 1;
    - `arrivals`, `departures`: as counted, whole only where the state was known all the time;
    - `stay`: mean seconds of the stays that ended in the window, whenever they began;
    - `<field>_qc`: 3 where a value that went into the figure was suspect.
    """
    known_ns = found.known_ns
    coverage = window.share(known_ns)
    fields: Fields = {}
    occupied = found.occupied_ns / known_ns if known_ns else None
    _put(fields, "occupied", None if occupied is None else round(occupied, 4), coverage)
    _put_turns(fields, [found], coverage)
    fields |= {f"{name}_qc": SUSPECT for name in sorted(found.suspect)}
    fields["coverage"] = coverage
    return fields


def lot_fields(bays: Sequence[Bay], capacity: int, window: Window) -> Fields:
    """The row of a lot, from all its bays of which anything is known; `capacity` is how many there are.

    - `observed_bays`: Σ seconds known / length of the window, a time-weighted mean;
    - `occupied_bays`: Σ seconds occupied / length of the window;
    - `occupancy`: Σ seconds occupied / Σ seconds known, 0 to 1: of observed bays, not of the capacity;
    - `arrivals`, `departures`: sums over the observed bays; `stay`: the mean of all stays that ended.

    Coverage is the share of the window in which any bay was known; how many were is `observed_bays`.
    """
    known_ns = sum(one.known_ns for one in bays)
    occupied_ns = math.fsum(one.occupied_ns for one in bays)
    coverage = window.share(observed_ns(bays))
    fields: Fields = {}
    share = {"observed_bays": known_ns, "occupied_bays": occupied_ns}
    for name, bay_ns in share.items():
        _put(fields, name, round(bay_ns / window.length_ns, 3) if known_ns else None, coverage)
    _put(fields, "capacity", float(capacity), coverage)
    _put(fields, "occupancy", round(occupied_ns / known_ns, 4) if known_ns else None, coverage)
    _put_turns(fields, bays, coverage)
    suspect = frozenset[str]().union(*(one.suspect for one in bays))
    if "occupied" in suspect:
        suspect = suspect - {"occupied"} | {"occupied_bays", "occupancy"}
    fields |= {f"{name}_qc": SUSPECT for name in sorted(suspect)}
    fields["coverage"] = coverage
    return fields


def observed_ns(bays: Iterable[Bay]) -> int:
    """For how long at least one of them was known."""
    covered, reached = 0, 0
    for span in sorted((span for one in bays for span in one.known), key=lambda span: span.begin_ns):
        covered += max(0, span.end_ns - max(span.begin_ns, reached))
        reached = max(reached, span.end_ns)
    return covered


def _put_turns(fields: Fields, bays: Sequence[Bay], coverage: float) -> None:
    _put(fields, "arrivals", sum(one.arrivals for one in bays), coverage, COMPLETE)
    _put(fields, "departures", sum(one.departures for one in bays), coverage, COMPLETE)
    stays = [stay for one in bays for stay in one.stays]
    if stays:
        _put(fields, "stay", round(math.fsum(stays) / len(stays), 0), coverage)


def _put(fields: Fields, name: str, value: float | None, coverage: float, needed: float = CAPTURE) -> None:
    if value is not None:
        fields[name if coverage >= needed else f"{name}_partial"] = value
    fields[f"{name}_coverage"] = coverage


def _occupied_until(
    free: Sample, before: Sample, known_ns: int, ends: Collection[int], later: Sequence[tuple[int, int]]
) -> bool:
    held = spans([before], Window(before.time_ns, free.time_ns), known_ns, ends, later)
    return any(one.value and one.end_ns == free.time_ns for one in held)


def _inside(one: Sample, window: Window) -> bool:
    return window.begin_ns <= one.time_ns < window.end_ns
