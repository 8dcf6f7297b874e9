"""A new entry on its way into a device file: each key is judged by the registry's rules."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from devices import answer, device_edit, edit, entry_check, naming
from devices.language import say
from devices.registry import Registry
from devices.type import DeviceType
from ingest.cli.devices.changing import checked
from ingest.errors import CommandFailed


@dataclass(slots=True)
class Draft:
    """The entry as far as it is known. `timezone` is that of the file it goes to."""

    registry: Registry
    timezone: str = "Europe/Berlin"
    entry: dict[str, Any] = field(default_factory=dict)

    def take(self, key: str, value: Any) -> Any:
        """Put it into the entry if the registry's rules let it stand; else raises `ValueError`."""
        self._is_free(key, value)
        self.entry[key] = entry_check.check(key, value, self.entry, self.registry.types, self.timezone)
        return value

    def _is_free(self, key: str, value: Any) -> None:
        if key == "id" and value in self.registry.devices:
            there = self.registry.devices[value]
            raise ValueError(
                say("{id} is there already ({file}:{line})", id=value, file=there.file, line=there.line)
            )
        for one in self.registry.installations(value) if key in ("dev_eui", "address") else ():
            if one.end_ns is None:
                raise ValueError(
                    say(
                        "{address} is mounted at {device}: messnetz devices move {device} takes it elsewhere",
                        address=value,
                        device=one.device.id,
                    )
                )

    @property
    def type(self) -> DeviceType | None:
        """The type that was chosen."""
        return self.registry.types.get(str(self.entry.get("type")))

    @property
    def measurements(self) -> list[str]:
        """What its type measures in the street."""
        return naming.measurements(self.type)

    @property
    def directions(self) -> list[str]:
        """The directions that its type knows."""
        specs = self.type.readings if self.type else ()
        tags = [tag for spec in specs for tag in spec.tags if tag.name == "direction"]
        return list(
            dict.fromkeys(word for tag in tags for word in (tag.value, *tag.allowed.values()) if word)
        )

    @property
    def proposed_id(self) -> str:
        """An id made of what is measured and where, that is still free."""
        site, bay = str(self.entry.get("site", "")), str(self.entry.get("bay", ""))
        return naming.proposed_id(self.type, site, bay, self.registry.devices)

    @property
    def text(self) -> str:
        """The entry as it will stand in the file."""
        ordered = {key: self.entry[key] for key in device_edit.ORDER if key in self.entry}
        return edit.rendered(ordered, 2).rstrip()


def take_options(draft: Draft, said: Mapping[str, Any]) -> None:
    """Put what options say into the entry; raises `CommandFailed` for a wrong one."""
    readers: dict[str, Callable[[Any], Any]] = {
        "interval": answer.interval,
        "publish": answer.publish,
        "from": lambda text: answer.moment(text, draft.timezone),
        "direction": lambda texts: dict(answer.pair(text) for text in texts),
        "labels": lambda texts: dict(answer.pair(text) for text in texts),
        "calibration": lambda texts: dict(answer.calibration(text) for text in texts),
    }
    if ("lat" in said) != ("lon" in said) or ("height" in said and "lat" not in said):
        raise CommandFailed(say("--lat and --lon go together, and --height goes with both"))
    for key, value in said.items():
        if key not in ("lat", "lon", "height"):
            checked(functools.partial(draft.take, key), checked(readers.get(key, str), value))
    place = {key: checked(answer.decimal, said[key]) for key in ("lat", "lon", "height") if key in said}
    if place:
        checked(functools.partial(draft.take, "location"), place)
