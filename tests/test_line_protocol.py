"""Readings as lines, and lines read back."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from influxdb_client.client.write.point import Point

from devices.quantity import CATALOGUE
from devices.reading import TAGS, Flag, Reading, Value
from devices.words import tag_prefix
from ingest.line_protocol import encode, encode_row, escape_tag, parse, tag
from tests.street import NOON, installation

PLACE = installation()
GOLDEN = [
    pytest.param(
        Reading("air_quality", NOON, (Value("pm2_5", 8.0), Value("no2", 19.1))),
        b"air_quality,device=some-place,municipality=giessen,site=Marktplatz"
        b" pm2_5=8.0,no2=19.1,qc=1i 1772366400000000000",
        id="two good values",
    ),
    pytest.param(
        Reading("air_quality", NOON, (Value("pm2_5", 1200.0, Flag.FAIL), Value("pm10", 600.0, Flag.SUSPECT))),
        b"air_quality,device=some-place,municipality=giessen,site=Marktplatz"
        b" pm2_5_failed=1200.0,pm10=600.0,pm10_qc=3i,qc=4i 1772366400000000000",
        id="a failed and a suspect one",
    ),
    pytest.param(
        Reading(
            "air_quality", NOON, (Value("pm2_5", 8.2, Flag.GOOD, 9.0), Value("pm10", -1.0, Flag.FAIL, 2.0))
        ),
        b"air_quality,device=some-place,municipality=giessen,site=Marktplatz"
        b" pm2_5=8.2,pm2_5_raw=9.0,pm10_failed=-1.0,pm10_raw=2.0,qc=4i 1772366400000000000",
        id="calibrated ones",
    ),
    pytest.param(
        Reading(
            "traffic", NOON, (Value("count", 12),), (("direction", "zum Bahnhof, Süd"), ("lane", "a=1")), 900
        ),
        rb"traffic,device=some-place,municipality=giessen,site=Marktplatz,direction=zum\ Bahnhof\,\ S"
        b"\xc3\xbc"
        rb"d,lane=a\=1 count=12i,interval=900i,qc=1i 1772366400000000000",
        id="tags that need escaping, an interval",
    ),
    pytest.param(
        Reading("traffic", NOON, (Value("count", 12, Flag.GOOD, 11),)),
        b"traffic,device=some-place,municipality=giessen,site=Marktplatz count=12i,count_raw=11i,qc=1i"
        b" 1772366400000000000",
        id="a calibrated integer",
    ),
    pytest.param(
        Reading("traffic", NOON, (Value("count_total", 2**63 - 1, Flag.NOT_EVALUATED),)),
        b"traffic,device=some-place,municipality=giessen,site=Marktplatz"
        b" count_total=9223372036854775807i,qc=2i 1772366400000000000",
        id="the largest total, judged by nobody",
    ),
    pytest.param(
        Reading("traffic", NOON, (Value("count_total", 5, Flag.NOT_EVALUATED), Value("present", 1))),
        b"traffic,device=some-place,municipality=giessen,site=Marktplatz"
        b" count_total=5i,present=1i,qc=1i 1772366400000000000",
        id="judged beats not judged",
    ),
    pytest.param(
        Reading(
            "device", NOON, (Value("battery", 101.0, Flag.FAIL), Value("rssi", -90.0), Value("f_cnt", 7))
        ),
        b"device,device=some-place,municipality=giessen,site=Marktplatz"
        b" battery_failed=101.0,rssi=-90.0,f_cnt=7i 1772366400000000000",
        id="health has no qc of the row",
    ),
    pytest.param(
        Reading("air_quality", -1, (Value("pm2_5", 1e22), Value("no2", 1e-07))),
        b"air_quality,device=some-place,municipality=giessen,site=Marktplatz pm2_5=1e22,no2=1e-7,qc=1i -1",
        id="floats with exponents, a time before 1970",
    ),
]


@pytest.mark.parametrize(("reading", "line"), GOLDEN)
def test_a_reading_is_one_line(reading: Reading, line: bytes) -> None:
    assert encode(PLACE, reading) == line


def _expected(reading: Reading) -> dict[str, float | int]:
    fields: dict[str, float | int] = {}
    for one in reading.values:
        fields[f"{one.field}_failed" if one.flag is Flag.FAIL else one.field] = one.value
        if one.flag is Flag.SUSPECT:
            fields[f"{one.field}_qc"] = 3
        if one.raw is not None:
            fields[f"{one.field}_raw"] = one.raw
    if reading.interval_s is not None:
        fields["interval"] = reading.interval_s
    if reading.measurement != "device":
        flags = {one.flag for one in reading.values}
        fields["qc"] = next(int(flag) for flag in (4, 3, 1, 2) if flag in flags)
    return fields


_PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" ,=\\äß"), min_size=1)
#: What a tag may be: no blanks around it, no backslash at its end.
TAG_TEXTS = _PRINTABLE.filter(lambda text: text == text.strip() and not text.endswith("\\"))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
INTEGERS = st.integers(-(2**63), 2**63 - 1)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    names = draw(st.lists(st.sampled_from(sorted(CATALOGUE)), min_size=1, max_size=6, unique=True))
    values = []
    for name in names:
        numbers = draw(st.sampled_from([FLOATS, INTEGERS]))
        values.append(
            Value(name, draw(numbers), draw(st.sampled_from(list(Flag))), draw(st.none() | numbers))
        )
    tags = draw(st.dictionaries(st.sampled_from(TAGS), TAG_TEXTS))
    return Reading(
        draw(st.sampled_from(["air_quality", "traffic", "device"])),
        draw(st.integers(-(2**63), 2**63 - 1)),
        tuple(one for one in values if one.field != "interval") or (Value("pm10", 1.0),),
        tuple(sorted(tags.items())),
        draw(st.none() | st.integers(1, 10**9)),
    )


@given(readings())
def test_what_is_written_is_read_back(reading: Reading) -> None:
    measurement, tags, fields, time_ns = parse(encode(PLACE, reading))
    assert measurement == reading.measurement
    assert tags == {
        "device": "some-place",
        "municipality": "giessen",
        "site": "Marktplatz",
        **dict(reading.tags),
    }
    assert fields == _expected(reading)
    assert {name: type(number) for name, number in fields.items()} == {
        name: type(number) for name, number in _expected(reading).items()
    }
    assert time_ns == reading.time_ns


@given(readings())
def test_influxdbs_own_client_writes_the_same_point(reading: Reading) -> None:
    new: Any = Point  # it has no types
    point = new(reading.measurement)
    for name, text in {
        "device": "some-place",
        "municipality": "giessen",
        "site": "Marktplatz",
        **dict(reading.tags),
    }.items():
        point.tag(name, text)
    for name, number in _expected(reading).items():
        point.field(name, number)
    point.time(reading.time_ns)
    theirs, ours = point.to_line_protocol(), encode(PLACE, reading).decode()
    assert _parts(theirs) == _parts(ours)


def _parts(line: str) -> tuple[list[str], dict[str, float | str], str]:
    """Tags and fields in any order; the client writes `8` for the float `8.0`."""
    head, fields, time = _unescaped_spaces(line)
    numbers: dict[str, float | str] = {}
    for pair in fields.split(","):
        name, _, number = pair.partition("=")
        numbers[name] = number if number.endswith("i") else float(number)
    return sorted(head.replace("\\,", "\0").split(",")), numbers, time


def _unescaped_spaces(line: str) -> list[str]:
    return [part.replace("\1", "\\ ") for part in line.replace("\\ ", "\1").split(" ")]


@given(st.text())
def test_any_text_becomes_a_tag_that_is_read_back_or_nothing(text: str) -> None:
    text = text.encode(errors="ignore").decode()
    line = encode(PLACE, Reading("traffic", NOON, (Value("count", 1),), (("direction", text),)))
    assert b"\n" not in line
    _, tags, fields, _ = parse(line)
    assert fields == {"count": 1, "qc": 1}
    assert tags.get("direction", "") == escape_tag(text).replace("\\,", ",").replace("\\=", "=").replace(
        "\\ ", " "
    )


@given(TAG_TEXTS)
def test_the_registry_escapes_tags_as_lines_do(text: str) -> None:
    assert tag_prefix(site=text) == f",site={escape_tag(text)}"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"weather",
        b"weather a=1.0",
        b"weather a=1.0 ",
        b"weather  a=1.0 1",
        b" weather a=1.0 1",
        b"weather a=1.0 1\n",
        b"weather a=1.0 1 ",
        b"weather a=1.0 1.5",
        b"weather a=1.0 99999999999999999999",
        b"weather a=1.0 9223372036854775808",
        b"Weather a=1.0 1",
        b"weather,site a=1.0 1",
        b"weather,site= a=1.0 1",
        b"weather,=x a=1.0 1",
        b"weather,site=a=b a=1.0 1",
        b"weather,site=a\tb a=1.0 1",
        b"weather, a=1.0 1",
        b"weather a 1",
        b"weather a= 1",
        b"weather =1.0 1",
        b"weather a=1 1",
        b"weather a=1.0,a=2.0 1",
        b"weather a=1.0, 1",
        b"weather ,a=1.0 1",
        b"weather a=nan 1",
        b"weather a=inf 1",
        b"weather a=1e999 1",
        b"weather a=.5 1",
        b"weather a=5. 1",
        b"weather a=0x1i 1",
        b"weather a=1_0i 1",
        b"weather a=9223372036854775808i 1",
        b"weather a=true 1",
        b'weather a="text 1',
        b'weather a="te"xt" 1',
        b'weather a="te\\xt" 1',
        b'weather a="text",, 1',
        b'weather a="text"b=1i 1',
        b"weather a=1.0 1\xff",
        "weather a=١i 1".encode(),
    ],
)
def test_a_line_that_is_not_ours_is_refused_with_words(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse(line)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
        st.floats(allow_nan=False, allow_infinity=False)
        | st.integers(-(2**63), 2**63 - 1)
        | st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])),
        min_size=1,
    ),
    st.integers(0, 2**63 - 1),
)
def test_rows_of_numbers_and_texts_are_read_back_as_they_were(
    fields: dict[str, float | int | str], time_ns: int
) -> None:
    line = encode_row("status", ",device=a" + tag("site", "Am Markt, 1"), fields, time_ns)
    assert parse(line) == ("status", {"device": "a", "site": "Am Markt, 1"}, fields, time_ns)


@given(st.binary() | st.text(string.printable).map(str.encode))
def test_random_lines_are_read_or_refused(line: bytes) -> None:
    try:
        _, _, fields, _ = parse(line)
    except ValueError:
        return
    assert fields
