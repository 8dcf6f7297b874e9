"""All that is known of an export beside its values, as plain data for its data package."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from devices.language import in_language, say
from publish.export.about import About, Hardware, Place, Span
from publish.export.series import Gathered
from publish.export.sheet import Entry, Sheet
from publish.summary import CAPTURE, COMPLETE

Json = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def told(sheet: Sheet, about: About, gathered: Gathered) -> Json:
    """The `messnetz` of a data package. Times are ISO 8601, in UTC and on the clock of the place."""
    zone = ZoneInfo(about.timezone)
    found: Json = {
        "software": about.software,
        "registry": about.registry,
        "language": about.lang,
        "official": False,
        "audience": about.audience,
        "made": both(about.made_ns, zone),
        "newest": both(about.newest_ns, zone),
        "period": {"begin": both(about.begin_ns, zone), "end": both(about.end_ns, zone)},
        "timezone": about.timezone,
        "asked": dict(about.asked),
        "request": dict(about.request),
        "shape": sheet.shape,
        "rows": sheet.rows,
        "values": sum(one.values for one in gathered.tallies.values()),
        "statements": list(about.statements),
        "flags": _flags(about),
        "capture": {
            "rule": "39. BImSchV Anlage 11 A",
            "percent": CAPTURE,
            "percentOfSums": COMPLETE,
        },
        "publishers": [
            {
                "municipality": one.municipality,
                "ags": one.ags,
                "name": one.name,
                "contact": one.contact,
                "licence": one.licence,
            }
            for one in about.publishers
        ],
        "places": [_place(one, zone) for one in about.places],
        "maintenance": _spans(about, "maintenance", zone),
        "flagged": _spans(about, "flag", zone),
        "recomputed": _spans(about, "recompute", zone),
        "series": [_series(one, zone) for one in sheet.entries],
    }
    return found


def utc(time_ns: int) -> str:
    """`2026-01-01T06:00:00Z`, with so many decimals of the second as it has (three, six or nine)."""
    seconds, nanos = divmod(time_ns, 1_000_000_000)
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}{_fraction(nanos)}Z"


def both(time_ns: int | None, zone: ZoneInfo) -> Json | None:
    """A time in UTC and on the clock of a zone; None where it is open."""
    if time_ns is None:
        return None
    seconds, nanos = divmod(time_ns, 1_000_000_000)
    there = (_EPOCH + timedelta(seconds=seconds)).astimezone(zone).isoformat()
    return {"utc": utc(time_ns), "local": f"{there[:19]}{_fraction(nanos)}{there[19:]}"}


def keywords(sheet: Sheet, about: About) -> list[str]:
    """Sites and quantities, each once."""
    words = [one.measured for one in sheet.entries] + [one.site for one in about.places]
    return list(dict.fromkeys(word for word in words if word))


def spatial(about: About) -> Json | None:
    """The box around all places: west, south, east, north in degrees (WGS 84)."""
    points = [(one.lon, one.lat) for one in about.places if one.lon is not None and one.lat is not None]
    if not points:
        return None
    west, south = (min(each) for each in zip(*points, strict=True))
    east, north = (max(each) for each in zip(*points, strict=True))
    return {"bbox": [west, south, east, north]}


def _fraction(nanos: int) -> str:
    if not nanos:
        return ""
    digits = 9 if nanos % 1000 else 6 if nanos % 1_000_000 else 3
    return f".{nanos:09}"[: digits + 1]


def _flags(about: About) -> list[Json]:
    meanings = (
        (1, True, say("plausible: passed all tests")),
        (2, False, say("not evaluated: does not occur, every value is tested")),
        (3, True, say("suspect: unusual, may well be true")),
        (4, False, say("failed: left out")),
        (9, False, say("missing: an empty cell, which has no flag")),
    )
    return [
        {"value": value, "meaning": in_language(meaning, about.lang), "occurs": occurs}
        for value, occurs, meaning in meanings
    ]


def _place(place: Place, zone: ZoneInfo) -> Json:
    found: Json = {
        "device": place.device,
        "site": place.site,
        "municipality": place.municipality,
        "district": place.district,
        "lot": place.lot,
        "bay": place.bay,
        "lat": place.lat,
        "lon": place.lon,
        "metresAboveGround": place.height_m,
        "publish": place.publish,
        "intervalSeconds": place.interval_s,
        "labels": dict(place.labels),
        "hardware": [hardware(one, zone) for one in place.hardware],
    }
    return {key: value for key, value in found.items() if value not in (None, {}, [])}


def hardware(one: Hardware, zone: ZoneInfo) -> Json:
    """One installation with its time and its calibration."""
    return {
        "manufacturer": one.manufacturer,
        "model": one.model,
        "type": one.type,
        "from": both(one.begin_ns, zone),
        "to": both(one.end_ns, zone),
        "calibration": [
            {"quantity": name, "factor": factor, "offset": offset}
            for name, (factor, offset) in one.calibration.items()
        ],
    }


def _spans(about: About, kind: str, zone: ZoneInfo) -> list[Json]:
    return [_span(one, zone) for one in about.spans if one.kind == kind]


def _span(one: Span, zone: ZoneInfo) -> Json:
    found: Json = {
        "device": one.device,
        "from": both(one.begin_ns, zone),
        "to": both(one.end_ns, zone),
        "reason": one.reason,
    }
    return found if one.at_ns is None else {**found, "done": both(one.at_ns, zone)}


def _series(entry: Entry, zone: ZoneInfo) -> Json:
    tally = entry.tally
    found: Json = {
        "name": entry.name,
        "title": entry.title,
        "device": entry.device,
        "quantity": entry.quantity,
        "unit": entry.unit,
        "decimals": entry.decimals,
        "tags": dict(entry.tags),
        "values": tally.values,
        "suspect": tally.suspect,
        "failed": tally.failed,
        "dropped": tally.dropped,
        "first": both(tally.first_ns, zone),
        "last": both(tally.last_ns, zone),
    }
    if tally.windows:
        found |= {
            "windows": tally.windows,
            "coverage": round(tally.coverage_sum / tally.windows, 1),
            "reasons": dict(sorted(tally.reasons.items())),
        }
    return found
