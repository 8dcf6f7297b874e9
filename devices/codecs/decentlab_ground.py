"""Decentlab's sensors of water, soil and road, as `devices.codecs.decentlab` reads them all."""

from collections.abc import Mapping

from devices.codecs.decentlab import Figure, Group, Parameters, Words, codec, linear, plain, signed
from devices.codecs.decoded import LocalCodec

_BATTERY = Group(1, (Figure("Battery voltage", plain(0, 1000), "V"),))

_DISTANCES = (
    "average",
    "minimum",
    "maximum",
    "median",
    "10th percentile",
    "25th percentile",
    "75th percentile",
    "90th percentile",
    "most frequent value",
)

_LIDAR = Group(
    11,
    (
        *(Figure(f"Distance: {which}", plain(at), "mm") for at, which in enumerate(_DISTANCES)),
        Figure("Number of samples", plain(9)),
        Figure("Total acquisition time", linear(10, 1 / 1.024), "ms"),
    ),
)

_ULTRASOUND = Group(2, (Figure("Distance", plain(0), "mm"), Figure("Number of valid samples", plain(1))))


def _pressure(words: Words, unit: Parameters) -> float:
    """Half of the range at 32768: -0.5 to 1.5 of it can be said."""
    return (words[0] - 16384) / 32768 * (unit["Pmax"] - unit["Pmin"]) + unit["Pmin"]


_PROBE = Group(
    2, (Figure("Pressure", _pressure, "bar"), Figure("Temperature", linear(1, 0.003125, -51.2), "°C"))
)

_DEPTH = Group(
    4,
    (
        Figure("Water depth", signed(0), "mm"),
        Figure("Temperature", signed(1, 10), "°C"),
        Figure("Electrical conductivity", plain(2), "µS⋅cm⁻¹"),
        Figure("Freezing flag", plain(3)),
    ),
)


def _permittivity(words: Words, _: Parameters) -> float:
    raw = words[0] / 10
    return float((2.887e-9 * raw**3 - 2.08e-5 * raw**2 + 5.276e-2 * raw - 43.39) ** 2)


_SOIL = Group(
    3,
    (
        Figure("Dielectric permittivity", _permittivity),
        Figure("Volumetric water content", linear(0, 3.879e-5, -0.6956), "m³⋅m⁻³"),
        Figure("Soil temperature", signed(1, 10), "°C"),
        Figure("Electrical conductivity", plain(2), "µS⋅cm⁻¹"),
    ),
)


def _air(behind: str = "") -> Group:
    return Group(
        2,
        (
            Figure(f"Air temperature{behind}", linear(0, 175 / 65535, -45), "°C"),
            Figure(f"Air humidity{behind}", linear(1, 100 / 65535), "%"),
        ),
    )


_PYROMETER = Group(
    2,
    (
        Figure("Surface temperature", linear(0, 0.1, -100), "°C"),
        Figure("Head temperature", linear(1, 0.1, -100), "°C"),
    ),
)

_ROAD = Group(
    6,
    (
        Figure("Surface temperature", signed(0, 100), "°C"),
        Figure("Air temperature", signed(1, 100), "°C"),
        Figure("Air humidity", signed(2, 100), "%"),
        Figure("Dew point", signed(3, 100), "°C"),
        Figure("Angle", signed(4), "°"),
        Figure("Sensor temperature", signed(5, 100), "°C"),
    ),
)

#: The codecs, by the name that a type file says.
CODECS: Mapping[str, LocalCodec] = {
    "decentlab-dl-ctd10": codec(_DEPTH, _BATTERY),
    "decentlab-dl-cws2": codec(_air(" (radiation shield)"), _ROAD, _BATTERY),
    "decentlab-dl-lid": codec(_LIDAR, _BATTERY),
    "decentlab-dl-mbx": codec(_ULTRASOUND, _BATTERY),
    "decentlab-dl-pr26": codec(_PROBE, _BATTERY, parameters={"Pmin": 0.0, "Pmax": 1.0}),
    "decentlab-dl-trs12": codec(_SOIL, _BATTERY),
    "decentlab-dl-wrm": codec(_air(), _PYROMETER, _BATTERY),
}
