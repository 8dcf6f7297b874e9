"""Values as words: states, classes of an index and others, each with a sign of its own beside its colour."""

from collections.abc import Mapping, Sequence
from itertools import combinations

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
from ingest.status.rows import CODES, CUT_OFF, GATEWAY_DOWN_ITSELF
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


def state_codes() -> Mappings:
    """The states by `state_code`, which is the higher the worse it is."""
    (by_name,) = _options(states())
    words = {code: by_name[state] for state, code in CODES.items()}
    words[GATEWAY_DOWN_ITSELF] = by_name["gateway_down"]
    unknown = say("{state} (it is not registered)", state=by_name["gateway_down"].text or "")
    named = {str(code): (one.text or "", one.color or "") for code, one in words.items()}
    return _words(named | {str(CUT_OFF): (unknown, by_name["gateway_down"].color or "")})


def state_signs() -> Mappings:
    """The sign of each state by `state_code`; none for a sensor that is well."""
    signs = {code: (words.split(" ")[0], "") for code, words in spelled(state_codes())}
    return _words(signs | {"0": ("", "")})


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


def doubts() -> Mappings:
    """A finished hour's `<field>_qc`, which is 3 or absent."""
    return _words({"3": (say("? with suspect values"), "")})


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
    names = {name: (quantity(name), "") for name in headline.FIELDS}
    one_or_none = say("{quantity} (1: yes, 0: no)", quantity=quantity("occupied"))
    return _words(names | {"occupied": (one_or_none, "")})


#: Those of both indexes, as people write them; only the comma of PM2,5 hangs on the language.
_POLLUTANTS = {"no2": "NO₂", "o3": "O₃", "pm10": "PM10", "pm2_5": "", "so2": "SO₂"}


def pollutants() -> Mappings:
    """Lists of pollutants as `air_quality_1h` has them, sorted and with commas: `no2,pm2_5`."""
    listed = [some for count in range(1, len(_POLLUTANTS) + 1) for some in combinations(_POLLUTANTS, count)]
    return _words({",".join(some): (", ".join(map(pollutant, some)), "") for some in listed})


def pollutant(field: str) -> str:
    """A pollutant as short as a column can take it."""
    return _POLLUTANTS[field] or say("PM2.5")


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
    return [(value, result.text or value) for options in _options(words) for value, result in options.items()]


def coloured(words: Mappings) -> bool:
    """Whether the words have colours."""
    return any(result.color for options in _options(words) for result in options.values())


def lots() -> Mappings:
    """`lot:giessen:Brandplatz` as `Brandplatz (giessen)`: another city may have a lot of that name."""
    options = DashboardRegexMapOptions(
        pattern="^lot:([^:]*):(.*)$", result=ValueMappingResult(text="$2 ($1)", index=0)
    )
    return (RegexMap(options),)


def reasons() -> Mappings:
    """Why a message was not plainly stored; the name is what `messnetz quarantine list --reason` takes."""
    known = {
        "unknown_device": say("not registered"),
        "not_installed_then": say("outside the dates of its installation"),
        "partly_refused": say("some of its readings refused"),
        "no_decoded_object": say("no decoded values"),
        "no_known_field": say("none of its fields known"),
        "port_not_read": say("port that the type does not read"),
        "unreadable_values": say("values unreadable"),
        "codec_failed": say("codec: failed"),
        "codec_timeout": say("codec: took too long"),
        "codec_memory": say("codec: too much memory"),
        "codec_result": say("codec: no usable result"),
        "codec_suspended": say("codec: put aside for some minutes"),
        "codec_crashed": say("codec: crashed"),
        "time": say("impossible time"),
        "not_json": say("no JSON"),
        "not_protobuf": say("no Protobuf"),
        "not_cbor": say("no CBOR"),
        "wrong_shape": say("no message of this network server"),
        "too_large": say("too large"),
        "ignored_device": say("ignored, as the registry says"),
        "nothing_said": say("no reading in it"),
        "retained": say("retained by the broker, so no news"),
    }
    return _words({name: (f"{words} ({name})", "") for name, words in known.items()})


def write_results() -> Mappings:
    """What became of a batch that was sent to the store."""
    return _words(
        {"written": (say("● written"), "green"), "unavailable": (say("✕ store away or refuses"), "red")}
    )


def reload_results() -> Mappings:
    """How a reload of the registry ended."""
    return _words(
        {
            "ok": (say("● read"), "green"),
            "complaints": (say("◆ read but for mistakes"), "orange"),
            "waiting": (say("○ waits for a yes"), "blue"),
            "failed": (say("✕ not read"), "red"),
        }
    )


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


def _options(words: Mappings) -> list[Mapping[str, ValueMappingResult]]:
    return [mapping.options for mapping in words if isinstance(mapping, ValueMap)]


def _words(words: Mapping[str, tuple[str, str]]) -> tuple[ValueMap]:
    options = {
        value: ValueMappingResult(text=str(text), color=color or None, index=place)
        for place, (value, (text, color)) in enumerate(words.items())
    }
    return (ValueMap(options),)
