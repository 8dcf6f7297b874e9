"""Which device types a command is about, and how it runs their codecs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from devices import type_catalogue
from devices.codecs import Decoded
from devices.complaint import did_you_mean
from devices.errors import UplinkRefused
from devices.language import say
from devices.type import Script
from devices.type_catalogue import Known
from devices.type_file import SHIPPED_TYPES
from ingest.errors import CommandFailed
from ingest.settings import Settings


def all_types(settings: Settings) -> list[Known]:
    """The shipped types and the city's own, by id."""
    return type_catalogue.look_up((SHIPPED_TYPES, settings.types), settings.codecs)


def one_type(settings: Settings, name: str) -> Known:
    """A type by its id, or by the path of its file; raises `CommandFailed`."""
    path = Path(name)
    if path.suffix == ".yaml" or path.parent != Path():
        if not path.is_file():
            raise CommandFailed(say("there is no file {file}", file=name))
        return type_catalogue.look_at(path, settings.codecs)
    for folder in (settings.types, SHIPPED_TYPES):
        if (path := folder / f"{name}.yaml").is_file():
            return type_catalogue.look_at(path, settings.codecs)
    near = did_you_mean(name, [one.id for one in all_types(settings)])
    raise CommandFailed(
        say("there is no device type {name}{near}", name=name, near=near),
        hint=say("messnetz types list shows all of them; a file is named with its path and .yaml"),
    )


def usable(known: Known) -> Known:
    """The same, or `CommandFailed` with the first thing that is wrong with its file."""
    if known.complaints:
        raise CommandFailed(
            str(known.complaints[0]), hint=say("messnetz types test says everything that is wrong with it")
        )
    return known


def run_script(
    script: Script, payload: bytes, f_port: int, variables: Mapping[str, str], time_ns: int
) -> Decoded:
    """What a JavaScript codec makes of a payload, contained as in the service; raises `UplinkRefused`."""
    from ingest.scripts.bulk import run_job  # noqa: PLC0415  few types have a script
    from ingest.scripts.said import decoded  # noqa: PLC0415  likewise
    from ingest.seams import ScriptJob  # noqa: PLC0415  likewise

    job = ScriptJob(script, payload, f_port, time_ns, variables)
    made = decoded(job, run_job(job))
    if isinstance(made, UplinkRefused):
        raise made
    return made


def read_object(text: bytes) -> dict[str, Any]:
    """A JSON object; raises `CommandFailed`."""
    try:
        said = msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise CommandFailed(say("this is no JSON: names stand in double quotes, texts too")) from None
    if not isinstance(said, dict):
        raise CommandFailed(say("this is no JSON object: it begins with {{ and ends with }}"))
    return said
