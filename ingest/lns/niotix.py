"""niotix of DIGIMONDO (https://docs.niotix.io/de/features/integrations/transformations/).

A data point of a virtual device or digital twin, as an integration flow hands it on: one variable a
message, already decoded. `source_identifier` is the DevEUI. Let the flow's filter pass the variables that
the type reads only.
"""

from typing import Any

import msgspec

from devices.language import say
from devices.uplink import Uplink
from ingest.lns.event import Ignored, address, data_uplink, decode, missing, since_1970

#: Free text there: the settings have to name it.
TOPICS: tuple[str, ...] = ()

_HINT = say("expected a data point of niotix, with `meta` and `value`")


class _Meta(msgspec.Struct, gc=False):
    source_identifier: str | int | None = None
    parser_variable: str | None = None
    state_identifier: str | None = None
    timestamp: str | int | float | None = None


class _State(msgspec.Struct, gc=False):
    meta: _Meta
    value: Any


_decoder = msgspec.json.Decoder(_State)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:  # noqa: ARG001  it tells nothing
    """Read one message; see `ingest.lns`."""
    state = decode(_decoder, payload, hint=_HINT)
    meta = state.meta
    sender = address(meta.source_identifier)
    variable = meta.parser_variable or meta.state_identifier
    if not variable:
        raise missing("meta.parser_variable", _HINT, address=sender)
    time_ns = since_1970(meta.timestamp, arrival_ns=arrival_ns, address=sender)
    return data_uplink(sender, time_ns, None, decoded={variable: state.value}, content=payload)
