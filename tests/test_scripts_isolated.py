"""No uplink finds anything that an earlier one left in its JavaScript codec."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.scripts.runner import Runner
from tests.scripts import decoding, job


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


#: How an uplink on port 1 leaves something, and what one on port 2 would see of it.
LEAVING = {
    "a variable of the file": ("kept = 1;", "kept", "var kept = 0;"),
    "a table of the file": ("kept.push(1);", "kept.length", "const kept = [];"),
    "a function's own property": ("decodeUplink.kept = 1;", "decodeUplink.kept || 0"),
    "a closure": ("more();", "more() - 1", "const more = (() => { let n = 0; return () => ++n; })();"),
    "a static field": ("Kept.count++;", "Kept.count", "class Kept { static count = 0; }"),
    "an undeclared variable": ("kept = 1;", "typeof kept === 'undefined' ? 0 : kept"),
    "globalThis": ("globalThis.kept = 1;", "globalThis.kept || 0"),
    "this": ("this.kept = 1;", "this.kept || 0"),
    "constructor.constructor": (
        "constructor.constructor('return this')().kept = 1;",
        "constructor.constructor('return this')().kept || 0",
    ),
    "Function": ("Function('kept = 1')();", "Function('return typeof kept === \"undefined\" ? 0 : 1')()"),
    "indirect eval": ("(0, eval)('var kept = 1');", "(0, eval)('typeof kept === \"undefined\" ? 0 : 1')"),
    "a symbol": ("globalThis[Symbol.for('kept')] = 1;", "globalThis[Symbol.for('kept')] || 0"),
    "a property that stays": (
        "Object.defineProperty(globalThis, 'kept', { value: 1 });",
        "typeof kept === 'undefined' ? 0 : 1",
    ),
    "the prototype of objects": ("Object.prototype.kept = 1;", "({}).kept || 0"),
    "the prototype of lists": ("Array.prototype.kept = 1;", "[].kept || 0"),
    "__proto__": ("({}).__proto__.kept = 1;", "({}).kept || 0"),
    "a method of lists": ("Array.prototype.push = () => 1;", "[].push() ? 1 : 0"),
    "a method that is redefined": (
        "Object.defineProperty(Array.prototype, 'push', { value: () => 1 });",
        "[].push() ? 1 : 0",
    ),
    "JSON": ("JSON.stringify = () => '{}';", "JSON.stringify(1) === '1' ? 0 : 1"),
    "Math": ("Math.kept = 1; Math.max = () => 99;", "Math.kept || (Math.max(0) ? 1 : 0)"),
    "Date": ("Date.now = () => 1; Date = null;", "Date.now() > 1 ? 0 : 1"),
    "undefined": ("undefined = 1; NaN = 1;", "undefined || 0"),
    "the prototype of the world": (
        "Object.setPrototypeOf(globalThis, { kept: 1 });",
        "typeof kept === 'undefined' ? 0 : 1",
    ),
    "a world that takes nothing more": (
        "Object.preventExtensions(globalThis);",
        "Object.isExtensible(globalThis) ? 0 : 1",
    ),
    "console": ("console.kept = console.log = 1;", "console.kept || (console.log === 1 ? 1 : 0)"),
    "Buffer": ("Buffer.kept = 1; Buffer.prototype.kept = 1;", "Buffer.kept || Buffer.from([]).kept || 0"),
    "exports": ("exports.kept = module.kept = 1;", "exports.kept || module.kept || 0"),
    "a regular expression": ("RE.exec('aa');", "RE.lastIndex", "const RE = /a/g;"),
    "a tagged template": ("tag`a`.kept = 1;", "tag`a`.kept || 0", "const tag = (strings) => strings;"),
    "Error.prepareStackTrace": (
        "Error.prepareStackTrace = () => 1;",
        "new Error('x').stack === 1 || Error.prepareStackTrace ? 1 : 0",
    ),
    "Error.stackTraceLimit": ("Error.stackTraceLimit = 0;", "Error.stackTraceLimit === 0 ? 1 : 0"),
    "a promise": (
        "Promise.resolve().then(() => { globalThis.kept = 1; });",
        "typeof kept === 'undefined' ? 0 : 1",
    ),
    "the bytes": (
        "input.bytes.push(1); input.bytes.constructor.kept = 1;",
        "Array.kept || input.bytes.length - 1",
    ),
    "the time": ("input.recvTime.setTime(0);", "input.recvTime.getTime() ? 0 : 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAVING)
def test_no_uplink_finds_anything_of_an_earlier_one(runner: Runner, name: str) -> None:
    leave, look, *head = LEAVING[name]
    source = "\n".join(head) + decoding(
        f"if (input.fPort === 1) {{ try {{ {leave} }} catch (e) {{}} }}\n"
        f"return {{ data: {{ seen: {look} }} }}; /* Buffer */"
    )
    ports = [2, 2, 2, 2, 2, 2, 1, 2, 1, 1, 2, 2]  # it runs sealed after a few
    said = runner.decode([job(source, b"\x01", port) for port in ports])
    assert [one.errors for one in said] == [()] * len(ports)
    assert [one.data["seen"] for one, port in zip(said, ports, strict=True) if port == 2] == [
        0
    ] * ports.count(2)


#: What a codec does to the language or to its own objects, and what an uplink on port 2 makes of it.
CHANGING = {
    "the name of an error": (
        "",
        "((e) => { e.name = 'Range'; return String(e); })(new Error('far'))",
        "Range: far",
    ),
    "the text of an error": ("", "((e) => { e.message = 'far'; return e.message; })(new Error())", "far"),
    "a class of errors": (
        "class Far extends Error { constructor(t) { super(t); this.name = 'Far'; } }",
        "((f) => { try { f(); } catch (e) { return e.name; } })(() => { throw new Far('x'); })",
        "Far",
    ),
    "an older class of errors": (
        (
            "function Far(text) { this.message = text; this.name = 'Far'; }"
            "Far.prototype = Object.create(Error.prototype); Far.prototype.constructor = Far;"
        ),
        "((e) => String(e) + (e.constructor === Far))(new Far('x'))",
        "Far: xtrue",
    ),
    "fields that every object has": (
        "",
        "((o) => { o.toString = 1; o.constructor = 2; o.valueOf = 3; return JSON.stringify(o); })({})",
        '{"toString":1,"constructor":2,"valueOf":3}',
    ),
    "its own way to write an object": ("", "((o) => { o.toString = () => 'T'; return '' + o; })({})", "T"),
    "a method that is there already": ("String.prototype.padStart = () => 'P';", "'a'.padStart(2)", "P"),
    "a method of its own": ("Array.prototype.sum = () => 7;", "[].sum ? [].sum() : 0", "7"),
    "a method of its own, when it is needed": (
        "function help() { Array.prototype.sum = () => 7; }",
        "(help(), [].sum ? [].sum() : 0)",
        "7",
    ),
    "many methods of its own": (
        "Object.assign(Array.prototype, { sum: () => 7 });",
        "[].sum ? [].sum() : 0",
        "7",
    ),
    "a method redefined": (
        "Object.defineProperty(Date.prototype, 'toJSON', { value: () => 'D' });",
        "JSON.stringify(new Date(0))",
        '"D"',
    ),
    "Math": ("Math.trunc = () => 7;", "Math.trunc(1.5)", "7"),
    "a function of the language": ("parseInt = () => 7;", "parseInt('1')", "7"),
    "a function found by its name": (
        "function port2() { return 7; }",
        "typeof globalThis['port' + input.fPort] === 'function' ? globalThis['port' + input.fPort]() : 0",
        "7",
    ),
    "a function found by its name in this": (
        "function port2() { return 7; }",
        "((o) => (o['port2'] ? o['port2']() : this['port2'] ? 7 : 0))(this)",
        "7",
    ),
}


@pytest.mark.parametrize("name", CHANGING)
def test_what_only_a_later_uplink_does_is_as_in_an_engine_of_its_own(runner: Runner, name: str) -> None:
    head, expression, expected = CHANGING[name]
    source = f"{head}\n" + decoding(
        f"return {{ data: {{ said: input.fPort === 2 ? String({expression}) : '' }} }};"
    )
    said = runner.decode([job(source, b"\x01", port) for port in [1] * 8 + [2, 1, 2]])
    assert [one.data["said"] for one in said] == [""] * 8 + [expected, "", expected]


def test_no_mark_left_anywhere_is_found_by_a_later_uplink(runner: Runner) -> None:
    source = (Path(__file__).parent / "codecs" / "hunter.js").read_text(encoding="utf-8")
    ports = [2, 2, 2, 2, 2, 1, 2, 1, 2]
    said = runner.decode([job(source, b"\x01", port) for port in ports])
    assert [one.errors for one in said] == [()] * len(ports)
    looks = [one.data for one, port in zip(said, ports, strict=True) if port == 2]
    assert {look["looked"] > 600 for look in looks} == {True}
    assert [look["found"] for look in looks] == [[]] * len(looks)


def test_two_codecs_see_nothing_of_each_other(runner: Runner) -> None:
    first = decoding("globalThis.kept = Object.prototype.kept = 1; return { data: { a: 1 } };")
    second = decoding("return { data: { seen: typeof kept, too: typeof {}.kept } };")
    said = runner.decode([job(first), job(second)] * 6)
    assert {json.dumps(one.data) for one in said[1::2]} == {'{"seen": "undefined", "too": "undefined"}'}
