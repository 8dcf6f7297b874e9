"""Times in which values are not valid: the file that technicians write, and what becomes of the values."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml12

from devices import edit, periods
from devices.device import Device
from devices.language import in_language
from devices.period import Period
from devices.periods import Periods
from devices.registry import Registry
from tests.street import HOUR

DEVICES: Mapping[str, Device] = {
    one.id: one
    for one in (
        Device("luft-markt", "Marktplatz", "giessen"),
        Device("laerm-markt", "Marktplatz", "giessen"),
        Device("pegel-lahn", "Lahn", "giessen", timezone="Europe/London"),
        Device("17", "Lahn", "giessen"),
    )
}


def ns(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * 1_000_000_000  # type: ignore[misc,arg-type]  # y, m, d …


def load(
    folder: Path,
    entries: str,
    previous: Mapping[str, tuple[Period, ...]] | None = None,
    head: str = "version: 1\n",
) -> Periods:
    path = folder / "periods.yaml"
    path.write_text(f"{head}periods:\n{entries}")
    return periods.load(path, DEVICES, previous)


def said(found: Periods, folder: Path) -> list[str]:
    return [str(one).removeprefix(f"{folder}/periods.yaml:") for one in found.complaints]


ONE = (
    "  - {device: luft-markt, from: 2026-03-10 09:30, to: 2026-03-12 16:00,"
    " kind: flag, reason: Baustelle, by: M. W.}\n"
)


def test_a_period_is_in_the_devices_local_time(tmp_path: Path) -> None:
    found = load(tmp_path, ONE)
    assert found == Periods(
        {"luft-markt": (Period(ns(2026, 3, 10, 8, 30), ns(2026, 3, 12, 15), "flag", "Baustelle", "M. W."),)}
    )


def test_a_period_may_be_of_several_devices_or_of_a_site_and_have_no_end(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        "  - {device: [luft-markt, 17], from: 2026-03-10T09:30:00Z, kind: maintenance, reason: Wartung}\n"
        "  - site: Lahn\n    from: 2026-07-01 12:00\n    kind: flag\n    reason: Niedrigwasser\n",
    )
    assert found.complaints == ()
    first = Period(ns(2026, 3, 10, 9, 30), None, "maintenance", "Wartung")
    assert found.by_device == {
        "luft-markt": (first,),
        "17": (first, Period(ns(2026, 7, 1, 10), None, "flag", "Niedrigwasser")),
        "pegel-lahn": (Period(ns(2026, 7, 1, 11), None, "flag", "Niedrigwasser"),),
    }


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "version: 1\nperiods:\n", "version: 1\nperiods: []\n", "{}"]
)
def test_a_file_without_periods_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "periods.yaml"
    path.write_text(text)
    assert periods.load(path, DEVICES) == Periods()
    assert periods.load(tmp_path / "absent.yaml", DEVICES) == Periods()


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (
            "device: luft-mark, from: 2026-03-10 09:30",
            "there is no device luft-mark (did you mean luft-markt?)",
        ),
        (
            "site: Markplatz, from: 2026-03-10 09:30",
            "no device stands at the site Markplatz (did you mean Marktplatz?)",
        ),
        ("from: 2026-03-10 09:30", "write device or site"),
        ("device: 17, site: Lahn, from: 2026-03-10 09:30", "write device or site"),
        ("device: 17, from: 2026-03-10 09:30, to: 2026-03-10 09:30", "to 2026-03-10 09:30 is not after from"),
        ("device: 17, from: gestern", "gestern is no date and time: write it as 2025-11-03 09:30"),
        ("device: 17, from: 2026-03-29 02:30", "does not exist in Europe/Berlin"),
        ("device: 17", "from: is missing"),
        ("device: 17, form: 2026-03-10 09:30", "no such key (did you mean from?)"),
        ("device: 17, from: 2026-03-10 09:30, kind: repair", "repair is not allowed"),
    ],
)
def test_a_wrong_entry_costs_only_itself_and_says_where_and_what(
    tmp_path: Path, entry: str, complaint: str
) -> None:
    kind = "" if "kind" in entry else ", kind: flag"
    found = load(tmp_path, f"{ONE}  - {{{entry}{kind}, reason: x}}\n")
    assert len(found.by_device["luft-markt"]) == 1
    assert "17" not in found.by_device
    assert said(found, tmp_path)[0].startswith("4: ")
    assert any(complaint in one for one in said(found, tmp_path))


@pytest.mark.parametrize("name", ["{}", "{a: b}", "[[1]]", "[{a: 1}, luft-markt]"])
@pytest.mark.parametrize("key", ["device", "site"])
def test_a_name_that_is_none_is_a_complaint(tmp_path: Path, key: str, name: str) -> None:
    found = load(tmp_path, f"  - {{{key}: {name}, from: 2026-03-10, kind: flag, reason: x}}\n")
    assert [one.line for one in found.complaints] == [3]
    assert not found.by_device


def test_one_name_that_nobody_has_costs_the_others_nothing(tmp_path: Path) -> None:
    found = load(tmp_path, ONE.replace("luft-markt", "[luft-markt, nobody]"))
    assert found.by_device.keys() == {"luft-markt"}
    assert said(found, tmp_path) == ["3: luft-markt: there is no device nobody"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("version: 2\nperiods: []\n", "1: version: 2 is not allowed: 1"),
        ("periods: 5\n", "1: has no list `periods:`"),
        ("- device: x\n", "has no keys of its own"),
        ("periods:\n  - device: [\n", "[ is not closed: ] is missing"),
        ("period:\n  - device: x\n", "no such key (did you mean periods?)"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_what_was_in_force(
    tmp_path: Path, text: str, complaint: str
) -> None:
    before = load(tmp_path, ONE).by_device
    path = tmp_path / "periods.yaml"
    path.write_text(text)
    found = periods.load(path, DEVICES, before)
    assert found.by_device == before
    assert complaint in said(found, tmp_path)[0]


def test_a_bad_entry_leaves_its_devices_the_periods_they_had(tmp_path: Path) -> None:
    other = ONE.replace("luft-markt", "laerm-markt")
    before = load(tmp_path, ONE + other).by_device
    found = load(tmp_path, ONE.replace("kind: flag", "kind: flg"), before)
    assert found.by_device == {"luft-markt": before["luft-markt"]}
    assert load(tmp_path, "", before) == Periods()


def test_a_key_that_stands_twice_is_a_complaint(tmp_path: Path) -> None:
    entry = (
        "  - device: luft-markt\n    from: 2026-03-10\n    from: 2026-03-11\n    kind: flag\n    reason: x\n"
    )
    found = load(tmp_path, entry)
    assert said(found, tmp_path) == ["4: luft-markt: from stands twice: keep one"]


def test_what_is_wrong_is_said_in_german_too(tmp_path: Path) -> None:
    found = load(tmp_path, ONE.replace("to: 2026-03-12 16:00", "to: 2026-03-09"))
    assert in_language(found.complaints[0].message, "de") == (
        "to 2026-03-09 liegt nicht nach from 2026-03-10 09:30"
    )


# Written by commands


HAND = """\
# Zeiten ohne gültige Werte
version: 1
periods:
  # die Baustelle am Markt
  - device: luft-markt    # nur die Luft
    from: 2026-03-10 09:30
    kind: flag
    reason: Baustelle
    by: M. W.
"""


def parsed(text: str) -> object:
    return yaml12.parse_yaml(text)


def entry(**changed: object) -> periods.PeriodEntry:
    said = {
        "device": ["pegel-lahn"],
        "begin": "2026-05-01 08:00",
        "to": None,
        "kind": "maintenance",
        "reason": "Sonde gereinigt",
        "by": "anna",
        "today": date(2026, 5, 1),
    } | changed
    return periods.new(**said)  # type: ignore[arg-type]  # a table of arguments


def test_a_new_period_goes_behind_the_others_and_leaves_the_rest_as_it_is() -> None:
    text = edit.spliced(HAND, periods.add(HAND, parsed(HAND), entry()))
    assert text == HAND + (
        "  - device: pegel-lahn\n"
        "    from: 2026-05-01 08:00\n"
        "    kind: maintenance\n"
        "    reason: Sonde gereinigt\n"
        "    by: anna\n"
        "    since: 2026-05-01\n"
    )


def test_a_file_is_begun_and_read_again(tmp_path: Path) -> None:
    text = periods.begin()
    new = entry(device=["luft-markt", "17"], to="2026-05-01 09:00", by="")
    text = edit.spliced(text, periods.add(text, parsed(text), new))
    assert text.splitlines()[1:3] == ["version: 1", "periods:"]
    path = tmp_path / "periods.yaml"
    path.write_text(text)
    found = periods.load(path, DEVICES)
    assert found.complaints == ()
    assert found.by_device.keys() == {"luft-markt", "17"}
    assert found.by_device["17"][0].end_ns == ns(2026, 5, 1, 7)


def test_a_period_that_is_not_over_is_found_and_ended() -> None:
    assert periods.open_entries(HAND, parsed(HAND), "luft-markt") == [0]
    assert periods.open_entries(HAND, parsed(HAND), "pegel-lahn") == []
    text = edit.spliced(HAND, periods.end(HAND, parsed(HAND), 0, "2026-03-12 16:00"))
    assert text == HAND.replace("    kind", "    to: 2026-03-12 16:00\n    kind")
    assert periods.open_entries(text, parsed(text), "luft-markt") == []
    again = edit.spliced(text, periods.end(text, parsed(text), 0, "2026-03-13 07:00"))
    assert again == text.replace("2026-03-12 16:00", "2026-03-13 07:00")


def test_a_period_of_a_site_is_found_by_its_site() -> None:
    text = HAND.replace("device: luft-markt", "site: Marktplatz")
    assert periods.open_entries(text, parsed(text), "Marktplatz") == [0]


# In force


def test_a_registry_tells_whether_a_device_is_in_a_period(tmp_path: Path) -> None:
    found = load(tmp_path, ONE)
    registry = Registry(devices=DEVICES, periods=found.by_device)
    begin = ns(2026, 3, 10, 8, 30)
    assert registry.in_period("luft-markt", begin - 1) is None
    assert registry.in_period("luft-markt", begin) == found.by_device["luft-markt"][0]
    assert registry.in_period("luft-markt", begin + 72 * HOUR) is None
    assert registry.in_period("laerm-markt", begin) is None
