"""YAML that a person can read too: texts of several lines as blocks, and where it comes from on top."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

HEADER = """\
# Written by `messnetz alarms --write` from the section `alarms` of messnetz.yaml. Change it there: what is
# changed here is lost with the next write.
"""


def document(content: dict[str, Any]) -> str:
    """The content as a file."""
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 10_000
    out = StringIO()
    writer.dump(_blocks(content), out)
    return HEADER + out.getvalue()


def _blocks(value: Any) -> Any:
    match value:
        case dict():
            return {key: _blocks(inner) for key, inner in value.items()}
        case list():
            return [_blocks(inner) for inner in value]
        case str() if "\n" in value:
            return LiteralScalarString(value)
        case str():
            return str(value)  # a Sentence is a str that no YAML knows
        case _:
            return value
