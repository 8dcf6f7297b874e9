"""German of the reasons for which a window of an export has no figure."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "nothing was installed": "nichts eingebaut",
    "marked as not valid": "als ungültig markiert",
    "the sensor was silent": "Sensor stumm",
    "all values failed their tests": "alle Werte durch Prüfungen verworfen",
    "all values were suspect and left out": "alle Werte auffällig und weggelassen",
    "too little of the window is known": "zu wenig vom Zeitfenster bekannt",
    "the sensor was in order and said nothing": "Sensor in Ordnung, aber ohne Wert",
    "nobody knows why": "Grund unbekannt",
    "Where readings are not kept any more, windows are made of the finished hours.": (
        "Wo Messwerte nicht mehr aufbewahrt sind, entstehen die Zeitfenster aus den fertigen Stundenwerten."
    ),
}
