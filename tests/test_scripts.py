"""JavaScript codecs: what they are given, and what they may return."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.scripts import said as words
from ingest.scripts.runner import Runner
from ingest.scripts.said import Said
from tests.scripts import GOOD, data, decoding, job, run, value


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


# --- what a codec is given ----------------------------------------------------------------------------------


def test_decode_uplink_gets_bytes_port_time_and_variables(runner: Runner) -> None:
    source = decoding(
        "return { data: { bytes: input.bytes, list: Array.isArray(input.bytes), port: input.fPort,"
        " time: input.recvTime.toISOString(), isDate: input.recvTime instanceof Date,"
        " all: input.variables } };"
    )
    said = runner.decode([job(source, b"\x00\xff\x80", 85, {"offset": "3.5"})])[0]
    assert said.data == {
        "bytes": [0, 255, 128],
        "list": True,
        "port": 85,
        "time": "2026-03-01T12:00:00.000Z",
        "isDate": True,
        "all": {"offset": "3.5"},
    }


@pytest.mark.parametrize(
    "source",
    [
        "function decodeUplink(input) { return { data: { port: input.fPort } }; }",
        "var decodeUplink = function (input) { return { data: { port: input.fPort } }; };",
        "const decodeUplink = (input) => ({ data: { port: input.fPort } })",
        "let decodeUplink = ({ fPort }) => ({ data: { port: fPort } });",
        "'use strict'; function decodeUplink(input) { return { data: { port: input.fPort } }; }",
        "exports.decodeUplink = function (input) { return { data: { port: input.fPort } }; };",
        "module.exports = { decodeUplink: (input) => ({ data: { port: input.fPort } }) };",
        "module.exports.decodeUplink = (input) => ({ data: { port: input.fPort } });",
        "globalThis.decodeUplink = (input) => ({ data: { port: input.fPort } });",
        "(globalThis || this).decodeUplink = (input) => ({ data: { port: input.fPort } });",
        """class Codec { static decodeUplink(i) { return { data: { port: i.fPort } }; } }
        function decodeUplink(input) { return Codec.decodeUplink(input); } // the end""",
        "function Decode(fPort, bytes, variables) { return { port: fPort }; }",
        "exports.Decode = (fPort, bytes, variables) => ({ port: fPort });",
        "function Decoder(bytes, port) { return { port: port }; }",
        "var Decoder = (bytes, port) => ({ port: bytes.length ? port : 0 });",
        """function encodeDownlink() {}
        function decodeDownlink() {}
        function Decoder(bytes, port) { return { port: -1 }; }
        function decodeUplink(input) { return { data: { port: input.fPort } }; }""",
        "function Decode(fPort) { return { port: fPort }; } function Decoder() { return { port: 0 }; }",
        "<!-- as in a page\nfunction Decoder(bytes, port) { return { port: port }; }",
        """var module = {}, exports = {}, console = {}, Buffer = 1;
        function Decoder(bytes, port) { return { port: port }; }""",
        "let console = { log: function () {} }; const Decoder = (bytes, port) => ({ port });",
    ],
)
def test_the_entry_is_found_however_it_is_written(runner: Runner, source: str) -> None:
    assert [data(runner, source, b"\x01", 7) for _ in range(6)] == [{"port": 7}] * 6


def test_decode_gets_the_variables_as_its_third(runner: Runner) -> None:
    source = (
        "function Decode(fPort, bytes, variables) { return { sum: bytes[0] + Number(variables.offset) }; }"
    )
    assert runner.decode([job(source, b"\x02", 1, {"offset": "3.5"})])[0].data == {"sum": 5.5}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("total = 0; for (i = 0; i < 3; i++) total += input.bytes[0]; return { data: { total: total } };", 6),
        ("return { data: { total: 010 - 2 } };", 6),
        ("var NaN = 1; undefined = 2; return { data: { total: 6 } };", 6),
        ("with ({ six: 6 }) { return { data: { total: six } }; }", 6),
        ("this.kept = 6; return { data: { total: kept } };", 6),
        ("console.log('quiet'); console.error('quiet'); console.table(1); return { data: { total: 6 } };", 6),
        ("return { data: { total: atob('Ng==') * 1 } };", 6),
        ("return { data: { total: typeof require === 'undefined' ? 6 : 0 } };", 6),
        ("return { data: { total: typeof std + typeof os == 'undefinedundefined' ? 6 : 0 } };", 6),
        ("return { data: { total: new Date(2026, 0, 1).getTimezoneOffset() + 6 } };", 6),
        ("String.prototype.six = function () { return 6; }; return { data: { total: ''.six() } };", 6),
        ("if (!Math.six) Math.six = function () { return 6; }; return { data: { total: Math.six() } };", 6),
        ("return { data: { total: this['te' + 'n']() } };} function ten() { return 6;", 6),
        ("return { data: { total: Function('return ten()')() } };} function ten() { return 6;", 6),
        ("var e = new Error('x'); e.message = 'abcdef'; return { data: { total: e.message.length } };", 6),
        ("function E() {} E.prototype.toString = () => '6'; return { data: { total: +`${new E()}` } };", 6),
    ],
)  # fmt: skip
def test_sloppy_code_runs_as_it_does_elsewhere(runner: Runner, body: str, expected: int) -> None:
    said = [data(runner, decoding(body), b"\x02") for _ in range(7)]
    assert said == [{"total": expected}] * 7


# --- what it may return -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("NaN", None),
        ("-1 / 0", None),
        ("-0", 0),
        ("0.1 + 0.2", 0.1 + 0.2),
        ("2 ** 53", 2**53),
        ("10n", 10),
        ("2n ** 70n", str(2**70)),
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("new Date(NaN)", None),
        ("new Uint8Array([1, 2])", [1, 2]),
        ("new Float32Array([0.5])", [0.5]),
        ("Buffer.from([1, 2])", [1, 2]),
        ("[undefined, function () {}, 1]", [None, None, 1]),
        ("{ a: undefined, b: function () {}, c: Symbol(), d: null }", {"d": None}),
        ("new Map([[1, 2]])", {}),
        ("'\\ud83d\\ude00'", "😀"),
        ("'a\\ud800b'", "a\ufffdb"),
        ("'\\\\ud800'", "\\ud800"),
        ("'\\0'", "\0"),
        ("{ __proto__: null, a: 1 }", {"a": 1}),
        ("{ ['__proto__']: 1 }", {"__proto__": 1}),
        ("new (class { constructor() { this.a = 1; } get b() { return 2; } })()", {"a": 1}),
        ("new Proxy({ a: 1 }, {})", {"a": 1}),
        ("'ü'.repeat(20000)", "ü" * 20000),
    ],
)
def test_a_result_is_what_json_can_carry(runner: Runner, expression: str, expected: object) -> None:
    assert value(runner, expression) == expected


def test_warnings_come_with_the_data(runner: Runner) -> None:
    source = decoding("return { data: { a: 1 }, warnings: ['low battery', 7, { code: 1 }], errors: [] };")
    said = run(runner, source)
    assert (said.data, said.warnings, said.errors) == ({"a": 1}, ("low battery", "7", '{"code":1}'), ())


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ("['unknown port']", ("unknown port",)),
        ("'unknown port'", ("unknown port",)),
        ("['a', 'b']", ("a", "b")),
        ("[new Error('x')]", ("{}",)),
        ("[undefined]", ("undefined",)),
        ("['" + "x" * 1000 + "']", ("x" * words.CHARACTERS,)),
        ("Array(100).fill('x')", ("x",) * words.COUNT),
    ],
)
def test_what_a_codec_calls_an_error_is_one(runner: Runner, errors: str, expected: tuple[str, ...]) -> None:
    said = run(runner, decoding(f"return {{ errors: {errors} }};"))
    assert (said.reason, said.errors, said.data) == ("codec_failed", expected, None)


@pytest.mark.parametrize(
    ("source", "reason", "error"),
    [
        ("var x = 1;", "codec_result", "the codec has no function decodeUplink, Decode or Decoder"),
        ("", "codec_result", "no function decodeUplink"),
        ("var decodeUplink = 5;", "codec_result", "no function decodeUplink"),
        ("function decodeUplink() {}", "codec_result", "the codec returned no object"),
        ("function decodeUplink() { return {}; }", "codec_result", "the codec returned no object"),
        ("function decodeUplink() { return { data: 5 }; }", "codec_result", "the codec returned no object"),
        ("function decodeUplink() { return 'x'; }", "codec_result", "the codec returned no object"),
        ("function Decoder() { return null; }", "codec_result", "the codec returned no object"),
        (
            "function Decoder() { return 'Decoder: bad length'; }",
            "codec_result",
            "the codec returned a text, not an object: Decoder: bad length",
        ),
        ("async function decodeUplink() { return { data: {} }; }", "codec_result", "promise"),
        ("async function Decoder() { return {}; }", "codec_result", "promise"),
        (decoding("var a = {}; a.a = a; return { data: a };"), "codec_result", "contains itself"),
        (decoding("return { data: { toJSON() { throw 1; } } };"), "codec_result", "JSON"),
        (decoding("return { data: { get a() { throw 1; } } };"), "codec_result", "JSON"),
        (decoding("return { data: { a: 'x'.repeat(70000) } };"), "codec_result", "too large"),
        (decoding("return { data: { a: 'ü'.repeat(40000) } };"), "codec_result", "too large"),
        (decoding("return { data: { a: 'x'.repeat(1e7) } };"), "codec_result", "too large"),
        (decoding("return { data: Array(100000).fill({ a: [1, 2, 3] }) };"), "codec_result", "too large"),
        (decoding("var d = []; for (var i = 0; i < 1e5; i++) d = [d]; return { data: { d: d } };"),
         "codec_result", "too deep"),
        (decoding("throw new Error('no such port');"), "codec_failed", "Error: no such port (line 1)"),
        (decoding("\n\n  input.nothing.at.all;"), "codec_failed", "(line 3)"),
        (decoding("\nBuffer.from(input.bytes).readUInt16BE(4);"), "codec_failed", "(line 2)"),
        (decoding("throw 'in words';"), "codec_failed", "in words"),
        (decoding("throw { code: 7 };"), "codec_failed", '{"code":7}'),
        (decoding("throw null;"), "codec_failed", "null"),
        (decoding("throw undefined;"), "codec_failed", "undefined"),
        (decoding("throw Symbol('a');"), "codec_failed", "Symbol(a)"),
        (decoding("throw '';"), "codec_failed", "no words"),
        (decoding("throw { toJSON() { throw 1; }, toString() { throw 2; } };"), "codec_failed", "no words"),
        (decoding("var e = new Error(); Object.defineProperty(e, 'name', { get() { throw 1; } }); throw e;"),
         "codec_failed", "no words"),
        (decoding("throw 'x'.repeat(1e6);"), "codec_failed", "x" * words.CHARACTERS),
        (decoding("throw '\\ud800';"), "codec_failed", "\ufffd"),
        ("throw new TypeError('at once');", "codec_failed", "TypeError: at once (line 1)"),
        ("\n\nfunction decodeUplink( {", "codec_failed", "SyntaxError"),
        ("return 5; function decodeUplink() {}", "codec_failed", "SyntaxError"),
        ("}); function Decoder() { return {}; } (function () {", "codec_failed", "SyntaxError"),
        ("`", "codec_failed", "SyntaxError"),
        ("/*", "codec_failed", "SyntaxError"),
        ("export function decodeUplink() {}", "codec_failed", "SyntaxError"),
        ("const Buffer = require('buffer');", "codec_failed", "ReferenceError"),
        (decoding("(function f() { return f() + 1; })();"), "codec_failed", "call stack"),
    ],
)  # fmt: skip
def test_a_failure_says_what_it_is(runner: Runner, source: str, reason: str, error: str) -> None:
    for _ in range(2):
        said = run(runner, source)
        assert said.reason == reason
        assert error in said.errors[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=222), st.integers(0, 255), st.dictionaries(st.text(), st.text(), max_size=3))
def test_every_payload_arrives_as_it_is(
    runner: Runner, payload: bytes, f_port: int, variables: dict[str, str]
) -> None:
    source = decoding("return { data: { b: input.bytes, p: input.fPort, v: input.variables } };")
    said = runner.decode([job(source, payload, f_port, variables)])[0]
    assert said.data == {"b": list(payload), "p": f_port, "v": variables}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_JSON)
def test_every_json_comes_back_as_it_was_returned(runner: Runner, sent: object) -> None:
    source = decoding("return { data: { back: JSON.parse(input.variables.sent) } };")
    said = runner.decode([job(source, variables={"sent": msgspec.json.encode(sent).decode()})])[0]
    assert said.data == {"back": sent}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_no_text_at_all_in_a_codec_file_breaks_anything(runner: Runner, source: str) -> None:
    assert isinstance(run(runner, source), Said)
    assert data(runner, GOOD) == {"sum": 2}
