import asyncio
import contextlib
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.console import Console

from devices.device import Device
from devices.reading import Flag
from publish import terminal
from publish.readings import Latest, Shown
from publish.terminal import Snapshot
from tests.street import MINUTE, NOON, SECOND

FIGURES = {
    "received": 1234,
    "stored": 1100,
    "duplicate": 50,
    "quarantined": 40,
    "rejected": 30,
    "ignored": 10,
    "in_flight": 4,
    "lines_spooled": 3456,
    "lines_written": 3400,
    "lines_waiting": 50,
    "lines_dead": 6,
}


def entry(site: str, ago_s: int = 3, flag: Flag = Flag.GOOD, **values: float) -> Latest:
    shown = {name: Shown(value, flag) for name, value in values.items()}
    return Latest(Device(site.lower(), site, "giessen"), {}, NOON - ago_s * SECOND, None, shown)


def snapshot(
    *latest: Latest, broken: Sequence[str] = (), received: int = 1234, elapsed_s: float = 12
) -> Snapshot:
    return Snapshot(
        elapsed_s=elapsed_s,
        seconds=20,
        figures=FIGURES | {"received": received},
        broken=broken,
        latest=latest,
        now_ns=NOON,
        page_url="http://127.0.0.1:8080/",
    )


def drawn(view: Snapshot, width: int = 80, rows: int = 10, rates: Sequence[float] = ()) -> str:
    console = Console(width=width, height=24, file=io.StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(terminal.render(view, rates, rows))
    return capture.get()


def test_the_view_shows_both_sums_the_page_and_the_time() -> None:
    text = drawn(snapshot())
    words = " ".join(text.split())
    assert "received stored duplicate quarantined rejected ignored in flight" in words
    assert "1234 = 1100 + 50 + 40 + 30 + 10 + 4" in words
    assert "3456 = 3400 + 50 + 6" in words
    assert "12 of 20 s" in words
    assert "http://127.0.0.1:8080/" in words
    assert "Both sums hold" in words


def test_a_sum_that_does_not_hold_is_named() -> None:
    text = drawn(snapshot(broken=["received 5, accounted for 4"]))
    assert "The sums do not hold: received 5, accounted for 4" in text
    assert "Both sums hold" not in text


def test_readings_have_site_value_unit_quality_and_age() -> None:
    text = " ".join(
        drawn(snapshot(entry("Marktplatz", 3, pm2_5=12.34), entry("Westanlage", 600, no2=33.0))).split()
    )
    assert "Marktplatz PM2.5 12.3 µg/m³ good 3 s" in text
    assert "Westanlage Nitrogen dioxide 33.0 µg/m³ good 10 min" in text


def test_the_worst_quality_of_a_row_is_named() -> None:
    assert "suspect" in drawn(snapshot(entry("Marktplatz", 3, Flag.SUSPECT, pm10=900.0)))
    assert "failed" in drawn(snapshot(entry("Marktplatz", 3, Flag.FAIL, pm10=-99.0)))


def test_states_and_tags_are_words() -> None:
    bay = replace(entry("Brandplatz", occupied=1.0), tags={"lot": "Brandplatz", "bay": "2"})
    lane = replace(entry("Licher Straße", count=5.0), tags={"direction": "stadteinwärts", "lane": "1"})
    text = drawn(snapshot(bay, lane))
    assert "lot Brandplatz, bay 2: occupied" in text
    assert "stadteinwärts, lane 1: Count 5" in text
    assert "free" in drawn(snapshot(entry("Brandplatz", occupied=0.0)))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_keeps_to_the_width_and_height_of_a_terminal(width: int) -> None:
    many = [entry(f"Place {number}" * 5, pm2_5=number, no2=1.0, occupied=1.0) for number in range(40)]
    lines = drawn(snapshot(*many), width=width, rows=11).splitlines()
    assert max(len(line) for line in lines) <= width
    if width >= 80:
        assert len(lines) == 23


def test_some_of_every_measurement_are_shown_always_the_same() -> None:
    air = [entry(f"Air {number}", number, pm2_5=1.0) for number in range(20)]
    parking = [entry(f"Lot {number}", number, occupied=1.0) for number in range(20)]
    sites = [one.device.site for one in terminal.chosen([*air, *parking], 5)]
    assert sites == ["Air 0", "Air 1", "Air 2", "Lot 0", "Lot 1"]


def test_names_of_others_are_text_and_command_no_terminal() -> None:
    text = drawn(snapshot(replace(entry("x", pm2_5=1.0), device=Device("x", "[bold]\x1b[2J", "giessen"))))
    assert "[bold]" in text
    assert "\x1b" not in text
    tags = replace(entry("x", pm2_5=1.0), tags={"direction": "\x1b[2J"})
    assert "\x1b" not in drawn(snapshot(tags))


def test_before_the_first_reading_it_says_so() -> None:
    assert "no readings yet" in drawn(snapshot())


def test_the_sparkline_reaches_from_its_lowest_to_its_highest() -> None:
    assert terminal.sparkline([0, 50, 100]) == "▁▄█"
    assert terminal.sparkline([]) == ""
    assert terminal.sparkline([0, 0]) == "▁▁"


def test_the_rate_is_messages_a_second() -> None:
    assert terminal.rate(snapshot(), snapshot(received=1334, elapsed_s=14)) == 50
    assert terminal.rate(snapshot(), snapshot()) == 0


def test_the_line_says_the_same_as_the_view() -> None:
    assert terminal.line(snapshot()) == (
        "12 s: 1234 received = 1100 stored + 50 duplicate + 40 quarantined + 30 rejected + 10 ignored"
        " + 4 in flight; 3456 spooled lines = 3400 written + 50 waiting + 6 dead; both sums hold"
    )


def shown(console: Console, monkeypatch: pytest.MonkeyPatch) -> int:
    """Show until something was taken three times; how often that was."""
    monkeypatch.setattr(terminal, "DRAW_S", 0.01)
    monkeypatch.setattr(terminal, "LINE_S", 0.01)
    taken = 0
    enough = asyncio.Event()

    async def take() -> Snapshot:
        nonlocal taken
        taken += 1
        if taken > 3:
            enough.set()
        return snapshot(entry("Marktplatz", MINUTE // SECOND, pm2_5=1.0))

    async def run() -> None:
        showing = asyncio.create_task(terminal.show(take, console))
        await asyncio.wait_for(enough.wait(), 30)
        showing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await showing

    asyncio.run(run())
    return taken


def test_where_nobody_watches_it_prints_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    shown(Console(file=file, width=80), monkeypatch)
    lines = file.getvalue().splitlines()
    assert len(lines) >= 3
    assert set(lines) == {terminal.line(snapshot())}


def test_on_a_terminal_it_draws_the_view(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    shown(Console(file=file, width=80, height=24, force_terminal=True), monkeypatch)
    assert file.getvalue().count("Both sums hold") >= 3
    assert "Marktplatz" in file.getvalue()
