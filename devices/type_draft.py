"""The draft of a device type from one uplink: what its names tell is mapped, the rest is left as remarks.

The draft is a type file that can be used at once, with the uplink as its example.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices import examples, guess, yaml
from devices.examples import ScriptCodec
from devices.guess import Guess, Leaf
from devices.language import say
from devices.quantity import CATALOGUE
from devices.type_file import NotCompiled, TypeFile, compile_type
from devices.unit import symbol
from devices.yaml_write import block, flow, scalar

#: Where a city's type files find their schema.
SCHEMA = "# yaml-language-server: $schema=../types.schema.json"

#: Categories by what is measured; the first that is there counts.
_CATEGORIES = (
    ("parking", "parking"),
    ("waste", "waste"),
    ("soil", "soil"),
    ("water", "water"),
    ("level", "water"),
    ("traffic", "traffic"),
    ("air_quality", "air"),
    ("noise", "noise"),
    ("weather", "weather"),
)
_PEOPLE = ("people", "pax", "person")


@dataclass(frozen=True, slots=True)
class Sample:
    """One uplink of the model: what its codec or the network server made of it, and its payload if known."""

    source: str
    decoded: dict[str, Any]
    port: int = 1
    payload: bytes | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of the file, what was recognised in it, and paths of what was not."""

    text: str
    guesses: Sequence[Guess]
    left: Sequence[str]


def draft(
    name: str,
    manufacturer: str,
    model: str,
    codec: str,
    sample: Sample,
    *,
    codecs_dir: Path | None = None,
    script_codec: ScriptCodec | None = None,
) -> Draft:
    """A type file for this sample; remarks are in the language of the process.

    Raises `ValueError` with a sentence where no type file can be made, as for a codec that there is not.
    """
    found = guess.guesses(sample.decoded)
    known = {one.leaf.path for one in found}
    left = [leaf for leaf in guess.leaves(sample.decoded) if leaf.path not in known]
    street = [leaf for leaf in left if not guess.of_itself(leaf)]
    head = [
        SCHEMA,
        *_remark(say("TODO: write maker and model as the maker does, and where its payload is documented")),
        f"manufacturer: {scalar(manufacturer)}",
        f"model: {scalar(model)}",
        "# datasheet: https://",
        *_category(found, sample.decoded),
        f"codec: {scalar(codec)}",
        *_remark(say("TODO: how often it speaks, as it is set")),
        "# interval: 10min",
        *_battery(found),
        "readings:",
        *_readings(found),
        *_left(street),
    ]
    example = list(_example(sample))
    without = "\n".join([*head, *example, "    readings: []", ""])
    rows = _rows(without, name, codecs_dir, script_codec)
    text = "\n".join([*head, *example, *_expected(rows), ""])
    return Draft(text, found, [leaf.path or ".".join(leaf.names) for leaf in street])


def _remark(text: str) -> Iterator[str]:
    yield f"# {text}"


def _category(found: Sequence[Guess], decoded: Mapping[str, Any]) -> Iterator[str]:
    measured = {CATALOGUE[one.quantity].measurement for one in found}
    category = next((category for name, category in _CATEGORIES if name in measured), None)
    if category == "traffic" and any(word in key.casefold() for key in decoded for word in _PEOPLE):
        category = "people"
    if category is not None:
        yield f"category: {category}"


def _battery(found: Sequence[Guess]) -> Iterator[str]:
    said = {one.quantity for one in found}
    if "battery" in said:
        yield "battery: {reports: battery, low: 10}"
    elif "battery_voltage" in said:
        yield from _remark(say("TODO: at how many volts its battery is to be changed"))
        yield "# battery: {reports: battery_voltage, low: 3.0}"


def _readings(found: Sequence[Guess]) -> Iterator[str]:
    """One entry for values without tags, one for each of the others."""
    if not found:
        yield from _remark(say("TODO: no name was recognised: this stands in for what it measures"))
        yield '  - values:\n      battery: {from: battery, unit: "%"}'
        return
    plain = [one for one in found if not one.tags]
    if plain:
        yield "  - values:"
        yield from map(_value, plain)
    for one in found:
        if one.tags:
            yield f"  - tags: {flow(dict(one.tags))}"
            yield "    values:"
            yield _value(one)


def _value(one: Guess) -> str:
    entry: dict[str, Any] = {"from": one.leaf.path}
    if one.unit is not None:
        entry["unit"] = symbol(one.unit)
    if one.counter is not None:
        entry["counter"] = one.counter
    if one.words:
        entry["words"] = dict(one.words)
    line = f"      {one.quantity}: {flow(entry)}"
    return line if one.checked else f"{line}  # {_doubt(one)}"


def _doubt(one: Guess) -> str:
    if one.counter == "total":
        return say("TODO: does it count for ever? Add its width in bits if it begins anew at 0")
    if one.counter == "delta":
        return say("TODO: is it what was counted since the last uplink?")
    if one.words:
        return say("TODO: are these all words that it says?")
    if one.quantity == "present":
        return say("TODO: is it how many are there now?")
    return say("TODO: is it {quantity}, in {unit}?", quantity=one.quantity, unit=symbol(one.unit or "1"))


def _left(left: Sequence[Leaf]) -> Iterator[str]:
    """What was not recognised, as lines to be completed and moved up."""
    if not left:
        return
    yield from _remark(
        say("TODO: not recognised. Name quantity and unit and move the line under `values`, or delete it")
    )
    for leaf in left:
        if isinstance(leaf.value, list):
            said = say("a list: `each: {path}` makes a reading of every item", path=leaf.path)
            yield f"#     {said}"
        elif leaf.path:
            entry = flow({"from": leaf.path, "unit": leaf.unit or "?"})
            yield f"#     {guess.name(leaf) or 'quantity'}: {entry}  # {flow(leaf.value)}"


def _example(sample: Sample) -> Iterator[str]:
    yield "examples:"
    yield f"  - source: {scalar(sample.source)}"
    yield "    own: true"
    yield f"    port: {sample.port}"
    if sample.payload is not None:
        yield f'    payload: "{sample.payload.hex()}"'
    yield from block("decoded", sample.decoded, 4)


def _rows(
    text: str, name: str, codecs_dir: Path | None, script_codec: ScriptCodec | None
) -> list[examples.Row]:
    """The rows that the draft makes of its own sample."""
    described = TypeFile.model_validate(yaml.parse(text))
    try:
        compiled = compile_type(described, name, codecs_dir=codecs_dir)
    except NotCompiled as error:
        raise ValueError(error.args[0]) from None
    return [
        examples.written(one) for one in examples.run(compiled, described.examples[0], script_codec).readings
    ]


def _expected(rows: Sequence[examples.Row]) -> Iterator[str]:
    if not rows:
        yield "    readings: []"
        return
    yield "    readings:"
    for measurement, tags, fields in rows:
        entry: dict[str, Any] = {"measurement": measurement}
        if tags:
            entry["tags"] = dict(tags)
        yield f"      - {flow({**entry, 'values': fields})}"
