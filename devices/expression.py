"""JMESPath expressions in device types: `messages[?type=='pm10'].value | [0]`.

The language is that of https://jmespath.org/specification.html. An expression is compiled once, when its type
is loaded, and everything that can be wrong in it by itself is said then. Of a decoded object it gives what it
finds, or `MISSING`: for null, and for what it cannot do with what stands there.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import jmespath
from jmespath.exceptions import IncompleteExpressionError, JMESPathError, ParseError
from jmespath.functions import Functions
from jmespath.visitor import TreeInterpreter

from devices.complaint import did_you_mean
from devices.language import say
from devices.type import MISSING, Getter

#: Of an expression: what takes longer is for a codec.
MAX_LENGTH = 500

_FUNCTIONS: dict[str, Any] = Functions.FUNCTION_TABLE
#: What a decoded object of another shape makes of an expression that is right by itself.
_IN_VAIN = (
    JMESPathError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
)


def compile_expression(text: str) -> Getter:
    """A function from the decoded object to what the expression finds there. Raises `ValueError`."""
    if len(text) > MAX_LENGTH:
        raise ValueError(
            say(
                "{path}… is longer than {limit} characters: leave such work to a codec",
                path=text[:40],
                limit=MAX_LENGTH,
            )
        )
    parsed = _parse(text)
    for call in _calls(parsed):
        _check_call(text, call)
    # Kept, because it remembers which of its methods visits what: half the cost of an expression.
    visit = TreeInterpreter().visit

    def get(said: Any) -> Any:
        try:
            found = visit(parsed, said)
        except _IN_VAIN:
            return MISSING
        return MISSING if found is None else found

    return get


def _parse(text: str) -> Any:
    try:
        with warnings.catch_warnings():
            # A literal without inner quotes (`pm10` in backticks) is old spelling, and means what it says.
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            return jmespath.compile(text).parsed
    except IncompleteExpressionError:
        raise ValueError(say("{path} is not finished: it is no JMESPath as it stands", path=text)) from None
    except ParseError as error:
        said = say(
            "{path} is no JMESPath: “{sign}” at place {place} is not understood. A key with a blank or with"
            ' signs in it stands in double quotes, as in "Pd (P1-PBaro)"',
            path=text,
            sign=text[error.lex_position : error.lex_position + 1],
            place=error.lex_position + 1,
        )
        raise ValueError(said) from None
    except (JMESPathError, RecursionError):
        raise ValueError(say("{path} is no JMESPath", path=text)) from None


def _calls(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every call of a function in an expression."""
    if node["type"] == "function_expression":
        yield node
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _calls(child)


def _check_call(text: str, call: dict[str, Any]) -> None:
    name, given = call["value"], len(call["children"])
    if name not in _FUNCTIONS:
        said = say(
            "{path}: JMESPath has no function {name}{near}; it has: {names}",
            path=text,
            name=name,
            near=did_you_mean(name, _FUNCTIONS),
            names=", ".join(sorted(_FUNCTIONS)),
        )
        raise ValueError(said)
    signature = _FUNCTIONS[name]["signature"]
    variadic = bool(signature) and bool(signature[-1].get("variadic"))
    if given < len(signature) or (given > len(signature) and not variadic):
        said = say(
            "{path}: the number of arguments of {name} is {count}, not {given}",
            path=text,
            name=name,
            count=len(signature),
            given=given,
        )
        raise ValueError(said)
