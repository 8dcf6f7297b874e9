"""What was asked for, said again: for people in their language, for programs as it was given."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from devices.language import Language, Sentence, in_language, say
from devices.moment import local
from publish.export.ask import Ask, Every
from publish.export.chosen import Chosen
from publish.export.without_eui import without_eui


def asked(chosen: Chosen, lang: Language) -> Mapping[str, str]:
    """Each filter with its words; filters that nobody set are left out."""
    ask = chosen.ask
    begin, end = (clock(ns, chosen.zone, lang) for ns in (chosen.period.begin_ns, chosen.period.end_ns))
    words: list[tuple[Sentence, str]] = [
        (say("Sites"), _list(ask.site)),
        (say("Places"), _list(ask.device)),
        (say("Quantities"), _list(ask.quantity)),
        (say("Municipalities"), _list(ask.municipality)),
        (say("Districts"), _list(ask.district)),
        (say("Labels"), _list(ask.label)),
        (
            say("Period"),
            say("{begin} to {end}, local time ({zone})", begin=begin, end=end, zone=chosen.zone.key),
        ),
        (say("Values"), _values(ask)),
        (say("Function"), ask.aggregate if ask.aggregate != "auto" else ""),
        (say("Suspect values"), say("left out") if ask.suspect == "drop" else say("kept and marked")),
        (say("For whom"), audience(ask.audience)),
    ]
    return {in_language(name, lang): in_language(text, lang) for name, text in words if text}


def request(ask: Ask) -> Mapping[str, str | list[str]]:
    """The options as they were given, by name; those that nobody set are left out."""
    given = ask.model_dump(exclude_defaults=True)
    given = {"from" if name == "begin" else name: said for name, said in given.items()}
    return {
        name: [without_eui(one) for one in said] if isinstance(said, tuple) else without_eui(str(said))
        for name, said in given.items()
    }


def clock(time_ns: int, zone: ZoneInfo, lang: Language) -> str:
    """A UTC time on the clock of this zone: `29.03.2026 03:00` or `2026-03-29 03:00`."""
    when = local(time_ns, zone)
    return f"{when:%d.%m.%Y %H:%M}" if lang == "de" else f"{when:%Y-%m-%d %H:%M}"


def audience(name: str) -> Sentence:
    """Who may have it, in words."""
    return {
        "internal": say("for internal use"),
        "partners": say("for partners"),
        "open": say("for everybody"),
    }[name]


def every(name: Every) -> Sentence:
    """What a row stands for, in words."""
    return {
        "raw": say("every single value"),
        "15min": say("one a quarter of an hour"),
        "1h": say("one an hour"),
        "1d": say("one a day"),
        "1mo": say("one a month"),
        "hour-of-day": say("profile by hour of the day"),
        "hour-of-week": say("profile by hour of the week"),
        "day-of-week": say("profile by day of the week"),
    }[name]


def _values(ask: Ask) -> Sentence:
    if ask.figures == "traffic":
        return say("figures of traffic")
    if ask.figures == "parking":
        return say("figures of parking")
    return every(ask.every)


def _list(names: Sequence[str]) -> str:
    return ", ".join(without_eui(one) for one in names)
