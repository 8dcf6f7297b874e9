"""What people and editors read about the settings, generated from `ingest.settings` (`make docs`).

`config/messnetz.yaml` is the sample, `config/messnetz.schema.json` completes and checks it in an editor, and
the reference stands in `config/README.md` between two marks. A test keeps all three current.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ingest.settings import Settings
from ingest.settings_file import section_of

ROOT = Path(__file__).resolve().parents[1]
BEGIN = "<!-- settings: written by `make docs` -->"
END = "<!-- end of settings -->"

#: What the sample sets; it reads a Mosquitto and writes an InfluxDB 1.8 on the same machine.
EXAMPLE: Mapping[str, Any] = {
    "store": "influx",
    "influx": {"url": "http://localhost:8086", "bucket": "messnetz/autogen"},
    "brokers": {"name": "lorawan", "format": "chirpstack", "host": "localhost"},
}
#: What the sample shows, commented out, where there is no default to show.
INSTEAD_OF_NONE: Mapping[str, Any] = {
    "ca_file": "secrets/ca.pem",
    "cert_file": "secrets/messnetz.pem",
    "key_file": "secrets/messnetz.key",
    "port": 1883,
    "share": "messnetz",
    "credentials_file": "secrets/broker.txt",
    "token_file": "secrets/influx.txt",
    "topics": ["application/+/device/+/event/up"],
}
HEADER = """\
# yaml-language-server: $schema=messnetz.schema.json
#
# The settings of Messnetz: every one with its sentence. What is commented out shows the default (or an
# example, where there is none); what is not reads a ChirpStack on this machine's Mosquitto and writes to
# this machine's InfluxDB. `messnetz check` tells what is wrong, by line.
"""


def main() -> None:
    """Write all three files."""
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")


def documents() -> dict[Path, str]:
    """Each generated file with what it is to hold."""
    readme = ROOT / "config/README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    return {
        ROOT / "config/messnetz.yaml": sample(),
        ROOT / "config/messnetz.schema.json": schema(),
        readme: f"{before}{BEGIN}\n\n{reference()}\n{END}{after}",
    }


def schema() -> str:
    """JSON Schema of `messnetz.yaml`."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Settings.model_json_schema()}
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def sample() -> str:
    """`messnetz.yaml` with every setting."""
    blocks = ["\n".join(_field_lines(name, field, EXAMPLE)) for name, field in Settings.model_fields.items()]
    return "\n\n".join([HEADER.rstrip(), *blocks]) + "\n"


def _field_lines(name: str, field: FieldInfo, example: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {field.description}"
    section = section_of(field.annotation)
    if section is None:
        value = example.get(name, _shown(name, field))
        yield f"{'' if name in example else '# '}{name}: {_yaml(value)}"
        return
    lines = [f"{name}:", *_section_lines(section, example.get(name, {}), in_list=name == "brokers")]
    yield from (f"{'' if name in example else '# '}{line}" for line in lines)


def _section_lines(section: type[BaseModel], example: Mapping[str, Any], *, in_list: bool) -> Iterator[str]:
    for name, field in section.model_fields.items():
        # under a section that is commented out as a whole, one `#` is enough
        shown = example or {name: _shown(name, field)}
        lines = list(_field_lines(name, field, shown))
        if in_list:
            first = name == next(iter(section.model_fields))
            lines = [f"{'- ' if first and line.startswith(name) else '  '}{line}" for line in lines]
        yield from (f"  {line}" for line in lines)


def _shown(name: str, field: FieldInfo) -> Any:
    default = field.get_default()
    return INSTEAD_OF_NONE[name] if default in (None, ()) else default


def _yaml(value: Any) -> str:
    match value:
        case str() | Path():
            text = str(value)
            plain = text and not text[0].isdigit() and text not in {"true", "false", "null"}
            return text if plain else f'"{text}"'
        case list():
            return f"[{', '.join(_yaml(item) for item in value)}]"
        case _:
            return json.dumps(value)


def reference() -> str:
    """The tables of `config/README.md`, one a section."""
    return "\n".join(_tables("", "The file", Settings))


def _tables(prefix: str, title: str, section: type[BaseModel]) -> Iterator[str]:
    yield f"### {title}\n\n{section.__doc__}\n"
    yield "| setting | default | what it is |\n|---|---|---|"
    described = section.model_json_schema()["properties"]
    inner: list[tuple[str, type[BaseModel]]] = []
    for name, field in section.model_fields.items():
        below = section_of(field.annotation)
        if below:
            inner.append((f"{prefix}{name}{'[]' if name == 'brokers' else ''}", below))
        allowed = "" if below else _allowed(described[name])
        yield f"| `{prefix}{name}` | {_default(field)} | {field.description}{allowed} |"
    yield ""
    for name, below in inner:
        yield from _tables(f"{name}.", f"`{name}`", below)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.get_default()
    empty = default in (None, (), "") or isinstance(default, BaseModel)
    return "" if empty else f"`{default}`"


def _allowed(described: dict[str, Any]) -> str:
    one = described.get("anyOf", [described])[0]
    if "enum" in one:
        return f" One of {', '.join(f'`{word}`' for word in one['enum'])}."
    low, high = one.get("minimum"), one.get("maximum", one.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f" {low} to {high}."
    return f" At least {low}." if low is not None else ""


if __name__ == "__main__":
    main()
