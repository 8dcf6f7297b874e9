"""A guide as a test reads it: its headings, its blocks in order, and whether a command answers as it says.

A `console` block holds commands (`$ `) and what each answers; `...` stands for what differs. Any other block
but `text` is a file, which the line above it names in backticks; one that begins with `# …` is a part of that
file: an entry that takes the place of the one with its id, or goes to the end. A comment that no reader sees
says what a sensor sends:

    <!-- 24e124126a148401 says 01755c03821e00 on port 85 at 2026-03-10 10:00 -->
    <!-- 24e124126a148401 says 01755c03821e00 on port 85 while the next command waits -->
    <!-- the next command asks -->
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: The guide is told as if this were today; its days are moved so far that it is.
TOLD_ON = dt.date(2026, 3, 24)


@dataclass(frozen=True, slots=True)
class Command:
    """What is typed, and what is said to come of it. `asks`: the answers to its questions stand in it."""

    typed: str
    answer: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file, or a part of one."""

    path: str
    text: str

    @property
    def is_part(self) -> bool:
        """Whether it is only an entry of the file."""
        return self.text.startswith("# …\n")


@dataclass(frozen=True, slots=True)
class Sends:
    """What a sensor sends: now, or again and again while the next command waits."""

    dev_eui: str
    payload: bytes
    port: int
    time: str | None
    meanwhile: bool


Step = Command | File | Sends

_SENDS = re.compile(
    r"<!-- (?P<dev_eui>[0-9a-f]{16}) says (?P<payload>[0-9a-f]+) on port (?P<port>\d+)"
    r"(?: at (?P<time>[\d-]+ [\d:]+))?(?P<meanwhile> while the next command waits)? -->"
)
_DAY = re.compile(r"(\b20\d\d-\d\d-\d\d\b|\b\d\d\.\d\d\.20\d\d\b)")
_PIECE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$|^<!-- .*? -->$", re.MULTILINE | re.DOTALL)


def steps(text: str) -> Iterator[Step]:
    """Everything in a guide that is done, in its order; raises `ValueError` for a piece that does nothing."""
    asks = False
    for piece in _PIECE.finditer(text):
        kind = piece["kind"]
        if kind == "text":
            continue
        if kind == "console":
            for command in _commands(piece["text"], asks=asks):
                yield command
                asks = False
        elif kind:
            yield File(_named_above(text[: piece.start()]), piece["text"])
        elif piece[0] == "<!-- the next command asks -->":
            asks = True
        elif sends := _SENDS.fullmatch(piece[0]):
            port, payload = int(sends["port"]), bytes.fromhex(sends["payload"])
            yield Sends(sends["dev_eui"], payload, port, sends["time"], sends["meanwhile"] is not None)
        else:
            raise ValueError(piece[0])


def _commands(block: str, *, asks: bool) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        rows = next(number for number, line in enumerate(lines, 1) if not line.endswith("\\"))
        typed = " ".join(line.rstrip("\\").strip() for line in lines[:rows])
        yield Command(typed, "\n".join(lines[rows:]).strip("\n"), asks)


def _named_above(text: str) -> str:
    named = re.search(r"`([^`\n]+)`[^`\n]*:\n\n?\Z", text)
    if named is None:
        raise ValueError(f"no line above the block names its file: {text[-200:]}")
    return named[1]


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of every heading."""
    bare = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return [(len(marks), words) for marks, words in re.findall(r"^(#+) (.+)$", bare, re.MULTILINE)]


def write(folder: Path, file: File) -> None:
    """Put the file there, or its entry into the one that is there."""
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if not file.is_part:
        path.write_text(file.text, encoding="utf-8")
        return
    entry = file.text.removeprefix("# …\n")
    name = re.search(r"^  - id: (\S+)", entry, re.MULTILINE)
    if name is None:
        raise ValueError(entry)
    before = path.read_text(encoding="utf-8")
    old = rf"^  - id: {re.escape(name[1])}\b.*?(?=^  - |\Z)"
    after, found = re.subn(old, lambda _: entry, before, flags=re.MULTILINE | re.DOTALL)
    path.write_text(after if found else before + entry, encoding="utf-8")


def today(text: str) -> str:
    """The text with its days moved, so that what was told of happened lately."""
    moved = dt.datetime.now(dt.UTC).date() - TOLD_ON

    def day(said: re.Match[str]) -> str:
        form = "%Y-%m-%d" if "-" in said[0] else "%d.%m.%Y"
        try:
            return f"{dt.datetime.strptime(said[0], form).replace(tzinfo=dt.UTC) + moved:{form}}"
        except ValueError:  # the 31st of February is a mistake that stays one
            return said[0]

    return _DAY.sub(day, text)


def agrees(expected: str, said: str) -> bool:
    """Whether a command said what the guide says; days of the guide may have been moved."""
    pattern = "".join(_lines_pattern(line) for line in _plain(expected))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _plain(said))) is not None


def answer_to(question: str, lines: Iterator[str]) -> str:
    """What the next line of the guide with this question has behind it; raises `LookupError`."""
    words = question.partition(" [")[0]
    for line in lines:
        if line.startswith(words.removesuffix(": ")):
            if "]: " in question:
                return line.rpartition("]:")[2].strip()
            return line.removeprefix(question)
    raise LookupError(f"the guide says nothing to: {question}")


def _lines_pattern(line: str) -> str:
    if line == "...":
        return r"(?:.*\n)*?"
    days = _DAY.split(line)
    literal = (re.escape(part).replace(r"\.\.\.", ".*") for part in days)
    moved = (
        f"(?:{one}|{re.escape(today(part))})" if number % 2 else one
        for number, (part, one) in enumerate(zip(days, literal, strict=True))
    )
    return "".join(moved) + r"\n"


def _plain(text: str) -> list[str]:
    """The lines as words: neither colours nor how wide a table is drawn make a difference."""
    text = re.sub(r"\x1b\[[\d;]*m", "", text)
    lines = (re.sub(r"─+", "─", re.sub(r"\s+", " ", line)).strip() for line in text.splitlines())
    return [line for line in lines if line]


def section(text: str, number: int) -> str:
    """What stands below the heading with this number."""
    found = re.search(rf"^## {number}\. .*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(number)
    return found[0]


def rows(text: str) -> list[list[str]]:
    """The rows of the first table, without its head."""
    table = re.findall(r"^\| (.*) \|$", text, re.MULTILINE)
    return [row.split(" | ") for row in table[1:]]


def in_code(cell: str) -> str:
    """What stands in the first backticks of a cell."""
    return cell.split("`")[1]
