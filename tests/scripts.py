"""JavaScript codecs for tests, and how to run one."""

import json
from collections.abc import Mapping
from hashlib import blake2b

from devices.type import Script
from ingest.scripts.runner import Runner
from ingest.scripts.said import Said
from ingest.seams import ScriptJob

#: 2026-03-01 12:00 UTC.
TIME_NS = 1_772_366_400_000_000_000

GOOD = "function decodeUplink(input) { return { data: { sum: input.bytes[0] + input.fPort } }; }"
#: No limit of the engine ends it: the loop is not JavaScript.
HANGS = "function decodeUplink() { Array.prototype.join.call({ length: 4294967295 }); }"


def script(source: str, file: str = "x.js") -> Script:
    return Script(file, source, blake2b(source.encode()).hexdigest())


def job(
    source: str, payload: bytes = b"\x01", f_port: int = 1, variables: Mapping[str, str] | None = None
) -> ScriptJob:
    return ScriptJob(script(source), payload, f_port, TIME_NS, variables or {})


def decoding(body: str) -> str:
    return "function decodeUplink(input) {" + body + "}"


def run(runner: Runner, source: str, payload: bytes = b"\x01", f_port: int = 1) -> Said:
    return runner.decode([job(source, payload, f_port)])[0]


def data(runner: Runner, source: str, payload: bytes = b"\x01", f_port: int = 1) -> object:
    said = run(runner, source, payload, f_port)
    assert said.errors == ()
    return said.data


def value(runner: Runner, expression: str) -> object:
    """What an expression of a codec is when it comes out, the first time and every time after."""
    source = decoding(f"return {{ data: {{ value: {expression} }} }};")
    said = {json.dumps(data(runner, source)) for _ in range(6)}
    assert len(said) == 1
    return json.loads(said.pop())["value"]
