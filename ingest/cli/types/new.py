"""`messnetz types new`: the draft of a type from one uplink."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from devices import type_draft
from devices.codecs import LOCAL, run_local
from devices.complaint import did_you_mean
from devices.errors import UplinkRefused
from devices.files import trouble
from devices.language import say
from devices.script_file import read_script
from devices.type_draft import Draft, Sample
from devices.type_file import shown
from devices.uplink import Kind, Uplink
from devices.words import ID
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json
from ingest.cli.devices.strangers import stranger
from ingest.cli.types.choice import read_object, run_script
from ingest.errors import CommandFailed
from ingest.lns import Unreadable, auto
from ingest.registry_files import load_registry
from ingest.scripts.bulk import read_hex
from ingest.settings import Settings

HELP = say(
    "Draft a device type from one uplink of the model.\n\n"
    "What the names in the decoded object tell is mapped with its unit, the rest is left as TODO. The uplink"
    " becomes the type's example, so that messnetz types test passes at once.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz types new acme-x1 --from-unknown 70b3d57ba0000a1c\n"
    "  messnetz types new acme-x1 --decoded object.json\n"
    "  messnetz types new acme-x1 --from-uplink event.json\n"
    "  messnetz types new acme-x1 --payload 01755c --port 85 --codec acme.js"
)


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=say("Id of the type: maker and model, as acme-x1."))
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    decoded: Annotated[
        str | None,
        typer.Option(
            "--decoded", metavar="FILE", help=say("A decoded object as JSON; - reads standard input.")
        ),
    ] = None,
    from_uplink: Annotated[
        str | None,
        typer.Option(
            "--from-uplink", metavar="FILE", help=say("A network server's message; - reads standard input.")
        ),
    ] = None,
    from_unknown: Annotated[
        str | None,
        typer.Option("--from-unknown", help=say("The newest uplink of a sender that devices unknown lists.")),
    ] = None,
    payload: Annotated[str | None, typer.Option("--payload", help=say("A payload in hex digits."))] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=255, help=say("The uplink's port (f_port)."))
    ] = None,
    codec: Annotated[
        str,
        typer.Option(
            "--codec", help=say("Who decodes: lns (the network server), a codec's name, or a .js file.")
        ),
    ] = "lns",
    manufacturer: Annotated[
        str | None, typer.Option("--manufacturer", help=say("Who makes it. Default: from the name."))
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help=say("What the maker calls it. Default: from the name."))
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", help=say("Where to write it; - prints it. Default: the folder of types.")),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Draft a device type from one uplink."""
    settings = load_settings(config)
    if not ID.fullmatch(name):
        raise CommandFailed(say("{name} is no id: use lower-case letters, digits and - only", name=name))
    path = Path(output) if output else settings.types / f"{name}.yaml"
    if output != "-" and path.exists():
        raise CommandFailed(
            say("{file} is there already", file=shown(path)),
            hint=say("choose another name, or another file with --output"),
        )
    sources = {
        "--decoded": decoded,
        "--from-uplink": from_uplink,
        "--from-unknown": from_unknown,
        "--payload": payload,
    }
    given = [option for option, value in sources.items() if value is not None]
    if len(given) != 1:
        raise CommandFailed(say("say where the uplink is: one of {options}", options=", ".join(sources)))
    if decoded is not None:
        sample = Sample(_today(), read_object(_read(decoded)), port or 1)
    elif payload is not None:
        sample = _of_payload(settings, _hex(payload), port, codec)
    elif from_uplink is not None:
        sample = _of_uplink(settings, _parse(_read(from_uplink)), codec)
    else:
        found = stranger(settings, load_registry(settings), from_unknown or "").uplinks
        if not found:
            raise CommandFailed(say("none of its kept messages carries data that can be read"))
        sample = _of_uplink(settings, found[0], codec)
    maker, _, rest = name.partition("-")
    try:
        made = type_draft.draft(
            name,
            manufacturer or maker.capitalize(),
            model or rest.upper() or name.upper(),
            codec,
            sample,
            codecs_dir=settings.codecs,
            script_codec=run_script,
        )
    except ValueError as error:
        raise CommandFailed(error.args[0]) from None
    _finish(made, name, path, printed=output == "-", json=json)


def _finish(made: Draft, name: str, path: Path, *, printed: bool, json: bool) -> None:
    if not printed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text, encoding="utf-8")
    if json:
        print_json(
            {
                "type": name,
                "file": None if printed else str(path),
                "text": made.text,
                "recognised": {one.leaf.path: one.quantity for one in made.guesses},
                "left": list(made.left),
            }
        )
        return
    if printed:
        typer.echo(made.text, nl=False)
        return
    typer.echo(say("{file} is written", file=shown(path)))
    typer.echo(say("recognised: {fields}", fields=", ".join(one.leaf.path for one in made.guesses) or "-"))
    if made.left:
        typer.echo(say("left for you: {fields}", fields=", ".join(made.left)))
    typer.echo(say("Look at every TODO in it, then:  messnetz types test {file}", file=shown(path)))


def _of_uplink(settings: Settings, uplink: Uplink, codec: str) -> Sample:
    """The decoded object of the server, or what the codec that was named makes of the payload."""
    if codec != "lns" and uplink.payload is not None:
        return _of_payload(settings, uplink.payload, uplink.f_port, codec)
    if uplink.decoded is None:
        raise CommandFailed(
            say("the uplink has a payload only, no decoded object"),
            hint=say("name who decodes it with --codec: its maker's file, as acme.js, or a codec of ours"),
        )
    return Sample(_today(), uplink.decoded, uplink.f_port or 1, uplink.payload)


def _of_payload(settings: Settings, payload: bytes, port: int | None, codec: str) -> Sample:
    if codec == "lns":
        raise CommandFailed(
            say("a payload alone says nothing without a codec"),
            hint=say("name who decodes it with --codec: its maker's file, as acme.js, or a codec of ours"),
        )
    if port is None:
        raise CommandFailed(say("say on which port the payload came, with --port"))
    try:
        if codec.endswith(".js"):
            script = read_script(settings.codecs / codec, shown(settings.codecs / codec))
            made = run_script(script, payload, port, {}, time.time_ns())
        elif codec in LOCAL:
            made = run_local(codec, payload, port, {})
        else:
            near = did_you_mean(codec, LOCAL)
            raise CommandFailed(say("{codec} is no codec{near}", codec=codec, near=near))
    except UplinkRefused as refused:
        raise CommandFailed(refused.args[0], hint=refused.hint) from None
    except ValueError as error:
        raise CommandFailed(error.args[0]) from None
    return Sample(_today(), made.data, port, payload)


#: Some network servers say only in the topic that a message is an uplink, and a file has no topic.
_TOPICS = ("application/0/device/0000000000000000/event/up", "v3/a@t/devices/d/up", "")


def _parse(message: bytes) -> Uplink:
    wrong, without_data = None, False
    for topic in _TOPICS:
        try:
            parsed = auto.parse(topic, message, time.time_ns())
        except Unreadable as error:
            wrong = wrong or error
            continue
        if isinstance(parsed, Uplink) and parsed.kind is Kind.DATA:
            return parsed
        without_data = True
    if without_data or wrong is None:
        raise CommandFailed(say("this message carries no data of a device"))
    raise CommandFailed(
        say("this is no message of a network server: {error}", error=wrong.args[0]),
        hint=say("a decoded object alone is read with --decoded"),
    )


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    if source.lstrip().startswith("{"):  # the object itself, as `types decode` takes it
        return source.encode()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise CommandFailed(say("{file}: {error}", file=source, error=trouble(error))) from None


def _hex(text: str) -> bytes:
    try:
        return read_hex(text)
    except ValueError as error:
        raise CommandFailed(error.args[0]) from None


def _today() -> str:
    return say("our own device, {day}", day=time.strftime("%Y-%m-%d"))
