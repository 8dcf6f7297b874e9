"""The catalogue of quantities: one unit, one type, one range a field, for ever.

Units follow the ordinances where there are any: gases in µg/m³ and CO in mg/m³ at 293 K and 101.3 kPa,
particles at ambient conditions and never from ppb (39. BImSchV Anlage 6 C). Plausible ranges are wide
bounds of what can be outdoors in a German city, usual ranges of what is worth a second look; both are
engineering judgement, not law. Small negative values of gases near zero are normal for analysers and
pass. They are the thresholds of QARTOD's gross range test; those of the tests that look back
stand in `devices.limits`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from devices import unit
from devices.complaint import one_line
from devices.language import Sentence, say
from devices.limits import LOOKING_BACK, Change, Limits, changed

Summary = Literal["mean", "energy_mean", "circular_mean", "max", "sum", "time_weighted", "last"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured. `name` is the field's name in `measurement` and is never renamed or reused.

    `decimals` is None for integers (counts, states), else the rounding of the float. Values outside
    `plausible` fail, values outside `usual` are suspect (None: open on that side). `units` maps every
    UCUM code it takes to `(factor, offset)` into `unit`: `factor * number + offset`.
    `interval` says that it is measured over an interval and its point carries the interval's begin.
    """

    name: str
    measurement: str
    unit: str  #: UCUM
    decimals: int | None
    plausible: tuple[float | None, float | None]
    usual: tuple[float | None, float | None] = (None, None)
    summary: Summary = "mean"
    interval: bool = False
    units: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    title: str = ""  #: what a person calls it, English
    becomes: tuple[str, ...] = ()  #: quantities that an installation's calibration may make of it
    limits: Limits = field(init=False, repr=False)  #: of every test, where neither type nor device changes it

    def __post_init__(self) -> None:
        """Put the thresholds of the tests that look back beside the spans."""
        limits = changed(Limits(self.plausible, self.usual), LOOKING_BACK.get(self.name, Change()))
        object.__setattr__(self, "limits", limits)


def _quantity(
    measurement: str,
    name: str,
    title: str,
    takes: Mapping[str, unit.Factor],
    decimals: int | None,
    plausible: tuple[float | None, float | None],
    usual: tuple[float | None, float | None] = (None, None),
    summary: Summary = "mean",
    *,
    interval: bool = False,
    becomes: tuple[str, ...] = (),
) -> Quantity:
    own = next(code for code, factor in takes.items() if factor == unit.SAME)
    units = {code: (float(factor), float(offset)) for code, (factor, offset) in takes.items()}
    return Quantity(
        name,
        measurement,
        own,
        decimals,
        plausible,
        usual,
        summary,
        interval=interval,
        units=units,
        title=title,
        becomes=becomes,
    )


_AIR, _PARKING, _TRAFFIC, _WEATHER, _DEVICE = "air_quality", "parking", "traffic", "weather", "device"
_COUNT = (0, 2**53)  # where a float stops telling integers apart, as JSON numbers do
_TOTAL = (0, 2**63 - 1)  # InfluxDB's integer

_ALL = (
    _quantity(_AIR, "pm1", "PM1", unit.MICROGRAMS, 1, (0, 1000), (None, 250)),
    _quantity(_AIR, "pm2_5", "PM2.5", unit.MICROGRAMS, 1, (0, 1000), (None, 250)),
    _quantity(_AIR, "pm4", "PM4", unit.MICROGRAMS, 1, (0, 1500), (None, 400)),
    _quantity(_AIR, "pm10", "PM10", unit.MICROGRAMS, 1, (0, 2000), (None, 500)),
    _quantity(_AIR, "no", "Nitric oxide", unit.gas("30.006"), 1, (-5, 2000), (None, 800)),
    _quantity(_AIR, "no2", "Nitrogen dioxide", unit.gas("46.0055"), 1, (-5, 1000), (None, 400)),
    _quantity(_AIR, "o3", "Ozone", unit.gas("47.9982"), 1, (-5, 500), (None, 300)),
    _quantity(_AIR, "so2", "Sulphur dioxide", unit.gas("64.066"), 1, (-5, 2000), (None, 500)),
    _quantity(_AIR, "nh3", "Ammonia", unit.gas("17.031"), 1, (-5, 2000), (None, 500)),
    _quantity(_AIR, "h2s", "Hydrogen sulphide", unit.gas("34.081"), 1, (-5, 5000), (None, 200)),
    _quantity(_AIR, "hcho", "Formaldehyde", unit.gas("30.026"), 1, (-5, 5000), (None, 500)),
    _quantity(_AIR, "co", "Carbon monoxide", unit.gas("28.010", milligrams=True), 3, (-0.5, 100), (None, 30)),
    _quantity(_AIR, "co2", "Carbon dioxide", unit.PARTS_PER_MILLION, 0, (200, 40000), (350, 5000)),
    _quantity(
        _AIR, "tvoc", "Volatile organic compounds", unit.PARTS_PER_BILLION, 0, (0, 60000), (None, 5000)
    ),
    _quantity(
        _AIR, "tvoc_mass", "Volatile organic compounds by mass", unit.MICROGRAMS, 0, (0, 60000), (None, 10000)
    ),
    _quantity(_PARKING, "occupied", "Occupied", unit.NUMBER, None, (0, 1), summary="time_weighted"),
    _quantity(_PARKING, "arrivals", "Arrivals", unit.NUMBER, None, _COUNT, summary="sum"),
    _quantity(_PARKING, "stay", "Stay", unit.SECONDS, 0, (0, None), (None, 30 * 86400)),
    _quantity(_PARKING, "occupied_bays", "Occupied bays", unit.NUMBER, None, _COUNT, summary="time_weighted"),
    _quantity(_PARKING, "observed_bays", "Observed bays", unit.NUMBER, None, _COUNT, summary="time_weighted"),
    _quantity(_PARKING, "capacity", "Capacity", unit.NUMBER, None, _COUNT, summary="time_weighted"),
    _quantity(_TRAFFIC, "count", "Count", unit.NUMBER, None, _COUNT, summary="sum", interval=True),
    _quantity(_TRAFFIC, "count_total", "Counter reading", unit.NUMBER, None, _TOTAL, summary="last"),
    _quantity(_TRAFFIC, "present", "Present", unit.NUMBER, None, _COUNT, summary="time_weighted"),
    _quantity(
        _TRAFFIC, "speed", "Mean speed", unit.KILOMETRES_PER_HOUR, 1, (0, 300), (None, 150), interval=True
    ),
    _quantity(_WEATHER, "air_temperature", "Air temperature", unit.CELSIUS, 2, (-40, 60), (-30, 45)),
    _quantity(_WEATHER, "dew_point", "Dew point", unit.CELSIUS, 2, (-60, 50), (-40, 30)),
    _quantity(_WEATHER, "relative_humidity", "Relative humidity", unit.PERCENT, 1, (0, 105), (None, 100)),
    _quantity(_WEATHER, "air_pressure", "Air pressure", unit.HECTOPASCAL, 1, (850, 1100), (900, 1070)),
    _quantity(_WEATHER, "wind_speed", "Wind speed", unit.METRES_PER_SECOND, 1, (0, 75), (None, 40)),
    _quantity(_WEATHER, "wind_gust", "Gust", unit.METRES_PER_SECOND, 1, (0, 100), (None, 50), "max"),
    _quantity(_WEATHER, "wind_direction", "Wind from", unit.DEGREES, 0, (0, 360), summary="circular_mean"),
    _quantity(
        _WEATHER,
        "precipitation",
        "Precipitation",
        unit.MILLIMETRES,
        2,
        (0, 300),
        (None, 100),
        "sum",
        interval=True,
    ),
    _quantity(
        _WEATHER, "precipitation_total", "Rain gauge reading", unit.MILLIMETRES, 2, (0, None), summary="last"
    ),
    _quantity(
        _WEATHER, "precipitation_rate", "Rain rate", unit.MILLIMETRES_PER_HOUR, 2, (0, 1000), (None, 200)
    ),
    _quantity(_WEATHER, "solar_radiation", "Global radiation", unit.WATTS_PER_SQUARE_METRE, 0, (0, 1600)),
    _quantity(_WEATHER, "illuminance", "Illuminance", unit.LUX, 0, (0, 200000)),
    _quantity(_WEATHER, "uv_index", "UV index", unit.NUMBER, 1, (0, 20), (None, 12)),
    _quantity(
        _WEATHER, "globe_temperature", "Black globe temperature", unit.CELSIUS, 2, (-40, 90), (-30, 70)
    ),
    _quantity(_WEATHER, "surface_temperature", "Surface temperature", unit.CELSIUS, 2, (-50, 90), (-30, 75)),
    _quantity("noise", "sound_level", "Sound level", unit.DECIBELS, 1, (0, 140), (20, 120), "energy_mean"),
    _quantity(
        "noise",
        "laeq",
        "Equivalent sound level LAeq",
        unit.DECIBELS,
        1,
        (0, 140),
        (20, 120),
        "energy_mean",
        interval=True,
    ),
    _quantity(
        "noise",
        "lafmax",
        "Maximum sound level LAFmax",
        unit.DECIBELS,
        1,
        (0, 150),
        (20, 130),
        "max",
        interval=True,
    ),
    _quantity(
        "noise", "sound_level_max", "Highest sound level", unit.DECIBELS, 1, (0, 150), (20, 130), "max"
    ),
    _quantity(
        "level",
        "distance",
        "Distance from the sensor",
        unit.CENTIMETRES,
        1,
        (0, 6500),  # below what 0xFFFF mm would be, which sensors say when nothing echoes
        becomes=("water_level", "fill_level"),
    ),
    _quantity("water", "water_level", "Water level", unit.WATER_COLUMN, 1, (-1000, 5000)),
    _quantity("water", "water_temperature", "Water temperature", unit.CELSIUS, 2, (-5, 45), (-0.5, 35)),
    _quantity(
        "water",
        "water_conductivity",
        "Conductivity of the water",
        unit.MICROSIEMENS_PER_CENTIMETRE,
        0,
        (0, 100000),
        (None, 5000),
    ),
    _quantity(
        "water", "water_detected", "Water at the contact", unit.NUMBER, None, (0, 1), summary="time_weighted"
    ),
    _quantity("waste", "fill_level", "Fill level", unit.PERCENT, 0, (-10, 120), (0, 100), "last"),
    _quantity("waste", "bin_full", "Bin is full", unit.NUMBER, None, (0, 1), summary="time_weighted"),
    _quantity("waste", "bin_fire", "Fire in the bin", unit.NUMBER, None, (0, 1), summary="time_weighted"),
    _quantity("soil", "soil_moisture", "Water in the soil, by volume", unit.VOLUME_PERCENT, 1, (0, 100)),
    _quantity("soil", "soil_temperature", "Soil temperature", unit.CELSIUS, 2, (-30, 60), (-15, 45)),
    _quantity(
        "soil",
        "soil_conductivity",
        "Conductivity of the soil",
        unit.MICROSIEMENS_PER_CENTIMETRE,
        0,
        (0, 50000),
        (None, 10000),
    ),
    _quantity(_DEVICE, "battery", "Battery", unit.PERCENT, 0, (0, 100), summary="last"),
    _quantity(_DEVICE, "battery_voltage", "Battery voltage", unit.VOLTS, 3, (0, 60), summary="last"),
    _quantity(_DEVICE, "device_temperature", "Temperature inside", unit.CELSIUS, 1, (-55, 125), (-40, 85)),
    _quantity(_DEVICE, "tilted", "Tilted", unit.NUMBER, None, (0, 1), summary="time_weighted"),
    _quantity(_DEVICE, "rssi", "Signal strength (RSSI)", unit.MILLIWATT_DECIBELS, 1, (-200, 50)),
    _quantity(_DEVICE, "snr", "Signal-to-noise ratio", unit.DECIBELS, 1, (-50, 50)),
    _quantity(_DEVICE, "spreading_factor", "Spreading factor", unit.NUMBER, None, (5, 12), summary="last"),
    _quantity(_DEVICE, "gateways", "Gateways that heard it", unit.NUMBER, None, _COUNT),
    _quantity(_DEVICE, "f_cnt", "Frame counter", unit.NUMBER, None, (0, 2**32 - 1), summary="last"),
    _quantity(_DEVICE, "lost", "Frames lost before this one", unit.NUMBER, None, _COUNT, summary="sum"),
    _quantity(_DEVICE, "gap", "Silence before this uplink", unit.SECONDS, None, (0, None), summary="max"),
    _quantity(_DEVICE, "joined", "Joins", unit.NUMBER, None, _COUNT, summary="sum"),
    _quantity(
        "gateway", "rx_received", "Packets heard", unit.NUMBER, None, _COUNT, summary="sum", interval=True
    ),
    _quantity(
        "gateway", "rx_ok", "Packets heard whole", unit.NUMBER, None, _COUNT, summary="sum", interval=True
    ),
    _quantity(
        "gateway", "tx_emitted", "Packets sent", unit.NUMBER, None, _COUNT, summary="sum", interval=True
    ),
    _quantity("", "interval", "Interval", unit.SECONDS, None, (0, None), summary="last"),
)

#: Every quantity by name; a name stands in one measurement only. `interval` alone has none (`""`): it
#: goes with every quantity that is measured over an interval, and no type reads it as a value.
CATALOGUE: Mapping[str, Quantity] = {quantity.name: quantity for quantity in _ALL}


def factors(quantity: Quantity, spelling: str | None) -> tuple[float, float]:
    """`(factor, offset)` from a unit as spelled (`µg/m³`, `ppb`) into the quantity's own.

    None is allowed for plain numbers only (states, counts). Raises `ValueError` that names what is allowed.
    """
    code = quantity.unit if spelling is None and quantity.unit == "1" else unit.ucum(spelling or "?")
    if code not in quantity.units:
        raise ValueError(_wrong_unit(quantity, spelling, code))
    return quantity.units[code]


def _wrong_unit(quantity: Quantity, spelling: str | None, code: str) -> Sentence:
    units = ", ".join(quantity.units)
    if spelling is None:
        return say("{name} needs its unit: say one of {units}", name=quantity.name, units=units)
    if code in {"[ppb]", "[ppm]"} and quantity.unit in {"ug/m3", "mg/m3"}:
        return say(
            "{name} is a mass of particles, and {unit} is for gases: say one of {units}",
            name=quantity.name,
            unit=spelling,
            units=units,
        )
    if quantity.unit in {"[ppb]", "[ppm]"} and code in unit.MICROGRAMS:
        return say(
            "{name} is a share of the air, and {unit} is a mass: say one of {units}",
            name=quantity.name,
            unit=spelling,
            units=units,
        )
    return say(
        "{name} is not measured in {unit}: say one of {units}",
        name=quantity.name,
        unit=one_line(spelling),
        units=units,
    )
