"""Names that decoders give to what is measured, with their usual units: the tables of `devices.guess`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from devices.quantity import CATALOGUE

#: Names by which devices and decoders speak of themselves; no figure of the street is among them.
OF_ITSELF = re.compile(
    r"(?:^| )(?:device|protocol|payload|port|func|ct|node|model|type|sn|serial|uuid|eui|id|name|time"
    r"|timestamp|date|version|firmware|hardware|ipso|tsl|lorawan|class|status|flags?|frame|fcnt|mode|rssi|snr|lat"
    r"|latitude|lon|longitude|gps|reset|reboot|interval|period|interrupt|alarm|error|valid|charging)(?: |$)"
)
#: Words that make another thing of a name.
NOT_MEANT = frozenset({
    "activity", "alarm", "channel", "error", "frame", "gps", "lightning", "lora", "mutation", "number",
    "payload", "raw", "spd", "strike", "threshold", "vapor", "vapour",
})  # fmt: skip
INSIDE = re.compile(
    r"(?:^| )(?:board|inside|internal|device|chip|mcu|cpu|head|case|box|sensor|barometer)(?: |$)"
)

ByValue = Callable[[float], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """For keys whose words match `name` as a whole: the unit is fixed, or goes by the value.

    Without a unit it has to be said. `sure` is whether a unit that nobody said may be taken without a look.
    """

    name: re.Pattern[str]
    quantity: str
    unit: str | ByValue | None
    sure: bool


def rule(quantity: str, *names: str, unit: str | ByValue | None = "", sure: bool = True) -> Rule:
    own = CATALOGUE[quantity].unit if unit == "" else unit
    return Rule(re.compile("|".join(f"(?:{name})" for name in names)), quantity, own, sure)


def _pressure(size: float) -> str | None:
    """Air weighs 850 to 1100 hPa, in whichever unit that is."""
    spans = {"hPa": 1, "Pa": 100, "kPa": 0.1, "bar": 0.001}
    return next((unit for unit, factor in spans.items() if 850 * factor <= size <= 1100 * factor), None)


def voltage(size: float) -> str | None:
    return "V" if 0 < size <= 60 else "mV" if 1000 <= size <= 60000 else None


def _gas(quantity: str, *names: str) -> Rule:
    """Gases have no unit of their own: ppb, ppm and µg/m³ are all common."""
    return rule(quantity, *(f"{name}( concentration)?( .*)?" for name in names), unit=None)


_TEMPERATURE = "(temp|temperature)"
_RAIN = "(precipitation|rain|rainfall)"

#: The first that matches counts.
RULES = (
    rule("battery_voltage", r"((battery|bat|batt) )?(volt|voltage|volts|vol)", "bat v", "v bat", "batv",
         "vbat", "vdd", unit=voltage),
    rule("pm1", r"pm ?1( 0)?( mass( concentration)?)?( cf| atm)?"),
    rule("pm2_5", r"pm ?(2 ?5|25)( mass( concentration)?)?( cf| atm)?"),
    rule("pm4", r"pm ?4( 0)?( mass( concentration)?)?"),
    rule("pm10", r"pm ?10( 0)?( mass( concentration)?)?( cf| atm)?"),
    rule("co2", r"co ?2( concentration)?", "carbon dioxide"),
    _gas("no2", "no ?2"),
    _gas("no", "no"),
    _gas("o3", "o ?3", "ozone"),
    _gas("so2", "so ?2"),
    _gas("nh3", "nh ?3"),
    _gas("h2s", "h ?2 ?s"),
    _gas("hcho", "hcho", "ch2o", "formaldehyde"),
    _gas("co", "co"),
    rule("tvoc", r"(total )?t?voc", sure=False),
    rule("water_temperature", f"(water|river) {_TEMPERATURE}"),
    rule("soil_temperature", f"(soil|ground) {_TEMPERATURE}", f"{_TEMPERATURE} soil"),
    rule("surface_temperature", f"(surface|road) {_TEMPERATURE}"),
    rule("globe_temperature", f"(black )?globe {_TEMPERATURE}"),
    rule("dew_point", f"dew ?point( {_TEMPERATURE})?"),
    rule("air_temperature", f"(.* )?{_TEMPERATURE}( .*)?", r"temp ?c( .*)?"),
    rule("soil_moisture", "(soil )?moisture", "vwc", "volumetric water content", "water soil"),
    rule("soil_conductivity", "(soil |electrical )?conductivity", "(soil )?ec", "conduct soil",
         "electricity", unit="uS/cm", sure=False),
    rule("relative_humidity", r"(.* )?(hum|humidity|rh)( .*)?"),
    rule("air_pressure", r"((air|barometric|atmospheric|ambient) )?(pressure|barometer)", unit=_pressure),
    rule("illuminance", r"illuminance", "light( intensity)?", "lux"),
    rule("wind_gust", r"(max(imum)? )?wind (gust|max)( speed)?", r"wind speed max",
         r"max(imum)? wind speed", "gust"),
    rule("wind_speed", "wind( speed)?"),
    rule("wind_direction", "wind dir(ection)?"),
    rule("precipitation", f"((cumulative|total|accumulated) )?{_RAIN}( total)?", sure=False),
    rule("solar_radiation", "(solar )?radiation", "irradiance"),
    rule("uv_index", "uv( index)?"),
    rule("laeq", "l?aeq", "leq"),
    rule("lafmax", "laf ?max"),
    rule("sound_level_max", "(sound|noise) (peak|max)", "lmax"),
    rule("sound_level", "(sound|noise)( level| avg)?", "spl", "laf", "decibel", "db", "dba"),
    rule("fill_level", "fill(ing)? ?(level|lvl|inglvl|percent|percentage)?", "fillinglvl",
         "level percent(age)?"),
    rule("water_level", "(water )?depth", "water level", sure=False),
    rule("distance", r"distance( average| avg| median)?", "dist", unit="mm", sure=False),
    rule("water_detected", "(water )?leak(age)?( status)?", "flood", unit=None),
    rule("occupied", "occupied", "car on off", "parking( slot)?( status)?", "alarm park", unit=None),
    rule("bin_full", "full"),
    rule("bin_fire", "fire"),
    rule("tilted", "tilt(ed)?", "position"),
    rule("speed", "((mean|average|avg) )?speed"),
    rule("battery", r"(battery|bat|batt)( level| percent| percentage| capacity percentage| pct| main)?"),
)  # fmt: skip

COUNTS = re.compile(
    r"(?:^| )(?:count|counter|cnt|people|pax|persons?|vehicles?|cars|bikes?|in|out|ltr|rtl)(?: |$)"
)
FOR_EVER = re.compile(r"(?:^| )(?:total|sum|cumulative|accumulated|acc|overall)(?: |$)")
NOW = re.compile(r"(?:^| )(?:region|occupancy|current|present|now|all|max)(?: |$)")
LANE = re.compile(r"(?:line|lane) ?([0-9]+)")
WAYS = ("in", "out", "ltr", "rtl")

#: Units that names of keys end with.
SUFFIXES = {
    "ppb": "[ppb]", "ppm": "[ppm]", "ugm3": "ug/m3", "ug": "ug/m3", "mm": "mm", "cm": "cm", "m": "m",
    "hpa": "hPa", "pa": "Pa", "kpa": "kPa", "mbar": "hPa", "bar": "bar", "mv": "mV", "v": "V",
    "c": "Cel", "celsius": "Cel", "kmh": "km/h", "ms": "m/s", "lux": "lx", "dba": "dB", "db": "dB",
    "percent": "%", "percentage": "%", "pct": "%", "us": "uS/cm",
}  # fmt: skip
STATES = (
    {"occupied": 1, "free": 0},
    {"occupied": 1, "vacant": 0},
    {"tilt": 1, "normal": 0},
    {"leak": 1, "no leak": 0},
    {"leak": 1, "normal": 0},
    {"true": 1, "false": 0},
    {"on": 1, "off": 0},
)
#: What a temperature without a nearer name is of, beside these.
TEMPERATURE_OF = (
    (("soil_moisture", "soil_conductivity"), "soil_temperature"),
    (("water_level",), "water_temperature"),
    (("occupied", "count", "present", "distance", "fill_level", "tilted"), "device_temperature"),
)
