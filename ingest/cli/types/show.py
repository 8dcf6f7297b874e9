"""`messnetz types show`: everything that is known of one model."""

from collections.abc import Iterator
from typing import Annotated

import typer

from devices.language import say
from devices.type_catalogue import Known, made_by_calibration
from devices.type_file import BatteryEntry, Example, ReadingEntry
from devices.unit import symbol
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json, print_table
from ingest.cli.types.choice import one_type, usable
from ingest.cli.types.listing import described, names

HELP = say(
    "Show everything that is known of one model: what it measures and where that stands in its decoded"
    " object, how often it speaks, its battery, and its examples with their sources.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz types show milesight-em500-udl"
)


def show(
    name: Annotated[str, typer.Argument(metavar="TYPE", help=say("Id of the type, or its file."))],
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Show everything that is known of one model."""
    known = usable(one_type(load_settings(config), name))
    if known.described is None or known.compiled is None:
        raise TypeError(name)
    if json:
        examples = [one.model_dump(mode="json", exclude_defaults=True) for one in known.described.examples]
        readings = known.described.model_dump(mode="json", by_alias=True, exclude_defaults=True)["readings"]
        print_json({**described(known), "readings": readings, "examples": examples})
        return
    for key, value in _head(known):
        typer.echo(f"{key + ':':<18} {value}")
    print_table(
        f"\n{say('measures')}",
        (say("quantity"), say("stands at"), say("unit"), say("tags"), say("ports")),
        [row for one in known.described.readings for row in _rows(one)],
    )
    print_table(
        say("examples"),
        (say("source"), say("port"), say("payload"), say("shows")),
        [_example(one) for one in known.described.examples],
    )


def _head(known: Known) -> Iterator[tuple[str, str]]:
    if known.described is None or known.compiled is None:
        raise TypeError(known.id)
    said = known.described
    yield say("type"), f"{known.id} ({known.compiled.file})"
    yield say("maker"), said.manufacturer
    yield say("model"), said.model
    yield say("category"), said.category or "-"
    yield say("data sheet"), said.datasheet or "-"
    yield say("decoded by"), say("the network server") if said.codec == "lns" else said.codec
    yield say("speaks"), _rhythm(known)
    yield say("battery"), _battery(said.battery)
    if made := made_by_calibration(known.compiled):
        yield say("by calibration"), names(made)
    yield (
        say("proved by"),
        say("published examples") if known.verified else say("own examples only: unverified"),
    )


def _rhythm(known: Known) -> str:
    if known.described is None:
        raise TypeError(known.id)
    said = known.described
    if said.interval is not None:
        return say("every {interval}", interval=said.interval)
    if said.heartbeat is not None:
        return say("at events, at least every {interval}", interval=said.heartbeat)
    return "-"


def _battery(battery: str | BatteryEntry | None) -> str:
    if isinstance(battery, BatteryEntry):
        return say("says {quantity}; low below {low}", quantity=battery.reports, low=battery.low)
    if battery == "none":
        return say("on mains")
    return say("says nothing of it") if battery == "silent" else "-"


def _rows(entry: ReadingEntry) -> Iterator[tuple[str, ...]]:
    tags = ", ".join(f"{key}={one if isinstance(one, str) else one.path}" for key, one in entry.tags.items())
    ports = ", ".join(map(str, entry.ports or ()))
    above = f"{entry.each}[]." if entry.each else ""
    for name, value in entry.values.items():
        counter = f" ({value.counter})" if value.counter else ""
        yield name + counter, above + value.path, symbol(value.unit or ""), tags, ports


def _example(one: Example) -> tuple[str, ...]:
    rows = "; ".join(f"{name} {value}" for reading in one.readings for name, value in reading.values.items())
    return one.source, str(one.port), one.payload or "", rows
