"""The questions about a new place, in the order in which someone on a ladder can answer them."""

import functools
import time
from collections import Counter
from typing import Any

import typer

from devices import answer
from devices.language import say
from ingest.cli import ask
from ingest.cli.ask import Choice
from ingest.cli.common import local_time
from ingest.cli.devices.draft import Draft
from ingest.cli.devices.strangers import Stranger, normal


def ask_the_rest(draft: Draft, heard: Stranger | None) -> None:
    """Ask for everything that the draft does not know yet; each answer is judged at once."""
    typer.echo(say("Enter takes what stands in brackets; Ctrl-C ends without writing anything."), err=True)
    known = draft.entry
    if "dev_eui" not in known and "address" not in known:
        text = say("DevEUI, the 16 digits on the sensor's label")
        ask.question(text, lambda said: draft.take("dev_eui", normal(said)))
    if "type" not in known:
        _ask_type(draft, heard)
    if "site" not in known:
        _ask_site(draft)
    if "parking" in draft.measurements:
        _maybe(draft, "lot", say("Car park"), default=str(known["site"]))
        _maybe(draft, "bay", say("Number of the bay"))
    if "id" not in known:
        text = say("Id of the place, the name of its series for ever")
        ask.question(text, lambda said: draft.take("id", said), default=draft.proposed_id)
    _maybe(draft, "district", say("Part of the town"), default=_usual_district(draft))
    if "location" not in known:
        _ask_location(draft)
    if "direction" not in known:
        _ask_directions(draft)
    if "traffic" in draft.measurements and not draft.directions:
        _maybe(draft, "lane", say("Lane"))
    _ask_hardware(draft, heard)


def _ask_hardware(draft: Draft, heard: Stranger | None) -> None:
    _maybe(draft, "interval", say("How often it should speak, as 10min (none: as its type says)"))
    begin_ns = heard.said_ns if heard is not None else time.time_ns()
    if "from" not in draft.entry:
        text = say("Mounted since (what it said before is no data)")
        default = answer.written_ns(begin_ns, draft.timezone)
        ask.optional(
            text, lambda said: draft.take("from", answer.moment(said, draft.timezone)), default=default
        )
    _maybe(draft, "calibration", say("Calibration, as pm2_5=0.92+0.4"), read=_calibrations)
    _maybe(draft, "labels", say("Labels for searching, as inventar=20931; mast=4711"), read=_labels)
    if "publish" not in draft.entry:
        choices = [
            Choice("none", say("nobody else")),
            Choice("partners", say("other municipalities")),
            Choice("open", say("everyone")),
        ]
        text = say("Who may have its data?")
        ask.choice(text, choices, lambda said: draft.take("publish", answer.publish(said)), default="none")


def _maybe(draft: Draft, key: str, text: str, *, default: str = "", read: Any = str) -> None:
    if key not in draft.entry:
        given = answer.interval if key == "interval" else read
        ask.optional(text, lambda said: draft.take(key, given(said)), default=default)


def _calibrations(said: str) -> dict[str, Any]:
    return answer.several(said, answer.calibration)


def _labels(said: str) -> dict[str, Any]:
    return answer.several(said, answer.pair)


def _ask_type(draft: Draft, heard: Stranger | None) -> None:
    default = ""
    if heard is not None:
        since = local_time(heard.first_ns)
        typer.echo(
            say("{count} messages are kept of it since {time}.", count=heard.messages, time=since), err=True
        )
        for fit in heard.fits:
            said = say(
                "{type} fits: {found} of {wanted} values",
                type=fit.type.id,
                found=fit.found,
                wanted=fit.wanted,
            )
            typer.echo(f"  {said}", err=True)
        default = heard.fits[0].type.id if heard.fits else ""
    types = draft.registry.types.values()
    choices = [Choice(one.id, f"{one.manufacturer} {one.model}") for one in types]
    ask.choice(say("Device type"), choices, lambda said: draft.take("type", said), default=default)


def _ask_site(draft: Draft) -> None:
    sites = Counter(device.site for device in draft.registry.devices.values())
    choices = [Choice(site) for site in sorted(sites, key=str.casefold)]
    ask.choice(
        say("Site, what people call the place"), choices, lambda said: draft.take("site", said), free=True
    )


def _usual_district(draft: Draft) -> str:
    """The district of the other places at this site."""
    found = {one.district for one in draft.registry.devices.values() if one.site == draft.entry["site"]}
    return next((district for district in found if district), "") if len(found) == 1 else ""


def _ask_location(draft: Draft) -> None:
    def place(said: str) -> Any:
        lat, lon = answer.coordinates(said)
        return draft.take("location", {"lat": lat, "lon": lon})

    def height(said: str) -> Any:
        return draft.take("location", {**draft.entry["location"], "height": answer.decimal(said)})

    text = say("Latitude and longitude, as a map on the phone gives them: 50.5841, 8.6784")
    if ask.optional(text, place) is not None:
        ask.optional(say("Metres above the ground"), height)


def _ask_directions(draft: Draft) -> None:
    for direction in draft.directions:
        text = say("What is the direction {direction} here, as stadteinwärts?", direction=direction)
        ask.optional(text, functools.partial(_name_direction, draft, direction))


def _name_direction(draft: Draft, direction: str, said: str) -> Any:
    return draft.take("direction", {**draft.entry.get("direction", {}), direction: said})
