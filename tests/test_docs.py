"""The documents say what is there: settings, commands, metrics, make's targets, links."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer.main

from ingest import cli, config_docs
from ingest.counts import Counts
from ingest.metrics import SourceGauges, create_metrics
from ingest.seams import Outcome
from tests.gauges import QUIET

ROOT = Path(__file__).resolve().parents[1]
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.splitlines()
DOCUMENTS = [ROOT / name for name in TRACKED if name.endswith(".md")]
#: `messnetz <word …>`, in running text or a code block.
CALL = re.compile(r"(?:^|[`$/ ])messnetz((?: +[a-z-]+)+)((?: +--?[a-zA-Z]\S*| +[^\s`]+)*)", re.MULTILINE)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def commands() -> dict[str, Any]:
    """Every command that does something, by its full name."""
    return dict(_leaves("", typer.main.get_command(cli.app)))


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(
        command, "commands"
    ):  # a group; typer brings a click of its own, so no class of click's is asked
        for word, below in command.commands.items():
            yield from _leaves(f"{name} {word}".strip(), below)
    else:
        yield name, command


@pytest.mark.parametrize("path", config_docs.documents(), ids=named)
def test_a_generated_document_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == config_docs.documents()[path], "run `make docs`"


@pytest.mark.parametrize("name", commands())
def test_a_command_is_in_the_readme(name: str) -> None:
    assert f"`messnetz {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", commands())
def test_a_command_and_its_options_explain_themselves(name: str) -> None:
    command = commands()[name]
    assert command.help
    unexplained = [option.name for option in command.params if not getattr(option, "help", None)]
    assert unexplained == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_a_command_that_a_document_names_exists_with_its_options(document: Path) -> None:
    known = commands()
    for call, rest in CALL.findall(_code(document)):
        words = call.split()
        name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in known), None)
        is_group = any(one.startswith(f"{words[0]} ") for one in known)
        assert name or (is_group and len(words) == 1), f"messnetz {call.strip()}"
        if name:
            options = {option for param in known[name].params for option in param.opts}
            assert set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", f" {rest}")) <= options | {"--help"}, rest


def _code(document: Path) -> str:
    """The code blocks and inline code of a document, a piece a line."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```|((?:^(?: {4}|\t).*\n)+)", text, re.MULTILINE | re.DOTALL)
    return "\n".join([*(one or other for one, other in blocks), *re.findall(r"`([^`\n]+)`", text)])


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_a_make_target_that_a_document_names_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^ *make ([a-z]+)", _code(document), re.MULTILINE)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_a_link_inside_the_documents_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        path, _, heading = target.partition("#")
        there = (document.parent / path) if path else document
        assert there.exists(), target
        if heading:
            assert heading in _headings(there), target


def test_every_guarantee_names_a_test_that_exists() -> None:
    promised = re.findall(r"\]\((tests/\w+\.py)\) `(\w+)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert promised
    for path, name in promised:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name


def _headings(document: Path) -> set[str]:
    """The anchors of a document, as GitHub and Forgejo make them."""
    titles = re.findall(r"^#+ +(.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_metric_is_explained_and_every_explained_metric_exists() -> None:
    explained = (ROOT / "grafana/README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(messnetz_\w+)`", explained, re.MULTILINE))
    assert listed == set(_metrics())


def _metrics() -> Iterator[str]:
    counts = Counts()
    for counter in (counts.outcomes, counts.replayed):
        counter.update(Outcome)
    for labelled in (counts.kept_dropped, counts.store_requests, counts.reloads):
        labelled["x"] += 1
    counts.reasons["rejected", "x"] += 1
    gauges = replace(QUIET, sources=(SourceGauges("lora", connected=True),), certificates=(("lora", 0.0),))
    for family in create_metrics(counts, lambda: gauges, list).collect():
        for sample in family.samples:
            if sample.name.startswith("messnetz_"):
                yield sample.name


def test_the_pins_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "//" not in text
        assert not re.search(r"^-", text, re.MULTILINE), "no option may name an index"
        assert "--hash=sha256:" in text


def test_every_pinned_package_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        pins = [line for line in text.splitlines() if re.match(r"[a-z]", line)]
        assert pins
        assert all("--hash=sha256:" in pin and "==" in pin for pin in pins)


def test_the_pins_for_running_and_for_testing_agree() -> None:
    run, dev = (_pins(name) for name in ("requirements.txt", "requirements-dev.txt"))
    assert run.items() <= dev.items()


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z][\w.-]*)==([\w.]+)", text, re.MULTILINE))


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    home = re.compile(r"(?<![\w.])/(?:root|home/(?!<)\w+|work)/|/tmp/\w+/bin")
    for name in TRACKED:
        path = ROOT / name
        if path.suffix not in {".png", ".svg"} and path.is_file():
            assert not home.search(path.read_text(encoding="utf-8", errors="replace")), name
