"""What people and editors read about a city's files, generated from the models that check them (`make docs`).

The settings' sample, a JSON Schema for each kind of file, the catalogue of device types, and the tables
between the marks in `config/README.md` and `devices/README.md`. A test keeps them current.
"""

import json
import re
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from devices.device_file import DeviceFile
from devices.explain import fields_of, section_of
from devices.language import in_language
from devices.limits import Pair
from devices.periods import PeriodsFile
from devices.quantity import CATALOGUE, Quantity
from devices.type_file import TypeFile
from ingest import lns, types_page
from ingest.settings import Settings
from ingest.settings_sample import sample

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write every generated file."""
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")


def documents() -> dict[Path, str]:
    """Each generated file with what it is to hold."""
    config, devices = ROOT / "config", ROOT / "devices"
    files = {
        config / "sample" / "messnetz.yaml": sample(),
        config / "messnetz.schema.json": schema(Settings),
        config / "devices.schema.json": schema(DeviceFile),
        config / "types.schema.json": schema(TypeFile),
        config / "periods.schema.json": schema(PeriodsFile),
    }
    parts = {
        "formats": formats(),
        "settings": tables("", "messnetz.yaml", Settings),
        "devices": tables("", "devices/*.yaml", DeviceFile),
        "types": tables("", "types/*.yaml", TypeFile),
        "periods": tables("", "periods.yaml", PeriodsFile),
        "quantities": quantities(),
        "shipped types": shipped_types(),
    }
    for path in (config / "README.md", devices / "README.md"):
        files[path] = _filled(path.read_text(encoding="utf-8"), parts)
    return files | types_page.pages()


def _filled(text: str, parts: dict[str, Iterator[str]]) -> str:
    """The text with each part between its two marks."""

    def part(match: re.Match[str]) -> str:
        return f"{match[1]}\n\n{chr(10).join(parts[match[2]])}\n{match[3]}"

    return re.sub(
        r"(<!-- ([a-z ]+): written by `make docs` -->).*?(<!-- end -->)", part, text, flags=re.DOTALL
    )


def schema(model: type[BaseModel]) -> str:
    """JSON Schema of a file."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def formats() -> Iterator[str]:
    """What each format reads, by the first sentence of its module, and its default topics."""
    yield "| `format` | reads | `topics` by default |\n|---|---|---|"
    for name, form in lns.FORMATS.items():
        says = re.split(r"\.\n|\.$", form.__doc__ or "", maxsplit=1)[0]
        linked = re.sub(r"^(.*?) \((https://[^\s),]+)[^)]*\)", r"[\1](\2)", " ".join(says.split()))
        yield f"| `{name}` | {linked} | {', '.join(f'`{topic}`' for topic in form.TOPICS)} |"
    yield "| `custom` | JSON whose fields you name, see below | |"
    yield ""


def tables(prefix: str, title: str, section: type[BaseModel]) -> Iterator[str]:
    """The reference of a section and of those below it, a table each."""
    yield f"### `{title}`\n\n{section.__doc__}\n"
    yield "| key | default | what it is |\n|---|---|---|"
    described = section.model_json_schema()["properties"]
    inner: list[tuple[str, type[BaseModel]]] = []
    for name, field in fields_of(section).items():
        below = section_of(field.annotation)
        if below:
            inner.append((f"{prefix}{name}{_many(field.annotation)}", below))
        allowed = "" if below else _allowed(described[name])
        described_as = " ".join((field.description or "").split()).replace("|", r"\|")
        yield f"| `{name}` | {_default(field)} | {described_as}{allowed} |"
    yield ""
    for name, below in inner:
        yield from tables(f"{name}.", name, below)


def _many(annotation: Any) -> str:
    """How an entry below is named: one of a list, one by its name, or just one."""
    origins = {typing.get_origin(part) for part in (annotation, *typing.get_args(annotation))}
    return "[]" if tuple in origins else ".*" if dict in origins else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.get_default()
    empty = default in (None, (), "", {}) or isinstance(default, BaseModel)
    return "" if empty else f"`{default}`"


def _allowed(described: dict[str, Any]) -> str:
    one = described.get("anyOf", [described])[0]
    if "enum" in one:
        return f" One of {', '.join(f'`{word}`' for word in one['enum'])}."
    low, high = one.get("minimum"), one.get("maximum")
    if low is not None and high is not None:
        return f" {low} to {high}."
    return f" At least {low}." if low is not None else ""


def quantities() -> Iterator[str]:
    """The catalogue, a row a quantity."""
    yield (
        "| measurement | field | what it is | unit | decimals | plausible | usual | spike | rate | flat"
        " | summarised by |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for one in CATALOGUE.values():
        if one.measurement:
            yield _quantity_row(one)
    yield ""


def _quantity_row(one: Quantity) -> str:
    decimals = "integer" if one.decimals is None else str(one.decimals)
    summary = one.summary.replace("_", " ") + (", over its interval" if one.interval else "")
    return (
        f"| `{one.measurement}` | `{one.name}` | {one.title} | `{one.unit}` | {decimals}"
        f" | {_range(*one.plausible)} | {_range(*one.usual)} | {_pair(one.limits.spike)}"
        f" | {_pair(one.limits.rate)} | {_pair(one.limits.flat_s, _time)} | {summary} |"
    )


def _pair(pair: Pair, shown: Callable[[float], str] = "{:.15g}".format) -> str:
    """Where a value is suspect and where it fails."""
    suspect, fail = ("" if one is None else shown(one) for one in pair)
    return f"{suspect}, {fail}" if suspect and fail else suspect or (f"fails: {fail}" if fail else "")


def _time(seconds: float) -> str:
    return f"{seconds / 86_400:g} d" if seconds >= 86_400 else f"{seconds / 3600:g} h"


def _range(low: float | None, high: float | None) -> str:
    if high is None or high >= 2**53:  # what JSON can say exactly: no limit to a reader
        return "" if low is None else f"from {low:.15g}"
    return f"up to {high:.15g}" if low is None else f"{low:.15g} to {high:.15g}"


def shipped_types() -> Iterator[str]:
    """How many types come with Messnetz, a row a category."""
    yield "| category | models | makers |\n|---|---|---|"
    for category, types in types_page.counts():
        makers = sorted({one.described.manufacturer for one in types if one.described}, key=str.casefold)
        title = in_language(types_page.titles()[category], "en")
        link = f"[{title}](types/README.md#{types_page.anchor(category)})"
        yield f"| {link} | {len(types)} | {', '.join(makers)} |"
    yield ""


if __name__ == "__main__":
    main()
