"""The technicians' guide: every command that it shows is run, in its order, and answers what it says."""

import difflib
import json
import os
import pty
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer.main

from ingest import cli, lns
from ingest.simulator import events
from tests import guide
from tests.conftest import StartMosquitto
from tests.fleet import HEARD, Publisher
from tests.guide import Command, File, Sends, Step
from tests.servers.messnetz import COMMAND, Messnetz
from tests.servers.mosquitto import Mosquitto

CONFIG = Path(__file__).parents[1] / "config"
LANGUAGES = ("de", "en")


def read(language: str) -> str:
    return (CONFIG / f"guide.{language}.md").read_text(encoding="utf-8")


def _without_states(said: str) -> str:
    """A list without its last column, which is there some seconds after the start of a service."""
    head = re.search(r"^.* (Zustand|state) *$", said, re.MULTILINE)
    if head is None:
        return said
    return "\n".join(line[: head.start(1) - head.start()].rstrip() for line in said.splitlines())


class Reader:
    """Someone who does what the guide says, in a folder of their own, beside a running service."""

    def __init__(self, folder: Path, broker: Mosquitto, language: str) -> None:
        here = {"name": "lorawan", "format": "chirpstack", "host": broker.host, "port": broker.port}
        settings = {"store": "embedded", "language": language, "brokers": [here]}
        self.folder = folder
        self.service = Messnetz(folder / "config", settings)
        self._publisher = Publisher(broker.port)
        self._sent = 0
        self._meanwhile: list[Sends] = []
        self._environment = os.environ | {
            "PYTHONUNBUFFERED": "1",
            "TZ": "Europe/Berlin",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "COLUMNS": "400",
        }

    def start(self) -> None:
        self.service.start()
        self.service.wait_subscribed()

    def close(self) -> None:
        self._publisher.close()
        self.service.kill()

    def do(self, step: Step) -> str | None:
        """Do it; of a command what it answered."""
        match step:
            case File():
                guide.write(self.folder, File(step.path, guide.today(step.text)))
                self._reload()
            case Sends(meanwhile=True):
                self._meanwhile.append(step)
            case Sends():
                self._send(step)
                self.service.wait_until(self._settled, "what was sent is stored")
            case Command():
                before = self._files()
                answer = self._run(step)
                if self._files() != before:
                    self._reload()
                return answer
        return None

    def _files(self) -> dict[Path, bytes]:
        """What the service takes up by itself."""
        return {path: path.read_bytes() for path in self.service.folder.rglob("*.yaml")}

    def _reload(self) -> None:
        """The service sees changes by itself; here it is to have seen them."""
        done = self.service.run_command("devices", "reload", "--confirm")
        assert done.returncode == 0, done.stderr + self.service.log.read_text(encoding="utf-8")[-4000:]

    def _send(self, one: Sends) -> None:
        self._sent += 1
        said = datetime.fromisoformat(guide.today(one.time)) if one.time else None
        when_ns = (
            time.time_ns()
            if said is None
            else int(said.replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * 10**9
        )
        frame = events.Frame(
            one.dev_eui, one.dev_eui, "", when_ns, self._sent, one.port, one.payload, None, HEARD, 9
        )
        topic = events.topic("chirpstack", one.dev_eui, one.dev_eui, "up")
        event = events.uplink("chirpstack", frame, Random(self._sent))  # noqa: S311  ids of a frame
        self._publisher.publish([(topic, event)], rate=1000)

    def _settled(self) -> bool:
        status = self.service.status_quick()
        waits = status["in_flight"] or status["lines_waiting"]
        return bool(status["received"] == self._sent and not waits)

    def _run(self, command: Command) -> str:
        words = shlex.split(guide.today(command.typed))
        assert words[0] == "messnetz", command.typed
        arguments = [*COMMAND, *words[1:]]
        if command.asks:
            return self._talk(arguments, command.answer)
        with subprocess.Popen(
            arguments,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as child:
            while True:
                for one in self._meanwhile:
                    self._send(one)
                try:
                    said, _ = child.communicate(timeout=0.3 if self._meanwhile else 120)
                except subprocess.TimeoutExpired:
                    if not self._meanwhile:
                        child.kill()
                        raise
                else:
                    self._meanwhile.clear()
                    return _without_states(said)

    def _talk(self, arguments: list[str], expected: str) -> str:
        """At a terminal; what is typed is what the guide shows behind each question."""
        ours, theirs = pty.openpty()
        lines = iter(guide.today(expected).splitlines())
        said, raw = "", b""
        with subprocess.Popen(
            arguments, cwd=self.folder, env=self._environment, stdin=theirs, stdout=theirs, stderr=theirs
        ) as child:
            os.close(theirs)
            try:
                while chunk := _read(ours):
                    raw += chunk
                    said = raw.decode(errors="ignore")  # a letter may come in two pieces
                    question = said.rpartition("\n")[2]
                    if question.endswith(": "):
                        os.write(ours, f"{guide.answer_to(question, lines)}\n".encode())
            except LookupError:
                child.kill()
                said += "<no answer in the guide>"
            os.close(ours)
        return said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(
    mosquitto: StartMosquitto, tmp_path_factory: pytest.TempPathFactory, language: str
) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("guide")  # a short one: 107 bytes are the most for the path of a socket
    one = Reader(folder / "messnetz", mosquitto(max_queued_messages=0), language)
    one.start()
    yield one
    one.close()


@pytest.mark.timeout(900)  # some fifty commands, a process each
def test_every_command_answers_what_the_guide_says(reader: Reader, language: str) -> None:
    for step in guide.steps(read(language)):
        said = reader.do(step)
        if isinstance(step, Command) and said is not None:
            assert guide.agrees(step.answer, said), "\n".join(
                [
                    f"$ {step.typed}",
                    *difflib.unified_diff(
                        step.answer.splitlines(), said.splitlines(), "guide", "said", lineterm=""
                    ),
                ]
            )


def test_both_guides_have_the_same_headings_commands_and_files() -> None:
    german, english = (read(language) for language in LANGUAGES)
    assert [level for level, _ in guide.headings(german)] == [level for level, _ in guide.headings(english)]
    done = [list(guide.steps(text)) for text in (german, english)]
    assert [_told(step) for step in done[0]] == [_told(step) for step in done[1]]


def _told(step: Step) -> Any:
    match step:
        case Command():
            return step.typed
        case File():
            return step.path
    return step


GOOD_DEVICE = """\
municipality: {{id: musterstadt}}
devices:
  - id: mistake-{number}
    site: Marktplatz
    dev_eui: 70b3d57ba01f{number:04x}
    type: decentlab-dl-pm
"""
GOOD_TYPE = """\
manufacturer: Muster
model: Fein
codec: lns
readings:
  - values:
      pm2_5: {from: pm25, unit: ug/m3}
examples:
  - {source: x, own: true, decoded: {pm25: 3}, readings: [{measurement: air_quality, values: {pm2_5: 3}}]}
"""


def with_mistake(good: str, line: str) -> str:
    """The file with this line in the place of the one with its key, or at its end."""
    key = line.removeprefix("⇥").partition(":")[0]
    wrong = f"\t{line[1:]}" if line.startswith("⇥") else line
    place = re.compile(rf"^( +|)(?={key}: ).*$", re.MULTILINE)
    if not place.search(good):
        return f"{good}    {wrong}\n"
    return place.sub(lambda found: wrong if wrong[0] == "\t" else f"{found[1]}{wrong}", good)


def test_every_message_is_what_check_says_to_the_mistake_beside_it(tmp_path: Path, language: str) -> None:
    config = tmp_path / "config"
    for folder in ("devices", "types"):
        (config / folder).mkdir(parents=True)
    settings = {
        "store": "embedded",
        "language": language,
        "brokers": [{"name": "a", "format": "auto", "host": "b"}],
    }
    (config / "messnetz.yaml").write_text(json.dumps(settings))
    [example] = [step for step in guide.steps(read(language)) if isinstance(step, File)][:1]
    guide.write(tmp_path, example)
    explained = guide.rows(guide.section(read(language), 10))
    assert len(explained) >= 10
    for number, (mistake, _, _) in enumerate(explained):
        is_type = mistake.endswith(("(Typ)", "(type)"))
        good = GOOD_TYPE if is_type else GOOD_DEVICE.format(number=number)
        path = config / ("types" if is_type else "devices") / f"mistake-{number}.yaml"
        path.write_text(with_mistake(good, guide.in_code(mistake)), encoding="utf-8")
    said = subprocess.run(
        [*COMMAND, "check"], cwd=tmp_path, capture_output=True, text=True, check=False
    ).stderr
    for number, (mistake, message, _) in enumerate(explained):
        lines = [line for line in said.splitlines() if f"/mistake-{number}.yaml:" in line]
        expected = f"config/...: {guide.in_code(message)}"
        assert any(guide.agrees(expected, line) for line in lines), (mistake, message, lines)


def test_every_network_server_has_its_row(language: str) -> None:
    listed = [guide.in_code(row[1]) for row in guide.rows(guide.section(read(language), 9))]
    assert sorted(listed) == sorted([*lns.FORMATS, "custom"])


def test_a_type_with_a_makers_codec_takes_15_lines_at_most(language: str) -> None:
    types = [
        step for step in guide.steps(read(language)) if isinstance(step, File) and "/types/" in step.path
    ]
    assert types
    assert all(len(one.text.splitlines()) <= 15 for one in types)


def test_every_command_for_technicians_is_in_the_guide(language: str) -> None:
    groups = ("devices", "types", "codec")
    names = [f"{group} {word}" for group in groups for word in words_of(group)]
    text = read(language)
    seldom = {"devices schema"}  # for editors, explained in config/README.md
    missing = [name for name in names if f"messnetz {name}" not in text]
    assert set(missing) <= seldom


def words_of(group: str) -> list[str]:
    """The commands of a group."""
    command: Any = typer.main.get_command(cli.app)
    return list(command.commands[group].commands)


def test_the_german_guide_addresses_nobody_by_sie_or_du() -> None:
    assert re.findall(r"\b(?:Sie|Ihnen|Ihre?[mnrs]?|[Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b", read("de")) == []
