"""`messnetz devices show`: everything that is known of one place."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import typer

from devices import answer, duration
from devices.device import Device, Installation
from devices.language import current, say
from devices.quantity import CATALOGUE, Quantity
from devices.registry import Registry
from devices.status import word
from ingest import spool_read
from ingest.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    known_states,
    load_settings,
    local_time,
    print_json,
    print_table,
)
from ingest.cli.devices.changing import IdArgument, described, last_heard_ns, place, print_lines
from ingest.cli.devices.swap import written
from ingest.errors import SpoolError
from ingest.registry_files import load_registry
from ingest.seams import Row, StoreUnavailable
from ingest.settings import Settings
from ingest.store import open_store
from publish.german import quantity_name, unit_sign

HELP = say(
    "Show everything that is known of one place: where it is, what was mounted when, what its type measures,"
    " when it was heard last and what it said, and what is wrong with it.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz devices show luft-marktplatz"
)
#: The last values are looked for so long before the device was heard last.
BACK_NS = 2 * 86_400 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Known:
    """What files, spool and store know of a place; `trouble` is why the store said nothing."""

    device: Device
    heard_ns: int | None
    values: Sequence[tuple[str, Row]]
    trouble: str
    complaints: Sequence[str]
    state: str | None = None  #: as the running service knows it


def show(device: IdArgument, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Show everything that is known of one place."""
    settings = load_settings(config)
    registry = load_registry(settings)
    known = _look_up(settings, registry, place(registry, device))
    known = replace(known, state=known_states(settings).get(known.device.id))
    if json:
        print_json(_describe(known))
        return
    print_lines(_lines(known.device))
    for one in reversed(known.device.installations):
        typer.echo()
        print_lines(_installation_lines(one))
    _print_type(known.device.installations[-1])
    heard = say("never") if known.heard_ns is None else local_time(known.heard_ns)
    print_lines([(say("last heard"), heard)])
    if known.state is not None:
        print_lines([(say("state"), word(known.state))])
    if known.values:
        print_table(
            say("last values"),
            (say("time"), say("what"), say("value"), say("of")),
            list(_value_rows(known.values)),
        )
    if known.trouble:
        typer.secho(known.trouble, fg="yellow", err=True)
    for complaint in known.complaints:
        typer.secho(complaint, fg="red", err=True)


def _lines(device: Device) -> Iterator[tuple[str, str]]:
    yield say("place"), device.id
    yield say("site"), ", ".join(part for part in (device.site, device.district, device.municipality) if part)
    if device.lat is not None:
        height = (
            "" if device.height_m is None else say(", {height} m above the ground", height=device.height_m)
        )
        yield say("location"), f"{device.lat}, {device.lon}{height}"
    if device.interval_s is not None:
        yield say("speaks every"), duration.text(device.interval_s)
    for name, value in ((say("car park"), device.lot), (say("bay"), device.bay), (say("lane"), device.lane)):
        if value is not None:
            yield name, value
    if device.direction:
        yield say("directions"), _pairs(device.direction)
    if device.labels:
        yield say("labels"), _pairs(device.labels)
    yield say("published"), device.publish
    yield say("registered in"), f"{device.file}:{device.line}"


def _pairs(named: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in named.items())


def _installation_lines(one: Installation) -> Iterator[tuple[str, str]]:
    zone = one.device.timezone
    begin = say("always") if one.begin_ns is None else answer.written_ns(one.begin_ns, zone)
    end = say("today") if one.end_ns is None else answer.written_ns(one.end_ns, zone)
    yield say("mounted"), f"{begin} – {end}"
    yield say("address"), one.address
    yield say("type"), f"{one.type.id} ({one.type.manufacturer} {one.type.model})"
    if one.calibration:
        yield say("calibration"), ", ".join(written(name, rule) for name, rule in one.calibration.items())


def _title(quantity: Quantity) -> str:
    return quantity_name(quantity) if current() == "de" else quantity.title or quantity.name


def _print_type(installation: Installation) -> None:
    kind = installation.type
    measured = {value.quantity.name: value.quantity for spec in kind.readings for value in spec.values}
    typer.echo()
    print_table(
        say("{type} measures (decoded by: {codec})", type=kind.id, codec=kind.codec),
        (say("measurement"), say("quantity"), say("what it is"), say("unit")),
        [(one.measurement, one.name, _title(one), unit_sign(one)) for one in measured.values()],
    )


def _look_up(settings: Settings, registry: Registry, device: Device) -> _Known:
    complaints = [str(one) for one in registry.complaints if one.device == device.id]
    try:
        for one in device.installations:
            rows, _ = spool_read.kept_summary(settings.state, address=one.address, limit=3)
            complaints += [
                say(
                    "{count} messages are kept since {time}: {reason}",
                    count=row.count,
                    time=local_time(row.first_ns),
                    reason=row.detail,
                )
                for row in rows
            ]
    except SpoolError:
        trouble = say("nothing ran on {folder} yet", folder=settings.state)
        return _Known(device, None, (), trouble, complaints)
    heard_ns = last_heard_ns(settings, device)
    if heard_ns is None:
        return _Known(device, None, (), "", complaints)
    try:
        return _Known(device, heard_ns, asyncio.run(_values(settings, device, heard_ns)), "", complaints)
    except StoreUnavailable as error:
        trouble = say("the store does not answer: {error}", error=error)
        return _Known(device, heard_ns, (), trouble, complaints)


async def _values(settings: Settings, device: Device, heard_ns: int) -> list[tuple[str, Row]]:
    """The newest row of each series of the device."""
    fields: dict[str, list[str]] = {}
    for one in CATALOGUE.values():
        if one.measurement:
            fields.setdefault(one.measurement, []).extend((one.name, f"{one.name}_failed"))
    measured = {
        value.quantity.measurement
        for one in device.installations
        for spec in one.type.readings
        for value in spec.values
    }
    store = open_store(settings)
    newest: dict[tuple[str, str], tuple[str, Row]] = {}
    try:
        for name in sorted({*measured, "device"} - {""}):
            rows = await store.series(name, fields[name], device.id, heard_ns - BACK_NS, time.time_ns())
            for row in rows:
                newest[name, str(sorted(row.tags.items()))] = (name, row)
    finally:
        await store.close()
    return list(newest.values())


#: Tags that every series of a device carries alike.
_COMMON = frozenset({"device", "site", "municipality", "district"})


def _value_rows(values: Sequence[tuple[str, Row]]) -> Iterator[tuple[str, ...]]:
    for measurement, row in values:
        tags = _pairs({name: value for name, value in row.tags.items() if name not in _COMMON})
        for name, value in row.fields.items():
            quantity = CATALOGUE.get(name.removesuffix("_failed"))
            unit = unit_sign(quantity) if quantity is not None else ""
            yield local_time(row.time_ns), name, f"{value} {unit}".strip(), f"{measurement} {tags}".strip()


def _describe(known: _Known) -> dict[str, Any]:
    return described(known.device) | {
        "last_heard_ns": known.heard_ns,
        "state": known.state,
        "values": [
            {"measurement": name, "time_ns": row.time_ns, "tags": row.tags, "fields": row.fields}
            for name, row in known.values
        ],
        "store": known.trouble,
        "complaints": list(known.complaints),
    }
