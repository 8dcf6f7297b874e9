"""German for device types: `devices.type_file` and the commands `messnetz types`."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "{codec} is no codec{near}: write the name of a file as sensor.js, or one of {names}": (
        "{codec} ist kein Codec{near}: den Namen einer Datei wie sensor.js schreiben oder einen von {names}"
    ),
    "{file} cannot be read: {error}": "{file} lässt sich nicht lesen: {error}",
}
