"""What stands at a path of a decoded object, as a number, a tag or a time.

Decoders say one thing in many shapes: `8.0`, `"8,0 mm"`, `{"value": 8, "unit": "mm"}`, `"No Sensor"`.
Whatever cannot be understood raises `Unreadable` and costs only itself.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from devices import timestamp
from devices.language import say
from devices.type import MISSING, TagSpec, ValueSpec
from devices.unit import ucum

#: Texts with which decoders say that there is no value now, compared without regard to case.
ABSENT = frozenset({"", "no sensor", "nosensor", "nan", "null", "none"})

#: One uplink has at most 242 bytes: a longer list is a decoder's fault.
MAX_ITEMS = 1000

#: Integers of the database have 64 bits. Floats, because Python compares floats with those at once.
_LOWEST, _END = -(2.0**63), 2.0**63
#: Bounded, because Python refuses to read integers of thousands of digits.
_DIGITS = r"[+-]?[0-9]{1,40}(?:[.,][0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?"
_PLAIN = re.compile(_DIGITS)
_NUMBER = re.compile(rf"({_DIGITS})\s*((?:[^\W\d_]|[%°‰℃℉[{{])\S{{0,15}})?")
_OFFSET = re.compile(r"(?:[Zz]|[+-]\d\d:\d\d)$")


class Unreadable(Exception):
    """What stands there cannot be used; the message says what stands there and why."""


def number(found: Any, spec: ValueSpec) -> float | int | None:
    """The number that `found` means, in the catalogue's unit; None when it means: no value now.

    Takes numbers; objects with a `value` and perhaps a `unit`; texts with a decimal point or comma and
    perhaps a unit behind (a unit that the quantity takes wins over the type's); the type's `words`;
    booleans where the quantity is an integer state. Integers that need no conversion stay exact.
    Raises `Unreadable` for everything else, NaN, infinity and what does not fit the database.
    """
    kind = type(found)
    if (kind is float or kind is int) and not spec.words:
        return _convert(found, spec.factor, spec.offset, spec)
    if found is None:
        return None
    if kind is dict:
        return _of_object(found, spec)
    if spec.words and (word := spec.words.get(_word(found))) is not None:
        return word
    if kind is str:
        return _of_text(found, None, spec)
    if kind is bool:
        return _of_bool(found, spec)
    if kind is float or kind is int:
        return _convert(found, spec.factor, spec.offset, spec)
    raise Unreadable(say("{given} is no number", given=shown(found)))


def _of_object(found: dict[str, Any], spec: ValueSpec) -> float | int | None:
    inner = found.get("value", MISSING)
    unit = found.get("unit")
    if inner is MISSING or isinstance(inner, dict):
        raise Unreadable(say("{given} is no number and has no `value` that is one", given=shown(found)))
    if isinstance(inner, str):
        return _of_text(inner, unit, spec)
    if type(inner) is float or type(inner) is int:
        return _convert(inner, *_conversion(unit, spec), spec)
    return number(inner, spec)


def _of_text(found: str, unit: Any, spec: ValueSpec) -> float | int | None:
    text = found.strip()
    if text.casefold() in ABSENT or text in spec.missing:
        return None
    if (word := spec.words.get(text.casefold())) is not None:
        return word
    match = _NUMBER.fullmatch(text)
    if match is None:
        if not spec.words:
            raise Unreadable(say("{given} is no number", given=shown(found)))
        words = ", ".join(sorted(spec.words))
        raise Unreadable(say("{given} is no number nor one of: {words}", given=shown(found), words=words))
    return _convert(_plain(match[1]), *_conversion(match[2] or unit, spec), spec)


def _plain(digits: str) -> float | int:
    return int(digits) if digits.lstrip("+-").isdigit() else float(digits.replace(",", "."))


def _conversion(unit: Any, spec: ValueSpec) -> tuple[float, float]:
    """Factor and offset of the unit that the payload says where the quantity takes it, else the type's."""
    if isinstance(unit, str) and (said := spec.quantity.units.get(ucum(unit))) is not None:
        return said
    return spec.factor, spec.offset


def _of_bool(found: bool, spec: ValueSpec) -> int:
    if spec.quantity.decimals is None and spec.counter is None:
        return int(found)
    raise Unreadable(say("{given} is no number: only states may be true or false", given=shown(found)))


def _word(found: Any) -> str:
    """How `words` spells it: lower case; `true`, `false`; whole numbers without a point."""
    if type(found) is float and found.is_integer():
        found = int(found)
    return str(found).strip().casefold()


def _convert(plain: float, factor: float, offset: float, spec: ValueSpec) -> float | int:
    # NaN fails every comparison, and a float that no integer of the database could hold is nonsense too.
    # Both sides of the conversion are asked: an integer of hundreds of digits cannot even be multiplied.
    if _LOWEST <= plain < _END:
        converted = plain if factor == 1.0 and offset == 0.0 else factor * plain + offset
        if _LOWEST <= converted < _END:
            return converted
    name = spec.quantity.name
    raise Unreadable(say("{given} is no number that can be stored for {name}", given=shown(plain), name=name))


def items(found: Any) -> Sequence[Any]:
    """The items of the list at `each`; none when nothing stands there. Raises `Unreadable`."""
    if found is MISSING or found is None:
        return ()
    if not isinstance(found, list):
        raise Unreadable(say("{given} is no list", given=shown(found)))
    if len(found) > MAX_ITEMS:
        raise Unreadable(
            say("a list of {count} items: at most {limit} are read", count=len(found), limit=MAX_ITEMS)
        )
    return found


def tag(spec: TagSpec, item: Any, listed: Mapping[str, str]) -> tuple[str, str]:
    """The tag's value, and why it must not become data (empty: it may).

    It is fixed by the type, or said by the payload and listed by the type or, for `listed` (its
    directions), by the device. What is not listed is given back as it was said, shortened.
    """
    if spec.get is None:
        return spec.value or "", ""
    found = spec.get(item)
    said = "" if found is MISSING or found is None else _word(found) if type(found) is not str else found
    value = spec.allowed.get(said)
    if value is not None:
        return value, ""
    if said in listed:
        return said, ""
    names = ", ".join(dict.fromkeys((*spec.allowed, *listed))) or say("nothing")
    what = say("{given} is not listed", given=shown(found)) if said else say("nothing stands there")
    return said[:60], say(
        "{tag} at {path}: {what}; the type allows: {names}",
        tag=spec.name,
        path=spec.path,
        what=what,
        names=names,
    )


def seconds(found: Any) -> int | None:
    """An interval in whole seconds; None when nothing stands there. Raises `Unreadable`."""
    if found is MISSING or found is None:
        return None
    if isinstance(found, str) and _PLAIN.fullmatch(found.strip()):
        found = _plain(found.strip())
    if isinstance(found, bool) or not isinstance(found, int | float) or not 1 <= found <= 366 * 86_400:
        raise Unreadable(say("{given} is no interval of 1 s to 366 days", given=shown(found)))
    return round(found)


def time_ns(found: Any) -> int | None:
    """A time that the payload says, in UTC nanoseconds; None when nothing stands there.

    Texts are RFC 3339 (no offset: UTC) or a number. Numbers count from 1970, in the unit that their size
    tells: below 10^11 seconds (until the year 5138), below 10^14 milliseconds, below 10^17 microseconds,
    else nanoseconds. Floats are taken to microseconds. Raises `Unreadable`.
    """
    if found is MISSING or found is None:
        return None
    if isinstance(found, str):
        return _time_of_text(found.strip())
    if isinstance(found, int | float) and not isinstance(found, bool):
        return _time_of_number(found)
    raise Unreadable(say("{given} is no time", given=shown(found)))


def _time_of_text(text: str) -> int | None:
    if text.casefold() in ABSENT:
        return None
    if _PLAIN.fullmatch(text):
        return _time_of_number(_plain(text))
    try:
        return timestamp.parse(text if _OFFSET.search(text) else f"{text}Z")
    except (ValueError, OverflowError):
        raise Unreadable(say("{given} is no time as 2026-03-01T12:00:00Z", given=shown(text))) from None


def _time_of_number(count: float) -> int:
    size = abs(count)
    for limit, nanoseconds in ((1e11, 10**9), (1e14, 10**6), (1e17, 10**3), (_END, 1)):
        if size < limit:
            if isinstance(count, int):
                return count * nanoseconds
            return round(count * (nanoseconds / 1000)) * 1000
    raise Unreadable(say("{given} is no time", given=shown(count)))


def shown(found: Any) -> str:
    """What stands there, short enough for a message."""
    text = repr(found)
    return text if len(text) <= 60 else f"{text[:57]}..."
