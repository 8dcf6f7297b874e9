"""One finished hour of one series: the fields of its row, and the line they become."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from devices.quantity import CATALOGUE, Quantity
from devices.reading import TAGS
from ingest.line_protocol import encode_row, tag
from ingest.seams import Row
from publish import air_index
from publish.hours.rhythm import Rhythm
from publish.summary import (
    CAPTURE,
    SUSPECT,
    Sample,
    Summary,
    Window,
    good_enough,
    rounded,
    samples,
    summarise,
)

HOUR_NS = 3600 * 1_000_000_000
#: What a measurement of finished hours ends with.
SUFFIX = "_1h"
#: Names of the tags that come from the registry; with a reading's own ones they are all there are.
COMMON = ("device", "district", "municipality", "site")

_INDICES = {"lqi_uba_2025": air_index.uba_2025, "eaqi_2024": air_index.european_2024}
_PARKING = (
    "arrivals",
    "departures",
    "stay",
    "occupied",
    "occupied_bays",
    "observed_bays",
    "capacity",
    "occupancy",
)

Fields = dict[str, float | int | str]
#: Device and own tags: what stays when a place gets another site or district.
Key = tuple[tuple[str, str], ...]


def fields_of(quantities: Iterable[Quantity], rows: Sequence[Row], window: Window, rhythm: Rhythm) -> Fields:
    """Every quantity that the series says anything of in the window; empty where it says nothing.

    `<field>` where the hour is good enough, else `<field>_partial`; `<field>_coverage`, and `coverage`, the
    lowest of them, in percent. `<field>_qc` is 3 where a value that went into the figure was suspect.
    """
    there = {name for row in rows for name in row.fields}
    fields: Fields = {}
    lowest = 100.0
    for quantity in quantities:
        name = quantity.name
        if name not in there and f"{name}_failed" not in there:
            continue
        found = _summed(quantity, samples(rows, name), window, rhythm)
        if found is None:
            continue
        if found.value is not None:
            kept = name if good_enough(quantity, found.coverage) else f"{name}_partial"
            fields[kept] = rounded(quantity, found.value)
            if found.suspect:
                fields[f"{name}_qc"] = SUSPECT
        fields[f"{name}_coverage"] = found.coverage
        lowest = min(lowest, found.coverage)
    if fields:
        fields["coverage"] = lowest
    return fields


def with_indices(fields: Fields, rows: Sequence[Row], window: Window, rhythm: Rhythm) -> Fields:
    """The row of an hour of air with the indices of the hourly means in it that reach 75 %, as published.

    `<index>_qc` is 3 where suspect values went into a mean that decides. `lqi_uba_2025_sure` is the class by
    the values that are not suspect, from means that reach 75 % without the others; absent where none does.
    Alarms go by it.
    """
    means = {
        name: float(fields[name])
        for name in air_index.UBA_2025
        if name in fields and float(fields[f"{name}_coverage"]) >= CAPTURE
    }
    indices: Fields = {}
    for name, of in _INDICES.items():
        found = of(means)
        if found is not None:
            indices |= {name: found.level, f"{name}_of": ",".join(found.of), f"{name}_by": ",".join(found.by)}
            if any(f"{one}_qc" in fields for one in found.by):
                indices[f"{name}_qc"] = SUSPECT
    sure = air_index.uba_2025(dict(_sure(fields, means, rows, window, rhythm)))
    if sure is not None:
        indices["lqi_uba_2025_sure"] = sure.level
    return fields | indices


def _sure(
    fields: Fields, means: Mapping[str, float], rows: Sequence[Row], window: Window, rhythm: Rhythm
) -> Iterator[tuple[str, float]]:
    """The means that reach 75 % without their suspect values."""
    for name, mean in means.items():
        if f"{name}_qc" not in fields:
            yield name, mean
            continue
        said = [one if not one.suspect else Sample(one.time_ns, None) for one in samples(rows, name)]
        quantity = CATALOGUE[name]
        found = _summed(quantity, said, window, rhythm)
        if found is not None and found.value is not None and found.coverage >= CAPTURE:
            yield name, float(rounded(quantity, found.value))


def _summed(quantity: Quantity, said: Iterable[Sample], window: Window, rhythm: Rhythm) -> Summary | None:
    """The window as it is known of this rhythm, whatever else of the time before is at hand."""
    since_ns = window.begin_ns - rhythm.back_s(quantity) * 1_000_000_000
    return summarise(
        quantity,
        [one for one in said if one.time_ns >= since_ns],
        window,
        expected_s=rhythm.expected_s,
        known_s=rhythm.known_s,
        ends=rhythm.ends,
        later=rhythm.later,
    )


def key_of(tags: Mapping[str, str]) -> Key:
    """What names the series of a row."""
    return tuple([(name, tags[name]) for name in ("device", *TAGS) if name in tags])


def line_of(measurement: str, tags: Mapping[str, str], fields: Fields, hour_ns: int) -> bytes:
    """The line of an hour, with the tags of its source."""
    text = "".join([tag(name, tags[name]) for name in sorted(tags)])
    return encode_row(f"{measurement}{SUFFIX}", text, fields, hour_ns)


def possible_fields(measurement: str, quantities: Iterable[str]) -> list[str]:
    """Every field that a row of these hours may have."""
    names = [*quantities, *(_PARKING if measurement == "parking" else ())]
    found = [f"{name}{end}" for name in dict.fromkeys(names) for end in ("", "_partial", "_coverage", "_qc")]
    if measurement == "air_quality":
        found += [f"{name}{end}" for name in _INDICES for end in ("", "_of", "_by", "_qc")]
        found.append("lqi_uba_2025_sure")
    return [*found, "coverage"]
