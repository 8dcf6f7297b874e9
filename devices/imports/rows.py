"""What every import makes of a list: a row a device, with the keys of a device file."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from devices import naming
from devices.language import say
from devices.type import DeviceType

#: Names that secrets have in exports: AppKey, NwkSKey, Passwort, claim authentication code …
_SECRET = re.compile(r"key|schlüssel|schluessel|secret|geheim|passw|token|pin\b|authentication|credential")
#: 128 bits in hex or more, wherever they stand; what is as long and no key, as a UUID, is left out as well.
_KEY = re.compile(r"[0-9a-fA-F]{32}")


def _parts(size: int) -> str:
    digits, between = rf"[0-9a-fA-F]{{{size}}}", rf"(?P<between{size}>[\W_]{{1,5}}(?:0[xX])?)"
    return rf"{digits}{between}{digits}(?:(?P=between{size}){digits}){{{32 // size - 2}}}"


#: The same in equal parts, as lists and arrays of C spell it: `0x00, 0x11, …`
_KEY_IN_PARTS = re.compile("|".join(map(_parts, (2, 4, 8))))
#: What word processors make of a hyphen, and characters nobody sees.
_DASHES, _UNSEEN = re.compile("[\u2010-\u2015\u2212]"), re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One device of a list. `number` is its line, or its place in a list without lines, from 1.

    `entry` has the keys of a device file; `name` is what it is called there and `model` what it is, for what
    the entry does not say. `wrong` are complaints about what stands in the row.
    """

    number: int
    entry: Mapping[str, Any]
    name: str = ""
    model: str = ""
    wrong: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a list. `kind` says whose it is; `left_out` are columns that say nothing we keep."""

    kind: str
    rows: Sequence[Row]
    left_out: Sequence[str] = ()
    secrets: Sequence[str] = field(default=())  #: columns or keys with secrets, which are never taken over


def is_secret(name: str, said: str = "") -> bool:
    """Whether a column or key of this name, or this text in it, must not be copied."""
    plain = re.sub(r"[-_ ]", "", name.casefold())
    return bool(_SECRET.search(plain)) or _holds_key(name) or _holds_key(said)


def _holds_key(text: str) -> bool:
    plain = _DASHES.sub("-", _UNSEEN.sub("", re.sub(r"(?:\s|\\[nrt])+", " ", text)))
    return bool(_KEY.search(re.sub(r"[-: ]", "", plain)) or _KEY_IN_PARTS.search(plain))


def secret_names(said: Mapping[str, Any]) -> list[str]:
    """Which of these labels, tags or attributes must not be copied; a value may be anything JSON can say."""
    return [
        name
        for name, value in said.items()
        if is_secret(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    ]


def simple(name: str) -> str:
    """A name of a column, maker or model without spelling: `Höhe (m)` -> `hoehe`."""
    return naming.id_of(re.sub(r"[(\[].*?[)\]]", "", name)).replace("-", "")


def fitting_types(model: str, types: Iterable[DeviceType]) -> list[str]:
    """The ids of the device types that a text may name: by id, or by maker and model."""
    said = simple(model)
    if not said:
        return []
    known = [(one.id, simple(one.id), simple(one.manufacturer), simple(one.model)) for one in types]
    exact = [name for name, id_, maker, number in known if said in (id_, maker + number, number)]
    if exact:
        return exact
    return [name for name, _, maker, number in known if number in said and (maker in said or len(number) > 3)]


def completed(row: Row, types: Mapping[str, DeviceType], defaults: Mapping[str, Any]) -> Row:
    """The row with its type, its site and an id made of its name: as said, else by model, by default."""
    entry, wrong = dict(row.entry), list(row.wrong)
    said = str(entry.get("type") or row.model)
    if entry.get("type") not in types:
        fits = fitting_types(said, types.values())
        if len(fits) == 1:
            entry["type"] = fits[0]
        elif "type" not in entry and "type" not in defaults:
            wrong.append(_no_type(said, fits))
    entry = {**defaults, **entry}
    if "site" not in entry and row.name:
        entry["site"] = row.name
    if "id" not in entry and (made := naming.id_of(row.name)):
        entry["id"] = made
    return Row(row.number, entry, row.name, row.model, wrong)


def _no_type(model: str, fits: Sequence[str]) -> str:
    if not model:
        return say("type is missing: name one in a column `type`, or for all rows with --type")
    if fits:
        return say("{model} may be: {types}; name one in a column `type`", model=model, types=", ".join(fits))
    return say("no device type is called {model}: name one in a column `type`, or with --type", model=model)
