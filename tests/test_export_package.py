"""Data packages: what they say, and that frictionless accepts them for every format and kind of export."""

import asyncio
import contextlib
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ingest.line_protocol import encode_row, tag
from ingest.registry_files import load_registry
from ingest.store import FILE_NAME
from publish.export import reasons, told
from publish.export.ask import FORMATS, Ask, Format
from publish.export.describe import describe, registry_version
from publish.export.licences import licence
from publish.export.package import package
from publish.export.run import export
from publish.export.shape import shape
from publish.export.write import WRITERS, xlsx
from tests import export_city
from tests.installed import store_lines

KINDS: dict[str, dict[str, Any]] = {
    "long": {"shape": "long"},
    "wide": {"shape": "wide"},
    "windows": {"every": "1d", "shape": "long"},
    "wide windows": {"every": "1h", "shape": "wide"},
    "hours of the week": {"every": "hour-of-week"},
    "figures": {"figures": "parking"},
}
#: A row a value is all that geographic formats have.
PAIRS = [
    (one, kind)
    for one in FORMATS
    for kind, ask in KINDS.items()
    if not (one in ("geojson", "gpkg") and ask.get("shape") == "wide")
]
FRICTIONLESS = [sys.executable, "-m", "frictionless", "validate", "--json"]


class Exported:
    """An export of the hostile city, as a file with its data package."""

    def __init__(self, folder: Path, name: str, format: Format, **ask: Any) -> None:  # noqa: A002
        self.registry, settings = export_city.city(folder / "city")
        chosen = export_city.asked(self.registry, format=format, **ask)
        gathered = export_city.gathered(chosen, folder / "spill.parquet")
        self.sheet = shape(chosen, gathered)
        self.about = describe(chosen, gathered, self.registry, settings, chosen.ask.lang)
        self.file = folder / "out" / name
        self.file.parent.mkdir()
        told: list[tuple[int, int]] = []
        WRITERS[format](self.sheet, self.about, self.file, lambda done, of: told.append((done, of)))
        assert told[-1] == (self.sheet.rows, self.sheet.rows)
        self.package = self.file.with_name("x.datapackage.json")
        self.package.write_bytes(package(self.sheet, self.about, gathered, self.file, format))
        self.said = json.loads(self.package.read_text("utf-8"))

    def validate(self) -> dict[str, Any]:
        """What frictionless says of it, as a program of its own."""
        run = subprocess.run(
            [*FRICTIONLESS, self.package.name],
            cwd=self.file.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        report: dict[str, Any] = json.loads(run.stdout)
        assert (run.returncode == 0) == report["valid"], run.stderr
        return report


def wrong(report: dict[str, Any]) -> list[str]:
    """What is wrong with a package."""
    errors = [*report["errors"], *(error for task in report["tasks"] for error in task["errors"])]
    return [error["message"] for error in errors]


@pytest.mark.parametrize(("format", "kind"), PAIRS)
def test_frictionless_accepts_the_package_of_every_format_and_kind(
    tmp_path: Path,
    format: Format,  # noqa: A002
    kind: str,
) -> None:
    exported = Exported(tmp_path, _file(format), format, **KINDS[kind])
    report = exported.validate()
    assert wrong(report) == []
    assert report["valid"]
    tables = [task for task in report["tasks"] if task["type"] == "table"]
    assert len(tables) == (1 if format in ("csv", "csv-de", "xlsx") else 0)
    assert [task["stats"]["rows"] for task in tables] == [exported.sheet.rows] * len(tables)


@pytest.mark.parametrize("format", ["csv-de", "xlsx"])
@pytest.mark.parametrize("kind", ["long", "windows"])
def test_only_times_in_utc_are_said_to_be(tmp_path: Path, format: Format, kind: str) -> None:  # noqa: A002
    said = Exported(tmp_path, _file(format), format, **KINDS[kind]).said
    fields = {one["name"]: one.get("description", "") for one in said["resources"][0]["schema"]["fields"]}
    assert [name for name, text in fields.items() if text.startswith("UTC")] == [
        name for name in fields if name.endswith("(UTC)")
    ]
    assert "Uhr des Ortes" in fields["Ortszeit"]


def test_every_sheet_of_a_workbook_is_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 1000)
    exported = Exported(tmp_path, "x.xlsx", "xlsx", shape="long")
    report = exported.validate()
    assert wrong(report) == []
    assert [task["name"] for task in report["tasks"]] == ["x", "x-2", "x-3"]
    assert sum(task["stats"]["rows"] for task in report["tasks"]) == exported.sheet.rows > 2000


@pytest.mark.parametrize("format", FORMATS)
def test_frictionless_notices_when_the_file_is_another(tmp_path: Path, format: Format) -> None:  # noqa: A002
    exported = Exported(tmp_path, _file(format), format, shape="long")
    octets = bytearray(exported.file.read_bytes())
    octets[-20] ^= 1
    exported.file.write_bytes(octets)
    assert not exported.validate()["valid"]


def test_frictionless_notices_a_flag_that_there_is_not(tmp_path: Path) -> None:
    exported = Exported(tmp_path, "x.csv", "csv", shape="long")
    text = exported.file.read_text("utf-8").replace(",ug/m3,3\n", ",ug/m3,4\n", 1)
    exported.file.write_text(text, "utf-8")
    assert any("enum" in message for message in wrong(exported.validate()))


@pytest.mark.parametrize(
    "name",
    ["=cmd|' C calc'!A0.csv", "a b;c,d\"e'.csv", "..csv", "ä*[?]{x}%20#.csv", "-.csv", "zeile\nneu.csv"],
)
def test_a_file_may_be_called_anything(tmp_path: Path, name: str) -> None:
    exported = Exported(tmp_path, name, "csv", shape="long")
    assert wrong(exported.validate()) == []
    assert exported.said["resources"][0]["path"] == name


def test_a_package_says_whose_data_they_are(tmp_path: Path) -> None:
    said = Exported(tmp_path, "x.csv", "csv").said
    assert said["licenses"] == [
        {
            "name": "DL-DE-BY-2.0",
            "path": "https://www.govdata.de/dl-de/by-2-0",
            "title": "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        },
        {"name": "nur-f-r-uns", "title": "nur für uns"},
    ]
    giessen, wetzlar = said["contributors"]
    assert giessen["title"].startswith('=HYPERLINK("x");Stadt Gießen eui-')
    assert giessen["email"] == "iot@example.org"
    assert wetzlar == {"title": "Stadt Wetzlar", "roles": ["publisher"]}  # "Rathaus" is no address
    assert [one["contact"] for one in said["messnetz"]["publishers"]] == ["iot@example.org", "Rathaus"]
    assert [one["ags"] for one in said["messnetz"]["publishers"]] == ["06531005", "06532023"]


def test_a_package_says_of_when_the_data_are_in_both_clocks(tmp_path: Path) -> None:
    exported = Exported(tmp_path, "x.csv", "csv", begin="2026-03-29", to="2026-10-25")
    ours = exported.said["messnetz"]
    assert ours["period"] == {
        "begin": {"utc": "2026-03-28T23:00:00Z", "local": "2026-03-29T00:00:00+01:00"},
        "end": {"utc": "2026-10-25T23:00:00Z", "local": "2026-10-26T00:00:00+01:00"},
    }
    assert ours["newest"]["utc"] == told.utc(exported.about.newest_ns or 0)
    assert exported.said["created"] == "2026-11-20T12:00:00Z"
    assert ours["request"] == {"from": "2026-03-29", "to": "2026-10-25"}
    assert ours["asked"]["Zeitraum"] == "29.03.2026 00:00 bis 26.10.2026 00:00, Ortszeit (Europe/Berlin)"


def test_fields_have_ucum_units_titles_and_limits(tmp_path: Path) -> None:
    said = Exported(tmp_path, "x.csv", "csv", every="1h", shape="wide", device=("luft-marktplatz",)).said
    fields = {field["name"]: field for field in said["resources"][0]["schema"]["fields"]}
    value = fields["luft-marktplatz.pm2_5 [ug/m3]"]
    assert (value["type"], value["unit"], value["decimals"]) == ("number", "ug/m3", 1)
    assert value["title"] == "Marktplatz PM2,5 (µg/m³)"
    assert fields["time"]["type"] == fields["end"]["type"] == "datetime"
    assert fields["luft-marktplatz.pm2_5.flag"]["constraints"] == {"enum": [1, 3]}
    assert fields["luft-marktplatz.pm2_5.reason"]["constraints"]["enum"] == list(reasons.REASONS)


def test_hardware_calibrations_and_what_was_not_valid_are_in_a_package(tmp_path: Path) -> None:
    ours = Exported(tmp_path, "x.csv", "csv").said["messnetz"]
    places = {place["device"]: place for place in ours["places"]}
    first, second = places["luft-marktplatz"]["hardware"]  # the first was taken away within the period
    assert (first["manufacturer"], first["model"]) == ("Decentlab", "DL-PM")
    assert first["calibration"] == [{"quantity": "pm2_5", "factor": 0.92, "offset": 0.4}]
    assert first["to"]["local"] == second["from"]["local"] == "2026-03-01T10:00:00+01:00"
    assert second["to"] is None
    assert places["luft-nirgends"]["hardware"][0]["to"]["utc"] == "2026-01-31T23:00:00Z"  # retired before
    [maintenance], [flagged], [recomputed] = (ours[key] for key in ("maintenance", "flagged", "recomputed"))
    assert maintenance["device"] == "luft-marktplatz"
    assert maintenance["from"]["local"] == "2026-03-10T09:30:00+01:00"
    assert (flagged["device"], flagged["reason"], flagged["to"]) == ("luft-dom", "Baustelle", None)
    assert recomputed["done"]["utc"] == "2026-04-05T00:00:00Z"
    assert "mm" not in json.dumps([maintenance, recomputed])  # who did it is nobody's business


def test_a_package_counts_what_is_in_it_and_what_is_not(tmp_path: Path) -> None:
    ours = Exported(tmp_path, "x.csv", "csv", every="1d").said["messnetz"]
    one = next(one for one in ours["series"] if one["name"] == "luft-marktplatz.pm2_5")
    assert {key: one[key] for key in ("unit", "values", "suspect", "failed", "dropped", "windows")} == {
        "unit": "ug/m3",
        "values": 3,
        "suspect": 1,
        "failed": 2,
        "dropped": 0,
        "windows": 4,
    }
    assert one["coverage"] == 87.5
    assert one["reasons"] == {"silent": 1}
    assert ours["capture"] == {"rule": "39. BImSchV Anlage 11 A", "percent": 75.0, "percentOfSums": 100.0}


@pytest.mark.parametrize(
    ("lang", "official", "flags"),
    [
        (
            "de",
            "Dies sind keine amtlichen Messwerte",
            "QARTOD, mit eigenen Prüfungen und Schwellen: 1 plausibel",
        ),
        (
            "en",
            "These are not official measurements",
            "QARTOD, with tests and thresholds of our own: 1 plausible",
        ),
    ],
)
def test_statements_are_in_the_language_asked_for(
    tmp_path: Path, lang: str, official: str, flags: str
) -> None:
    said = Exported(tmp_path, "x.csv", "csv", every="1h", lang=lang).said
    text = "\n".join(said["messnetz"]["statements"])
    assert said["messnetz"]["statements"][0].startswith(official)
    assert flags in text
    assert "75 %" in text
    assert "39. BImSchV Anlage 11 A" in text or "39. BImSchV in Anlage 11 A" in text
    assert [one["value"] for one in said["messnetz"]["flags"]] == [1, 2, 3, 4, 9]
    assert said["messnetz"]["official"] is False


def test_who_may_only_see_what_is_open_is_told_of_nothing_else(tmp_path: Path) -> None:
    said = Exported(tmp_path, "x.csv", "csv", every="1h", audience="open").said["messnetz"]
    assert [one["device"] for one in said["places"] if one.get("bay")] == []
    assert {one["publish"] for one in said["places"]} == {"open"}
    assert "Wetzlar" not in json.dumps(said)


def test_the_registry_has_one_version_everywhere_until_it_changes(tmp_path: Path) -> None:
    here, _ = export_city.city(tmp_path / "here")
    there, settings = export_city.city(tmp_path / "there")
    assert registry_version(here) == registry_version(there)
    settings.periods.write_text("version: 1\nperiods: []\n")
    changed = load_registry(settings)
    assert registry_version(changed) != registry_version(there)
    with (settings.devices / "giessen.yaml").open("a") as file:
        file.write("# a word\n")
    assert registry_version(load_registry(settings)) != registry_version(changed)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("dl-de/by-2-0", "DL-DE-BY-2.0"),
        ("DL-DE->BY-2.0", "DL-DE-BY-2.0"),
        ("http://dcat-ap.de/def/licenses/dl-by-de/2.0", "DL-DE-BY-2.0"),
        ("https://www.govdata.de/dl-de/zero-2-0", "DL-DE-ZERO-2.0"),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("cc-zero", "CC0-1.0"),
        ("https://example.org/lizenz", "https-example.org-lizenz"),
        ("§§", "unknown"),
        ("", "unknown"),
    ],
)
def test_licences_are_known_by_each_of_their_names(said: str, name: str) -> None:
    assert licence(said).name == name


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", ["long", "windows", "figures"])
def test_no_file_has_an_eui_in_it(tmp_path: Path, format: Format, kind: str) -> None:  # noqa: A002
    exported = Exported(tmp_path, _file(format), format, **KINDS[kind])
    for octets in (*_all_bytes(exported.file, format), exported.package.read_bytes()):
        assert _found_in(octets) == []


@pytest.mark.parametrize("format", ["csv", "csv-de", "xlsx", "parquet", "ndjson"])
def test_no_head_has_an_eui_in_it(tmp_path: Path, format: Format) -> None:  # noqa: A002
    exported = Exported(tmp_path, _file(format), format, every="1d", shape="wide")
    for octets in (*_all_bytes(exported.file, format), exported.package.read_bytes()):
        assert _found_in(octets) == []


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_from_the_store_has_no_eui_in_file_name_package_or_notes(
    tmp_path: Path,
    format: Format,  # noqa: A002
) -> None:
    registry, settings = export_city.city(tmp_path / "city")
    eui = "0004a30b00e4c178"
    when = export_city.time_ns("2026-03-29")
    tags = registry.devices[eui].installations[0].tag_prefix + tag("direction", f"nach {eui.upper()}")
    line = encode_row("air_quality", tags, {"pm2_5": 1.5, "qc": 1}, when)
    store_lines(settings.state / FILE_NAME, [line], lambda: export_city.NOW_NS)
    ask = Ask(device=(eui, "luft-dom"), begin="2026-03-28", to="2026-03-30", format=format)
    (tmp_path / "out").mkdir()
    result = asyncio.run(
        export(ask, settings, tmp_path / "out", now_ns=export_city.NOW_NS, progress=lambda *_: None)
    )
    assert result.values == 1
    assert sorted((tmp_path / "out").iterdir()) == sorted(result.files)
    for file in result.files:
        assert _found_in(file.name.encode()) == []
        for octets in _all_bytes(file, format if file is result.files[0] else "csv"):
            assert _found_in(octets) == []
    assert _found_in("\n".join(result.notes).encode()) == []


def test_an_eui_would_be_found(tmp_path: Path) -> None:
    for eui in export_city.EUIS:
        pairs = [eui[at : at + 2] for at in range(0, 16, 2)]
        for text in (eui, eui.upper(), "-".join(pairs), ":".join(pairs).upper(), f"x {eui}"):
            assert _found_in(text.encode()) == [eui]
            assert _found_in(text.encode("utf-16-le")) == [eui]


def _found_in(octets: bytes) -> list[str]:
    """The EUIs in it, whatever stands between their digits and in whatever case."""
    text = re.sub(rb"[-:._ \x00]", b"", octets).lower()
    return [eui for eui in export_city.EUIS if eui.encode() in text or bytes.fromhex(eui) in octets]


def _all_bytes(file: Path, format: Format) -> Iterator[bytes]:  # noqa: A002
    """The file as it is, and what is packed in it."""
    yield file.read_bytes()
    if format == "xlsx":
        with zipfile.ZipFile(file) as parts:
            yield from (parts.read(name) for name in parts.namelist())
    if format == "parquet":
        table = pq.read_table(file)
        yield repr(table.to_pylist()).encode()
        yield repr(table.schema.metadata).encode()
        yield table.schema.to_string(truncate_metadata=False).encode()
    if format == "gpkg":
        with contextlib.closing(sqlite3.connect(file)) as database:
            yield "\n".join(database.iterdump()).encode()


def _file(format: Format) -> str:  # noqa: A002
    return f"x.{format.partition('-')[0]}"
