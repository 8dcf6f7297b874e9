r"""Readings as lines of InfluxDB line protocol, and our own dialect of it read back.

The dialect: `measurement,tags fields time`, floats always with a point or exponent, integers with `i`,
strings between quotation marks, no booleans, time in nanoseconds. Names of measurements and fields are the
catalogue's and need no escaping; tags escape comma, equals sign and space with a backslash, strings quotation
marks and backslashes. Readings hold no strings: they are for states and for lists of names.

What becomes of a value's flag: a failed one is written as `<field>_failed` instead of `<field>`, a suspect
one also writes `<field>_qc=3i`; `qc` is the worst flag of the row (measurement `device` has none);
`<field>_raw` is the value before calibration, `interval` the seconds of the row's interval.
https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from devices.device import Installation
from devices.reading import TAGS, Flag, Reading, Value

Fields = dict[str, float | int | str]

_GOOD, _NOT_EVALUATED, _SUSPECT, _FAIL = Flag.GOOD, Flag.NOT_EVALUATED, Flag.SUSPECT, Flag.FAIL
#: From worst to best, as QARTOD ranks them when flags are joined.
_RANK = (_FAIL, _SUSPECT, _GOOD, _NOT_EVALUATED)

#: A JSON object `{"pm10":9.5,"count":"12i"}` is all but the fields of a line, and written at once. JSON's
#: floats always have a point or an exponent, so that they stay floats to InfluxDB.
_json = msgspec.json.Encoder().encode
_EQUALS, _DELETED = bytes.maketrans(b":", b"="), b'{"}'

_SPECIAL = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ "})
_QUOTED = str.maketrans({'"': r"\"", "\\": r"\\"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def encode(installation: Installation, reading: Reading) -> bytes:
    """One line without its end, in UTF-8."""
    fields: dict[str, float | str] = {}
    all_good = True
    for value in reading.values:
        if value.flag is _GOOD and value.raw is None:
            number = value.value
            fields[value.field] = number if type(number) is float else f"{number}i"
        else:
            all_good = all_good and value.flag is _GOOD
            _add_judged(fields, value)
    if reading.interval_s is not None:
        fields["interval"] = f"{reading.interval_s}i"
    if reading.measurement != "device":
        fields["qc"] = "1i" if all_good else f"{worst(reading.values)}i"
    text = _json(fields).translate(_EQUALS, _DELETED).decode()
    tags = installation.tag_prefix + _own_tags(reading) if reading.tags else installation.tag_prefix
    return f"{reading.measurement}{tags} {text} {reading.time_ns}".encode()


def encode_row(measurement: str, tags: str, fields: Mapping[str, float | int | str], time_ns: int) -> bytes:
    """One line of what is no reading (states, finished hours), without its end, in UTF-8.

    `tags` is rendered already, as `Installation.tag_prefix` and `tag` give them; `fields` is not empty.
    """
    text = ",".join(f"{name}={_field(value)}" for name, value in fields.items())
    return f"{measurement}{tags} {text} {time_ns}".encode()


def _field(value: float | str) -> str:
    if type(value) is str:
        return f'"{_CONTROL.sub(" ", value).translate(_QUOTED)}"'
    return repr(float(value)) if isinstance(value, float) else f"{value}i"


def tag(name: str, text: str) -> str:
    """`,name=text` as it stands in a line; empty for a text of which nothing is left."""
    escaped = escape_tag(text)
    return f",{name}={escaped}" if escaped else ""


def _own_tags(reading: Reading) -> str:
    # InfluxDB refuses empty tags; only one that is not listed can be empty after escaping.
    return "".join([tag(name, text) for name, text in reading.tags])


def _add_judged(fields: dict[str, float | str], value: Value) -> None:
    name = value.field
    fields[f"{name}_failed" if value.flag is _FAIL else name] = _number(value.value)
    if value.flag is _SUSPECT:
        fields[f"{name}_qc"] = "3i"
    if value.raw is not None:
        fields[f"{name}_raw"] = _number(value.raw)


def _number(number: float) -> float | str:
    return number if type(number) is float else f"{number}i"


def worst(values: tuple[Value, ...]) -> int:
    """The worst flag of a row as a number."""
    flags = [value.flag for value in values]
    return int(next(flag for flag in _RANK if flag in flags))


@lru_cache(maxsize=4096)
def escape_tag(text: str) -> str:
    r"""A tag's value as it stands in a line.

    Line protocol has no way to write control characters, nor a backslash at the end (it would escape what
    follows): the former become spaces, the latter is left out, and so are blanks around the text.
    """
    return _CONTROL.sub(" ", text).strip().rstrip("\\").rstrip().translate(_SPECIAL)


#: A tag's text: anything but what ends it, or that behind a backslash.
_TEXT = r"(?:[^\x00-\x1f\x7f ,=\\]|\\[ ,=]|\\(?![ ,=]))+"
_LINE = re.compile(
    rf"(?P<measurement>[a-z][a-z0-9_]*)(?P<tags>(?:,[a-z_]+={_TEXT})*)"
    r' (?P<fields>(?:[^ "]|"(?:[^"\\]|\\.)*")+) (?P<time>-?[0-9]{1,19})'
)
_TAG = re.compile(rf",([a-z_]+)=({_TEXT})")
_ESCAPED = re.compile(r"\\([ ,=])")
_EXPONENT = r"e[+-]?[0-9]{1,3}"
_STRING = r'"(?:[^"\\]|\\["\\])*"'
_FIELD = re.compile(
    rf"[a-z][a-z0-9_]*=(?:-?(?:[0-9]{{1,19}}i|[0-9]{{1,310}}(?:\.[0-9]{{1,30}}(?:{_EXPONENT})?|{_EXPONENT}))"
    rf"|{_STRING})"
)
#: A field among others: its text may hold what parts them.
_PIECE = re.compile(rf"(?:[^,\"]|{_STRING})+")
_QUOTE = re.compile(r'\\(["\\])')
_FIELDS = re.compile(rf"{_FIELD.pattern}(?:,{_FIELD.pattern})*")


def series(line: bytes) -> str:
    """Measurement, device and own tags of a line: what stays when its place gets another site or district."""
    measurement, tags, _, _ = parse(line)
    own = [f"{name}={tags[name]}" for name in ("device", *TAGS) if name in tags]
    return ",".join([measurement, *own])


def parse(line: bytes) -> tuple[str, dict[str, str], Fields, int]:
    """Measurement, tags, fields and time of a line of our own dialect.

    Raises `ValueError` that says what is wrong for any other line.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"the line is not UTF-8: {error}") from None
    match = _LINE.fullmatch(text)
    if match is None:
        raise ValueError("the line is not `measurement,tags fields time`")
    measurement, tags, fields, time = match.groups()
    return measurement, _tags(tags), _fields(fields), _int64(time)


def _tags(text: str) -> dict[str, str]:
    if "\\" in text:
        return {name: _ESCAPED.sub(r"\1", value) for name, value in _TAG.findall(text)}
    return dict(pair.split("=") for pair in text.split(",")[1:])


def _fields(text: str) -> Fields:
    pairs = _PIECE.findall(text) if '"' in text else text.split(",")
    if _FIELDS.fullmatch(text) is None:
        wrong = next((pair for pair in pairs if _FIELD.fullmatch(pair) is None), text)
        raise ValueError(
            f"{wrong[:60]!r} is neither `field=<integer>i` nor `field=<float with a point>` nor a string"
        )
    fields: Fields = {}
    for pair in pairs:
        name, value = pair.split("=", 1)
        fields[name] = _value(value)
    if len(fields) < len(pairs):
        raise ValueError(f"a field stands twice in {text[:60]!r}")
    return fields


def _value(text: str) -> float | int | str:
    if text[0] == '"':
        return _QUOTE.sub(r"\1", text[1:-1])
    return _int64(text[:-1]) if text[-1] == "i" else _finite(text)


def _int64(digits: str) -> int:
    number = int(digits)
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{digits} does not fit 64 bits")
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is no finite number")
    return number
