"""*Luft*: hourly means with their coverage, the index in words, the WHO's guide values of 2021."""

from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.models.dashboard import Panel

from devices.language import say
from publish.boards import variables
from publish.boards.board import Board, Section
from publish.boards.influxql import LOCAL, PLACE, Influxql, newest
from publish.boards.panels import (
    HOUR_MS,
    Column,
    Look,
    Named,
    Pair,
    Span,
    Tell,
    lines,
    listing,
    position,
    timeline,
    twin,
    words,
)
from publish.boards.shared import (
    DAYS,
    day_column,
    device_column,
    site_column,
    state_history,
    time_column,
)
from publish.boards.sources import HOURS
from publish.boards.words import (
    Mappings,
    doubts,
    european_classes,
    pollutant,
    pollutants,
    quantity,
    uba_classes,
)
from publish.summary import CAPTURE

_MICROGRAMS = "conμgm3"
_GUIDE = "#b05f1a"  # a brown that differs from the lines also for those who see no red
#: A day counts when three quarters of its hours do (39. BImSchV, Anlage 11).
_HOURS_A_DAY = 18


@dataclass(frozen=True)
class _Substance:
    field: str
    guide: float  #: WHO 2021, µg/m³
    over: str  #: what mean the guide value is for

    @property
    def name(self) -> str:
        """As people call it, with its sign where the name has none."""
        name, sign = quantity(self.field, unit=False), pollutant(self.field)
        return name if sign in name else say("{name} ({sign})", name=name, sign=sign)


def _substances() -> Sequence[_Substance]:
    """WHO global air quality guidelines 2021, table 0.1: the short-term guide values."""
    day, eight = say("24 h"), say("8 h")
    return (
        _Substance("pm2_5", 15, day),
        _Substance("pm10", 45, day),
        _Substance("no2", 25, day),
        _Substance("o3", 100, eight),
        _Substance("so2", 40, day),
    )


def build() -> Board:
    """The board, in the language in force."""
    substances = _substances()
    by_day = [one for one in substances if one.field != "o3"]
    return Board(
        "luft",
        say("Air quality"),
        say("Hourly means, their coverage and the index. No official measurements."),
        [
            variables.municipality(HOURS, "air_quality_1h"),
            variables.site(HOURS, "air_quality_1h"),
            variables.device(HOURS, "air_quality_1h", listed=True),
        ],
        [
            Section(say("To be known first"), [_no_official()]),
            Section(say("Index"), [_newest_of_uba(), _index(), _newest_of_europe()]),
            Section(say("Hourly means"), [_hours(one) for one in substances]),
            Section(say("Daily means"), [_days(one) for one in by_day]),
            Section(say("Reasons for gaps"), [_coverage(), state_history()]),
        ],
        begin="now-7d",
        refresh="5m",
    )


def _no_official() -> Panel:
    return words(
        str(say("No official measurements")),
        str(
            say(
                "These values come from **unofficial sensors**. They are **no official measurements** and"
                " cannot show whether a limit value is kept. The index is computed from hourly means by the"
                " bands that the Umweltbundesamt published in **2025**; it rests on what a site measures,"
                " and where that is fewer than five substances it is for orientation only. Values are"
                " rounded half up to whole µg/m³ before they are put into a band: our rule, the"
                " Umweltbundesamt names none. Dashed lines are guide values of the **WHO of 2021**; they are"
                " for means over 24 hours (ozone: 8 hours), a single hour above is no exceedance. An hour"
                " counts from 75 % coverage on. Suspect values count, for they may be true: the tables mark"
                " every hour that they went into, and a class that only they make raises an alarm from its"
                " second hour on."
            )
        ),
        height=5,
    )


def _newest_of_uba() -> Panel:
    title = say("Index of the Umweltbundesamt (2025): the newest hour of every sensor")
    return _newest(title, "lqi_uba_2025", say("UBA 2025"), uba_classes())


def _newest_of_europe() -> Panel:
    title = say("European index (2024): the newest hour of every sensor")
    return _newest(title, "eaqi_2024", say("Europe 2024"), european_classes())


def _newest(title: str, index: str, name: str, classes: Mappings) -> Panel:
    columns = f'"{index}", "{index}_by", "{index}_qc", "{index}_of", "coverage"'
    return listing(
        Tell(
            title,
            say(
                "The newest hour for which the index could be computed: its class, the substances that"
                " decide, whether suspect values went into those (“doubt”), and all that it rests on."
                " “Coverage” is the lowest of all quantities of that hour."
            ),
        ),
        Influxql(HOURS, newest(columns, "air_quality_1h", PLACE, '"device", "site"'), format="table"),
        {
            "site": site_column(),
            "device": device_column(),
            index: Column(name, words=classes),
            f"{index}_by": Column(say("decided by"), words=pollutants(), width=230),
            f"{index}_qc": Column(say("doubt"), words=doubts(), width=180),
            f"{index}_of": Column(say("rests on"), words=pollutants(), width=230),
            "coverage": Column(say("Coverage"), unit="percent", decimals=0),
            "Time": _hour(),
        },
        sort=(index, "down"),
        nothing=say("No hour with an index in the chosen time."),
        size=(24, 8),
    )


def _index() -> Pair:
    query = _rows('"lqi_uba_2025"', "$tag_device")
    chart = timeline(
        Tell(
            say("Index of the Umweltbundesamt (2025) by hour"),
            say(
                "The class of each finished hour, a lane a sensor: ① very good to ⑤ very poor. The worst"
                " substance decides. No stretch where an hour had too little coverage."
            ),
        ),
        query,
        Look(words=uba_classes(), nothing=say("No hour with an index in the chosen time.")),
        gap_ms=HOUR_MS,
    )
    return twin(
        chart,
        _rows('"lqi_uba_2025", "lqi_uba_2025_qc"'),
        {
            "Time": _hour(),
            "site": site_column(),
            "device": device_column(),
            "lqi_uba_2025": Column(say("UBA 2025"), words=uba_classes()),
            "lqi_uba_2025_qc": Column(say("doubt"), words=doubts()),
        },
    )


def _hours(substance: _Substance) -> Pair:
    field = substance.field
    query = _rows(f'"{field}", "{field}_partial"', "$tag_device $col")
    chart = lines(
        Tell(
            say(
                "{substance}: hourly means (dashed: WHO 2021, {over}: {guide} µg/m³)",
                substance=substance.name,
                over=substance.over,
                guide=f"{substance.guide:g}",
            ),
            say(
                "Means over whole hours in µg/m³, a line a sensor, drawn at the hour's begin. Single points"
                " marked “incomplete” are hours with less than 75 % coverage: they are shown, and nothing is"
                " computed from them. Where nothing is drawn there were no values; the states below say why."
                " The dashed line is the WHO's guide value of 2021 for means over {over}, not for single"
                " hours. No official measurements.",
                over=substance.over,
            ),
        ),
        query,
        Look(unit=_MICROGRAMS, decimals=1, lines=[(substance.guide, _GUIDE)], nothing=_nothing()),
        named=[
            Named(f" {field}$", {"displayName": "${__field.labels.device}"}),
            Named(
                " .*_partial$",
                {
                    "displayName": str(say("{device}, incomplete", device="${__field.labels.device}")),
                    "custom.drawStyle": "points",
                    "custom.pointSize": 6,
                },
            ),
        ],
        gap_ms=HOUR_MS,
    )
    return twin(
        chart,
        _rows(f'"{field}", "{field}_partial", "{field}_qc"'),
        {
            "Time": _hour(),
            "site": site_column(),
            "device": device_column(),
            field: Column(substance.name, unit=_MICROGRAMS, decimals=1),
            f"{field}_partial": Column(say("incomplete (under 75 %)"), unit=_MICROGRAMS, decimals=1),
            f"{field}_qc": Column(say("doubt"), words=doubts()),
        },
    )


def _days(substance: _Substance) -> Pair:
    field = substance.field
    query = Influxql(
        HOURS,
        f'SELECT "{field}", "hours", "doubted" FROM (SELECT mean("{field}") AS "{field}",'
        f' count("{field}") AS "hours", count("{field}_qc") AS "doubted" FROM "air_quality_1h"'
        f' WHERE {PLACE} AND "{field}_coverage" >= {CAPTURE:g} AND $timeFilter'
        f' GROUP BY time(1d), "device", "site" fill(none) {LOCAL})'
        f' WHERE "hours" >= {_HOURS_A_DAY} GROUP BY "device", "site" {LOCAL}',
        alias="$tag_device $col",
    )
    chart = lines(
        Tell(
            say(
                "{substance}: daily means (dashed: WHO 2021, 24 h: {guide} µg/m³)",
                substance=substance.name,
                guide=f"{substance.guide:g}",
            ),
            say(
                "Means of the hourly means of a calendar day in German time, for days with at least 18 of"
                " them. The last 14 days and today, which is not over; for others choose a time from … to …."
                " The dashed line is the WHO's guide value of 2021 for this mean. No official measurements."
            ),
        ),
        query,
        Look(unit=_MICROGRAMS, decimals=1, least=0, lines=[(substance.guide, _GUIDE)], nothing=_nothing()),
        named=[
            Named(f" {field}$", {"displayName": "${__field.labels.device}"}),
            Named(" (hours|doubted)$", {"custom.hideFrom": {"legend": True, "tooltip": True, "viz": True}}),
        ],
        span=Span(only_last=DAYS),
        bars=True,
    )
    return twin(
        chart,
        query,
        {
            "Time": day_column(),
            "site": site_column(),
            "device": device_column(),
            field: Column(substance.name, unit=_MICROGRAMS, decimals=1),
            "hours": Column(say("Hours that count"), decimals=0),
            "doubted": Column(say("Hours with suspect values"), decimals=0),
        },
    )


def _coverage() -> Pair:
    query = _rows('"coverage"', "$tag_device")
    chart = lines(
        Tell(
            say("Coverage of the hours (dashed: 75 %, below it an hour does not count)"),
            say(
                "How much of each hour was measured, in percent: the lowest of all quantities of the sensor."
                " A good value stands until the next one is due and a tenth longer; what is missing are"
                " values that were lost or failed their tests."
            ),
        ),
        query,
        Look(unit="percent", decimals=0, least=0, most=100, lines=[(75, _GUIDE)], nothing=_nothing()),
        gap_ms=HOUR_MS,
    )
    position(chart).w = 24
    return twin(
        chart,
        query,
        {
            "Time": _hour(),
            "site": site_column(),
            "device": device_column(),
            "coverage": Column(say("Coverage"), unit="percent", decimals=0),
        },
    )


def _rows(columns: str, alias: str = "") -> Influxql:
    query = f'SELECT {columns} FROM "air_quality_1h" WHERE {PLACE} AND $timeFilter GROUP BY "device", "site"'
    return Influxql(HOURS, query, alias=alias)


def _hour() -> Column:
    return Column(say("Hour from"), unit=time_column().unit)


def _nothing() -> str:
    return say("No finished hours in the chosen time; the states below say why.")
