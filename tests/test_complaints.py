"""Each mistake that people make in the files has its own sentence, in German and English."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices import language
from devices.complaint import Complaint, did_you_mean, some
from devices.registry import SHIPPED_TYPES, load

HEAD = "municipality: {id: giessen}\ndevices:\n"
MARKT = """  - id: luft-markt
    site: Marktplatz
    dev_eui: 70b3d57ba0000a1c
    type: decentlab-dl-pm
"""
TYPE = """manufacturer: Acme
model: X1
codec: lns
readings:
  - values:
      pm2_5: {from: pm2_5, unit: ug/m3}
      co2: {from: co2, unit: ppm}
examples:
  - source: x
    decoded: {pm2_5: 1, co2: 2}
    readings: [{measurement: air_quality, values: {pm2_5: 1, co2: 2}}]
"""


def complaints(folder: Path, source: bytes | str, kind: str = TYPE) -> list[Complaint]:
    """What is said of a device file, and of a type file beside it."""
    for name in ("devices", "types"):
        (folder / name).mkdir()
    octets = source if isinstance(source, bytes) else source.encode()
    (folder / "devices" / "giessen.yaml").write_bytes(octets)
    (folder / "types" / "acme.yaml").write_text(kind)
    return list(load(folder / "devices", (SHIPPED_TYPES, folder / "types")).complaints)


def check(found: list[Complaint], line: int, device: str, english: str, german: str) -> None:
    """One complaint, with its line, its device and its sentence in both languages."""
    assert [(one.line, one.device, one.message) for one in found] == [(line, device, english)]
    assert language.in_language(found[0].message, "de") == german


@pytest.mark.parametrize(
    ("added", "english", "german"),
    [
        (
            "calibration: {pm2_5: {factor: 0,92}}",
            "calibration.pm2_5.factor: 0,92 is two things to YAML: write it with a point, 0.92",
            "calibration.pm2_5.factor: 0,92 ist für YAML zweierlei: mit Punkt schreiben, 0.92",
        ),
        (
            "calibration: {pm2_5: {factor: '0,92'}}",
            "calibration.pm2_5.factor: 0,92 is no number: write it with a point, 0.92",
            "calibration.pm2_5.factor: 0,92 ist keine Zahl: mit Punkt schreiben, 0.92",
        ),
        (
            "calibration: {pm2_5: {factor: [0,92]}}",
            "calibration.pm2_5.factor: 0,92 is no number: write it with a point, 0.92",
            "calibration.pm2_5.factor: 0,92 ist keine Zahl: mit Punkt schreiben, 0.92",
        ),
        (
            "calibration: {pm2_5: {offset: 3 µg/m³}}",
            "calibration.pm2_5.offset: 3 µg/m³ is no number",
            "calibration.pm2_5.offset: 3 µg/m³ ist keine Zahl",
        ),
        (
            "location: {lat: 50.5, lon: 8.6, height: '3,5 m'}",
            "location.height: 3,5 m is no number: leave the unit out, 3.5",
            "location.height: 3,5 m ist keine Zahl: ohne die Einheit schreiben, 3.5",
        ),
        (
            "location: {lat: 50.5, lon: 8.6, height: 3,5 m}",
            "location.height: 3,5 m is no number: leave the unit out, 3.5",
            "location.height: 3,5 m ist keine Zahl: ohne die Einheit schreiben, 3.5",
        ),
        (
            "location: {lat: 50.5, lon: yes}",
            "location.lon: yes is no number",
            "location.lon: yes ist keine Zahl",
        ),
        (
            "location: {lat: 50.5, lon: true}",
            "location.lon: true is no number",
            "location.lon: true ist keine Zahl",
        ),
        (
            "location: {lat: 8.6784, lon: 50.5841}",
            "lat and lon are exchanged: write {lat: 50.5841, lon: 8.6784}",
            "lat und lon sind vertauscht: {lat: 50.5841, lon: 8.6784} schreiben",
        ),
        (
            "location: {lat: 0, lon: 0}",
            "lat 0, lon 0 lies in the sea off Africa: leave `location` out until it is known",
            "lat 0, lon 0 liegt im Meer vor Afrika: `location` weglassen, bis der Ort bekannt ist",
        ),
        (
            "location: {lat: 40.4168, lon: -3.7038}",
            (
                "lat 40.4168, lon -3.7038 lies outside of Germany:"
                " compare the digits, or write another `timezone` above"
            ),
            (
                "lat 40.4168, lon -3.7038 liegt nicht in Deutschland:"
                " Ziffern vergleichen, oder oben eine andere `timezone` angeben"
            ),
        ),
        (
            "location: {lat: 505841, lon: 8.6784}",
            "location.lat: 505841 is too large: at most 90",
            "location.lat: 505841 ist zu groß: höchstens 90",
        ),
        (
            """location: {lat: "50° 35' 2.8\\" N", lon: 8.6784}""",
            "location.lat: 50° 35' 2.8\" N is no number: write degrees with a point, 50.58411",
            "location.lat: 50° 35' 2.8\" N ist keine Zahl: in Grad mit Punkt schreiben, 50.58411",
        ),
        (
            "location: {lat: 50 35.04, lon: 8.6784}",
            "location.lat: 50 35.04 is no number: write degrees with a point, 50.58400",
            "location.lat: 50 35.04 ist keine Zahl: in Grad mit Punkt schreiben, 50.58400",
        ),
        (
            "location: [50.5841, 8.6784]",
            (
                "location: [50.5841, 8.6784] has no keys of its own. Where it stands:"
                " `{lat: 50.5841, lon: 8.6784, height: 3.5}`. It takes: lat, lon, height"
            ),
            (
                "location: [50.5841, 8.6784] hat keine eigenen Schlüssel. Wo es steht:"
                " `{lat: 50.5841, lon: 8.6784, height: 3.5}`. Möglich sind: lat, lon, height"
            ),
        ),
        ("from: 31.02.2026", "31.02.2026: there is no such day", "31.02.2026: diesen Tag gibt es nicht"),
        (
            "until: 2026-02-31 10:00",
            "2026-02-31 10:00: there is no such day",
            "2026-02-31 10:00: diesen Tag gibt es nicht",
        ),
        (
            "from: 10.3.2026 14:00",
            "10.3.2026 14:00 is no date and time: write it as 2026-03-10 14:00",
            "10.3.2026 14:00 ist kein Zeitpunkt: so schreiben: 2026-03-10 14:00",
        ),
        (
            "from: 10.03.26 14.00 Uhr",
            "10.03.26 14.00 Uhr is no date and time: write it as 2026-03-10 14:00",
            "10.03.26 14.00 Uhr ist kein Zeitpunkt: so schreiben: 2026-03-10 14:00",
        ),
        (
            "from: 10.3.2026 25:00",
            "10.3.2026 25:00: there is no such time of day",
            "10.3.2026 25:00: diese Uhrzeit gibt es nicht",
        ),
        (
            "from: 3/10/2026",
            "3/10/2026: which is the month? Write the year first, as 2025-11-03 09:30",
            "3/10/2026: was ist der Monat? Das Jahr zuerst schreiben, wie 2025-11-03 09:30",
        ),
        (
            "from: 2026",
            "2026 is no date and time: write it as 2025-11-03 09:30",
            "2026 ist kein Zeitpunkt: so schreiben: 2025-11-03 09:30",
        ),
        (
            "from: 2026-03-29 02:30",
            "2026-03-29 02:30 does not exist in Europe/Berlin: the clocks go forward then",
            "2026-03-29 02:30 gibt es in Europe/Berlin nicht: da wird die Uhr vorgestellt",
        ),
        (
            "publish: yes",
            "publish: yes is not allowed: none, partners, open",
            "publish: yes ist nicht erlaubt: none, partners, open",
        ),
        (
            "publish: opne",
            "publish: opne is not allowed (did you mean open?): none, partners, open",
            "publish: opne ist nicht erlaubt (ist open gemeint?): none, partners, open",
        ),
        (
            "publish:",
            "publish: nothing stands there; allowed: none, partners, open",
            "publish: da steht nichts; erlaubt: none, partners, open",
        ),
        (
            "interval: 10",
            "interval: 10 is no text. How often it should speak, as `10min`. Default: as its type says.",
            (
                "interval: 10 ist kein Text. Wie oft es sich melden soll, wie `10min`. Ohne Angabe:"
                " wie es sein Typ"
                " sagt."
            ),
        ),
        (
            "calibration: {pm25: {factor: 2}}",
            (
                "decentlab-dl-pm does not measure pm25 (did you mean pm2_5?); allowed: pm1, pm2_5, pm4, pm10,"
                " air_temperature, relative_humidity, air_pressure, battery_voltage"
            ),
            (
                "decentlab-dl-pm misst pm25 nicht (ist pm2_5 gemeint?); erlaubt: pm1, pm2_5, pm4, pm10,"
                " air_temperature, relative_humidity, air_pressure, battery_voltage"
            ),
        ),
        (
            "calibration: {pm2_5: {factor: 1, factor: 2}}",
            "factor stands twice: keep one",
            "factor steht doppelt da: eines behalten",
        ),
        ("site: Markt", "site stands twice: keep one", "site steht doppelt da: eines behalten"),
        (
            "site: !vermutlich Markt",
            "a text must not begin with !, and a key must be a word: write them in quotes",
            (
                "ein Text darf nicht mit ! beginnen, ein Schlüssel muss ein Wort sein: in"
                " Anführungszeichen setzen"
            ),
        ),
    ],
)
def test_a_mistake_in_an_entry_is_said(tmp_path: Path, added: str, english: str, german: str) -> None:
    text = HEAD + (MARKT.replace("    site: Marktplatz\n", "") if "site: !" in added else MARKT)
    line = text.count("\n") + 1
    check(complaints(tmp_path, f"{text}    {added}\n"), line, "luft-markt", english, german)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("typ", "type"), ("Ort", "site"), ("kalibrierung", "calibration"), ("lable", "labels")],
)
def test_an_unknown_key_is_said_with_the_nearest_right_one(tmp_path: Path, wrong: str, right: str) -> None:
    keys = (
        "id, site, district, location, interval, publish, labels, direction, lot, bay, bays, lane, qc,"
        " installations, from, until, dev_eui, address, type, calibration, variables"
    )
    check(
        complaints(tmp_path, f"{HEAD}{MARKT}    {wrong}: x\n"),
        7,
        "luft-markt",
        f"{wrong}: no such key (did you mean {right}?); allowed: {keys}",
        f"{wrong}: diesen Schlüssel gibt es nicht (ist {right} gemeint?); erlaubt: {keys}",
    )


def test_an_unknown_type_is_said_with_the_nearest_right_one(tmp_path: Path) -> None:
    check(
        complaints(tmp_path, HEAD + MARKT.replace("decentlab-dl-pm", "decentlab-dlpm")),
        6,
        "luft-markt",
        (
            "there is no device type decentlab-dlpm (did you mean decentlab-dl-pm?): messnetz types list"
            " shows all"
        ),
        (
            "es gibt keinen Gerätetyp decentlab-dlpm (ist decentlab-dl-pm gemeint?): messnetz types list"
            " zeigt alle"
        ),
    )


SPREADSHEET = (
    (
        "{} is what a spreadsheet made of a DevEUI, its last digits are lost: take all 16 from the"
        " sensor's label, and make the spreadsheet's column one of texts first"
    ),
    (
        "{} hat eine Tabellenkalkulation aus einer DevEUI gemacht, die letzten Ziffern sind verloren:"
        " alle 16 vom Aufkleber des Sensors nehmen und die Spalte der Tabelle vorher als Text formatieren"
    ),
)


@pytest.mark.parametrize(
    "written", ["7,0B3D5E+15", "7.0B3D57E+15", "2.4E+15", "2,4124E+15", "2.4E15", "7e15"]
)
@pytest.mark.parametrize("entry", [MARKT, "  - {id: luft-markt, site: Markt, dev_eui: EUI, type: acme}\n"])
def test_what_a_spreadsheet_made_of_a_dev_eui_is_known(tmp_path: Path, written: str, entry: str) -> None:
    text = HEAD + entry.replace("EUI", written).replace("70b3d57ba0000a1c", written)
    [found] = complaints(tmp_path, text)
    assert (found.line, found.device) == (5 if entry == MARKT else 3, "luft-markt")
    english, german = SPREADSHEET
    shown = found.message.removeprefix("dev_eui: ").partition(" ")[0]
    assert shown == written or (entry != MARKT and shown[:3] == written[:3])
    assert found.message == f"dev_eui: {english.format(shown)}"
    assert language.in_language(found.message, "de") == f"dev_eui: {german.format(shown)}"


@pytest.mark.parametrize(
    ("written", "english", "german"),
    [
        (
            "4300000000001",
            (
                "4300000000001 has 13 digits: a DevEUI has 16; did a spreadsheet drop zeros: is it"
                " 0004300000000001?"
            ),
            (
                "4300000000001 hat 13 Ziffern: eine DevEUI hat 16; hat eine Tabelle Nullen verschluckt:"
                " ist es 0004300000000001?"
            ),
        ),
        (
            "70b3d57ba0000a1",
            "70b3d57ba0000a1 has 15 digits: a DevEUI has 16; compare it with the sensor's label",
            "70b3d57ba0000a1 hat 15 Ziffern: eine DevEUI hat 16; mit dem Aufkleber des Sensors vergleichen",
        ),
        (
            "70b3d57ba0000a1cc",
            "70b3d57ba0000a1cc has 17 digits: a DevEUI has 16; is one written twice?",
            "70b3d57ba0000a1cc hat 17 Ziffern: eine DevEUI hat 16; steht eine doppelt?",
        ),
        (
            "70B3D57BA0000A1O",
            "70B3D57BA0000A1O is no DevEUI: O is none of its digits 0-9 and a-f; is it 0?",
            "70B3D57BA0000A1O ist keine DevEUI: O ist keine ihrer Ziffern 0-9 und a-f; ist es 0?",
        ),
        (
            "70b3d57ba0000a1x",
            "70b3d57ba0000a1x is no DevEUI: x is none of its digits 0-9 and a-f",
            "70b3d57ba0000a1x ist keine DevEUI: x ist keine ihrer Ziffern 0-9 und a-f",
        ),
        (
            "0123456789abcdef0123456789abcdef",
            "0123… has 32 digits: that is a key, for the network server only; a DevEUI has 16",
            "0123… hat 32 Ziffern: das ist ein Schlüssel, nur für den Netzwerkserver; eine DevEUI hat 16",
        ),
        (
            "Sensor 3",
            "Sensor 3 is no DevEUI: write its 16 digits 0-9 and a-f, as 70b3d57ba0000a1c",
            "Sensor 3 ist keine DevEUI: ihre 16 Ziffern 0-9 und a-f schreiben, wie 70b3d57ba0000a1c",
        ),
        (
            "''",
            "nothing stands there: write the 16 digits of the sensor's label, as 70b3d57ba0000a1c",
            "da steht nichts: die 16 Ziffern vom Aufkleber des Sensors schreiben, wie 70b3d57ba0000a1c",
        ),
    ],
)
def test_a_dev_eui_of_another_length_or_with_other_letters_is_said(
    tmp_path: Path, written: str, english: str, german: str
) -> None:
    found = complaints(tmp_path, HEAD + MARKT.replace("70b3d57ba0000a1c", written))
    check(found, 5, "luft-markt", f"dev_eui: {english}", f"dev_eui: {german}")


@pytest.mark.parametrize("kept", ["0123456789abcdef0123456789abcdef", "0123456789ABCDEF 0123456789ABCDEF"])
def test_a_key_is_never_repeated_in_a_complaint(tmp_path: Path, kept: str) -> None:
    [found] = complaints(tmp_path, HEAD + MARKT.replace("70b3d57ba0000a1c", kept))
    assert "456789" not in str(found)


def test_a_place_far_from_its_neighbours_is_said(tmp_path: Path) -> None:
    places = [(50.58, 8.67), (50.59, 8.66), (50.57, 8.7), (50.6, 8.65), (50.58, 8.68), (53.55, 9.99)]
    listed = "".join(
        MARKT.replace("luft-markt", f"luft-{at}").replace("a0000a1c", f"a0000a0{at}")
        + f"    location: {{lat: {lat}, lon: {lon}}}\n"
        for at, (lat, lon) in enumerate(places)
    )
    check(
        complaints(tmp_path, HEAD + listed),
        28,
        "luft-5",
        "lies 343 km from the other places of giessen: compare the digits; a place of another municipality"
        " belongs into a file of its own",
        "liegt 343 km von den anderen Orten von giessen entfernt: Ziffern vergleichen; ein Ort einer anderen"
        " Gemeinde gehört in eine eigene Datei",
    )


@pytest.mark.parametrize("timezone", ["Europe/Madrid", "Europe/Vienna"])
def test_a_town_of_another_country_names_its_time_zone(tmp_path: Path, timezone: str) -> None:
    where = "    location: {lat: 40.4168, lon: -3.7038}\n"
    assert complaints(tmp_path, f"timezone: {timezone}\n{HEAD}{MARKT}{where}") == []


@pytest.mark.parametrize(("lat", "lon"), [(50.77, 6.02), (47.66, 9.48), (54.91, 9.79), (51.15, 15.0)])
def test_a_town_at_the_border_may_measure_beyond_it(tmp_path: Path, lat: float, lon: float) -> None:
    assert complaints(tmp_path, f"{HEAD}{MARKT}    location: {{lat: {lat}, lon: {lon}}}\n") == []


@pytest.mark.parametrize(
    ("source", "line", "english", "german"),
    [
        (
            f"{HEAD}{MARKT}\tlot: P1\n",
            7,
            "a tab stands at the begin of the line: write blanks",
            "am Anfang der Zeile steht ein Tabulator: Leerzeichen schreiben",
        ),
        (
            f"{HEAD}{MARKT}    lot P1\n    bay: 3\n",
            7,
            "a colon is missing: write lot: and the value behind it",
            "ein Doppelpunkt fehlt: lot: schreiben und dahinter den Wert",
        ),
        (
            f"{HEAD}{MARKT}    lot:P1\n    bay: 3\n",
            7,
            "a blank is missing behind the colon: write lot: P1",
            "nach dem Doppelpunkt fehlt ein Leerzeichen: lot: P1 schreiben",
        ),
        (
            f"{HEAD}{MARKT}    lot: Ecke: Markt\n",
            7,
            "two colons stand in this line: put the text into quotes, or begin a new line",
            (
                "in dieser Zeile stehen zwei Doppelpunkte: den Text in Anführungszeichen setzen oder"
                " eine neue Zeile"
                " beginnen"
            ),
        ),
        (
            f'{HEAD}{MARKT}    lot: "P1\n    bay: 3\n',
            7,
            "a quotation mark is not closed",
            "ein Anführungszeichen ist nicht geschlossen",
        ),
        (
            f'{HEAD}{MARKT}    lot: "P1" Nord\n',
            7,
            "text stands behind the closing quotation mark: put all of it between the two",
            "hinter dem schließenden Anführungszeichen steht noch Text: alles zwischen die beiden setzen",
        ),
        (
            f'{HEAD}{MARKT}    lot: "C:\\Daten"\n',
            7,
            "\\ has a meaning of its own between two \": write the text between two '",
            "\\ bedeutet zwischen zwei \" etwas anderes: den Text zwischen zwei ' setzen",
        ),
        (
            f"{HEAD}{MARKT}    location: {{lat: 50.5, lon: 8.6\n    lot: P1\n",
            7,
            "{ is not closed: } is missing",
            "{ ist nicht geschlossen: } fehlt",
        ),
        (
            f"{HEAD}{MARKT}    location: {{lat: 50.5, lon: 8.6}}}}\n",
            7,
            "} is one too many, or { is missing",
            "ein } ist zu viel, oder { fehlt",
        ),
        (
            f"{HEAD}{MARKT}   lot: P1\n",
            7,
            "this line begins neither below the one above nor below its key: indent it like those",
            "diese Zeile beginnt weder unter der darüber noch unter ihrem Schlüssel: ebenso weit einrücken",
        ),
        (
            f"{HEAD}{MARKT}      lot: P1\n",
            7,
            "this line begins further right than the one above: let it begin below it",
            "diese Zeile beginnt weiter rechts als die darüber: genau darunter beginnen lassen",
        ),
        (
            f"{HEAD}{MARKT}    lot: @P1\n",
            7,
            "a text must not begin with @: write it in quotes",
            "ein Text darf nicht mit @ beginnen: in Anführungszeichen setzen",
        ),
        (
            f"{HEAD}{MARKT}    lot: *P1\n",
            7,
            "a text must not begin with *: write it in quotes",
            "ein Text darf nicht mit * beginnen: in Anführungszeichen setzen",
        ),
        (
            f"{HEAD}{MARKT}    installations: - a\n",
            7,
            "a list begins on a line of its own: write - below the key",
            "eine Liste beginnt in einer eigenen Zeile: das - unter den Schlüssel schreiben",
        ),
        (
            f"{HEAD}{MARKT}    lot: | P1\n",
            7,
            "YAML cannot read this: see that blanks, colons, quotes and brackets are as in the sample",
            (
                "YAML kann das nicht lesen: Leerzeichen, Doppelpunkte, Anführungszeichen und"
                " Klammern mit dem Muster"
                " vergleichen"
            ),
        ),
        (
            f"{HEAD}{MARKT}---\n{MARKT}",
            7,
            "the line --- ends the file to YAML: take it out",
            "die Zeile --- beendet für YAML die Datei: herausnehmen",
        ),
        (
            f"{HEAD}{MARKT}devices:\n",
            7,
            "devices stands twice: keep one",
            "devices steht doppelt da: eines behalten",
        ),
        (
            f"{HEAD}{MARKT}timezone: MEZ\n",
            7,
            "timezone: MEZ is no time zone: write one of the tz database, as Europe/Berlin",
            "timezone: MEZ ist keine Zeitzone: eine der tz-Datenbank schreiben, wie Europe/Berlin",
        ),
        (
            (HEAD + MARKT.replace("Markt", "Straße")).encode("latin-1"),
            4,
            "is not in UTF-8: save it again with the encoding UTF-8",
            "ist nicht in UTF-8: mit der Kodierung UTF-8 neu speichern",
        ),
        (
            (HEAD + MARKT).encode("utf-16"),
            1,
            "is not in UTF-8: save it again with the encoding UTF-8",
            "ist nicht in UTF-8: mit der Kodierung UTF-8 neu speichern",
        ),
        (
            "gerät: x\n",
            1,
            "has no list `devices:` with one entry (- id: …) a place",
            "hat keine Liste `devices:` mit einem Eintrag (- id: …) je Ort",
        ),
    ],
)
def test_a_mistake_that_costs_the_file_is_said(
    tmp_path: Path, source: bytes | str, line: int, english: str, german: str
) -> None:
    check(complaints(tmp_path, source), line, "", english, german)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without mark", "with mark"])
def test_line_ends_and_byte_order_marks_of_other_systems_are_no_mistake(
    tmp_path: Path, ends: str, mark: bytes
) -> None:
    assert complaints(tmp_path, mark + (HEAD + MARKT).replace("\n", ends).encode()) == []


def test_two_files_that_clash_are_said_for_both(tmp_path: Path) -> None:
    found = complaints(tmp_path, HEAD + MARKT + MARKT.replace("luft-markt", "luft-bahnhof"))
    german = [language.in_language(one.message, "de") for one in found]
    file = found[0].file
    assert german == [
        (
            f"70b3d57ba0000a1c ist zur selben Zeit auch bei luft-bahnhof ({file}:7): eine der beiden"
            " mit until"
            " beenden"
        ),
        (
            f"70b3d57ba0000a1c ist zur selben Zeit auch bei luft-markt ({file}:3): eine der beiden mit"
            " until beenden"
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "english", "german"),
    [
        (
            "unit: ug/m3",
            "unit: ppb",
            6,
            "pm2_5 is a mass of particles, and ppb is for gases: say one of ug/m3, mg/m3, ng/m3",
            (
                "pm2_5 ist eine Masse von Teilchen, und ppb gilt für Gase: eine von ug/m3, mg/m3, ng/m3"
                " schreiben"
            ),
        ),
        (
            "unit: ppm",
            "unit: µg/m³",
            7,
            "co2 is a share of the air, and µg/m³ is a mass: say one of [ppm], [ppb]",
            "co2 ist ein Anteil an der Luft, und µg/m³ ist eine Masse: eine von [ppm], [ppb] schreiben",
        ),
        (
            ", unit: ug/m3",
            "",
            6,
            "pm2_5 needs its unit: say one of ug/m3, mg/m3, ng/m3",
            "pm2_5 braucht eine Einheit: eine von ug/m3, mg/m3, ng/m3",
        ),
        (
            "unit: ug/m3",
            "unit: km/h",
            6,
            "pm2_5 is not measured in km/h: say one of ug/m3, mg/m3, ng/m3",
            "pm2_5 wird nicht in km/h gemessen: eine von ug/m3, mg/m3, ng/m3 schreiben",
        ),
        (
            "model: X1\n",
            "",
            1,
            "model: is missing. What the maker calls it.",
            "model: fehlt. Wie der Hersteller es nennt.",
        ),
        (
            "unit: ppm}",
            "unit: ppm, optical: ja}",
            7,
            "readings.0.values.co2.optical: ja is neither true nor false",
            "readings.0.values.co2.optical: ja ist weder true noch false",
        ),
    ],
)
def test_a_mistake_in_a_type_is_said(
    tmp_path: Path, old: str, new: str, line: int, english: str, german: str
) -> None:
    assert old in TYPE
    check(complaints(tmp_path, HEAD, TYPE.replace(old, new, 1)), line, "acme", english, german)


def test_a_complaint_in_a_line_follows_the_language() -> None:
    complaint = Complaint("a.yaml", 3, "luft", language.say("is missing{about}", about=""))
    assert complaint.sentence == str(complaint) == "a.yaml:3: luft: is missing"
    assert complaint.sentence.in_language("de") == "a.yaml:3: luft: fehlt"


def test_of_many_complaints_the_first_are_shown_and_the_others_counted() -> None:
    lines = some([Complaint("a.yaml", 3, "luft", "x")] * 102)
    assert len(lines) == 101
    assert language.in_language(lines[-1], "de") == "… und 2 weitere: messnetz check zeigt sie"


@pytest.mark.parametrize(
    ("said", "nearest"),
    [("tpye", "type"), ("TYPE", "type"), ("Standort", "site"), ("latitude", ""), ("zzz", "")],
)
def test_the_nearest_word_is_of_those_allowed(said: str, nearest: str) -> None:
    hint = did_you_mean(said, ["type", "site"])
    assert hint == (f" (did you mean {nearest}?)" if nearest else "")


ODD = st.text(max_size=6, alphabet=" \t\n-:,#'\"[]{}&*!|>%@?x0é.1")
VALUES = st.sampled_from(
    [
        "",
        "~",
        "yes",
        "true",
        "[]",
        "{}",
        "[1]",
        "{a: 1}",
        "-1",
        "0",
        "99999",
        "1e999",
        ".nan",
        "2026",
        "x",
        "'0,92'",
        "''",
    ]
)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_stands_in_a_file_is_said_in_our_words_and_both_languages(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text, kind = (garbled(one, data) for one in (HEAD + MARKT + "    from: 2026-03-01\n", TYPE))
    for found in complaints(tmp_path_factory.mktemp("city"), text, kind):
        assert isinstance(found.message, language.Sentence), found
        assert found.sentence.in_language("de") != found.sentence
        assert str(found).isprintable()


def garbled(text: str, data: st.DataObject) -> str:
    """The text with a few pieces overwritten, or values of keys exchanged."""
    for _ in range(data.draw(st.integers(0, 2))):
        at, cut = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 6))
        text = text[:at] + data.draw(ODD) + text[at + cut :]
    for _ in range(data.draw(st.integers(0, 2))):
        values = [match.span(1) for match in re.finditer(r": ([^:\n{}]+)$", text, re.MULTILINE)]
        if values:
            begin, end = data.draw(st.sampled_from(values))
            text = text[:begin] + data.draw(VALUES) + text[end:]
    return text
