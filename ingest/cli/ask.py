"""Questions at a terminal: each offers a default and is asked again until it is answered."""

import difflib
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import typer

from devices.language import say
from ingest.errors import CommandFailed

T = TypeVar("T")

#: Choices shown at once; more are found by typing a part of their name.
SHOWN = 12


class Choice(NamedTuple):
    """One of several answers; `note` says what it is, and is searched too."""

    word: str
    note: str = ""


def is_terminal() -> bool:
    """Whether someone is there to be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def question(text: str, read: Callable[[str], T], *, default: str = "") -> T:
    """The answer as `read` gives it, which raises `ValueError` with a sentence for a wrong one.

    Enter takes the default, if there is one.
    """
    while True:
        said = _line(text, default) or default
        try:
            if said:
                return read(said)
            _complain(say("this needs an answer"))
        except ValueError as error:
            _complain(str(error))


def optional(text: str, read: Callable[[str], T], *, default: str = "") -> T | None:
    """As `question`; without a default Enter means None, with one `-` does."""
    while True:
        said = _line(text, default or say("none")) or default
        if said in ("", "-"):
            return None
        try:
            return read(said)
        except ValueError as error:
            _complain(str(error))


def choice(
    text: str, choices: Sequence[Choice], read: Callable[[str], T], *, default: str = "", free: bool = False
) -> T:
    """One of `choices` by number, word or part of it; anything else only where the answer is `free`."""
    show_choices(choices)
    listed = choices

    def pick(said: str) -> T:
        nonlocal listed
        if said.isdecimal() and 1 <= int(said) <= min(len(listed), SHOWN):
            return read(listed[int(said) - 1].word)
        if said == default or any(said == one.word for one in choices):
            return read(said)
        near = nearest(said, choices, alike=0.85 if free else 0.7)
        if free:
            alike = bool(near) and not _is_in(said, near[0])
            meant = near and confirm(say("Do you mean {word}?", word=near[0].word), default=alike)
            return read(near[0].word if meant else said)
        if not near:
            raise ValueError(say("there is no {word}: write a part of its name, or a number", word=said))
        if len(near) == 1 and _is_in(said, near[0]):
            return read(near[0].word)
        listed = near
        show_choices(listed)
        raise ValueError(say("these come near it: which one?"))

    return question(text, pick, default=default)


def nearest(said: str, choices: Sequence[Choice], *, alike: float) -> list[Choice]:
    """The choices that hold every word of what was said, else those that are spelt so much alike (0 to 1)."""
    found = [one for one in choices if _is_in(said, one)]
    if found:
        return found
    words = {one.word.casefold(): one for one in choices}
    return [words[word] for word in difflib.get_close_matches(said.casefold(), words, n=5, cutoff=alike)]


def _is_in(said: str, one: Choice) -> bool:
    text = f"{one.word} {one.note}".casefold()
    return all(word in text for word in said.casefold().split())


def show_choices(choices: Sequence[Choice]) -> None:
    """Number the choices, as many as fit."""
    width = max((len(one.word) for one in choices[:SHOWN]), default=0)
    for number, one in enumerate(choices[:SHOWN], 1):
        typer.echo(f"  {number:>2}  {one.word:<{width}}  {one.note}".rstrip(), err=True)
    if len(choices) > SHOWN:
        more = say("{count} more: write a part of the name", count=len(choices) - SHOWN)
        typer.echo(f"      {more}", err=True)


def confirm(text: str, *, default: bool) -> bool:
    """A question that is answered by yes or no, in either language."""
    offered = say("Y/n") if default else say("y/N")
    while True:
        said = _line(text, offered).casefold()
        if not said:
            return default
        if said in ("y", "yes", "j", "ja"):
            return True
        if said in ("n", "no", "nein"):
            return False
        _complain(say("this is answered by yes or no"))


def _line(text: str, offered: str) -> str:
    typer.echo(f"{text} [{offered}]: " if offered else f"{text}: ", nl=False, err=True)
    try:
        return input().strip()
    except EOFError:
        typer.echo(err=True)
        raise CommandFailed(say("there was no answer: nothing is written")) from None


def _complain(sentence: str) -> None:
    typer.secho(f"  {sentence}", fg="red", err=True)
