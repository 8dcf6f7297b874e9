"""How a column looks in a panel: its name, unit, words and colours, as the panel's field options say.

Numbers are written as @grafana/data 11.6 does, in every language: with a point, units as it has them.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.grafana.frame import Field, Frame, title
from tests.grafana.timerange import ZONE

#: What Grafana's names of colours look like on white.
COLOURS = {
    "green": "#37872d",
    "red": "#c4162a",
    "orange": "#d9640b",
    "purple": "#7c3aa8",
    "blue": "#1f60c4",
    "light-blue": "#5aa5e0",
    "gray": "#808080",
}
_UNITS = {
    "conμgm3": " μg/m³",
    "percent": "%",
    "velocitykmh": " km/h",
    "volt": " V",
    "dB": " dB",
}
_MOMENT = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "HH": "%H", "mm": "%M"}


@dataclass(frozen=True)
class Look:
    """One column's look."""

    name: str
    unit: str = ""
    decimals: int | None = None
    mappings: Sequence[Mapping[str, Any]] = ()
    nothing: str = ""  #: what stands in an empty cell
    fixed: str = ""  #: its colour, where one is fixed
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Whether a chart leaves it out."""
        return bool(self.custom.get("hideFrom", {}).get("viz"))

    def words(self, value: Any) -> str:
        """A value as people read it."""
        return self.mapped(value)[0]

    def colour(self, value: Any) -> str:
        """The colour that the value's words have; empty where they have none."""
        return self.mapped(value)[1]

    def mapped(self, value: Any) -> tuple[str, str]:
        """Words and colour of a value."""
        spelt = f"{value:g}" if isinstance(value, (int, float)) else str(value)
        for one in self.mappings:
            if one["type"] == "value" and value is not None and spelt in one["options"]:
                found = one["options"][spelt]
                return found["text"], colour(found.get("color", ""))
            if one["type"] == "regex" and value is not None:
                match = re.search(one["options"]["pattern"], spelt)
                if match:
                    becomes = re.sub(r"\$(\d)", r"\\\1", one["options"]["result"]["text"])
                    return match.expand(becomes), ""
        return self._number(value), ""

    def _number(self, value: Any) -> str:
        if value is None or value == "":
            return self.nothing
        if self.unit.startswith("time:"):
            form = re.sub("|".join(_MOMENT), lambda match: _MOMENT[match[0]], self.unit.removeprefix("time:"))
            return datetime.fromtimestamp(value / 1000, ZONE).strftime(form)
        if not isinstance(value, (int, float)):
            return str(value)
        if self.unit == "dtdhms":
            return _duration(value)
        if self.unit == "bytes":
            return _bytes(value)
        return _digits(value, self.decimals) + _sign(self.unit)

    def tick(self, value: float) -> str:
        """A value at an axis."""
        return self.words(value) if self.unit == "bytes" else f"{value:.10g}{_sign(self.unit)}"


def colour(name: str) -> str:
    """A colour as CSS writes it."""
    return COLOURS.get(name, name)


def look(said: Mapping[str, Any], one: Field, frame: Frame, frames: Sequence[Frame]) -> Look:
    """The look of a column by its panel's defaults and overrides; the last one wins."""
    config = said.get("fieldConfig", {})
    options: dict[str, Any] = dict(config.get("defaults", {}))
    custom = dict(options.get("custom", {}))
    called = title(one, frame, frames)
    for override in config.get("overrides", ()):
        if not _meant(override["matcher"], called, one.name):
            continue
        for each in override["properties"]:
            if each["id"].startswith("custom."):
                custom[each["id"].removeprefix("custom.")] = each["value"]
            else:
                options[each["id"]] = each["value"]
    name = str(options.get("displayName") or called)
    for label, text in (one.labels or {}).items():
        name = name.replace(f"${{__field.labels.{label}}}", text)
    fixed = colour(options.get("color", {}).get("fixedColor", ""))
    unit = options.get("unit", "time:DD.MM.YYYY HH:mm" if one.kind == "time" else "")
    return Look(
        name,
        unit,
        options.get("decimals"),
        options.get("mappings") or (),
        options.get("noValue", ""),
        fixed,
        custom,
    )


def _meant(matcher: Mapping[str, Any], called: str, name: str) -> bool:
    if matcher["id"] == "byName":
        return matcher["options"] in {called, name}
    if matcher["id"] == "byRegexp":
        return re.search(matcher["options"].strip("/"), called) is not None
    raise ValueError(f"the matcher {matcher['id']} is not understood here")


def _sign(unit: str) -> str:
    return f" {unit.removeprefix('suffix:')}" if unit.startswith("suffix:") else _UNITS.get(unit, "")


def _digits(value: float, decimals: int | None) -> str:
    """With so many decimals; where nothing is said, three digits or the whole number."""
    if decimals is None:
        whole = value == 0 or float(value).is_integer()
        decimals = 0 if whole else max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{decimals}f}"


def _duration(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86_400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {clock}" if days else clock


def _bytes(size: float) -> str:
    power = 0
    while size >= 1024 and power < 4:
        size, power = size / 1024, power + 1
    return f"{size:.3g} {('B', 'KiB', 'MiB', 'GiB', 'TiB')[power]}"
