"""What goes between the service and the codecs' process.

A frame is its length (`LENGTH`) and MessagePack: a `Batch` there, a list of `Answer` back. After a job that
took too long the rest of its batch has no answer. Beside it, the process keeps in a piece of shared memory
which of the batch's jobs it is at and since when (`RUNNING`; `time.monotonic_ns`), to be read once it hangs.
"""

import struct
from typing import Literal

import msgspec

LENGTH = struct.Struct("<I")
RUNNING = struct.Struct("<QQ")
#: In place of a job's number: none, and not yet ready for any.
NONE = 2**64 - 1
STARTING = 2**64 - 2

Kind = Literal["said", "thrown", "no_result", "too_large", "timeout", "memory"]


class Job(msgspec.Struct, array_like=True, frozen=True):
    """One payload; `script` names the codec, `time_ms` is since 1970 (UTC), `variables` a JSON object."""

    script: str
    payload: bytes
    f_port: int
    time_ms: int
    variables: str


class Batch(msgspec.Struct, array_like=True, frozen=True):
    """Jobs, and the texts of those codecs that this process has not seen yet."""

    sources: dict[str, str]
    jobs: list[Job]


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """What came of a job.

    `text` is JSON of data, warnings and errors (`said`), of what the codec threw (`thrown`), of why there is
    no result (`no_result`: see sandbox.js), or the size of the result in bytes (`too_large`).
    """

    kind: Kind
    text: str = ""
