"""Values as words: states, classes of an index and others, each with a sign of its own beside its colour."""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.models.dashboard import (
    DashboardRegexMapOptions,
    RegexMap,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from devices.language import current, say
from devices.quantity import CATALOGUE
from ingest.status import headline
from publish import german

Mappings = Sequence[ValueMapping]


def states() -> Mappings:
    """The states of `status`."""
    return _words(
        {
            "ok": (say("● speaks"), "green"),
            "silent": (say("✕ sensor silent"), "red"),
            "gateway_down": (say("▲ gateway down"), "orange"),
            "pipeline_down": (say("■ Messnetz stood still"), "purple"),
            "maintenance": (say("◆ maintenance"), "blue"),
            "commissioning": (say("○ being set up"), "light-blue"),
            "retired": (say("– taken down"), "gray"),
        }
    )


def state_names() -> Mapping[str, str]:
    """Each state's words by its name, for columns that are named after states."""
    return dict(spelled(states()))


def uba_classes() -> Mappings:
    """The five classes of the Umweltbundesamt's index of 2025."""
    return _words(
        {
            "1": (say("① very good"), "#50b8c8"),
            "2": (say("② good"), "#4f9d55"),
            "3": (say("③ moderate"), "#d9b310"),
            "4": (say("④ poor"), "#d9534f"),
            "5": (say("⑤ very poor"), "#7b2d6b"),
        }
    )


def european_classes() -> Mappings:
    """The six classes of the European index of 2024."""
    return _words(
        {
            "1": (say("① good"), "#50b8c8"),
            "2": (say("② fair"), "#4f9d55"),
            "3": (say("③ moderate"), "#d9b310"),
            "4": (say("④ poor"), "#d9534f"),
            "5": (say("⑤ very poor"), "#7b2d6b"),
            "6": (say("⑥ extremely poor"), "#4a1942"),
        }
    )


def occupancy() -> Mappings:
    """A bay's 0 and 1."""
    return _words({"0": (say("○ free"), "green"), "1": (say("● occupied"), "blue")})


def yes_no(good: str) -> Mappings:
    """A gauge's 0 and 1 where `good` (`0` or `1`) is how it should be."""
    bad = "0" if good == "1" else "1"
    return _words(
        {
            good: (say("● yes") if good == "1" else say("● no"), "green"),
            bad: (say("✕ yes") if bad == "1" else say("✕ no"), "red"),
        }
    )


def headline_fields() -> Mappings:
    """The quantities that a map shows, with their units."""
    return _words({name: (quantity(name), "") for name in headline.FIELDS})


def quantity(name: str, *, unit: bool = True) -> str:
    """A quantity of the catalogue as people call it, with its unit if it has one and `unit` is wanted."""
    one = CATALOGUE[name]
    title = german.quantity_name(one) if current() == "de" else one.title
    sign = german.unit_sign(one)
    return say("{quantity} in {unit}", quantity=title, unit=sign) if unit and sign else title


def vehicle_classes() -> Mappings:
    """The classes that sensors agree on; a maker's own (`class1`) stay as they are."""
    return _words(
        {
            "all": (say("all vehicles"), ""),
            "car": (say("cars"), ""),
            "truck": (say("lorries"), ""),
            "bus": (say("buses"), ""),
            "bicycle": (say("bicycles"), ""),
            "motorcycle": (say("motorcycles"), ""),
            "pedestrian": (say("on foot"), ""),
            "": (say("not told apart"), ""),
        }
    )


def directions() -> Mappings:
    """Directions of sensors for which the registry has no names."""
    return _words(
        {
            "ltr": (say("left to right"), ""),
            "rtl": (say("right to left"), ""),
            "in": (say("in"), ""),
            "out": (say("out"), ""),
            "": (say("both or unknown"), ""),
        }
    )


def spelled(words: Mappings) -> Sequence[tuple[str, str]]:
    """Each value with its words."""
    return [
        (value, result.text or value)
        for mapping in words
        if isinstance(mapping, ValueMap)
        for value, result in mapping.options.items()
    ]


def coloured(words: Mappings) -> bool:
    """Whether the words have colours."""
    return any(
        result.color
        for mapping in words
        if isinstance(mapping, ValueMap)
        for result in mapping.options.values()
    )


def lots() -> Mappings:
    """`lot:giessen:Brandplatz` as `Brandplatz (giessen)`: another city may have a lot of that name."""
    options = DashboardRegexMapOptions(
        pattern="^lot:([^:]*):(.*)$", result=ValueMappingResult(text="$2 ($1)", index=0)
    )
    return (RegexMap(options),)


def outcomes() -> Mappings:
    """What became of a message."""
    return _words(
        {
            "stored": (say("● stored"), "green"),
            "duplicate": (say("○ came twice"), "blue"),
            "quarantined": (say("◆ quarantined"), "orange"),
            "rejected": (say("✕ rejected"), "red"),
            "ignored": (say("– ignored"), "gray"),
        }
    )


def _words(words: Mapping[str, tuple[str, str]]) -> tuple[ValueMap]:
    options = {
        value: ValueMappingResult(text=str(text), color=color or None, index=place)
        for place, (value, (text, color)) in enumerate(words.items())
    }
    return (ValueMap(options),)
