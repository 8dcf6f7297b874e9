"""What type and device files say of the tests that values pass: `qc: {spike: 80, flat: [6h, 2d]}`.

The sentence under a field is its documentation and stands in the JSON Schema.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, WithJsonSchema

from devices import duration
from devices.language import say
from devices.limits import Change, Pair, Span
from devices.quantity import Quantity
from devices.strict import STRICT

_NUMBER = {"type": "number"}
_OPEN = {"type": ["number", "null"]}
_SPAN = {"type": "array", "prefixItems": [_OPEN, _OPEN], "minItems": 2, "maxItems": 2}
_NUMBERS = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_TIME = {"type": "string", "pattern": duration.PATTERN}
_TIMES = {"type": "array", "items": _TIME, "minItems": 2, "maxItems": 2}
_NONE = {"const": "none"}


def _span(said: Any) -> Any:
    ends = list(said) if isinstance(said, list | tuple) else []
    if len(ends) != 2 or not all(end is None or _is_number(end) for end in ends) or ends == [None, None]:
        raise ValueError(say("write the lowest and the highest number, as [0, 500]; null where it is open"))
    low, high = ends
    if low is not None and high is not None and low >= high:
        raise ValueError(say("{low} is not below {high}: write the lowest number first", low=low, high=high))
    return low, high


def _thresholds(said: Any) -> Any:
    """One number, two, or the word `none`."""
    numbers = [said] if _is_number(said) else list(said) if isinstance(said, list | tuple) else []
    if said == "none":
        return None, None
    if not 1 <= len(numbers) <= 2 or not all(_is_number(one) and one > 0 for one in numbers):
        raise ValueError(
            say(
                "write a number above 0 from which a value is suspect, as 80; two, as [80, 200], where it"
                " fails from the second on; or none to leave the test out"
            )
        )
    return _ascending(numbers, numbers)


def _durations(said: Any) -> Any:
    """One duration, two, or the word `none`; in seconds."""
    if said == "none":
        return None, None
    texts = [said] if isinstance(said, str) else list(said) if isinstance(said, list | tuple) else []
    try:
        if not 1 <= len(texts) <= 2:
            raise ValueError
        seconds = [duration.seconds(text) for text in texts]
    except (TypeError, ValueError):
        raise ValueError(
            say(
                "write how long a value may stay the same before it is suspect, as 12h; two, as [12h, 3d],"
                " where it fails after the second; or none to leave the test out"
            )
        ) from None
    return _ascending(seconds, texts)


def _ascending(numbers: list[Any], said: list[Any]) -> Any:
    if len(numbers) == 1:
        return numbers[0], None
    if numbers[0] >= numbers[1]:
        raise ValueError(
            say("{low} is not below {high}: write the lowest number first", low=said[0], high=said[1])
        )
    return tuple(numbers)


def _seconds(said: Any) -> Any:
    try:
        return duration.seconds(said)
    except (TypeError, ValueError):
        raise ValueError(say("write a duration with s, min, h or d, as 2h")) from None


def _is_number(said: Any) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and abs(said) < float("inf")


_Span = Annotated[Span, BeforeValidator(_span), WithJsonSchema(_SPAN)]
_Thresholds = Annotated[
    Pair, BeforeValidator(_thresholds), WithJsonSchema({"anyOf": [_NUMBER, _NUMBERS, _NONE]})
]
_Durations = Annotated[Pair, BeforeValidator(_durations), WithJsonSchema({"anyOf": [_TIME, _TIMES, _NONE]})]
_Seconds = Annotated[int, BeforeValidator(_seconds), WithJsonSchema(_TIME)]


class QcEntry(BaseModel):
    """Thresholds of the tests that a value passes, in the catalogue's unit. Default: the catalogue's."""

    model_config = STRICT

    plausible: _Span | None = None
    """Outside of it a value fails, as `[0, 500]`; `null` where it is open."""
    usual: _Span | None = None
    """Outside of it a value is suspect."""
    spike: _Thresholds | None = None
    """How far it may lie outside of the two values before it: `80`; `[80, 200]` to fail from 200; `none`."""
    rate: _Thresholds | None = None
    """How much it may change in a minute, likewise."""
    flat: _Durations | None = None
    """How long it may stay the same: `12h`, or `[12h, 3d]` to fail after the second; `none`."""
    gap: _Seconds | None = None
    """How long it may be silent, as `2h`; after more it is not compared with what was before."""


def change(entry: QcEntry, quantity: Quantity, *, counter: str | None = None) -> Change:
    """What an entry changes for a quantity. Raises `ValueError` for a test that it does not pass."""
    back = [name for name in ("spike", "rate", "flat", "gap") if getattr(entry, name) is not None]
    if back and (quantity.decimals is None or quantity.summary == "sum" or counter == "total"):
        raise ValueError(
            say(
                "{quantity} is not compared with values before it: leave out {tests}",
                quantity=quantity.name,
                tests=", ".join(back),
            )
        )
    if quantity.summary == "circular_mean" and (entry.spike is not None or entry.rate is not None):
        raise ValueError(
            say("{quantity} goes round in a circle: leave out spike and rate", quantity=quantity.name)
        )
    return Change(entry.plausible, entry.usual, entry.spike, entry.rate, entry.flat, entry.gap)
