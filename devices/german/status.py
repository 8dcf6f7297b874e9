"""German for the states of devices."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "in order": "in Ordnung",
    "silent": "stumm",
    "gateway down": "Gateway ausgefallen",
    "pipeline down": "Datenweg unterbrochen",
    "in maintenance": "in Wartung",
    "being commissioned": "in Inbetriebnahme",
    "retired": "außer Betrieb",
}
