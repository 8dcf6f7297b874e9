"""What must be known of an export before its values are used."""

from collections.abc import Sequence

from devices.language import Language, Sentence, in_language, say
from devices.publisher import Publisher
from publish.export.about import Place
from publish.export.ask import PROFILES
from publish.export.asked import audience
from publish.export.chosen import Chosen
from publish.export.notes import notes
from publish.export.series import Gathered
from publish.export.without_eui import without_eui

_GASES = {"no", "no2", "o3", "so2", "nh3", "h2s", "hcho", "co"}


def statements(
    chosen: Chosen, gathered: Gathered, where: Sequence[Place], whose: Sequence[Publisher], lang: Language
) -> tuple[str, ...]:
    """Sentences in this language, the most important first."""
    said: list[str] = [
        say(
            "These are not official measurements: sensors of the municipality, whose values were tested by"
            " programs and verified by nobody. Limit values cannot be judged by such sensors."
        ),
        *_about_flags(chosen),
        *_about_rows(chosen),
        *_about_quantities(chosen),
        *notes(chosen, gathered),
        *_about_rights(chosen, where, whose),
    ]
    return tuple(_whole(without_eui(in_language(one, lang))) for one in said)


def _whole(text: str) -> str:
    """A sentence with its capital and its full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _about_flags(chosen: Chosen) -> list[str]:
    said: list[str] = [
        say(
            "Quality flags have the values of QARTOD, with tests and thresholds of our own: 1 plausible, 3"
            " suspect. Failed values (4) are left out; 2 (not evaluated) and 9 (missing) do not occur, since"
            " every value is tested and a missing one is an empty cell."
        )
    ]
    if chosen.ask.suspect == "drop":
        said.append(say("Suspect values are left out, as asked for."))
    elif chosen.ask.every != "raw" or chosen.ask.figures:
        said.append(say("Suspect values take part in figures; a figure they went into has the flag 3."))
    return said


def _about_rows(chosen: Chosen) -> list[str]:
    zone, ask = chosen.zone.key, chosen.ask
    said: list[str] = []
    if ask.every == "raw" and not ask.figures:
        said.append(
            say(
                "Times are UTC. Values measured over an interval, as counts and precipitation, stand at its"
                " begin."
            )
        )
    elif ask.every in PROFILES or ask.figures:
        said.append(say("Hours and days are those of local time ({zone}).", zone=zone))
    else:
        said.append(
            say(
                "A window stands at its begin, which belongs to it; its end does not. Times are UTC; days and"
                " months are those of local time ({zone}), so that a day may have 23 or 25 hours.",
                zone=zone,
            )
        )
    if ask.every != "raw" or ask.figures:
        said.append(
            say(
                "A mean, a maximum or a share stands for its window when at least 75 % of it are known, as"
                " 39. BImSchV Anlage 11 A asks it of hours and days; we ask the same of windows of every"
                " length, the ordinance 90 % of a year. Sums need 100 %. Otherwise the cell is empty and its"
                " reason is named."
            )
        )
    return said


def _about_quantities(chosen: Chosen) -> list[str]:
    names = {one.name for several in chosen.quantities.values() for one in several}
    said: list[str] = [
        say(
            "Values are calibrated (factor × value + offset, listed with the hardware) and rounded to the"
            " decimals of their quantity."
        )
    ]
    if names & _GASES:
        said.append(
            say(
                "Gases are given at 293 K and 101.3 kPa, particles at ambient conditions (39. BImSchV Anlage"
                " 6 C)."
            )
        )
    if "parking" in chosen.quantities or chosen.ask.figures == "parking":
        said.append(
            say(
                "Parking has no official definition of occupancy; here it is the time occupied divided by the"
                " time known, over all observed bays. Times in which a bay's state is not known count"
                " neither above nor below the line."
            )
        )
    return said


def _about_rights(chosen: Chosen, where: Sequence[Place], whose: Sequence[Publisher]) -> list[str]:
    said: list[str] = [say("This export is made {audience}.", audience=audience(chosen.ask.audience))]
    kept = [one.device for one in where if one.publish == "none"]
    if kept:
        said.append(
            say("{count} of {all} places in it are not to be passed on.", count=len(kept), all=len(where))
        )
    said += [_source(one, chosen) for one in whose]
    known = {one.municipality for one in whose}
    said += [
        say("For {municipality} no publisher is registered: its data have no licence.", municipality=name)
        for name in sorted({one.municipality for one in where} - known)
    ]
    return said


def _source(publisher: Publisher, chosen: Chosen) -> Sentence:
    if chosen.ask.every == "raw" and not chosen.ask.figures:
        return say(
            "Source: {name}, licence {licence}; tested and calibrated by Messnetz.",
            name=publisher.name,
            licence=publisher.licence,
        )
    return say(
        "Source: {name}, licence {licence}; tested, calibrated and summarised by Messnetz.",
        name=publisher.name,
        licence=publisher.licence,
    )
