"""What is wrong with a technician's file, said so that it can be mended."""

import difflib
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from devices.language import Sentence, say


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake: where it is, whose it is, what is wrong, what is allowed, what to do."""

    file: str
    line: int  #: from 1; 0 where the file has no line to point at
    device: str  #: id of the device or device type; empty where it is the file's own
    message: str

    @property
    def place(self) -> str:
        """`file:line`, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def sentence(self) -> Sentence:
        """All of it in a line."""
        place, device = one_line(self.place), one_line(self.device)
        if device:
            return say("{place}: {device}: {message}", place=place, device=device, message=self.message)
        return say("{place}: {message}", place=place, message=self.message)

    def __str__(self) -> str:
        return one_line(self.sentence)


#: Words that people write for ours, in both languages, small.
_MEANT = {
    "abstand": ("distance",),
    "adresse": ("address",),
    "anfang": ("begin", "from"),
    "batterie": ("battery",),
    "begin": ("from",),
    "belegt": ("occupied",),
    "bis": ("until", "to"),
    "breite": ("lat", "width"),
    "breitengrad": ("lat",),
    "eui": ("dev_eui",),
    "faktor": ("factor",),
    "feuchte": ("relative_humidity",),
    "geräte": ("devices",),
    "gerätetyp": ("type",),
    "gemeinde": ("municipality",),
    "hersteller": ("manufacturer",),
    "höhe": ("height",),
    "humidity": ("relative_humidity",),
    "intervall": ("interval",),
    "kalibrierung": ("calibration",),
    "koordinaten": ("location",),
    "lage": ("location",),
    "kennzahlen": ("figures",),
    "latitude": ("lat",),
    "lng": ("lon",),
    "long": ("lon",),
    "longitude": ("lon",),
    "länge": ("lon",),
    "längengrad": ("lon",),
    "messgröße": ("quantity",),
    "modell": ("model",),
    "name": ("site", "id"),
    "ort": ("site",),
    "ortsteil": ("district",),
    "position": ("location",),
    "richtung": ("direction",),
    "sensor": ("type",),
    "spur": ("lane",),
    "stadt": ("municipality",),
    "stadtteil": ("district",),
    "standort": ("site", "location"),
    "temperatur": ("air_temperature",),
    "temperature": ("air_temperature",),
    "typ": ("type",),
    "type_id": ("type",),
    "von": ("from",),
    "zeitzone": ("timezone",),
}
#: Complaints that are shown where they are not asked for: a missing type can cost thousands of devices.
SHOWN = 100


def some(complaints: Sequence[Complaint]) -> list[str]:
    """The first complaints as lines, and one that counts the others."""
    lines = [str(complaint) for complaint in complaints[:SHOWN]]
    if len(complaints) > SHOWN:
        lines.append(say("… and {count} more: messnetz check shows them", count=len(complaints) - SHOWN))
    return lines


def one_line(text: str) -> str:
    """The text with line breaks and all else that cannot be seen as the escapes of a Python text."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text
    )


def did_you_mean(said: str, allowed: Iterable[str]) -> str:
    """` (did you mean x?)` for the nearest allowed word, or nothing."""
    word = _nearest(said, tuple(allowed))
    return say(" (did you mean {word}?)", word=word) if word else ""


@functools.lru_cache(maxsize=1000)
def _nearest(said: str, words: tuple[str, ...]) -> str:
    word = said.strip().casefold()
    meant = [right for right in _MEANT.get(word, ()) if right in words]
    near = meant or difflib.get_close_matches(word, words, n=1) or difflib.get_close_matches(said, words, n=1)
    return near[0] if near else ""
