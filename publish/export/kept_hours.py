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
from publish.export.parking_windows import OF_LOT, Place, place_of
from publish.export.said import by_series
from publish.hours.lots import lot_name
from publish.hours.plan import Lot
from publish.hours.row import HOUR_NS, SUFFIX
from publish.summary import CAPTURE, Summary, Window, rules

_ENDS = ("", "_partial", "_coverage", "_qc")
#: Sums that only car parks and bays have in their hours.
_TURNS = frozenset(("arrivals", "departures"))
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
    return [f"{name}{end}" for name in names for end in _ENDS]


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
    """The windows of car parks from their own hours."""
    found = {}
    device = pc.cast(table.column("device"), pa.string())
    for lot in lots:
        rows = table.filter(pc.equal(device, lot_name(lot))).sort_by("time")
        if rows.num_rows:
            found[place_of(lot)] = _of_lot(rows, names, windows, drop=drop)
    return found


def _figures(
    rows: pa.Table, names: Sequence[str], windows: Sequence[Window], *, drop: bool
) -> dict[str, list[Figure]]:
    hours = {name: of for name in names if (of := _hours(rows, name, drop=drop))}
    left = {one.time_ns: float(one.value or 0) for one in hours.get("departures", ())}
    return {
        name: [
            _joined(name, _within(of, window), window, left if name == "stay" else None) for window in windows
        ]
        for name, of in hours.items()
    }


def _of_lot(
    rows: pa.Table, names: Sequence[str], windows: Sequence[Window], *, drop: bool
) -> dict[str, list[Figure]]:
    found = _figures(
        rows, [name for name in (*OF_LOT, "departures") if name != "occupancy"], windows, drop=drop
    )
    shares = _figures_of_share(rows, windows, drop=drop)
    if shares:
        found["occupancy"] = shares
    return {name: figures for name, figures in found.items() if name in names}


def _figures_of_share(rows: pa.Table, windows: Sequence[Window], *, drop: bool) -> list[Figure]:
    """Occupancy is of all seconds that bays were known, not the mean of the hours' shares."""
    occupied, observed = (_hours(rows, name, drop=drop) for name in ("occupied_bays", "observed_bays"))
    suspect = {one.time_ns for one in _hours(rows, "occupancy", drop=drop) if one.suspect}
    found = []
    for window in windows:
        taken, known = _within(occupied, window), _within(observed, window)
        whole = math.fsum(float(one.value or 0) for one in known)
        if not whole:
            found.append(NOTHING)
            continue
        value = round(math.fsum(float(one.value or 0) for one in taken) / whole, 4)
        coverage = _coverage(known, window)
        doubtful = any(one.time_ns in suspect for one in known)
        if coverage >= CAPTURE:
            found.append(Figure(value, None, coverage, doubtful))
        else:
            found.append(Figure(None, value, coverage, doubtful, "incomplete"))
    return found


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


def _joined(name: str, hours: Sequence[Hour], window: Window, left: Mapping[int, float] | None) -> Figure:
    """Hours as one figure: each weighs as much as is known of it, mean stays as many as left."""
    if not hours:
        return NOTHING
    if len(hours) == 1 and window.length_ns == HOUR_NS:
        return _as_stored(hours[0])
    valued = [one for one in hours if one.value is not None]
    coverage = _coverage(hours, window)
    if not valued:
        return Figure(None, None, coverage, reason="nothing")
    quantity = CATALOGUE["arrivals" if name in _TURNS else name]
    weights = [one.coverage if left is None else left.get(one.time_ns, 0.0) for one in valued]
    values = [one.value for one in valued if one.value is not None]
    suspect = any(one.suspect for one in valued)
    if name in ("occupied_bays", "observed_bays") and quantity.summary == "time_weighted":
        weights = [1.0] * len(values)
    return figure(quantity, Summary(_value(quantity, values, weights), coverage, suspect))


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
