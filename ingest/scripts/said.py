"""What a codec said of one payload, in words for people."""

from typing import Any, Literal

import msgspec

from devices.codecs import Decoded
from devices.errors import UplinkRefused
from devices.language import Sentence, say
from ingest.sandbox.wire import Answer
from ingest.seams import ScriptJob

#: Words of a codec that are kept: characters each, and how many.
CHARACTERS = 300
COUNT = 20
#: Characters of all errors in one sentence.
SENTENCE = 500

Reason = Literal[
    "codec_failed",
    "codec_timeout",
    "codec_memory",
    "codec_result",
    "codec_suspended",
    "codec_crashed",
]


class Said(msgspec.Struct, frozen=True):
    """The decoded object (or list) with the codec's warnings; or `errors`, at least one, and a `reason`."""

    data: Any
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    reason: Reason | None = None


class _Result(msgspec.Struct):
    data: Any
    warnings: list[str]
    errors: list[str]


_read_result = msgspec.json.Decoder(_Result).decode


def refused(reason: Reason, error: Sentence | str) -> Said:
    """No decoded object, and why."""
    return Said(None, (), (error,), reason)


def crashed(words: str) -> Said:
    """The process ended at this job, with these last words."""
    return refused("codec_crashed", say("the process of the codecs ended: {words}", words=words))


def of_answer(answer: Answer) -> Said:
    """What the codecs' process answered, understood."""
    match answer.kind:
        case "said":
            return _of_result(answer.text)
        case "thrown":
            words: str = msgspec.json.decode(answer.text, type=str)
            return refused(
                "codec_failed", words[:CHARACTERS] or say("the codec threw something that has no words")
            )
        case "no_result":
            return refused("codec_result", _why(msgspec.json.decode(answer.text, type=str)))
        case "too_large":
            return refused(
                "codec_result",
                say("the codec's result is too large: {size} bytes, 65536 are allowed", size=answer.text),
            )
        case "timeout":
            return refused("codec_timeout", say("the codec took too long: 0.1 s of computing are allowed"))
        case "memory":
            return refused("codec_memory", say("the codec took too much memory: 32 MiB are allowed"))


def _of_result(text: str) -> Said:
    try:
        result = _read_result(text)
    except (msgspec.DecodeError, RecursionError):
        return refused("codec_result", _why("no_json"))
    warnings, errors = _cut(result.warnings), _cut(result.errors)
    if errors:
        return Said(result.data, warnings, errors, "codec_failed")
    if isinstance(result.data, str):  # older codecs say so what went wrong
        why = say("the codec returned a text, not an object: {text}", text=result.data[:CHARACTERS])
        return Said(None, warnings, (why,), "codec_result")
    if not isinstance(result.data, dict | list):
        return Said(None, warnings, (_why("nothing"),), "codec_result")
    return Said(result.data, warnings)


def _cut(words: list[str]) -> tuple[str, ...]:
    return tuple([one[:CHARACTERS] for one in words[:COUNT]])


def _why(word: str) -> Sentence:
    return {
        "no_function": say("the codec has no function decodeUplink, Decode or Decoder"),
        "promise": say(
            "the codec answers with a promise: it has to return its result at once, without async"
        ),
        "nothing": say("the codec returned no object"),
        "no_json": say("the codec's result cannot be written as JSON: it contains itself, or is too deep"),
    }[word]


def as_json(said: Said) -> dict[str, Any]:
    """As TS013 has it."""
    return {"data": said.data, "warnings": list(said.warnings), "errors": list(said.errors)}


def decoded(job: ScriptJob, said: Said) -> Decoded | UplinkRefused:
    """The same for the pipeline, which takes objects only, and one sentence where there is none."""
    if said.reason is None:
        if isinstance(said.data, dict):
            return Decoded(said.data, said.warnings)
        said = refused("codec_result", say("the codec returned a list, not an object"))
    reason: Reason = said.reason or "codec_result"
    error = said.errors[0] if len(said.errors) == 1 else "; ".join(said.errors)[:SENTENCE]
    return UplinkRefused(
        reason,
        say(
            "{codec} cannot read {payload} on port {port}: {error}",
            codec=job.script.file,
            payload=job.payload.hex(),
            port=job.f_port,
            error=error,
        ),
        hint=_hint(reason),
    )


def _hint(reason: Reason) -> str:
    if reason == "codec_failed":
        return say("another firmware, or another type?")
    if reason in {"codec_crashed", "codec_suspended"}:
        return say("once the codec is mended, read them again: messnetz quarantine replay")
    return say("mend the codec, or let the network server decode")
