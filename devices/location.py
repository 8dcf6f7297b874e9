"""Where a place can lie: within Germany and its surroundings, and not far from its neighbours."""

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence

from devices.device import Device
from devices.language import Sentence, say

#: Degrees, from half a degree (50 km) outside of Germany's outermost points on: a town at the border may
#: measure beyond it.
LATITUDES = (46.7, 55.6)
LONGITUDES = (5.3, 15.6)
#: The time zones of places that lie in Germany.
ZONES = frozenset({"Europe/Berlin", "Europe/Busingen"})

#: Farther from the middle of its file's places, a place is taken for a mistake. The largest district of
#: Germany is 130 km across.
FAR_KM = 150.0
#: Fewer places have no middle.
ENOUGH = 5
_SAMPLE = 999


def in_germany(lat: float, lon: float) -> bool:
    """Whether a place lies in Germany or near its border."""
    return LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]


def complaint(lat: float, lon: float, timezone: str) -> Sentence | None:
    """What is wrong with a place in this time zone, if anything."""
    if in_germany(lat, lon):
        return None
    if in_germany(lon, lat):
        return say(
            "lat and lon are exchanged: write {{lat: {lat}, lon: {lon}}}",
            lat=f"{lon:.10g}",
            lon=f"{lat:.10g}",
        )
    if lat == 0 and lon == 0:
        return say("lat 0, lon 0 lies in the sea off Africa: leave `location` out until it is known")
    if timezone not in ZONES:
        return None
    return say(
        "lat {lat}, lon {lon} lies outside of Germany: compare the digits, or write another `timezone` above",
        lat=f"{lat:.10g}",
        lon=f"{lon:.10g}",
    )


def far_off(devices: Sequence[Device]) -> Iterator[tuple[Device, Sentence]]:
    """The places of one file that lie far from the middle of all, each with what is wrong."""
    placed = [one for one in devices if one.lat is not None and one.lon is not None]
    if len(placed) < ENOUGH:
        return
    some = placed[:: len(placed) // _SAMPLE + 1]
    lat, lon = _middle(one.lat for one in some), _middle(one.lon for one in some)
    limit = FAR_KM / 111.2
    for one in placed:
        # The difference of latitudes alone is enough to leave most of them out.
        north, east = (one.lat or 0.0) - lat, ((one.lon or 0.0) - lon) * math.cos(math.radians(lat))
        if abs(north) > limit or abs(east) > limit or math.hypot(north, east) > limit:
            yield (
                one,
                say(
                    "lies {km} km from the other places of {municipality}: compare the digits; a place of"
                    " another municipality belongs into a file of its own",
                    km=round(math.hypot(north, east) * 111.2),
                    municipality=one.municipality,
                ),
            )


def _middle(degrees: Iterable[float | None]) -> float:
    return statistics.median(one for one in degrees if one is not None)
