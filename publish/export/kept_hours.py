"""Windows from finished hours, where the readings that they were made of are not kept any more."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from devices.device import Device
from devices.quantity import CATALOGUE, Quantity
from ingest.settings import Settings
from publish.export.figure import NOTHING, Figure, figure
from publish.export.parking_windows import Place, place_of
from publish.export.said import by_series
from publish.hours.lots import lot_name
from publish.hours.plan import Lot
from publish.hours.row import HOUR_NS, SUFFIX
from publish.summary import CAPTURE, Summary, Window, rules

_ENDS = ("", "_partial", "_coverage", "_qc")
#: What is computed only is joined as another quantity is.
_LIKE = {"departures": "arrivals", "occupancy": "occupied"}
#: What else is looked at to join hours of a quantity.
_MADE_OF = {"stay": ("departures",), "occupancy": ("occupied_bays", "observed_bays")}
#: Seconds of all bays by the length of the hour: an hour in which less is known has less of them already.
_OF_ALL_BAYS = frozenset(("occupied_bays", "observed_bays"))
_MEANS = {"mean": rules.mean, "energy_mean": rules.energy_mean, "circular_mean": rules.circular_mean}


class Hour(NamedTuple):
    """A finished hour as it stands in the store; `value` also where it is not good enough."""

    time_ns: int
    value: float | int | None
    good: bool
    coverage: float
    suspect: bool


def hours_outlive(settings: Settings) -> bool:
    """Whether finished hours may be kept for longer than readings: in a bucket of their own."""
    influx = settings.influx
    return (
        settings.store == "influx"
        and influx is not None
        and influx.hours_bucket is not None
        and influx.hours_bucket != influx.bucket
    )


def measurement_of(measurement: str) -> str:
    """Where the hours of a measurement stand."""
    return f"{measurement}{SUFFIX}"


def fields_of(names: Iterable[str]) -> list[str]:
    """What to ask the store for."""
    made_of = [one for name in names for one in (name, *_MADE_OF.get(name, ()))]
    return [f"{name}{end}" for name in dict.fromkeys(made_of) for end in _ENDS]


def of_devices(
    measurement: str,
    table: pa.Table,
    devices: Mapping[str, Device],
    names: Sequence[str],
    windows: Sequence[Window],
    *,
    drop: bool,
) -> dict[Place, dict[str, list[Figure]]]:
    """The windows of each series of hours, those without hours `NOTHING`. With `drop`, hours that suspect
    values went into are left out.
    """
    return {
        Place(device.id, tags): _figures(rows, names, windows, drop=drop)
        for device, tags, rows, _ in by_series(measurement, table, devices)
    }


def of_lots(
    table: pa.Table, lots: Iterable[Lot], names: Sequence[str], windows: Sequence[Window], *, drop: bool
) -> dict[Place, dict[str, list[Figure]]]:
    """The same of car parks, from hours of their own."""
    found = {}
    for lot in lots:
        rows = table.filter(pc.equal(pc.cast(table.column("device"), pa.string()), lot_name(lot)))
        if rows.num_rows:
            found[place_of(lot)] = _figures(rows.sort_by("time"), names, windows, drop=drop, of_lot=True)
    return found


def _figures(
    rows: pa.Table, names: Sequence[str], windows: Sequence[Window], *, drop: bool, of_lot: bool = False
) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for name in names:
        hours = _hours(rows, name, drop=drop)
        if name == "stay":
            found[name] = _stays(rows, windows, hours, drop=drop)
        elif not hours:
            continue
        elif name == "occupancy":
            found[name] = _occupancy(rows, windows, hours, drop=drop)
        elif of_lot and name in _OF_ALL_BAYS:
            found[name] = [_bays(name, _within(hours, window), window) for window in windows]
        else:
            found[name] = [_joined(name, _within(hours, window), window) for window in windows]
    return found


def _stays(rows: pa.Table, windows: Sequence[Window], hours: Sequence[Hour], *, drop: bool) -> list[Figure]:
    """Mean stays weigh as much as bays were left; they are known while the bays are."""
    left = _hours(rows, "departures", drop=drop)
    weights = {one.time_ns: float(one.value or 0) for one in left}
    found = []
    for window in windows:
        known, stayed = _within(left, window), _within(hours, window)
        coverage = _coverage(known, window)
        if stayed or not known:
            found.append(_joined("stay", stayed, window, weights, coverage))
        else:  # nobody left
            found.append(Figure(None, None, coverage, reason="nothing"))
    return found


def _bays(name: str, hours: Sequence[Hour], window: Window) -> Figure:
    """Seconds of all bays by the length of the window."""
    figure = _joined(name, hours, window)
    if figure.reason == "nothing" or window.length_ns == HOUR_NS:
        return figure
    value = round(math.fsum(float(one.value or 0) for one in hours) * HOUR_NS / window.length_ns, 3)
    return _with_value(figure, value)


def _occupancy(
    rows: pa.Table, windows: Sequence[Window], hours: Sequence[Hour], *, drop: bool
) -> list[Figure]:
    """Of all seconds that bays were known, not the mean of the hours' shares."""
    occupied, observed = (_hours(rows, name, drop=drop) for name in _MADE_OF["occupancy"])
    found = []
    for window in windows:
        here = _within(hours, window)
        taken, known = (
            math.fsum(float(one.value or 0) for one in _within(several, window))
            for several in (occupied, observed)
        )
        if window.length_ns == HOUR_NS or not known:
            found.append(_joined("occupancy", here, window))
            continue
        found.append(_with_value(_joined("occupancy", here, window), round(taken / known, 4)))
    return found


def _with_value(figure: Figure, value: float) -> Figure:
    good = figure.coverage >= CAPTURE
    return Figure(
        value if good else None, None if good else value, figure.coverage, figure.suspect, figure.reason
    )


def _hours(rows: pa.Table, name: str, *, drop: bool) -> list[Hour]:
    columns = [rows.column(f"{name}{end}").to_pylist() for end in _ENDS]
    found = []
    for time_ns, value, partial, coverage, flag in zip(
        rows.column("time").to_pylist(), *columns, strict=True
    ):
        if coverage is not None and not (drop and flag is not None):
            known = partial if value is None else value
            found.append(Hour(time_ns, known, value is not None, coverage, flag is not None))
    return found


def _within(hours: Sequence[Hour], window: Window) -> Sequence[Hour]:
    end = bisect_left(hours, window.end_ns, key=_time_ns)
    return hours[bisect_left(hours, window.begin_ns, hi=end, key=_time_ns) : end]


def _coverage(hours: Sequence[Hour], window: Window) -> float:
    return window.share(sum(round(one.coverage * 10) * HOUR_NS // 1000 for one in hours))


def _joined(
    name: str,
    hours: Sequence[Hour],
    window: Window,
    weights: Mapping[int, float] | None = None,
    coverage: float | None = None,
) -> Figure:
    """Hours as one figure: without `weights` each weighs as much as is known of it."""
    if not hours:
        return NOTHING
    if len(hours) == 1 and window.length_ns == HOUR_NS:
        return _as_stored(hours[0])
    valued = [one for one in hours if one.value is not None]
    if coverage is None:
        coverage = _coverage(hours, window)
    if not valued:
        return Figure(None, None, coverage, reason="nothing")
    quantity = CATALOGUE[_LIKE.get(name, name)]
    shares = [one.coverage if weights is None else weights.get(one.time_ns, 0.0) for one in valued]
    values = [one.value for one in valued if one.value is not None]
    suspect = any(one.suspect for one in valued)
    return figure(quantity, Summary(_value(quantity, values, shares), coverage, suspect))


def _value(quantity: Quantity, values: Sequence[float | int], weights: Sequence[float]) -> float | int | None:
    if quantity.summary == "last":
        return values[-1]
    if quantity.summary == "max":
        return max(values)
    if quantity.summary == "sum":
        return sum(values) if quantity.decimals is None else math.fsum(values)
    mean = _MEANS.get(quantity.summary, rules.mean)
    return mean(values, weights if any(weights) else [1.0] * len(values))


def _as_stored(hour: Hour) -> Figure:
    if hour.value is None:
        return Figure(None, None, hour.coverage, reason="nothing")
    if hour.good:
        return Figure(hour.value, None, hour.coverage, hour.suspect)
    return Figure(None, hour.value, hour.coverage, hour.suspect, "incomplete")


def _time_ns(hour: Hour) -> int:
    return hour.time_ns
