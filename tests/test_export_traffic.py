"""Figures of traffic: from the store to what a planner reads, against figures worked out by hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publish.export.errors import AskRefused
from publish.export.figures.classes import kind_of
from publish.export.figures.views import HEAVY_VEHICLES, MOTOR_VEHICLES, Part, views
from publish.export.figures.year import is_enough, is_year
from tests.figured import BERLIN, HOUR, SECOND, STREET, Figures, count, figures, hours, local

WAYS = ("in", "out")


def traffic(folder: Path, lines: Iterable[bytes], first: str, last: str, town: str = STREET) -> Figures:
    return figures(folder, town, lines, figures="traffic", begin=first, to=last)


def both_ways(first: str, last: str, counted: int = 10) -> list[bytes]:
    """So many an hour inwards, twice as many outwards."""
    return [
        count("ring", hour, counted * times, direction=way)
        for hour in hours(first, last)
        for way, times in zip(WAYS, (1, 2), strict=True)
    ]


# --- days ---------------------------------------------------------------------------------------------------


def test_days_of_23_and_25_hours_count_with_what_was_counted_in_them(tmp_path: Path) -> None:
    spring = traffic(tmp_path / "1", both_ways("2026-03-27", "2026-03-30"), "2026-03-28", "2026-03-29")
    # Saturday 24 h, Sunday 23 h
    assert spring.of("ring", "direction=in", "daily_volume")[1:] == ((240 + 230) / 2, 2, 2, 100.0, 1, None)
    assert spring.value("ring", "direction=in", "daily_volume_sundays") == 230
    assert spring.value("ring", "direction=in + out", "daily_volume") == 3 * (240 + 230) / 2
    autumn = traffic(tmp_path / "2", both_ways("2026-10-23", "2026-10-26"), "2026-10-25", "2026-10-26")
    assert autumn.value("ring", "direction=out", "daily_volume_sundays") == 25 * 20
    assert autumn.value("ring", "direction=out", "daily_volume_workdays") == 24 * 20
    assert autumn.value("ring", "direction=in + out", "daily_volume") == 30 * (25 + 24) / 2


def test_a_day_with_a_missing_hour_is_no_day_and_takes_the_sum_with_it(tmp_path: Path) -> None:
    missing = local("2026-06-03 14:00")
    lines = [
        count("ring", hour, 10, direction=way)
        for hour in hours("2026-06-01", "2026-06-05")
        for way in WAYS
        if not (way == "in" and hour == missing)
    ]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-04")
    assert found.of("ring", "direction=out", "daily_volume")[1:4] == (240, 3, 3)
    inwards = found.of("ring", "direction=in", "daily_volume")
    assert inwards[1:4] == (240, 2, 3)
    assert inwards.coverage == 98.6  # 71 of 72 hours, cut
    assert found.of("ring", "direction=in + out", "daily_volume")[1:4] == (480, 2, 3)


def test_no_whole_day_is_no_figure_and_says_so(tmp_path: Path) -> None:
    lines = [count("ring", hour, 10) for hour in hours("2026-06-02", "2026-06-03")[:30] if hour % (5 * HOUR)]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-03").of("ring", "", "daily_volume")
    assert (found.value, found.days, found.of_days, found.flag) == (None, 0, 2, None)
    assert found.note == "no day was counted whole"
    assert 40 < found.coverage < 62.5


def test_working_days_saturdays_and_sundays_have_means_of_their_own(tmp_path: Path) -> None:
    by_weekday = [
        count("ring", hour, 1 + datetime.fromtimestamp(hour / SECOND, BERLIN).weekday())
        for hour in hours("2026-05-31", "2026-06-15")
    ]
    found = traffic(tmp_path, by_weekday, "2026-06-01", "2026-06-14")
    assert found.of("ring", "", "daily_volume_workdays")[1:4] == (24 * 3, 10, 10)
    assert found.of("ring", "", "daily_volume_saturdays")[1:4] == (24 * 6, 2, 2)
    assert found.of("ring", "", "daily_volume_sundays")[1:4] == (24 * 7, 2, 2)
    assert found.of("ring", "", "daily_volume")[1:4] == (24 * 4, 14, 14)
    only_monday = traffic(tmp_path, by_weekday, "2026-06-01", "2026-06-01")
    assert not only_monday.has("ring", "", "daily_volume_sundays")


def test_the_notes_say_that_holidays_are_not_known(tmp_path: Path) -> None:
    found = traffic(tmp_path, both_ways("2026-06-01", "2026-06-03"), "2026-06-02", "2026-06-02")
    assert any("public holidays are not known" in note for note in found.gathered.notes)


def test_the_newest_value_and_the_days_heard_of_are_known(tmp_path: Path) -> None:
    found = traffic(tmp_path, both_ways("2026-06-02", "2026-06-03"), "2026-06-01", "2026-06-04").gathered
    assert found.newest_ns == local("2026-06-03 23:00")
    assert {(one.first_ns, one.last_ns) for one in found.tallies.values()} == {
        (local("2026-06-02"), local("2026-06-04"))
    }


# --- what is added ------------------------------------------------------------------------------------------


def test_a_sensors_own_sum_is_never_added_to_its_classes(tmp_path: Path) -> None:
    counted = {"all": 40, "car": 20, "truck": 5, "bicycle": 8, "pedestrian": 7}
    lines = [
        count("ring", hour, several, vehicle_class=name)
        for hour in hours("2026-06-01", "2026-06-03")
        for name, several in counted.items()
    ]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-02")
    volumes = {name: found.value("ring", f"vehicle_class={name}", "daily_volume") for name in counted}
    assert volumes == {name: 24 * several for name, several in counted.items()}
    motor = found.of("ring", f"vehicle_class={MOTOR_VEHICLES}", "daily_volume")
    assert (motor.value, motor.note) == (24 * 25, "classes: cars, lorries")
    assert found.value("ring", f"vehicle_class={HEAVY_VEHICLES}", "daily_volume") == 24 * 5
    assert len(found.words("ring")) == len(counted) + 2


def test_lanes_and_directions_are_added_where_they_have_names(tmp_path: Path) -> None:
    lines = [
        count("ring", hour, several, direction=way, lane=lane)
        for hour in hours("2026-06-01", "2026-06-03")
        for way, lane, several in (("in", "1", 1), ("in", "2", 2), ("out", "1", 4), ("out", "2", 8))
    ]
    lines += [count("ring", hour, 16) for hour in hours("2026-06-01", "2026-06-03")]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-02")
    volumes = {words: row.value for (_, words, name), row in found.rows.items() if name == "daily_volume"}
    assert volumes == {
        "direction=in lane=1": 24,
        "direction=in lane=2": 48,
        "direction=in lane=1 + 2": 72,
        "direction=out lane=1": 96,
        "direction=out lane=2": 192,
        "direction=out lane=1 + 2": 288,
        "direction=in + out": 360,
        "": 384,  # nobody knows whether it is their sum
    }
    assert not found.has("ring", "direction=in lane=1", "peak_hour")


def test_a_lane_that_falls_silent_for_good_takes_the_sum_with_it(tmp_path: Path) -> None:
    lines = [
        count("ring", hour, 10, lane=lane)
        for hour in hours("2026-06-01", "2026-06-11")
        for lane in ("1", "2")
        if lane == "1" or hour < local("2026-06-05 12:00")
    ]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-10")
    assert found.of("ring", "lane=1", "daily_volume")[1:4] == (240, 9, 9)
    assert found.of("ring", "lane=1 + 2", "daily_volume")[1:4] == (480, 3, 9)


_CHANGED = """
municipality: {id: giessen}
devices:
  - id: ring
    site: Anlagenring
    installations:
      - {from: 2026-01-01, until: 2026-06-05 12:00, dev_eui: 70b3d57ba0000a1c, type: zaehler}
      - {from: 2026-06-05 12:00, dev_eui: 70b3d57ba0000a1d, type: zaehler}
"""


def test_hardware_that_tells_other_lanes_apart_is_not_missed_before_it_came(tmp_path: Path) -> None:
    change = local("2026-06-05 12:00")
    lines = [
        count("ring", hour, 10, direction=way)
        for hour in hours("2026-06-01", "2026-06-11")
        for way in (WAYS if hour >= change else ("in",))
    ]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-10", _CHANGED)
    assert found.of("ring", "direction=in", "daily_volume")[1:4] == (240, 9, 9)
    assert found.of("ring", "direction=out", "daily_volume")[1:4] == (240, 5, 9)  # the day of change is none
    assert found.of("ring", "direction=in + out", "daily_volume")[1:4] == (480, 5, 9)  # both or nothing


def test_a_class_that_old_hardware_did_not_know_is_not_missed_there(tmp_path: Path) -> None:
    change = local("2026-06-05 12:00")
    lines = [
        count("ring", hour, 10, vehicle_class=name)
        for hour in hours("2026-06-01", "2026-06-11")
        for name in (("car", "truck") if hour >= change else ("car",))
    ]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-10", _CHANGED)
    # three days of cars alone, five of both; on the day of the change all that either knows is wanted
    assert found.of("ring", f"vehicle_class={MOTOR_VEHICLES}", "daily_volume")[1:4] == (
        (3 * 240 + 5 * 480) / 8,
        8,
        9,
    )
    share = found.of("ring", f"vehicle_class={MOTOR_VEHICLES}", "heavy_share")
    assert (share.value, share.days) == (50.0, 5)


# --- heavy vehicles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Pkw", "light"),
        ("Krad", "light"),
        ("Lfw", "light"),
        ("PkwA", "light"),
        ("Lkw", "heavy"),
        ("LkwA", "heavy"),
        ("Sattel-Kfz", "heavy"),
        ("Bus", "heavy"),
        ("nk Kfz", "unclassified"),
        ("car", "light"),
        ("motorcycle", "light"),
        ("truck", "heavy"),
        ("bus", "heavy"),
        ("Articulated truck", "heavy"),
        ("bicycle", "bicycle"),
        ("pedestrian", "pedestrian"),
        ("Fußgänger", "pedestrian"),
        ("FUSSGÄNGER", "pedestrian"),
        ("Moped", "other"),
        ("all", "sum"),
        ("Kfz", "sum"),
        ("", "none"),
        ("class1", "unknown"),
        ("cat2", "unknown"),
    ],
)
def test_the_classes_of_tls_and_of_shipped_types_are_known_and_others_are_not(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_the_share_of_heavy_vehicles_is_of_all_motor_vehicles(tmp_path: Path) -> None:
    counted = {"Pkw": 70, "Krad": 2, "Lfw": 8, "Lkw": 6, "LkwA": 3, "Sattel-Kfz": 4, "Bus": 2, "nk Kfz": 5}
    lines = [
        count("ring", hour, several, vehicle_class=name)
        for hour in hours("2026-06-01", "2026-06-03")
        for name, several in (counted | {"Rad": 50, "class1": 30, "all": 500}).items()
    ]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-02")
    share = found.of("ring", f"vehicle_class={MOTOR_VEHICLES}", "heavy_share")
    assert share.value == 15.0  # (6 + 3 + 4 + 2) of 100
    assert share.note is not None
    assert share.note.endswith("not in it, for nobody knows what they are: class1")
    assert found.value("ring", f"vehicle_class={MOTOR_VEHICLES}", "daily_volume") == 2400


def test_the_share_rests_on_days_on_which_every_class_is_whole(tmp_path: Path) -> None:
    lines = []
    for hour in hours("2026-06-01", "2026-06-05"):
        night = hour == local("2026-06-03 03:00")
        many = hour >= local("2026-06-03")
        lines.append(count("ring", hour, 10, vehicle_class="car"))
        if not night:
            lines.append(count("ring", hour, 90 if many else 10, vehicle_class="truck"))
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-04")
    share = found.of("ring", f"vehicle_class={MOTOR_VEHICLES}", "heavy_share")
    assert (share.value, share.days, share.of_days) == (83.3, 2, 3)  # (10 + 90) of (20 + 100)
    assert share.coverage == 98.6


def test_classes_of_which_none_is_heavy_have_no_share(tmp_path: Path) -> None:
    lines = [count("ring", hour, 10, vehicle_class="car") for hour in hours("2026-06-01", "2026-06-03")]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-02")
    assert not found.has("ring", f"vehicle_class={MOTOR_VEHICLES}", "heavy_share")


def test_lanes_that_tell_fewer_classes_apart_than_others_have_no_share_together(tmp_path: Path) -> None:
    lines = [
        count("ring", hour, 10, lane=lane, vehicle_class=name)
        for hour in hours("2026-06-01", "2026-06-03")
        for lane, name in (("1", "car"), ("1", "truck"), ("2", "car"))
    ]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-02")
    share = found.of("ring", f"lane=1 + 2 vehicle_class={MOTOR_VEHICLES}", "heavy_share")
    assert (share.value, share.days) == (None, 0)
    assert share.note is not None
    assert "on no day were heavy and other motor vehicles counted whole" in share.note


def test_a_street_without_a_vehicle_has_no_share(tmp_path: Path) -> None:
    lines = [
        count("ring", hour, 0, vehicle_class=name)
        for hour in hours("2026-06-01", "2026-06-03")
        for name in ("car", "truck")
    ]
    found = traffic(tmp_path, lines, "2026-06-02", "2026-06-02")
    share = found.of("ring", f"vehicle_class={MOTOR_VEHICLES}", "heavy_share")
    assert (share.value, share.flag) == (None, None)
    assert share.note == "classes: cars, lorries; no motor vehicle was counted"
    assert found.value("ring", f"vehicle_class={MOTOR_VEHICLES}", "daily_volume") == 0


# --- the busiest hour ---------------------------------------------------------------------------------------


def test_the_peak_hour_is_the_busiest_mean_hour_of_working_days(tmp_path: Path) -> None:
    lines = []
    for hour in hours("2026-05-31", "2026-06-15"):
        when = datetime.fromtimestamp(hour / SECOND, BERLIN)
        if hour == local("2026-06-03 17:00"):
            continue  # one hour is missing: the day is none, its other hours are
        busy = {7: 80, 17: 100}.get(when.hour, 5)
        lines.append(count("ring", hour, 1000 if when.weekday() > 4 else busy + (when.day == 1)))
    found = traffic(tmp_path, lines, "2026-06-01", "2026-06-14").of("ring", "", "peak_hour")
    assert (found.value, found.days, found.of_days) == (round((101 + 8 * 100) / 9, 1), 9, 10)
    assert found.note == "17:00 to 18:00"


def test_an_hour_that_was_never_whole_may_be_the_busiest(tmp_path: Path) -> None:
    lines = [
        count("ring", hour, 10)
        for hour in hours("2026-05-31", "2026-06-05")
        if datetime.fromtimestamp(hour / SECOND, BERLIN).hour != 8
    ]
    found = traffic(tmp_path, lines, "2026-06-01", "2026-06-04").of("ring", "", "peak_hour")
    assert found.value is None
    assert found.note == "some hour of the day was never counted whole, and it may be the busiest"


def test_a_weekend_has_no_peak_hour_of_working_days(tmp_path: Path) -> None:
    lines = [count("ring", hour, 10) for hour in hours("2026-06-05", "2026-06-08")]
    assert not traffic(tmp_path, lines, "2026-06-06", "2026-06-07").has("ring", "", "peak_hour")


def test_where_no_day_is_whole_the_hours_that_are_still_make_a_mean_week(tmp_path: Path) -> None:
    lines = []
    for number, hour in enumerate(hours("2026-05-31", "2026-06-15")):
        when = datetime.fromtimestamp(hour / SECOND, BERLIN)
        if number % 11 != 5:  # about two hours are missing each day
            lines.append(count("ring", hour, (20 if when.weekday() < 5 else 8) + when.hour))
    found = traffic(tmp_path, lines, "2026-06-01", "2026-06-14")
    assert found.value("ring", "", "daily_volume") is None
    row = found.of("ring", "", "daily_volume_of_hours")
    assert row.value == round((5 * 24 * 20 + 2 * 24 * 8) / 7 + sum(range(24)), 1)
    assert row.days == (14 * 24 - sum(number % 11 == 5 for number in range(24, 15 * 24))) // 24
    assert row.of_days == 14
    assert row.note == "of each hour of the week 1 or more were counted whole"


def test_less_than_a_week_has_no_mean_week_and_a_gap_every_week_none_either(tmp_path: Path) -> None:
    times = hours("2026-05-31", "2026-06-15")
    whole = traffic(tmp_path / "1", [count("ring", one, 10) for one in times], "2026-06-02", "2026-06-06")
    assert not whole.has("ring", "", "daily_volume_of_hours")
    gaps = [one for one in times if datetime.fromtimestamp(one / SECOND, BERLIN).strftime("%w%H") != "306"]
    found = traffic(tmp_path / "2", [count("ring", one, 10) for one in gaps], "2026-06-01", "2026-06-14")
    row = found.of("ring", "", "daily_volume_of_hours")
    assert (row.value, row.note) == (None, "some hour of the week was never counted whole")


# --- DTV ----------------------------------------------------------------------------------------------------


def year(missing: Iterable[date] = ()) -> list[bytes]:
    """A count a day, all year: 1000, on weekends 600. Days that are missing were counted until noon."""
    lines = []
    gaps = set(missing)
    day = date(2026, 1, 1)
    while day.year == 2026:
        begin, end = local(day.isoformat()), local((day + timedelta(days=1)).isoformat())
        length = (end - begin) // SECOND // (2 if day in gaps else 1)
        lines.append(count("ring", begin, 600 if day.weekday() > 4 else 1000, seconds=length))
        day += timedelta(days=1)
    return lines


def test_a_full_year_with_enough_days_is_called_dtv(tmp_path: Path) -> None:
    found = traffic(tmp_path, year(), "2026-01-01", "2026-12-31")
    working = sum((date(2026, 1, 1) + timedelta(days=one)).weekday() < 5 for one in range(365))
    mean = round((1000 * working + 600 * (365 - working)) / 365, 1)
    assert found.of("ring", "", "daily_volume")[1:4] == (mean, 365, 365)
    assert found.of("ring", "", "dtv")[1:] == (mean, 365, 365, 100.0, 1, None)
    assert found.of("ring", "", "dtv_workdays")[1:4] == (1000, working, working)


def test_a_month_less_than_a_year_is_not_called_dtv(tmp_path: Path) -> None:
    found = traffic(tmp_path, year(), "2026-01-01", "2026-11-30")
    assert found.value("ring", "", "daily_volume") is not None
    assert not found.has("ring", "", "dtv")


def test_a_year_with_a_thin_month_is_not_called_dtv_and_says_why(tmp_path: Path) -> None:
    august = [date(2026, 8, day) for day in range(1, 17)]
    found = traffic(tmp_path, year(august), "2026-01-01", "2026-12-31")
    volume = found.of("ring", "", "daily_volume")
    assert (volume.days, volume.of_days) == (349, 365)
    assert volume.note == (
        "no DTV: 349 of 365 days were counted whole; 75 % of the year and 50 % of each month are needed"
    )
    assert not found.has("ring", "", "dtv")


def test_what_a_year_is() -> None:
    def span(begin: date, count: int) -> list[date]:
        return [begin + timedelta(days=one) for one in range(count)]

    assert is_year(span(date(2025, 1, 1), 365))
    assert is_year(span(date(2024, 1, 1), 366))
    assert is_year(span(date(2025, 7, 1), 365))
    assert is_year(span(date(2023, 7, 1), 366))  # with the 29th of February
    assert not is_year(span(date(2025, 1, 1), 366))  # a day of the next year too
    assert not is_year(span(date(2025, 1, 1), 364))
    assert not is_year(span(date(2024, 1, 1), 731))
    days = span(date(2025, 1, 1), 365)
    assert is_enough(days, [number % 4 != 0 or number == 0 for number in range(365)])  # 274 of 365
    assert not is_enough(days, [number % 4 != 0 for number in range(365)])  # 273: 74.8 %
    assert not is_enough(days, [day.month != 2 for day in days])


# --- suspect values -----------------------------------------------------------------------------------------


def test_figures_that_suspect_counts_went_into_are_marked_or_done_without(tmp_path: Path) -> None:
    lines = [
        count("ring", hour, 10, suspect=hour == local("2026-06-03 12:00"))
        for hour in hours("2026-06-01", "2026-06-05")
    ]
    kept = traffic(tmp_path / "1", lines, "2026-06-02", "2026-06-04")
    assert kept.of("ring", "", "daily_volume")[1:] == (240, 3, 3, 100.0, 3, None)
    assert kept.of("ring", "", "peak_hour").flag == 3
    dropped = figures(
        tmp_path / "2", STREET, lines, figures="traffic", begin="2026-06-02", to="2026-06-04", suspect="drop"
    )
    assert dropped.of("ring", "", "daily_volume")[1:4] == (240, 2, 3)
    assert dropped.of("ring", "", "daily_volume").flag == 1
    before = traffic(tmp_path / "3", lines, "2026-06-01", "2026-06-02")
    assert before.of("ring", "", "daily_volume").flag == 1


# --- models -------------------------------------------------------------------------------------------------

_PARTS = st.builds(
    Part,
    st.sampled_from(("", "in", "out")),
    st.sampled_from(("", "1", "2")),
    st.sampled_from(("", "all", "car", "truck", "bus", "bicycle", "class1")),
)


@given(st.sets(_PARTS, min_size=1))
def test_views_add_only_what_may_be_added_and_have_names_of_their_own(parts: set[Part]) -> None:
    found = views(parts)
    assert len({view.tags for view in found}) == len(found)
    for part in parts:
        assert any(view.parts == {part} for view in found)
    for view in found:
        assert view.parts <= parts
        assert len({bool(part.direction) for part in view.parts}) == 1
        for direction in {part.direction for part in view.parts}:
            assert len({bool(part.lane) for part in view.parts if part.direction == direction}) == 1
        classes = {part.vehicle_class for part in view.parts}
        assert len(classes) == 1 or classes <= {"car", "truck", "bus"}


def test_what_passes_in_all_comes_before_directions_and_these_before_lanes() -> None:
    parts = [
        Part(way, lane, name)
        for way in ("hin", "her")
        for lane in ("1", "2")
        for name in ("truck", "bicycle", "car")
    ]
    classes = ["motor_vehicles", "heavy_vehicles", "car", "truck", "bicycle"]
    told = [" ".join(text for _, text in view.tags) for view in views(parts)]
    where = ["her + hin", "her 1 + 2", "hin 1 + 2", "her 1", "her 2", "hin 1", "hin 2"]
    assert told == [f"{place} {name}" for place in where for name in classes]


_HOURS = st.dictionaries(st.integers(0, 71), st.integers(0, 50), min_size=60)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    series=st.dictionaries(_PARTS, _HOURS, min_size=1, max_size=5),
    first=st.sampled_from(["2026-03-27", "2026-06-05", "2026-10-24"]),
)
def test_figures_equal_a_slow_recomputation(
    tmp_path: Path, series: Mapping[Part, Mapping[int, int]], first: str
) -> None:
    """Hours of three days; a day is whole where each of its hours was counted, of each series."""
    last = (date.fromisoformat(first) + timedelta(days=2)).isoformat()
    times = hours(first, last)
    lines = [
        count("ring", times[at], several, **{name: text for name, text in part._asdict().items() if text})
        for part, counted in series.items()
        for at, several in counted.items()
        if at < len(times)
    ]
    found = traffic(tmp_path, lines, first, last)
    days: dict[date, list[int]] = defaultdict(list)
    for at, hour in enumerate(times):
        days[datetime.fromtimestamp(hour / SECOND, UTC).astimezone(BERLIN).date()].append(at)
    heard = {part for part, counted in series.items() if any(at < len(times) for at in counted)}
    assert found.words("ring") == {
        " ".join(f"{name}={text}" for name, text in view.tags) for view in views(heard)
    }
    for view in views(heard):
        sums = [
            sum(series[part][at] for part in view.parts for at in of_day)
            for of_day in days.values()
            if all(at in series[part] for part in view.parts for at in of_day)
        ]
        words = " ".join(f"{name}={text}" for name, text in view.tags)
        row = found.of("ring", words, "daily_volume")
        assert (row.days, row.of_days) == (len(sums), 3)
        assert row.value == (round(sum(sums) / len(sums), 1) if sums else None)


def test_a_time_without_a_whole_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AskRefused, match="figures rest on whole days"):
        figures(tmp_path, STREET, [], figures="traffic", begin="2027-01-10")
