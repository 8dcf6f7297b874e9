"""`config/sample/messnetz.yaml`: every setting with its sentence, the defaults commented out."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from devices.explain import section_of
from ingest.settings import Settings

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
    "login_file": "secrets/planners.txt",
    "partners_login_file": "secrets/partners.txt",
    "hours_bucket": "messnetz/hours",
    "bays_bucket": "messnetz/bays",
    "topics": ["application/+/device/+/event/up"],
    "address": "device.eui",
    "address_level": 2,
    "payload": "data.payload",
    "object": "data.values",
    "f_port": "data.port",
    "f_cnt": "data.counter",
    "time": "received_at",
    "id": "message_id",
    "rssi": "radio.rssi",
    "snr": "radio.snr",
    "gateways": "radio.gateways",
    "spreading_factor": "radio.sf",
    "language": "de",
}
HEADER = """\
# yaml-language-server: $schema=messnetz.schema.json
#
# The settings of Messnetz: every one with its sentence. What is commented out shows the default (or an
# example, where there is none); what is not reads a ChirpStack on this machine's Mosquitto and writes to
# this machine's InfluxDB. `messnetz check` tells what is wrong, by line.
"""


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
