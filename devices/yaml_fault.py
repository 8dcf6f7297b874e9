"""What is wrong with a text that is no YAML, found by looking at it: a parser says only where it gave up."""

import re
from collections.abc import Iterator

from devices.language import Sentence, say

#: A sentence, and the line that it is about.
Guess = tuple[Sentence, int]

#: `key:value`, where a blank is missing; not an address (`http://`) nor a time (`9:30`).
_NO_BLANK = re.compile(r"\s*(?:- +)*([A-Za-z_][\w-]*):([^\s/].*)")
_NO_COLON = re.compile(r"\s*(?:- +)*([A-Za-z_][\w-]*)(?: +\S.*|)")
_REMARK = re.compile(r"(?:^|\s)#.*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


def fault(text: str, message: str, line: int, column: int) -> Guess:
    """What a technician is told of a parser's message about this place (both from 1)."""
    lines = text.split("\n")
    lines += [""] * (line - len(lines) + 1)
    general = say("YAML cannot read this: see that blanks, colons, quotes and brackets are as in the sample")
    return next(_guesses(lines, message, line, column), (general, line))


def _guesses(lines: list[str], message: str, line: int, column: int) -> Iterator[Guess]:
    written = (at for at in range(line - 1, 0, -1) if _bare(lines[at - 1]).strip())
    above = next(written, line)
    for at in (line, line + 1, above):
        if "\t" in _indent(lines[at - 1]):
            yield say("a tab stands at the begin of the line: write blanks"), at
    if "quoted scalar" in message:
        yield _of_quotes(message), line
    if re.search(r"flow|bracket|node content|invalid indentation", message):
        yield from _of_brackets(lines, line)
    if re.search(r"flow|bracket|node content", message):
        yield say("a comma is missing or one too many between these brackets"), line
    sign = lines[line - 1][column - 1 : column]
    if sign and re.search(r"unexpected character|anchor|alias|tag\b", message):
        yield say("a text must not begin with {sign}: write it in quotes", sign=sign), line
    if "block sequence entries" in message:
        yield say("a list begins on a line of its own: write - below the key"), line
    yield from _of_keys(lines, message, line, above, column)


def _of_quotes(message: str) -> Sentence:
    if "trailing" in message:
        return say("text stands behind the closing quotation mark: put all of it between the two")
    if "escape" in message:
        return say("\\ has a meaning of its own between two \": write the text between two '")
    return say("a quotation mark is not closed")


def _of_brackets(lines: list[str], line: int) -> Iterator[Guess]:
    for at in range(line, 0, -1):
        bare = _QUOTED.sub("", _bare(lines[at - 1]))
        for begin, end in ("{}", "[]"):
            if bare.count(begin) > bare.count(end):
                yield say("{begin} is not closed: {end} is missing", begin=begin, end=end), at
            if bare.count(begin) < bare.count(end):
                yield say("{end} is one too many, or {begin} is missing", begin=begin, end=end), at


def _of_keys(lines: list[str], message: str, line: int, above: int, column: int) -> Iterator[Guess]:
    for at in (line, above):
        if found := _NO_BLANK.fullmatch(_bare(lines[at - 1])):
            key, value = found.groups()
            yield say("a blank is missing behind the colon: write {key}: {value}", key=key, value=value), at
    if "expect ':'" in message or "mapping values" in message:
        yield from _of_colons(lines, line, above, column)
    if re.search(r"'-' indicator|indentation|block mapping", message):
        yield (
            say("this line begins neither below the one above nor below its key: indent it like those"),
            line,
        )


def _of_colons(lines: list[str], line: int, above: int, column: int) -> Iterator[Guess]:
    here = _bare(lines[line - 1])
    for at in (line, above):
        bare = _bare(lines[at - 1])
        if bare.strip() and ":" not in bare and (found := _NO_COLON.fullmatch(bare)):
            yield say("a colon is missing: write {key}: and the value behind it", key=found[1]), at
    if ": " in here[: column - 1]:
        yield say("two colons stand in this line: put the text into quotes, or begin a new line"), line
    if len(_indent(here)) > len(_indent(lines[above - 1])):
        yield say("this line begins further right than the one above: let it begin below it"), line


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _bare(line: str) -> str:
    """A line without its remark."""
    return _REMARK.sub("", line).rstrip()
