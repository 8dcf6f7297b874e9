"""What technicians type, in the ways in which they type it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import answer, duration, naming, words


def moment(text: str) -> str:
    return answer.moment(text, "Europe/Berlin")


@pytest.mark.parametrize(
    ("read", "typed", "meant"),
    [
        (answer.decimal, "50,58", 50.58),
        (answer.decimal, " -3 ", -3.0),
        (answer.coordinates, "50.5841, 8.6784", (50.5841, 8.6784)),
        (answer.coordinates, "50,5841 8,6784", (50.5841, 8.6784)),
        (answer.coordinates, "50,5841;8,6784", (50.5841, 8.6784)),
        (answer.coordinates, "(50.5841°, 8.6784°)", (50.5841, 8.6784)),
        (answer.calibration, "pm2_5=0.92+0.4", ("pm2_5", {"factor": 0.92, "offset": 0.4})),
        (answer.calibration, "pm2_5 = 0,92 - 1,5", ("pm2_5", {"factor": 0.92, "offset": -1.5})),
        (answer.calibration, "pm2_5=+0.4", ("pm2_5", {"offset": 0.4})),
        (answer.calibration, "pm2_5=1.1", ("pm2_5", {"factor": 1.1})),
        (answer.interval, "10 Minuten", "10min"),
        (answer.interval, "1 Stunde", "1h"),
        (answer.interval, "2 Tage", "2d"),
        (answer.interval, "30 sek", "30s"),
        (answer.interval, "15m", "15min"),
        (answer.publish, "Offen", "open"),
        (answer.publish, "nein", "none"),
        (moment, "10.3.2026 9:05", "2026-03-10 09:05"),
        (moment, "10.03.2026 14:00 Uhr", "2026-03-10 14:00"),
        (moment, "10.03.2026", "2026-03-10 00:00"),
        (moment, "2026-03-10T14:00:30", "2026-03-10 14:00"),
        (moment, "2026-03-10 14:00Z", "2026-03-10 15:00"),
        (moment, "2026-10-25 00:30Z", "2026-10-25 02:30+02:00"),
        (moment, "2026-10-25 01:30Z", "2026-10-25 02:30+01:00"),
        (naming.id_of, "Parkhaus Süd, Ebene 2", "parkhaus-sued-ebene-2"),
        (naming.id_of, "Straße des 17. Juni", "strasse-des-17-juni"),
        (duration.text, 600, "10min"),
        (duration.text, 86_400, "1d"),
        (duration.text, 5400, "90min"),
    ],
)
def test_it_is_understood(read: Callable[[Any], Any], typed: Any, meant: Any) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (answer.decimal, "5 m"),
        (answer.decimal, "1,2,3"),
        (answer.coordinates, "50.5841"),
        (answer.calibration, "pm2_5"),
        (answer.calibration, "pm2_5=x"),
        (answer.calibration, "=1"),
        (answer.pair, "inventar"),
        (answer.pair, "inventar="),
        (moment, "gestern"),
    ],
)
def test_what_is_not_understood_is_said_with_an_example(read: Callable[[str], Any], typed: str) -> None:
    with pytest.raises(ValueError, match=r"write"):
        read(typed)


def test_several_calibrations_stand_in_one_line_with_decimal_commas() -> None:
    assert answer.several("pm2_5=0,92+0,4, pm10=1,1; no2=2", answer.calibration) == {
        "pm2_5": {"factor": 0.92, "offset": 0.4},
        "pm10": {"factor": 1.1},
        "no2": {"factor": 2.0},
    }


@given(st.integers(1_420_070_400, 4_000_000_000))
def test_a_moment_is_read_back_as_the_same_minute(second: int) -> None:
    text = answer.written_ns(second * 1_000_000_000, "Europe/Berlin")
    assert answer.moment_ns(text, "Europe/Berlin") // 60_000_000_000 == second // 60


@given(st.text(max_size=40), st.sets(st.sampled_from(["a", "a-2", "b"])))
def test_an_id_of_any_name_is_an_id_or_nothing_and_free(name: str, taken: set[str]) -> None:
    made = naming.id_of(name)
    assert made == "" or words.ID.fullmatch(made)
    assert naming.free_id(made or "a", taken) not in taken


@pytest.mark.parametrize("text", ["32.1.2026", "31.02.2026", "2026-02-30 10:00", "31.11.2026 14:00 Uhr"])
def test_a_day_that_there_is_not_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="there is no such day"):
        answer.moment(text, "Europe/Berlin")
