"""Ids of places, made of what people call them."""

import itertools
import re
import unicodedata
from collections.abc import Container

from devices.health import MEASUREMENT
from devices.type import DeviceType

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa"})
#: How the first part of an id is made of what a type measures.
_PREFIXES = {
    "air_quality": "luft",
    "noise": "laerm",
    "parking": "parken",
    "road": "strasse",
    "soil": "boden",
    "traffic": "verkehr",
    "waste": "abfall",
    "water": "pegel",
    "weather": "wetter",
}


def id_of(name: str) -> str:
    """An id made of a name: `Parkhaus Süd, Ebene 2` -> `parkhaus-sued-ebene-2`, or nothing."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_SPELT_OUT))
    return "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))[:100].strip("-")


def free_id(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or with a number behind it when that is taken."""
    if wanted not in taken:
        return wanted
    return next(name for number in itertools.count(2) if (name := f"{wanted}-{number}") not in taken)


def proposed_id(device_type: DeviceType | None, site: str, bay: str, taken: Container[str]) -> str:
    """An id that is free, made of what is measured and where: `luft-marktplatz-2`."""
    prefix = next((_PREFIXES[name] for name in measurements(device_type) if name in _PREFIXES), "")
    wanted = "-".join(found for part in (prefix, site, bay) if (found := id_of(part)))
    return free_id(wanted, taken) if wanted else ""


def measurements(device_type: DeviceType | None) -> list[str]:
    """What a type measures in the street, in its order."""
    specs = device_type.readings if device_type is not None else ()
    names = dict.fromkeys(value.quantity.measurement for spec in specs for value in spec.values)
    return [name for name in names if name != MEASUREMENT]
