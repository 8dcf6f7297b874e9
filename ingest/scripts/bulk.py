"""A codec run by one call, for people with many payloads: engine, process and limits are the service's.

from ingest.scripts import run_codec

run_codec("am319.js", "01 75 5c 03 67 34 01", 85)
# {"data": {"battery": 92, "temperature": 30.8}, "warnings": [], "errors": []}
"""

import atexit
import re
import threading
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from devices.language import say
from devices.script_file import read_script
from ingest.scripts.runner import Runner
from ingest.scripts.said import Said, as_json, refused
from ingest.seams import ScriptJob

_one_at_a_time = threading.Lock()


def run_codec(
    file: str | Path,
    payload: bytes | str,
    f_port: int,
    *,
    variables: Mapping[str, str] | None = None,
    time_ns: int | None = None,
) -> dict[str, Any]:
    """What a codec file makes of a payload: `{"data": …, "warnings": […], "errors": […]}`.

    `payload` is bytes, or hex as it is written anywhere (`01 75 5c`, `01:75:5C`, `0x01755c`). `errors` is not
    empty when there is no result, whatever the reason: no file, no hex, a fault of the codec, a limit.
    `time_ns` (UTC, since 1970; now, if not given) is the codec's `recvTime`.

    The process is started by the first call and ends with this one. Calls from several threads wait for one
    another.
    """
    return as_json(_run(Path(file), payload, f_port, variables or {}, time_ns))


def run_job(job: ScriptJob) -> Said:
    """The same for a codec that has been read."""
    with _one_at_a_time:
        return _runner().decode([job])[0]


def read_hex(text: str) -> bytes:
    """The bytes of hex digits, with spaces, colons, dashes or `0x` between them; raises `ValueError`."""
    digits = _BETWEEN.sub("", text)
    if _NO_DIGIT.search(digits):
        raise ValueError(say("{payload} is no hex: digits 0 to 9 and a to f are allowed", payload=text))
    if len(digits) % 2:
        raise ValueError(say("{payload} ends in half a byte: two hex digits a byte", payload=text))
    return bytes.fromhex(digits)


def _run(
    file: Path, payload: bytes | str, f_port: int, variables: Mapping[str, str], time_ns: int | None
) -> Said:
    try:
        octets = read_hex(payload) if isinstance(payload, str) else payload
        script = read_script(file, str(file))
    except ValueError as error:
        return refused("codec_failed", error.args[0])
    return run_job(
        ScriptJob(script, octets, f_port, time.time_ns() if time_ns is None else time_ns, variables)
    )


@cache
def _runner() -> Runner:
    runner = Runner()
    atexit.register(runner.close)
    return runner


_BETWEEN = re.compile(r"0[xX]|[\s:,-]")
_NO_DIGIT = re.compile(r"[^0-9a-fA-F]")
