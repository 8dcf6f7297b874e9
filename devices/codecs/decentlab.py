"""Decentlab: `02, device id u16, flags u16`, then for each flag, lowest first, its group of 16-bit words.

All big-endian. Source: the payload chapter of each model's user guide (www.decentlab.com/support), whose
formulas stand below. A payload does not say which model sent it: each has a codec of its own, named
`decentlab-` and the model.
"""

import math
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from devices.codecs.decoded import Decoded, LocalCodec
from devices.language import say

Words = Sequence[int]  #: of one group
Parameters = Mapping[str, float]

#: Makes a figure of a group; None where it means nothing.
Formula = Callable[[Words, Parameters], float | None]


class Figure(NamedTuple):
    """A figure by the maker's name. `needs` are variables of the installation, from the unit's own sheet."""

    name: str
    of: Formula
    unit: str | None = None
    needs: tuple[str, ...] = ()


class Group(NamedTuple):
    """What follows when a flag is set."""

    words: int
    figures: tuple[Figure, ...]


_VERSION = 2
_HEAD = struct.Struct(">BHH")


def linear(at: int, slope: float, intercept: float = 0.0) -> Formula:
    """`slope * word + intercept`."""
    return lambda words, _: slope * words[at] + intercept


def plain(at: int, divisor: int = 1) -> Formula:
    """`word / divisor`."""
    return lambda words, _: words[at] if divisor == 1 else words[at] / divisor


def signed(at: int, divisor: int = 1) -> Formula:
    """`(word - 32768) / divisor`."""
    return lambda words, _: (words[at] - 32768) / divisor


@cache
def key(name: str) -> str:
    """The key of a figure in the decoded object: lower case, `_` for everything else."""
    return re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")


def codec(*groups: Group, parameters: Parameters | None = None) -> LocalCodec:
    """The codec of a model; `parameters` are variables that may be left out, with what they are then.

    A figure whose variables are missing is left out with a warning.
    """
    defaults = parameters or {}
    names = dict.fromkeys(
        [*defaults, *(name for group in groups for one in group.figures for name in one.needs)]
    )

    def decode(payload: bytes, f_port: int, variables: Mapping[str, str]) -> Decoded:
        known = {**defaults, **{name: _number(name, variables[name]) for name in names if name in variables}}
        version, device, flags = _HEAD.unpack_from(payload)
        if version != _VERSION:
            raise ValueError(say("protocol version {version} is not known, only 2", version=version))
        said: dict[str, Any] = {"protocol_version": version, "device_id": device}
        missing: dict[str, None] = {}
        for group, words in _groups(payload, flags, groups):
            for figure in group.figures:
                if lacks := [name for name in figure.needs if name not in known]:
                    missing.update(dict.fromkeys(lacks))
                elif (value := figure.of(words, known)) is not None:
                    unit = {} if figure.unit is None else {"unit": figure.unit}
                    said[key(figure.name)] = {"displayName": figure.name, "value": value, **unit}
        warnings = [say("variable {name} of the installation is missing", name=name) for name in missing]
        if flags >> len(groups):
            warnings.append(say("the payload says more than this model does: another type?"))
        return Decoded(said, tuple(warnings))

    return decode


def _groups(payload: bytes, flags: int, groups: Sequence[Group]) -> Iterator[tuple[Group, Words]]:
    at = _HEAD.size
    for number, group in enumerate(groups):
        if flags >> number & 1:
            yield group, struct.unpack_from(f">{group.words}H", payload, at)
            at += 2 * group.words


def _number(name: str, text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return number
    raise ValueError(say("variable {name} is {text}: write a number, as in 0.256", name=name, text=text))


_BATTERY = Group(1, (Figure("Battery voltage", plain(0, 1000), "V"),))

_SHT21 = Group(
    2,
    (
        Figure("Air temperature", linear(0, 175.72 / 65536, -46.85), "°C"),
        Figure("Air humidity", linear(1, 125 / 65536, -6), "%"),
    ),
)

_SHT35 = Group(
    2,
    (
        Figure("Air temperature", linear(0, 175 / 65535, -45), "°C"),
        Figure("Air humidity", linear(1, 100 / 65535), "%"),
    ),
)

_BAROMETER = Group(1, (Figure("Barometric pressure", linear(0, 2), "Pa"),))

_DUST = Group(
    10,
    (
        *(
            Figure(f"{size} mass concentration", plain(at, 10), "µg⋅m⁻³")
            for at, size in enumerate(("PM1.0", "PM2.5", "PM4", "PM10"))
        ),
        Figure("Typical particle size", plain(4), "nm"),
        *(
            Figure(f"{size} number concentration", plain(at, 10))
            for at, size in enumerate(("PM0.5", "PM1.0", "PM2.5", "PM4", "PM10"), 5)
        ),
    ),
)

_LP8P_BAROMETER = Group(
    2,
    (
        Figure("Barometer temperature", linear(0, 1 / 100, -50), "°C"),
        Figure("Barometric pressure", linear(1, 2), "Pa"),
    ),
)

_LP8P_CO2 = Group(
    8,
    (
        Figure("CO2 concentration", signed(0), "ppm"),
        Figure("CO2 concentration LPF", signed(1), "ppm"),
        Figure("CO2 sensor temperature", signed(2, 100), "°C"),
        Figure("Capacitor voltage 1", plain(3, 1000), "V"),
        Figure("Capacitor voltage 2", plain(4, 1000), "V"),
        Figure("CO2 sensor status", plain(5)),
        Figure("Raw IR reading", plain(6)),
        Figure("Raw IR reading LPF", plain(7)),
    ),
)

_IAM_LIGHT = Group(
    2,
    (
        Figure("Ambient light (visible + infrared)", plain(0)),
        Figure("Ambient light (infrared)", plain(1)),
        Figure(
            "Illuminance",
            lambda words, _: 1.5504 * max(words[0] - 1.64 * words[1], 0.59 * words[0] - 0.86 * words[1], 0.0),
            "lx",
        ),
    ),
)

_IAM_CO2 = Group(
    3,
    (
        Figure("CO2 concentration", signed(0), "ppm"),
        Figure("CO2 sensor status", plain(1)),
        Figure("Raw IR reading", plain(2)),
    ),
)


def _cell(channel: int, gas: str) -> Group:
    """An electrochemical cell: its working electrode in mV, alone and less the auxiliary one."""
    zero, auxiliary, sensitivity = f"{gas}_WE_0", f"{gas}_AUX_0", f"{gas}_S"

    def concentration(words: Words, unit: Parameters) -> float | None:
        return _ratio(_millivolts(words[0]) - unit[zero], unit[sensitivity])

    def compensated(words: Words, unit: Parameters) -> float | None:
        return _ratio(_millivolts(words[1]) - unit[zero] + unit[auxiliary], unit[sensitivity])

    name = f"CH{channel}: {gas}"
    return Group(
        2,
        (
            Figure(f"{name} (we)", lambda words, _: _millivolts(words[0]), "mV"),
            Figure(f"{name} (we-aux)", lambda words, _: _millivolts(words[1]), "mV"),
            Figure(f"{name} concentration (we)", concentration, "ppb", (zero, sensitivity)),
            Figure(f"{name} concentration (we-aux)", compensated, "ppb", (zero, auxiliary, sensitivity)),
        ),
    )


def _millivolts(word: int) -> float:
    return 3000 * (word / 32768 - 1)


def _ratio(millivolts: float, sensitivity: float) -> float | None:
    return millivolts / sensitivity if sensitivity else None


_WIND = ("Wind speed", 100, "m⋅s⁻¹"), ("Wind direction", 10, "°"), ("Maximum wind speed", 100, "m⋅s⁻¹")


def _signed(*several: tuple[str, int, str], at: int = 0) -> tuple[Figure, ...]:
    return tuple(
        Figure(name, signed(at + n, divisor), unit) for n, (name, divisor, unit) in enumerate(several)
    )


_ATM41 = Group(
    17,
    (
        Figure("Solar radiation", signed(0), "W⋅m⁻²"),
        Figure("Precipitation", signed(1, 1000), "mm"),
        Figure("Lightning strike count", signed(2)),
        Figure("Lightning average distance", signed(3), "km"),
        *_signed(
            *_WIND,
            ("Air temperature", 10, "°C"),
            ("Vapor pressure", 100, "kPa"),
            ("Atmospheric pressure", 100, "kPa"),
            ("Relative humidity", 10, "%"),
            ("Sensor temperature (internal)", 10, "°C"),
            ("X orientation angle", 10, "°"),
            ("Y orientation angle", 10, "°"),
            ("Compass heading", 1, "°"),
            ("North wind speed", 100, "m⋅s⁻¹"),
            ("East wind speed", 100, "m⋅s⁻¹"),
            at=4,
        ),
    ),
)

_ATM41G2 = Group(
    17,
    (
        Figure("Solar radiation", signed(0, 10), "W⋅m⁻²"),
        Figure("Precipitation", plain(1, 1000), "mm"),
        Figure("Lightning strike count", signed(2)),
        Figure("Lightning average distance", signed(3), "km"),
        *_signed(
            *_WIND,
            ("Air temperature", 10, "°C"),
            ("Vapor pressure", 100, "kPa"),
            ("Barometric pressure", 100, "kPa"),
            ("Relative humidity", 10, "%"),
            ("Internal temperature", 10, "°C"),
            ("Tilt angle, X orientation", 10, "°"),
            ("Tilt angle, Y orientation", 10, "°"),
            ("Precipitation electrical conductivity", 1, "µS⋅cm⁻¹"),
            at=4,
        ),
        Figure("Cumulative precipitation", lambda words, _: (words[15] + words[16] * 65536) / 1000, "mm"),
    ),
)

_ATM22 = Group(
    8,
    _signed(
        *_WIND,
        ("Air temperature", 10, "°C"),
        ("X orientation angle", 10, "°"),
        ("Y orientation angle", 10, "°"),
        ("North wind speed", 100, "m⋅s⁻¹"),
        ("East wind speed", 100, "m⋅s⁻¹"),
    ),
)

_RAIN_GAUGE = Group(
    4,
    (
        Figure("Precipitation", lambda words, unit: words[0] * unit["resolution"], "mm"),
        Figure("Precipitation interval", plain(1), "s"),
        Figure(
            "Cumulative precipitation",
            lambda words, unit: (words[2] + words[3] * 65536) * unit["resolution"],
            "mm",
        ),
    ),
)


def _bridge(words: Words, _: Parameters) -> float:
    return ((words[0] + words[1] * 65536) / 8388608 - 1) / 2


def _thermistor(words: Words, unit: Parameters) -> float | None:
    """Ohms of the thermistor, in series with 41 kΩ."""
    ratio = _bridge(words, unit)
    return 1000 / ratio - 41000 if ratio > 0 else None


def _globe(words: Words, unit: Parameters) -> float | None:
    """The Steinhart-Hart equation with the probe's coefficients."""
    ohms = _thermistor(words, unit)
    if ohms is None or ohms <= 0:
        return None
    log = math.log(ohms)
    return 1 / (0.0008271111 + 0.000208802 * log + 0.000000080592 * log**3) - 273.15


_BLACK_GLOBE = Group(
    2,
    (
        Figure("Voltage ratio", _bridge),
        Figure("Thermistor resistance", _thermistor, "Ω"),
        Figure("Temperature", _globe, "°C"),
    ),
)

#: The codecs, by the name that a type file says.
CODECS: Mapping[str, LocalCodec] = {
    "decentlab-dl-ac": codec(
        _SHT21, _cell(4, "NO2"), _cell(5, "NO"), _cell(6, "Ox"), _cell(7, "CO"), _BATTERY
    ),
    "decentlab-dl-atm22": codec(_ATM22, _BATTERY),
    "decentlab-dl-atm41": codec(_ATM41, _BATTERY),
    "decentlab-dl-atm41g2": codec(_ATM41G2, _BATTERY),
    "decentlab-dl-blg": codec(_BLACK_GLOBE, _BATTERY),
    "decentlab-dl-iam": codec(
        _BATTERY,
        _SHT35,
        _BAROMETER,
        _IAM_LIGHT,
        _IAM_CO2,
        Group(1, (Figure("Activity counter", plain(0)),)),
        Group(1, (Figure("Total VOC", plain(0), "ppb"),)),
    ),
    "decentlab-dl-lp8p": codec(_SHT21, _LP8P_BAROMETER, _LP8P_CO2, _BATTERY),
    "decentlab-dl-pm": codec(_BATTERY, _DUST, _SHT21, _BAROMETER),
    "decentlab-dl-sht35": codec(_SHT35, _BATTERY),
    "decentlab-dl-tbrg": codec(_RAIN_GAUGE, _BATTERY, parameters={"resolution": 0.1}),
}
