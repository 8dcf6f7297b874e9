"""`messnetz devices maintenance` and `flag`: times in which what is measured is not valid."""

import getpass
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from devices import answer, periods
from devices.complaint import Complaint, did_you_mean
from devices.device import Device
from devices.edit import Splice
from devices.explain import explain
from devices.language import say
from devices.period import Kind
from devices.periods import PeriodEntry
from devices.registry import Registry
from devices.type_file import shown
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json
from ingest.cli.devices.changing import changed, content, last_heard_ns, moment, place, refuse
from ingest.errors import CommandFailed
from ingest.registry_files import load_registry
from ingest.registry_write import Change, write
from ingest.settings import Settings

MAINTENANCE = say(
    "Somebody works at a sensor: what it says meanwhile is stored as not valid and raises no alarm.\n\n"
    "Without --to it goes on until --end says that it is over.\n\n"
    "\b\n"
    "Examples:\n"
    '  messnetz devices maintenance luft-marktplatz --reason "filter changed"\n'
    "  messnetz devices maintenance luft-marktplatz --end\n"
    '  messnetz devices maintenance --site Marktplatz --reason "mast painted" \\\n'
    '      --from "10.03.2026 08:00" --to "10.03.2026 12:00"'
)
FLAG = say(
    "What a sensor said was not the street (a construction site, vandalism): it is stored as not valid and"
    " raises no alarm.\n\n"
    "Without --to it goes on until --end says that it is over.\n\n"
    "\b\n"
    "Examples:\n"
    '  messnetz devices flag luft-marktplatz --reason "construction site" \\\n'
    '      --from "10.03.2026 08:00" --to "14.03.2026 18:00"\n'
    '  messnetz devices flag verkehr-ring --from 2026-03-10 --reason "sprayed over"\n'
    "  messnetz devices flag verkehr-ring --end"
)
#: Devices for which a command to correct what is stored is printed, one each.
CORRECTED = 5

DevicesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="ID", help=say("Ids of places."), show_default=False)
]
SiteOption = Annotated[
    list[str] | None, typer.Option("--site", help=say("Instead: all places at this site; repeatable."))
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", help=say("When it begins, as 10.03.2026 14:00. Default: now.")),
]
ToOption = Annotated[str | None, typer.Option("--to", help=say("When it is over. Default: it is open."))]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", help=say("Why, for all who wonder later; needed."))
]
EndOption = Annotated[bool, typer.Option("--end", help=say("It is over now, or at --to."))]


def maintenance(
    device: DevicesArgument = None,
    config: ConfigOption = DEFAULT_CONFIG,
    site: SiteOption = None,
    begin: FromOption = None,
    to: ToOption = None,
    reason: ReasonOption = None,
    end: EndOption = False,
    json: JsonOption = False,
) -> None:
    """Name a time in which somebody works at a sensor."""
    _carry_out(_Said(device or (), site or (), begin, to, reason, end), "maintenance", config, as_json=json)


def flag(
    device: DevicesArgument = None,
    config: ConfigOption = DEFAULT_CONFIG,
    site: SiteOption = None,
    begin: FromOption = None,
    to: ToOption = None,
    reason: ReasonOption = None,
    end: EndOption = False,
    json: JsonOption = False,
) -> None:
    """Name a time in which what a sensor said was not the street."""
    _carry_out(_Said(device or (), site or (), begin, to, reason, end), "flag", config, as_json=json)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the options say."""

    ids: Sequence[str]
    sites: Sequence[str]
    begin: str | None
    to: str | None
    reason: str | None
    end: bool


def _carry_out(said: _Said, kind: Kind, config: Path, *, as_json: bool) -> None:
    settings = load_settings(config)
    registry = load_registry(settings)
    if bool(said.ids) == bool(said.sites) or not (said.reason or said.end):
        missing = [] if said.reason or said.end else ["--reason"]
        if bool(said.ids) == bool(said.sites):
            missing.insert(0, say("either ids of places, or --site"))
        raise CommandFailed(say("missing: {options}", options=", ".join(missing)))
    devices = _devices(registry, said)
    zone = devices[0].timezone
    begin = None if said.end else moment(said.begin, zone)
    to = moment(said.to, zone) if said.to else None
    if said.end and to is None:  # the minute that has begun is not over yet
        to = answer.written_ns(time.time_ns() + 60_000_000_000, zone)
    before, text = content(settings.periods, "" if settings.periods.exists() else periods.begin())

    def make(text: str, written: Any) -> list[Splice]:
        if begin is None or said.reason is None:
            return _ended(text, written, said, kind, str(to), shown(settings.periods))
        entry = _entry(said, kind, begin, to, said.reason)
        return periods.add(text, written, entry)

    wanted = changed(settings.periods, before, text, make)
    _judge(settings, registry, wanted)
    write(wanted)
    corrections = [] if begin is None else list(_corrections(settings, devices, begin, to))
    if as_json:
        print_json(
            {
                "file": shown(settings.periods),
                "devices": [one.id for one in devices],
                "kind": kind,
                "from": begin,
                "to": to,
                "reason": said.reason,
                "recompute": corrections,
            }
        )
        return
    _report(settings, devices, begin, to)
    if corrections:
        typer.echo(say("What was said in that time is stored as before. This corrects it:"))
    for line in corrections[:CORRECTED]:
        typer.echo(f"  {line}")
    if len(corrections) > CORRECTED:
        typer.echo(say("  and so for {count} more", count=len(corrections) - CORRECTED))


def _devices(registry: Registry, said: _Said) -> list[Device]:
    """The places that are meant; raises `CommandFailed` for a name that nobody has."""
    if said.ids:
        return [place(registry, one) for one in said.ids]
    found: list[Device] = []
    sites = {device.site for device in registry.devices.values()}
    for site in said.sites:
        if site not in sites:
            near = did_you_mean(site, sites)
            raise CommandFailed(say("no device stands at the site {name}{near}", name=site, near=near))
        found += [device for device in registry.devices.values() if device.site == site]
    return found


def _entry(said: _Said, kind: Kind, begin: str, to: str | None, reason: str) -> PeriodEntry:
    today = datetime.now(UTC).astimezone().date()
    try:
        return periods.new(
            device=said.ids,
            site=said.sites,
            begin=begin,
            to=to,
            kind=kind,
            reason=reason,
            by=getpass.getuser(),
            today=today,
        )
    except ValidationError as error:
        raise CommandFailed(explain(error, PeriodEntry, {"reason": reason})[0].message) from None


def _ended(text: str, written: Any, said: _Said, kind: Kind, to: str, file: str) -> list[Splice]:
    """The newest period of this kind that is open for each name, ended."""
    entries = periods.read(text, written).periods
    ends: dict[int, list[Splice]] = {}
    for name in (*said.ids, *said.sites):
        open_ones = [at for at in periods.open_entries(text, written, name) if entries[at].kind == kind]
        if not open_ones:
            raise CommandFailed(
                say("nothing is open for {name} in {file}", name=name, file=file),
                hint=say("name the time instead, with --from, --to and --reason"),
            )
        ends[open_ones[-1]] = periods.end(text, written, open_ones[-1], to)
    return [splice for several in ends.values() for splice in several]


def _judge(settings: Settings, registry: Registry, wanted: Change) -> None:
    """Refuse what the rules for periods would complain of anew."""
    with tempfile.TemporaryDirectory(prefix="messnetz-") as folder:
        trial = Path(folder) / wanted.path.name
        trial.write_bytes(wanted.after)
        found = periods.load(trial, registry.devices).complaints
    known = Counter(one.message for one in periods.load(settings.periods, registry.devices).complaints)
    fresh: list[Complaint] = []
    for one in found:
        if not known[one.message]:
            fresh.append(replace(one, file=shown(wanted.path)))
        known[one.message] -= 1
    refuse(fresh)


def _corrections(settings: Settings, devices: Sequence[Device], begin: str, to: str | None) -> Iterator[str]:
    """The commands that correct what is stored of that time."""
    for device in devices:
        if (seen_ns := last_heard_ns(settings, device)) is None:
            continue
        if seen_ns >= answer.moment_ns(begin, device.timezone):
            end = to or answer.moment("now", device.timezone)[:10]
            yield f'messnetz recompute --device {device.id} --from "{begin}" --to "{end}"'


def _report(settings: Settings, devices: Sequence[Device], begin: str | None, to: str | None) -> None:
    names = ", ".join(one.id for one in devices[:CORRECTED]) + (", …" if len(devices) > CORRECTED else "")
    if begin is None:
        done = say("{devices}: over at {time}.", devices=names, time=to)
    elif to is None:
        done = say("{devices}: not valid from {begin} on.", devices=names, begin=begin)
    else:
        done = say("{devices}: not valid from {begin} to {end}.", devices=names, begin=begin, end=to)
    typer.secho(done, fg="green")
    typer.echo(
        say("It stands in {file}. A running service takes it up by itself.", file=shown(settings.periods))
    )
