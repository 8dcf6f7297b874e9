"""The device file that takes new places."""

from dataclasses import dataclass
from pathlib import Path

from devices import naming, words, yaml
from devices.language import say
from devices.registry import Registry
from devices.type_file import shown
from devices.yaml_write import scalar
from ingest.cli import ask
from ingest.cli.ask import Choice
from ingest.cli.devices.changing import device_files
from ingest.errors import CommandFailed
from ingest.settings import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """A device file; `head` begins it where it is not there yet."""

    path: Path
    head: str = ""

    @property
    def timezone(self) -> str:
        """The time zone of the times in it; raises `CommandFailed` for a file that cannot be read."""
        if self.head:
            return "Europe/Berlin"
        try:
            _, said = yaml.read(self.path)
        except yaml.Unreadable as error:
            raise CommandFailed(say("{place}: {error}", place=shown(self.path), error=error)) from None
        return str(said.get("timezone", "Europe/Berlin")) if isinstance(said, dict) else "Europe/Berlin"


def target_file(
    settings: Settings,
    registry: Registry,
    named: Path | None,
    municipality: str | None,
    site: str | None,
    *,
    may_ask: bool,
) -> Target:
    """The file that was named, else the only one, else the one with this site; raises `CommandFailed`."""
    if named is not None:
        return Target(_named(settings, named))
    files = device_files(settings)
    if not files:
        return _first(settings, municipality, may_ask=may_ask)
    names = {device.file for device in registry.devices.values() if site and device.site == site}
    near = [path for path in files if shown(path) in names] or files
    if len(near) == 1:
        return Target(near[0])
    if not may_ask:
        listed = ", ".join(path.name for path in files)
        raise CommandFailed(say("there are several device files: name one of them with --file"), hint=listed)
    choices = [Choice(path.name) for path in near]
    chosen = ask.choice(say("Which file is to take it?"), choices, str, default=near[0].name)
    return Target(settings.devices / chosen)


def _named(settings: Settings, name: Path) -> Path:
    folder = settings.devices
    for path in (name, folder / name, folder / f"{name}.yaml"):
        if path.is_file() and path.resolve().parent == folder.resolve():
            return path
    listed = ", ".join(path.name for path in device_files(settings))
    raise CommandFailed(say("there is no device file {file}; there are: {files}", file=name, files=listed))


def _first(settings: Settings, municipality: str | None, *, may_ask: bool) -> Target:
    hint = say("it begins the first device file; write a short name for ever, as giessen")
    if municipality is None and not may_ask:
        raise CommandFailed(say("missing: {options}", options="--municipality"), hint=hint)
    name = municipality or ask.question(
        say("There is no device file yet. Whose devices are these (short name, as giessen)?"), naming.id_of
    )
    if words.ID.fullmatch(name) is None:
        raise CommandFailed(say("{text} is no short name", text=name), hint=hint)
    head = f"municipality: {{id: {scalar(name)}}}\n\ndevices:\n"
    return Target(settings.devices / f"{name}.yaml", head)
