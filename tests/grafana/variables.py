"""Variables of a board: what they offer, and what stands for them in a query.

Formats follow https://grafana.com/docs/grafana/v11.6/dashboards/variables/variable-syntax/ and how the two
data sources quote by default (`interpolateQueryExpr`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_REFERENCE = re.compile(r"\$(\w+)|\$\{(\w+)(?::(\w+)(?::[^}]*)?)?\}|\[\[(\w+)(?::(\w+))?\]\]")
_REGEX_SPECIAL = re.compile(r"[\\^$*+?.()|[\]{}/]")
_PROMQL_SPECIAL = re.compile(r"[\\^$*+?.()|[\]{}]")


@dataclass(frozen=True)
class Choice:
    """What is chosen of one variable. `whole` is the text for all, where the board names one (`allValue`)."""

    values: Sequence[str]
    several: bool = False  #: it is of a variable with multi or all
    whole: str | None = None
    shown: str = ""


Choices = Mapping[str, Choice]


def escape_regex(value: str) -> str:
    """A text as a regular expression, with the slash of InfluxQL's escaped too."""
    return _REGEX_SPECIAL.sub(lambda match: "\\" + match[0], value)


def influxql(choice: Choice) -> str:
    """A choice in InfluxQL where the board names no format."""
    return regex(choice) if choice.several else choice.values[0]


def promql(choice: Choice) -> str:
    """A choice in PromQL where the board names no format."""
    if not choice.several:
        return choice.values[0].replace("\\", "\\\\").replace("'", "\\\\'")
    escaped = [_PROMQL_SPECIAL.sub(lambda match: "\\\\" + match[0], value) for value in choice.values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def regex(choice: Choice) -> str:
    """`${name:regex}`."""
    escaped = [escape_regex(value) for value in choice.values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


_FORMATS: Mapping[str, Callable[[Choice], str]] = {
    "regex": regex,
    "pipe": lambda choice: "|".join(choice.values),
    "csv": lambda choice: ",".join(choice.values),
    "raw": lambda choice: choice.values[0] if len(choice.values) == 1 else f"{{{','.join(choice.values)}}}",
    "text": lambda choice: choice.shown or " + ".join(choice.values),
    "queryparam": lambda choice: "&".join(choice.values),
}


def fill_in(
    text: str, choices: Choices, default: Callable[[Choice], str], known: Mapping[str, str] | None = None
) -> str:
    """The text with every variable replaced; `known` are words that are replaced as they stand.

    What is no variable of the board stays: macros of a data source look the same.
    """
    known = known or {}

    def said(match: re.Match[str]) -> str:
        name = match[1] or match[2] or match[4]
        form = match[3] or match[5]
        if name in known:
            return known[name]
        if name not in choices:
            return match[0]
        choice = choices[name]
        if choice.whole is not None:
            return choice.whole
        if not choice.values:
            return ""
        return _FORMATS[form](choice) if form else default(choice)

    return _REFERENCE.sub(said, text)


def leftovers(text: str) -> list[str]:
    """Variables and macros that nobody replaced (the `$` that ends a regular expression is none)."""
    return [match[0] for match in re.finditer(r"\$\{?[A-Za-z_]\w*|\[\[\w+\]\]", text)]


def choose(variable: Mapping[str, Any], offered: Sequence[str], pick: Sequence[str] | None = None) -> Choice:
    """What a board shows when it is opened (`pick` None), or these values of what is offered."""
    several = bool(variable.get("multi") or variable.get("includeAll"))
    shown = variable.get("current") or {}
    current = shown.get("value")
    if pick is not None:
        return Choice(list(pick), several)
    current = current if isinstance(current, list) else [current] if current not in {None, ""} else []
    if "$__all" in current or (not current and variable.get("includeAll")):
        return Choice(list(offered), True, variable.get("allValue") or None, "All")
    if not current or not set(current) <= set(offered):
        return Choice(list(offered[:1]), several)
    return Choice(current, several)


def offers(variable: Mapping[str, Any], found: Sequence[str]) -> list[str]:
    """What a query's variable offers of what was found: filtered by its regex, then sorted as it says."""
    pattern = variable.get("regex") or ""
    if pattern:
        expression = re.compile(re.sub(r"^/(.*)/[a-z]*$", r"\1", pattern))
        matches = [expression.search(one) for one in found]
        found = [match[1] if match.groups() else match.string for match in matches if match is not None]
    found = list(dict.fromkeys(found))
    sort = int(variable.get("sort") or 0)
    if sort in {1, 2}:
        found = sorted(found, reverse=sort == 2)
    elif sort in {5, 6}:
        found = sorted(found, key=str.lower, reverse=sort == 6)
    elif sort in {3, 4}:
        found = sorted(found, key=_number, reverse=sort == 4)
    return found


def custom(variable: Mapping[str, Any]) -> list[str]:
    """What a custom variable offers: `a, b` or `shown : value`."""
    listed = [one.strip() for one in re.split(r"(?<!\\),", _query(variable)) if one.strip()]
    return [one.split(" : ", 1)[-1].strip() for one in listed]


def _query(variable: Mapping[str, Any]) -> str:
    query = variable.get("query")
    return query if isinstance(query, str) else str((query or {}).get("query", ""))


def _number(one: str) -> float:
    match = re.search(r"\d+(?:\.\d+)?", one)
    return float(match[0]) if match else -1.0
