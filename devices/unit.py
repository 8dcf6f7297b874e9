"""Units: how people and data sheets spell them, their UCUM codes, and exact factors between them.

UCUM (Unified Code for Units of Measure, case sensitive) is what is stored and exchanged; a spelling is
what stands in a type file. Factors are exact fractions of their definitions and become floats at the end.
"""

from collections.abc import Mapping
from fractions import Fraction

#: `(factor, offset)`: `factor * number + offset` is the number in the other unit.
Factor = tuple[Fraction, Fraction]

SAME: Factor = (Fraction(1), Fraction(0))

_SUPERSCRIPTS = str.maketrans(
    {"µ": "u", "μ": "u", "¹": "1", "²": "2", "³": "3", "⁻": "-", "⋅": ".", "·": ".", "^": ""}
)

#: Spellings beside the UCUM codes themselves, after `_SUPERSCRIPTS`.
_SPELLINGS = {
    "ppb": "[ppb]",
    "ppm": "[ppm]",
    "ug.m-3": "ug/m3",
    "mg.m-3": "mg/m3",
    "°C": "Cel",
    "℃": "Cel",
    "℉": "[degF]",
    "degC": "Cel",
    "C": "Cel",
    "°F": "[degF]",
    "F": "[degF]",
    "°": "deg",
    "%RH": "%",
    "% RH": "%",
    "mbar": "hPa",
    "kn": "[kn_i]",
    "mph": "[mi_i]/h",
    "kmh": "km/h",
    "kph": "km/h",
    "m.s-1": "m/s",
    "W.m-2": "W/m2",
    "uS.cm-1": "uS/cm",
    "m3.m-3": "m3/m3",
    "lux": "lx",
    "dBA": "dB",
    "dB(A)": "dB",
    "dBm": "dB{mW}",
    "sec": "s",
    "": "1",
}


def ucum(spelling: str) -> str:
    """The UCUM code of a unit as people spell it (`µg/m³` -> `ug/m3`); an unknown one comes back as it is."""
    code = spelling.strip().translate(_SUPERSCRIPTS)
    return _SPELLINGS.get(code, code)


#: UCUM codes as people write them, where that differs.
_SYMBOLS = {
    "[ppb]": "ppb",
    "[ppm]": "ppm",
    "ug/m3": "µg/m³",
    "mg/m3": "mg/m³",
    "Cel": "°C",
    "deg": "°",
    "W/m2": "W/m²",
    "uS/cm": "µS/cm",
    "dB{mW}": "dBm",
    "1": "",
}


def symbol(code: str) -> str:
    """A UCUM code as people write it (`Cel` -> `°C`); nothing for plain numbers."""
    return _SYMBOLS.get(code, code)


def _scale(units: Mapping[str, int | str | Fraction]) -> Mapping[str, Factor]:
    return {code: (Fraction(factor), Fraction(0)) for code, factor in units.items()}


NUMBER = _scale({"1": 1})
PERCENT = _scale({"%": 1, "1": 100})
MICROGRAMS = _scale({"ug/m3": 1, "mg/m3": 1000, "ng/m3": "1/1000"})
PARTS_PER_MILLION = _scale({"[ppm]": 1, "[ppb]": "1/1000"})
PARTS_PER_BILLION = _scale({"[ppb]": 1, "[ppm]": 1000})
CELSIUS: Mapping[str, Factor] = {
    "Cel": (Fraction(1), Fraction(0)),
    "K": (Fraction(1), Fraction("-273.15")),
    "[degF]": (Fraction(5, 9), Fraction(-160, 9)),
}
_PASCAL = {"Pa": 1, "hPa": 100, "kPa": 1000, "bar": 100_000}
HECTOPASCAL = _scale({"hPa": 1, "Pa": "1/100", "kPa": 10, "bar": 1000})
METRES_PER_SECOND = _scale(
    {"m/s": 1, "km/h": Fraction(5, 18), "[kn_i]": Fraction(1852, 3600), "[mi_i]/h": "0.44704"}
)
KILOMETRES_PER_HOUR = _scale({"km/h": 1, "m/s": "3.6", "[mi_i]/h": "1.609344"})
DEGREES = _scale({"deg": 1})
MILLIMETRES = _scale({"mm": 1, "cm": 10, "m": 1000, "l/m2": 1})
MILLIMETRES_PER_HOUR = _scale({"mm/h": 1})
CENTIMETRES = _scale({"cm": 1, "mm": "1/10", "m": 100})
#: Pascal under a centimetre of water: UCUM's m[H2O] is 9.80665 kPa, 1000 kg/m3 under standard gravity.
_CENTIMETRE_OF_WATER = Fraction("98.0665")
WATER_COLUMN = {
    **CENTIMETRES,
    **_scale({code: Fraction(pascal) / _CENTIMETRE_OF_WATER for code, pascal in _PASCAL.items()}),
}
SECONDS = _scale({"s": 1, "ms": "1/1000", "min": 60, "h": 3600, "d": 86400})
VOLTS = _scale({"V": 1, "mV": "1/1000"})
DECIBELS = _scale({"dB": 1})
MILLIWATT_DECIBELS = _scale({"dB{mW}": 1})
WATTS_PER_SQUARE_METRE = _scale({"W/m2": 1})
LUX = _scale({"lx": 1, "klx": 1000})
MICROSIEMENS_PER_CENTIMETRE = _scale({"uS/cm": 1, "mS/cm": 1000, "mS/m": 10, "dS/m": 1000})
VOLUME_PERCENT = _scale({"%": 1, "m3/m3": 100, "1": 100})

#: Litres a mole of gas at 293 K and 101.3 kPa, the standard state of 39. BImSchV Anlage 6 C (24.0487).
#: The molar gas constant is exact in the SI of 2019.
_MOLAR_VOLUME = Fraction("8.31446261815324") * 293 / Fraction("101.3")


def gas(grams_per_mole: str, *, milligrams: bool = False) -> Mapping[str, Factor]:
    """Units of a gas whose field is in µg/m³ (or mg/m³), with ppb and ppm at 293 K and 101.3 kPa."""
    a_billionth = Fraction(grams_per_mole) / _MOLAR_VOLUME
    micrograms = {**MICROGRAMS, **_scale({"[ppb]": a_billionth, "[ppm]": 1000 * a_billionth})}
    if not milligrams:
        return micrograms
    return {code: (factor / 1000, offset) for code, (factor, offset) in micrograms.items()}
