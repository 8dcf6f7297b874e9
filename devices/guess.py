"""What a field of a decoded object may be, guessed from its name and value: the draft of a device type.

A guess stands on common names of decoders; where a name alone could mean several units, the value or a unit
beside it decides, and where nothing does the field is left to the technician.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from devices import guess_rules as rules
from devices.path import items
from devices.quantity import CATALOGUE, Quantity
from devices.unit import ucum


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a decoded object: its path as type files write it, and the unit said beside it, if any."""

    path: str
    names: tuple[str, ...]  #: the keys on the way, as the decoder writes them
    value: Any
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """What a leaf may be. `checked` says that more than its name speaks for the unit."""

    leaf: Leaf
    quantity: str
    unit: str | None = None
    checked: bool = True
    counter: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)


_NUMBER = re.compile(r"\s*([+-]?[0-9]+(?:[.,][0-9]+)?)\s*(\S*)\s*")


def leaves(decoded: Mapping[str, Any]) -> Iterator[Leaf]:
    """The values of a decoded object in its order; objects with a `value` are one. Lists are one value."""
    yield from _leaves(decoded, ())


def _leaves(said: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[Leaf]:
    for key, value in said.items():
        names = (*above, str(key))
        if isinstance(value, Mapping) and "value" in value and not isinstance(value["value"], Mapping | list):
            unit = value.get("unit")
            path = _path((*names, "value"))
            yield Leaf(path, names, value["value"], unit if isinstance(unit, str) else None)
        elif isinstance(value, Mapping):
            yield from _leaves(value, names)
        else:
            yield Leaf(_path(names), names, value)


def _path(names: tuple[str, ...]) -> str:
    """As type files write it; empty for keys that none can name."""
    if any('"' in name or not name or not name.isprintable() for name in names):
        return ""
    plain = re.compile(r"[\w-]+")
    path = ".".join(name if plain.fullmatch(name) else f'"{name}"' for name in names)
    return path if items(path) == names else ""


def guesses(decoded: Mapping[str, Any]) -> list[Guess]:
    """What the values of a decoded object may be: no quantity twice with the same tags, the first counts.

    Of totals and increments of one way only the totals: they survive a lost uplink. A temperature without a
    nearer name is that of what else is measured.
    """
    found = [one for leaf in leaves(decoded) if (one := guess(leaf)) is not None]
    said = {one.quantity for one in found}
    total = [one.tags for one in found if one.counter == "total"]
    known: dict[tuple[str, tuple[tuple[str, str], ...]], Guess] = {}
    for one in found:
        quantity = one.quantity
        if quantity == "air_temperature":
            quantity = _temperature(one.leaf, said)
        elif quantity == "soil_conductivity" and "water_level" in said:
            quantity = "water_conductivity"
        if one.counter != "delta" or one.tags not in total:
            known.setdefault((quantity, tuple(one.tags.items())), replace(one, quantity=quantity))
    return list(known.values())


def _temperature(leaf: Leaf, said: set[str]) -> str:
    name = " ".join(_named(leaf))
    if rules.INSIDE.search(name):
        return "device_temperature"
    if "air" in name or "relative_humidity" in said:
        return "air_temperature"
    return next(
        (kind for beside, kind in rules.TEMPERATURE_OF if said.intersection(beside)), "air_temperature"
    )


def guess(leaf: Leaf) -> Guess | None:
    """What it may be by itself; None where the name says nothing, or nothing says the unit that it needs."""
    words = _named(leaf)
    if not leaf.path or leaf.value is None or isinstance(leaf.value, list):
        return None
    rule = _rule_of(words)
    if rule is not None:
        return _of_rule(rule, leaf, words)
    number, meant = _number(leaf.value), not rules.NOT_MEANT.intersection(words)
    if meant and number is not None and number >= 0 and number.is_integer():
        return _of_count(leaf, words)
    return None


def name(leaf: Leaf) -> str | None:
    """The quantity that its name tells, whatever its value and unit."""
    rule = _rule_of(_named(leaf))
    return None if rule is None else rule.quantity


def _rule_of(words: list[str]) -> rules.Rule | None:
    if rules.NOT_MEANT.intersection(words):
        return None
    names = (" ".join(words), " ".join(_without_unit(words)))
    found = (rule for rule in rules.RULES if any(rule.name.fullmatch(name) for name in names))
    return next(found, None)


def of_itself(leaf: Leaf) -> bool:
    """Whether a field is about the device or its messages, so that nobody misses it."""
    words = _named(leaf)
    return bool(rules.OF_ITSELF.search(" ".join(words)))


def _of_rule(rule: rules.Rule, leaf: Leaf, words: list[str]) -> Guess | None:
    quantity, number = CATALOGUE[rule.quantity], _number(leaf.value)
    if quantity.decimals is None:
        return _of_state(leaf, quantity.name)
    if number is None:
        return None
    said = _said_unit(leaf, words)
    if rule.quantity == "battery" and (said in {"V", "mV"} or (0 < number <= 5 and not number.is_integer())):
        quantity, rule = CATALOGUE["battery_voltage"], rules.rule("battery_voltage", "", unit=rules.voltage)
    by_value = rule.unit(number) if callable(rule.unit) else rule.unit
    unit = by_value if said is None else said
    if unit is None or unit not in quantity.units:
        return None
    counter = None
    if quantity.name == "precipitation":
        counter = "total" if rules.FOR_EVER.search(" ".join(words)) else "delta"
    if counter != "total" and not _plausible(number, quantity, unit):
        return None
    sure = said is not None or rule.sure
    return Guess(leaf, quantity.name, unit, checked=sure and counter is None, counter=counter)


def _plausible(number: float, quantity: Quantity, unit: str) -> bool:
    factor, offset = quantity.units[unit]
    low, high = quantity.plausible
    size = factor * number + offset
    return (low is None or low <= size) and (high is None or size <= high)


def _of_state(leaf: Leaf, quantity: str) -> Guess | None:
    value = leaf.value
    if isinstance(value, bool) or (isinstance(value, int | float) and value in (0, 1)):
        return Guess(leaf, quantity)
    if isinstance(value, str):
        for states in rules.STATES:
            if value.strip().casefold() in states:
                return Guess(leaf, quantity, words=states, checked=False)
    return None


def _of_count(leaf: Leaf, words: list[str]) -> Guess | None:
    """One way of a counter; the keys on the way tell its lane."""
    said = " ".join(words)
    if not rules.COUNTS.search(said):
        return None
    way = next((word for word in words if word in rules.WAYS), None)
    tags = {"direction": way} if way else {}
    if lane := rules.LANE.search(" ".join(word for name in leaf.names for word in _words(name))):
        tags["lane"] = lane[1]
    if rules.NOW.search(said):
        return Guess(leaf, "present", checked=False, tags=tags)
    counter = "total" if rules.FOR_EVER.search(said) else "delta"
    return Guess(leaf, "count", counter=counter, checked=False, tags=tags)


def _named(leaf: Leaf) -> list[str]:
    """The words of its key, or of the key above for channels that are numbers, as in Cayenne LPP."""
    if leaf.names[-1].isdecimal() and len(leaf.names) > 1:
        return [word for word in _words(leaf.names[-2]) if word != "sensor"]
    return _words(leaf.names[-1])


def _words(name: str) -> list[str]:
    """A key's words in lower case: `pm2_5`, `windSpeed`, `TempC_SHT`, `Pd (P1-PBaro)`."""
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return [word.casefold() for word in re.findall(r"[A-Za-zÀ-ÿ]+[0-9]*|[0-9]+", parted)]


def _without_unit(words: list[str]) -> list[str]:
    return words[:-1] if len(words) > 1 and words[-1] in rules.SUFFIXES else words


def _said_unit(leaf: Leaf, words: list[str]) -> str | None:
    """The unit that stands beside it, behind the figure, or at the end of its name."""
    if leaf.unit is not None:
        return ucum(leaf.unit)
    if isinstance(leaf.value, str) and (match := _NUMBER.fullmatch(leaf.value)) and match[2]:
        return ucum(match[2])
    return rules.SUFFIXES.get(words[-1]) if len(words) > 1 else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and (match := _NUMBER.fullmatch(value)):
        return float(match[1].replace(",", "."))
    return None
