"""The Buffer of JavaScript codecs says what Node's says."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.scripts.runner import Runner
from tests.scripts import data, decoding

GOLDEN = json.loads((Path(__file__).parent / "golden" / "buffer" / "node.json").read_text(encoding="utf-8"))
#: What an expression gives, as JSON, or `throws`.
EACH = decoding(
    "return { data: { said: JSON.parse(WANTED).map(function (text) {"
    " try { return JSON.stringify(eval(text)); } catch (error) { return 'throws'; } }) } };"
)


@pytest.fixture
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


def said(runner: Runner, expressions: list[str]) -> dict[str, str]:
    """What the codecs' Buffer makes of each."""
    source = f"var WANTED = {json.dumps(json.dumps(expressions))};\n// Buffer\n{EACH}"
    found = data(runner, source)
    assert isinstance(found, dict)
    return dict(zip(expressions, found["said"], strict=True))


def test_it_gives_what_nodes_gives(runner: Runner) -> None:
    found = said(runner, list(GOLDEN["values"]))
    assert {text: json.loads(json_text) for text, json_text in found.items()} == GOLDEN["values"]


def test_it_throws_where_nodes_throws(runner: Runner) -> None:
    assert set(said(runner, GOLDEN["throws"]).values()) == {"throws"}


def test_it_is_a_list_of_numbers_in_the_decoded_object(runner: Runner) -> None:
    assert data(runner, decoding("return { data: { b: Buffer.from('ff01', 'hex') } };")) == {"b": [255, 1]}


def test_it_is_an_array_of_bytes_as_nodes_is(runner: Runner) -> None:
    source = decoding(
        "var b = Buffer.alloc(4); b.slice(1, 2).fill(7); return { data: { shared: Array.from(b),"
        " is: b instanceof Uint8Array && Buffer.isBuffer(b.slice(0)) && b.map(Number) instanceof Buffer } };"
    )
    assert data(runner, source) == {"shared": [0, 7, 0, 0], "is": True}
