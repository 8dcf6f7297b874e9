"""German for readers of a page: names of quantities, units in full, numbers, times, quality in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from devices import moment
from devices.quantity import Quantity
from devices.reading import Flag

ZONE = ZoneInfo("Europe/Berlin")
_GERMAN = str.maketrans(",.-", ".,−")
_SECOND_NS = 1_000_000_000

#: Measurements in the order of a page, with their heading; others follow under their own name.
MEASUREMENTS = {
    "air_quality": "Luftqualität",
    "traffic": "Verkehr",
    "parking": "Parken",
    "noise": "Lärm",
    "weather": "Wetter",
    "water": "Wasser",
    "level": "Füllstand und Pegel, gemessen als Abstand",
    "waste": "Abfallbehälter",
    "soil": "Boden",
}

QUANTITIES = {
    "pm1": "Feinstaub PM1",
    "pm2_5": "Feinstaub PM2,5",
    "pm4": "Feinstaub PM4",
    "pm10": "Feinstaub PM10",
    "no": "Stickstoffmonoxid",
    "no2": "Stickstoffdioxid",
    "o3": "Ozon",
    "so2": "Schwefeldioxid",
    "nh3": "Ammoniak",
    "co": "Kohlenmonoxid",
    "co2": "Kohlendioxid",
    "h2s": "Schwefelwasserstoff",
    "hcho": "Formaldehyd",
    "tvoc": "Flüchtige organische Stoffe",
    "tvoc_mass": "Flüchtige organische Stoffe, als Masse",
    "occupied": "Belegung",
    "arrivals": "Ankünfte",
    "stay": "Parkdauer",
    "occupied_bays": "Belegte Plätze",
    "observed_bays": "Beobachtete Plätze",
    "capacity": "Plätze insgesamt",
    "count": "Anzahl",
    "count_total": "Zählerstand",
    "present": "Anwesend",
    "speed": "Mittlere Geschwindigkeit",
    "air_temperature": "Lufttemperatur",
    "relative_humidity": "Luftfeuchte",
    "air_pressure": "Luftdruck",
    "wind_speed": "Windgeschwindigkeit",
    "wind_gust": "Böe",
    "wind_direction": "Wind aus",
    "dew_point": "Taupunkt",
    "globe_temperature": "Schwarzkugeltemperatur",
    "precipitation": "Niederschlag",
    "precipitation_total": "Stand des Regenmessers",
    "precipitation_rate": "Niederschlagsintensität",
    "uv_index": "UV-Index",
    "solar_radiation": "Globalstrahlung",
    "illuminance": "Beleuchtungsstärke",
    "surface_temperature": "Oberflächentemperatur",
    "sound_level": "Schallpegel",
    "sound_level_max": "Höchster Schallpegel",
    "laeq": "Mittelungspegel",
    "lafmax": "Höchster Schallpegel LAFmax",
    "distance": "Abstand vom Sensor",
    "water_level": "Wasserstand",
    "water_temperature": "Wassertemperatur",
    "water_conductivity": "Leitfähigkeit des Wassers",
    "water_detected": "Wasser am Kontakt",
    "fill_level": "Füllstand",
    "bin_full": "Behälter voll",
    "bin_fire": "Feuer im Behälter",
    "soil_moisture": "Bodenfeuchte",
    "soil_temperature": "Bodentemperatur",
    "soil_conductivity": "Leitfähigkeit des Bodens",
    "battery": "Batterie",
    "battery_voltage": "Batteriespannung",
    "device_temperature": "Temperatur im Gerät",
    "tilted": "Gekippt",
    "rssi": "Signalstärke (RSSI)",
    "snr": "Signal-Rausch-Abstand",
    "spreading_factor": "Spreizfaktor",
    "gateways": "Gateways, die ihn hörten",
    "f_cnt": "Frame-Zähler",
    "lost": "Davor verlorene Frames",
    "gap": "Stille vor diesem Uplink",
    "joined": "Anmeldungen",
    "rx_received": "Gehörte Pakete",
    "rx_ok": "Fehlerfrei gehörte Pakete",
    "tx_emitted": "Gesendete Pakete",
    "interval": "Intervall",
}

#: UCUM code -> sign and words.
UNITS = {
    "1": ("", ""),
    "ug/m3": ("µg/m³", "Mikrogramm je Kubikmeter"),
    "mg/m3": ("mg/m³", "Milligramm je Kubikmeter"),
    "[ppm]": ("ppm", "Teile je Million"),
    "[ppb]": ("ppb", "Teile je Milliarde"),
    "Cel": ("°C", "Grad Celsius"),
    "%": ("%", "Prozent"),
    "hPa": ("hPa", "Hektopascal"),
    "km/h": ("km/h", "Kilometer je Stunde"),
    "m/s": ("m/s", "Meter je Sekunde"),
    "mm": ("mm", "Millimeter"),
    "cm": ("cm", "Zentimeter"),
    "deg": ("°", "Grad"),
    "s": ("s", "Sekunden"),
    "min": ("min", "Minuten"),
    "h": ("h", "Stunden"),
    "1/h": ("1/h", "je Stunde"),
    "1/d": ("1/d", "je Tag"),
    "W/m2": ("W/m²", "Watt je Quadratmeter"),
    "lx": ("lx", "Lux"),
    "dB": ("dB", "Dezibel"),
    "dB{mW}": ("dBm", "Dezibel Milliwatt"),
    "V": ("V", "Volt"),
    "uS/cm": ("µS/cm", "Mikrosiemens je Zentimeter"),
    "mm/h": ("mm/h", "Millimeter je Stunde"),
}

_CLASSES = {
    "all": "alle",
    "car": "Pkw",
    "truck": "Lkw",
    "bus": "Bus",
    "bicycle": "Fahrrad",
    "motorcycle": "Motorrad",
    "pedestrian": "zu Fuß",
    "motor_vehicles": "Kfz",
    "heavy_vehicles": "Schwerverkehr",
}
_DIRECTIONS = {"ltr": "nach rechts", "rtl": "nach links", "in": "hinein", "out": "hinaus"}
_TAGS = {"lane": "Fahrstreifen", "lot": "Parkplatz", "bay": "Stellplatz"}

_WORDS = {"vehicle_class": _CLASSES, "direction": _DIRECTIONS}

#: Word and shape of a quality flag: neither depends on the other nor on colour.
#: "gut" would be read as good air.
QUALITY = {
    Flag.GOOD: ("plausibel", "●"),
    Flag.NOT_EVALUATED: ("nicht geprüft", "○"),
    Flag.SUSPECT: ("auffällig", "▲"),
    Flag.FAIL: ("unplausibel", "✕"),
}


def measurement_name(measurement: str) -> str:
    """The heading of a measurement."""
    return MEASUREMENTS.get(measurement, measurement)


def quantity_name(quantity: Quantity) -> str:
    """What a person calls it; the catalogue's own title where German has none here."""
    return QUANTITIES.get(quantity.name) or quantity.title or quantity.name


def unit_sign(quantity: Quantity) -> str:
    """The unit as it follows a number; empty for counts and states."""
    return UNITS.get(quantity.unit, (quantity.unit, ""))[0]


def unit_words(quantity: Quantity) -> str:
    """The unit spelled out; empty for counts and states."""
    return UNITS.get(quantity.unit, ("", quantity.unit))[1]


def number(value: float, decimals: int | None) -> str:
    """A number as German writes it: `1.234,5`, with a real minus sign."""
    text = f"{value:,.{decimals or 0}f}"
    return text.translate(_GERMAN)


def value(quantity: Quantity, amount: float) -> str:
    """A value without its unit; states are words."""
    if quantity.name == "occupied":
        return "belegt" if amount else "frei"
    return number(amount, quantity.decimals)


def tags(own: dict[str, str]) -> str:
    """A reading's own tags as words: `stadteinwärts, Fahrrad`; empty without any."""
    words = []
    for name, said in sorted(own.items()):
        if name in _TAGS:
            words.append(f"{_TAGS[name]} {said}")
        else:
            words.append(_WORDS.get(name, {}).get(said, said))
    return ", ".join(words)


def local(time_ns: int) -> datetime:
    """A UTC time as the clock on the wall shows it."""
    return moment.local(time_ns, ZONE)


def zone(when: datetime) -> str:
    """`MEZ` or, in summer, `MESZ`."""
    return "MESZ" if when.dst() else "MEZ"


def clock(when: datetime) -> str:
    """`14:20`."""
    return f"{when:%H:%M}"


def date(when: datetime) -> str:
    """`22.11.2026`."""
    return f"{when:%d.%m.%Y}"


def full_time(when: datetime) -> str:
    """`22.11.2026, 14:20 Uhr MEZ`."""
    return f"{date(when)}, {clock(when)} Uhr {zone(when)}"


def age(seconds: float) -> str:
    """How long ago: `gerade eben`, `vor 3 Minuten`, `vor 2 Stunden`, `vor 5 Tagen`."""
    if seconds < 60:
        return "gerade eben"
    for size, one, many in ((86400, "Tag", "Tagen"), (3600, "Stunde", "Stunden"), (60, "Minute", "Minuten")):
        if seconds >= size:
            count = int(seconds // size)
            return f"vor {count} {one if count == 1 else many}"
    return ""
