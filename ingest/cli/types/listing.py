"""`messnetz types list`: the device types by maker and model."""

import typing
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from devices.language import say
from devices.quantity import Quantity
from devices.type_catalogue import Known, made_by_calibration, measured
from devices.type_file import BatteryEntry, Category
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json, print_table
from ingest.cli.types.choice import all_types
from ingest.errors import CommandFailed

HELP = say(
    "List the device types: maker, model, what they measure, and whether a published example proves it.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz types list\n"
    "  messnetz types list --category water"
)


def list_types(
    config: ConfigOption = DEFAULT_CONFIG,
    category: Annotated[
        str | None, typer.Option("--category", help=say("Only of this category, as air or parking."))
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the device types."""
    allowed = typing.get_args(Category)
    if category is not None and category not in allowed:
        raise CommandFailed(
            say(
                "{category} is no category: say one of {allowed}",
                category=category,
                allowed=", ".join(allowed),
            )
        )
    found = [
        one
        for one in all_types(load_settings(config))
        if category is None or (one.described is not None and one.described.category == category)
    ]
    if json:
        print_json([described(one) for one in found])
        return
    good = [one for one in found if one.described is not None]
    print_table(
        say("{count} device types", count=len(good)),
        (say("type"), say("maker"), say("model"), say("category"), say("measures"), say("example")),
        [_row(one) for one in good],
    )
    for one in found:
        for complaint in one.complaints:
            typer.secho(str(complaint), fg="red", err=True)


def _row(one: Known) -> tuple[str, ...]:
    if one.described is None or one.compiled is None:
        raise TypeError(one.id)
    return (
        one.id,
        one.described.manufacturer,
        one.described.model,
        one.described.category or "",
        names(measured(one.compiled)),
        say("published") if one.verified else say("own only: unverified"),
    )


def names(quantities: Iterable[Quantity]) -> str:
    """Quantities by name."""
    return ", ".join(one.name for one in quantities)


def described(one: Known) -> dict[str, Any]:
    """A type as JSON: what `list` and `show` say of it."""
    if one.described is None or one.compiled is None:
        return {"type": one.id, "file": str(one.path), "complaints": [str(each) for each in one.complaints]}
    battery = one.described.battery
    return {
        "type": one.id,
        "manufacturer": one.described.manufacturer,
        "model": one.described.model,
        "category": one.described.category,
        "datasheet": one.described.datasheet,
        "version": one.described.version,
        "codec": one.described.codec,
        "measures": {quantity.name: quantity.unit for quantity in measured(one.compiled)},
        "by_calibration": {quantity.name: quantity.unit for quantity in made_by_calibration(one.compiled)},
        "interval_s": one.compiled.interval_s,
        "heartbeat_s": one.compiled.heartbeat_s,
        "battery": battery.model_dump() if isinstance(battery, BatteryEntry) else battery,
        "verified": one.verified,
        "examples": len(one.described.examples),
        "shipped": one.shipped,
        "file": one.compiled.file,
        "complaints": [],
    }
