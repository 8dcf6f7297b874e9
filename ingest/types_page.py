"""The catalogue of shipped device types: two pages, English and German, made of their files."""

import json
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from devices import type_catalogue
from devices.language import Language, Sentence, in_language, say
from devices.quantity import CATALOGUE
from devices.type_catalogue import Known, made_by_calibration, measured
from devices.type_file import SHIPPED_TYPES, BatteryEntry, Category, Example, ExampleReading, TypeFile
from devices.unit import symbol

#: The page of each language, beside the files that it lists.
PAGES: dict[Language, str] = {"en": "README.md", "de": "README.de.md"}

#: So much of a decoded object is shown.
_SHOWN = 300


def titles() -> dict[str, Sentence]:
    """What people call each category."""
    return {
        "air": say("Air"),
        "noise": say("Noise"),
        "parking": say("Parking"),
        "traffic": say("Traffic"),
        "people": say("People and bicycles"),
        "weather": say("Weather"),
        "road": say("Road surface"),
        "water": say("Water"),
        "soil": say("Soil"),
        "waste": say("Waste"),
        "network": say("Network"),
    }


def pages() -> dict[Path, str]:
    """Each page with what it is to hold. Raises `ValueError` for a shipped type that is wrong."""
    known = type_catalogue.look_up((SHIPPED_TYPES,))
    if wrong := [str(complaint) for one in known for complaint in one.complaints]:
        raise ValueError("\n".join(wrong))
    return {
        SHIPPED_TYPES / name: "\n".join(_page(known, language)) + "\n" for language, name in PAGES.items()
    }


def counts() -> Iterator[tuple[str, Sequence[Known]]]:
    """The shipped types by category, in the order of the pages."""
    known = type_catalogue.look_up((SHIPPED_TYPES,))
    for category in typing.get_args(Category):
        if of_it := [one for one in known if _file(one).category == category]:
            yield category, of_it


def anchor(category: str) -> str:
    """Where a category stands on the English page."""
    return in_language(titles()[category], "en").lower().replace(" ", "-")


def _page(known: Sequence[Known], language: Language) -> Iterator[str]:
    def told(sentence: Sentence) -> str:
        return in_language(sentence, language)

    makers = len({_file(one).manufacturer for one in known})
    other = PAGES["de" if language == "en" else "en"]
    yield f"# {told(say('Device types that come with Messnetz'))}\n"
    yield f"[{told(say('Auf Deutsch'))}]({other})\n"
    yield told(
        say(
            "{count} models of {makers} makers. Each is one file in this folder; its examples run as tests."
            " A type is verified when an example was published by others: its readings are worked out by hand"
            " from that, not taken from our own decoder.",
            count=len(known),
            makers=makers,
        )
    )
    yield ""
    yield told(
        say(
            "The codec `lns` is the network server's; every other is one of Messnetz, which needs the payload"
            " only. Quantities and their units stand in the [catalogue](../README.md#quantities); what"
            " becomes of a `distance` is said in [levels](../README.md#levels-of-water-and-bins)."
        )
    )
    yield ""
    shown = [*typing.get_args(Category), None]
    for category in shown:
        of_it = [one for one in known if _file(one).category == category]
        if of_it:
            yield from _table(category, of_it, told)
    yield f"## {told(say('Examples'))}\n"
    for one in known:
        yield from _examples(one, language)


def _table(category: str | None, known: Sequence[Known], told: Any) -> Iterator[str]:
    title = titles()[category] if category is not None else say("Others")
    yield f"## {told(title)}\n"
    heads = (
        say("type"),
        say("maker"),
        say("model"),
        say("measures"),
        say("speaks"),
        say("battery"),
        say("codec"),
        say("verified"),
        say("data sheet"),
    )
    yield f"| {' | '.join(map(told, heads))} |"
    yield f"|{'---|' * len(heads)}"
    for one in known:
        yield f"| {' | '.join(_cell(cell) for cell in _row(one, told))} |"
    yield ""


def _row(one: Known, told: Any) -> Iterator[str]:
    said = _file(one)
    yield f"[`{one.id}`](#{one.id})"
    yield said.manufacturer
    yield said.model
    yield _measures(one, told)
    yield told(_rhythm(said))
    yield told(_battery(said))
    yield f"`{said.codec}`"
    yield told(say("yes") if one.verified else say("unverified"))
    yield f"[{told(say('data sheet'))}]({said.datasheet})" if said.datasheet else ""


def _measures(one: Known, told: Any) -> str:
    if one.compiled is None:
        raise TypeError(one.id)
    says = ", ".join(f"`{quantity.name}`" for quantity in measured(one.compiled))
    made = ", ".join(f"`{quantity.name}`" for quantity in made_by_calibration(one.compiled))
    return f"{says}; {told(say('by calibration'))} {made}" if made else says


def _rhythm(said: TypeFile) -> Sentence:
    if said.interval is not None:
        return say("every {interval}", interval=said.interval)
    if said.heartbeat is not None:
        return say("at events, at least every {interval}", interval=said.heartbeat)
    return say("as it is set")


def _battery(said: TypeFile) -> Sentence:
    if isinstance(said.battery, BatteryEntry):
        unit = "%" if said.battery.reports == "battery" else "V"
        return say("low below {low} {unit}", low=f"{said.battery.low:g}", unit=unit)
    if said.battery == "none":
        return say("on mains")
    return say("says nothing of it")


def _examples(one: Known, language: Language) -> Iterator[str]:
    said = _file(one)
    yield f"### {one.id}\n"
    version = in_language(say("version {version}", version=said.version), language)
    yield f"[{said.manufacturer} {said.model}]({one.path.name}), {version}\n"
    if counted := [in_language(sentence, language) for sentence in _counters(one)]:
        yield f"{'; '.join(counted)}\n"
    for number, example in enumerate(said.examples, 1):
        own = f" ({in_language(say('our own'), language)})" if example.own else ""
        yield f"{number}. {_source(example.source)}{own}"
        if example.description and language == "en":
            yield f"   {' '.join(example.description.split())}"
        yield f"   - {in_language(say('port'), language)} {example.port}, {_said(example, language)}"
        for reading in example.readings:
            yield f"   - {_reading(reading)}"
        if not example.readings:
            yield f"   - {in_language(say('no reading'), language)}"
    yield ""


def _counters(one: Known) -> Iterator[Sentence]:
    """How the device counts, a sentence each quantity and way."""
    readings = one.compiled.readings if one.compiled else ()
    ways = [(value.quantity.name, value.counter, value.width) for spec in readings for value in spec.values]
    for name, counter, width in dict.fromkeys(ways):
        match counter:
            case "delta":
                yield say("`{name}`: what was counted since the uplink before", name=name)
            case "total" if width is None:
                yield say("`{name}`: a total since its start", name=name)
            case "total":
                yield say("`{name}`: a total since its start, of {width} bits", name=name, width=width)
            case "gauge":
                yield say("`{name}`: how many there are now", name=name)


def _source(source: str) -> str:
    return " ".join(source.split())


def _said(example: Example, language: Language) -> str:
    if example.payload is not None:
        return f"`{example.payload}`"
    text = json.dumps(example.decoded, ensure_ascii=False)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return f"{in_language(say('decoded object'), language)} `{shown}`"


def _reading(reading: ExampleReading) -> str:
    tags = "".join(f" {name}={tag}" for name, tag in reading.tags.items())
    values = ", ".join(f"`{name}` {_value(name, value)}" for name, value in reading.values.items())
    return f"{reading.measurement}{tags}: {values}"


def _value(name: str, value: float) -> str:
    quantity = CATALOGUE.get(name.removesuffix("_failed"))
    unit = "" if quantity is None else symbol(quantity.unit)
    return f"{value} {unit}".rstrip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _file(one: Known) -> TypeFile:
    if one.described is None:
        raise TypeError(one.id)
    return one.described
