"""Licences as device files name them, and what the world calls them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NO_NAME = re.compile(r"[^-a-zA-Z0-9._]+")


@dataclass(frozen=True, slots=True)
class Licence:
    """`name` is the SPDX identifier where there is one; `path` is empty where nobody knows it."""

    name: str
    path: str
    title: str


_GOVDATA, _COMMONS = "https://www.govdata.de/dl-de/", "https://creativecommons.org/"
_BY = Licence("DL-DE-BY-2.0", f"{_GOVDATA}by-2-0", "Datenlizenz Deutschland – Namensnennung – Version 2.0")
_ZERO = Licence("DL-DE-ZERO-2.0", f"{_GOVDATA}zero-2-0", "Datenlizenz Deutschland – Zero – Version 2.0")
_CC_BY = Licence("CC-BY-4.0", f"{_COMMONS}licenses/by/4.0/", "Creative Commons Namensnennung 4.0")
_CC_BY_SA = Licence(
    "CC-BY-SA-4.0",
    f"{_COMMONS}licenses/by-sa/4.0/",
    "Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 4.0",
)
_CC_ZERO = Licence("CC0-1.0", f"{_COMMONS}publicdomain/zero/1.0/", "Creative Commons CC0 1.0")
#: By how they are written, without anything but letters and digits: as GovData, DCAT-AP.de and SPDX do.
_KNOWN: Mapping[str, Licence] = {
    "dldeby20": _BY,
    "dlbyde20": _BY,
    "dldezero20": _ZERO,
    "dlzerode20": _ZERO,
    "ccby40": _CC_BY,
    "ccby": _CC_BY,
    "ccbysa40": _CC_BY_SA,
    "cc0": _CC_ZERO,
    "cc010": _CC_ZERO,
    "cczero": _CC_ZERO,
}


def licence(said: str) -> Licence:
    """The licence of this name or address; one that nobody knows keeps its words as the title."""
    text = said.strip()
    known = _KNOWN.get(
        re.sub("[^a-z0-9]", "", re.sub(r"^.*/def/licenses/|^.*govdata\.de/", "", text.lower()))
    )
    if known is not None:
        return known
    by_address = [one for one in _KNOWN.values() if one.path.rstrip("/") == text.rstrip("/")]
    if by_address:
        return by_address[0]
    path = text if re.fullmatch(r"https?://[!-~]+", text) else ""
    return Licence(_NO_NAME.sub("-", text).strip("-") or "unknown", path, text)
