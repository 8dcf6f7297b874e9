"""What the classes of vehicles that sensors tell apart are: motor vehicles, heavy ones, bicycles, people.

The eight classes and the rest of TLS 2012 ("8+1") and the words of the shipped types, in German and English.
Bicycles and mopeds are no motor vehicles (Kfz) there. What stands nowhere here is a maker's own word: nobody
knows what it counts, so that it is added to nothing.
"""

import re
from typing import Literal

#: `sum`: the sensor's own sum over several classes, `none`: it tells no classes apart.
Kind = Literal["light", "heavy", "unclassified", "bicycle", "pedestrian", "other", "sum", "none", "unknown"]

_WORDS: dict[Kind, str] = {
    # TLS: Krad, Pkw, Lfw (up to 3.5 t), PkwA (with a trailer)
    "light": "car cars pkw passengercar krad motorcycle motorbike motorrad lfw lieferwagen van vans"
    " lightgoodsvehicle lgv pkwa pkwmitanhänger pkwmitanhaenger cartrailer carwithtrailer pkwähnlich"
    " pkwaehnlich pkwähnliche pkwaehnliche taxi",
    # TLS: Lkw (above 3.5 t), LkwA, Sattel-Kfz, Bus
    "heavy": "truck trucks lorry lkw heavygoodsvehicle hgv lkwa lkwmitanhänger lkwmitanhaenger trucktrailer"
    " truckwithtrailer lorrywithtrailer sattelkfz sattelzug articulated articulatedtruck articulatedlorry"
    " semitrailer bus buses coach lkwähnlich lkwaehnlich lkwähnliche lkwaehnliche heavy heavyvehicle",
    "unclassified": "nkkfz unclassified unclassifiedvehicle nichtklassifizierbar",
    "bicycle": "bicycle bicycles bike cyclist fahrrad rad radfahrer cargobike lastenrad",
    "pedestrian": "pedestrian pedestrians person people fußgänger fußgaenger",
    "other": "moped mofa escooter scooter",
    "sum": "all alle kfz motorvehicle motorvehicles vehicle vehicles fahrzeuge sv schwerverkehr total",
}
_KINDS: dict[str, Kind] = {word.casefold(): kind for kind, words in _WORDS.items() for word in words.split()}
_BETWEEN = re.compile(r"[\s_.\-/]+")

#: Kinds of motor vehicles (Kfz).
MOTOR: frozenset[Kind] = frozenset(("light", "heavy", "unclassified"))


def kind_of(vehicle_class: str) -> Kind:
    """What a class is; case, blanks, hyphens and underscores do not matter. Empty: no class was told."""
    if not vehicle_class:
        return "none"
    return _KINDS.get(_plain(vehicle_class), "unknown")


def _plain(word: str) -> str:
    return _BETWEEN.sub("", word.casefold())
