"""A table as spreadsheets save it: semicolons, commas or tabs, German or English, whatever the encoding."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from devices import answer
from devices.imports.rows import Listing, Row, is_secret, secret_names, simple
from devices.language import say

#: Where each key of an entry is found: names of columns without spelling, the best first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "kennung", "deviceid", "geraeteid", "geraetekennung"),
    "dev_eui": ("deveui", "eui", "deviceeui", "geraeteeui", "sensoreui"),
    "address": ("address", "sendername"),
    "type": ("type", "typ", "geraetetyp", "sensortyp", "devicetype"),
    "site": ("site", "standort", "aufstellort", "messort", "messstelle", "ort", "platz"),
    "district": ("district", "stadtteil", "ortsteil", "bezirk", "stadtbezirk", "viertel"),
    "lat": ("lat", "latitude", "breite", "breitengrad", "geographischebreite"),
    "lon": ("lon", "lng", "long", "longitude", "laenge", "laengengrad", "geographischelaenge"),
    "location": ("location", "koordinaten", "coordinates", "position", "latlon", "gps"),
    "height": ("height", "hoehe", "montagehoehe", "hoeheuebergrund"),
    "interval": ("interval", "intervall", "sendeintervall", "messintervall"),
    "publish": ("publish", "freigabe", "veroeffentlichen", "veroeffentlichung"),
    "lot": ("lot", "parkplatz", "parkhaus", "parkflaeche"),
    "bay": ("bay", "stellplatz", "stellplatznummer", "parkbucht"),
    "lane": ("lane", "spur", "fahrstreifen", "fahrspur"),
    "direction": ("direction", "directions", "richtung", "richtungen"),
    "from": ("from", "von", "ab", "seit", "montiert", "montage", "montagedatum", "einbau", "einbaudatum"),
    "until": ("until", "bis", "abgebaut", "ausbau", "ausbaudatum"),
    "calibration": ("calibration", "kalibrierung"),
    "labels": ("labels", "label", "etiketten"),
    "name": ("name", "bezeichnung", "devicename", "geraetename"),
    "model": ("model", "modell", "deviceprofilename", "deviceprofile", "geraeteprofil"),
    "brand": ("brandid", "brand", "hersteller", "manufacturer"),
    "model_id": ("modelid",),
}
_LABEL = re.compile(r"(?:label|etikett)[:. ]+(.+)", re.IGNORECASE)
_DIRECTION = re.compile(r"(?:direction|richtung)[:. ]+(.+)", re.IGNORECASE)
_FLAT = ("id", "dev_eui", "address", "type", "site", "district", "lot", "bay", "lane", "from", "until")


def decode(raw: bytes) -> str:
    """The text of a file: UTF-8, what Excel calls Unicode (UTF-16), or else the Windows encoding."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def read(text: str) -> Listing:
    """The rows of a table with names of columns above; raises `ValueError` with a sentence."""
    if "\0" in text:
        raise ValueError(say("is no table of text: save it as CSV (semicolon) and import that"))
    lines = [(number, cells) for number, cells in _cells(text) if any(cell.strip() for cell in cells)]
    if not lines:
        raise ValueError(say("is empty"))
    (_, heads), *rest = lines
    places = _places(heads)
    if not {"dev_eui", "address"} & places.keys():
        listed = ", ".join(head.strip() for head in heads if head.strip())[:200]
        raise ValueError(
            say(
                "has no column DevEUI: the first line is to name the columns; found: {columns}",
                columns=listed,
            )
        )
    kind = _kind({simple(head) for head in heads})
    taken = set(places.values())
    secrets = dict.fromkeys(head for head in heads if is_secret(head))
    free = [head.strip() for at, head in enumerate(heads) if at not in taken and not _own(head)]
    left_out = [head for head in free if head and head not in secrets]
    rows = []
    for number, cells in rest:
        row, hidden = _row(number, cells, heads, places)
        rows.append(row)
        secrets |= dict.fromkeys(hidden)
    return Listing(kind, rows, left_out, list(secrets))


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with the line it begins in."""
    skipped = 0
    if told := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        delimiter, text, skipped = told[1], text[told.end() :], 1
    else:
        first = next((line for line in text.splitlines() if line.strip()), "")
        bare = re.sub(r'"[^"]*"', "", first)
        delimiter = max(";\t,", key=bare.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1 + skipped
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise ValueError(
            say("cannot be read as a table in line {line}: {error}", line=line, error=error)
        ) from None


def _places(heads: Sequence[str]) -> dict[str, int]:
    """Which column has which key; of several that might, the best name's."""
    simple_heads = [simple(head) for head in heads]
    places: dict[str, int] = {}
    for key, names in COLUMNS.items():
        at = next((simple_heads.index(name) for name in names if name in simple_heads), None)
        if at is not None and not is_secret(heads[at]):
            places[key] = at
    return places


def _own(head: str) -> bool:
    return bool(_LABEL.fullmatch(head.strip()) or _DIRECTION.fullmatch(head.strip())) and not is_secret(head)


def _kind(heads: set[str]) -> str:
    if heads & {"brandid", "lorawanversion", "frequencyplanid"}:
        return "The Things Stack"
    return "ChirpStack" if heads & {"deviceprofilename", "deviceprofileid", "deviceprofile"} else "CSV"


def _row(
    number: int, cells: Sequence[str], heads: Sequence[str], places: dict[str, int]
) -> tuple[Row, list[str]]:
    """The row, and the names of labels and directions that hold secrets and were left out."""
    said = {key: cells[at].strip() for key, at in places.items() if at < len(cells) and cells[at].strip()}
    wrong: list[str] = []
    if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
        wrong.append(say("has more cells than there are columns: put texts with the delimiter into quotes"))
    entry: dict[str, Any] = {key: said[key] for key in _FLAT if key in said}
    readers: dict[str, Callable[[str], Any]] = {
        "interval": answer.interval,
        "publish": answer.publish,
        "direction": lambda text: answer.several(text, answer.pair),
        "labels": lambda text: answer.several(text, answer.pair),
        "calibration": lambda text: answer.several(text, answer.calibration),
        "from": lambda text: answer.moment(text, "Europe/Berlin"),
        "until": lambda text: answer.moment(text, "Europe/Berlin"),
    }
    for key, read_cell in readers.items():
        if key in said:
            _take(entry, key, read_cell, said[key], wrong)
    _take_place(entry, said, wrong)
    for at, head in enumerate(heads):
        if at < len(cells) and cells[at].strip() and _own(head):
            _take_own(entry, head.strip(), cells[at].strip())
    hidden = [name for key in ("labels", "direction") for name in _hide(entry, key)]
    model = " ".join(said[key] for key in ("brand", "model_id", "model") if key in said)
    return Row(number, entry, said.get("name", ""), model, wrong), hidden


def _take(
    entry: dict[str, Any], key: str, read_cell: Callable[[str], Any], text: str, wrong: list[str]
) -> None:
    try:
        entry[key] = read_cell(text)
    except ValueError as error:
        wrong.append(f"{key}: {error}")


def _take_place(entry: dict[str, Any], said: dict[str, str], wrong: list[str]) -> None:
    place: dict[str, float] = {}
    if "location" in said:
        pair: dict[str, Any] = {}
        _take(pair, "location", answer.coordinates, said["location"], wrong)
        place = dict(zip(("lat", "lon"), pair.get("location", ()), strict=False))
    for key in ("lat", "lon", "height"):
        if key in said:
            _take(place, key, answer.decimal, said[key], wrong)
    if place and "lat" in place and "lon" in place:
        entry["location"] = {key: place[key] for key in ("lat", "lon", "height") if key in place}
    elif place and not wrong:
        wrong.append(say("lat and lon go together: fill both cells or neither"))


def _take_own(entry: dict[str, Any], head: str, text: str) -> None:
    """A column of its own for a label or a direction: `label: inventar`, `Richtung ltr`."""
    for pattern, key in ((_LABEL, "labels"), (_DIRECTION, "direction")):
        if match := pattern.fullmatch(head):
            entry[key] = {**entry.get(key, {}), match[1].strip(): text}


def _hide(entry: dict[str, Any], key: str) -> list[str]:
    said = entry.get(key, {})
    hidden = secret_names(said)
    for name in hidden:
        del said[name]
    if hidden and not said:
        del entry[key]
    return hidden
