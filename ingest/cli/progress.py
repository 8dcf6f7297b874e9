"""A bar with an estimate on standard error, where that is a terminal; silence elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


class Show(Protocol):
    """Takes how much is done, of how much (0: nobody knows), and what is being done where that changes."""

    def __call__(self, done: int, total: int, what: str = "", /) -> None:
        """Show it. May be called on any thread."""
        ...


@contextmanager
def bar(what: str) -> Iterator[Show]:
    """Yields what takes how much is done, and of how much; both may grow."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        shown = what

        def show(done: int, total: int, now: str = "", /) -> None:
            nonlocal shown
            if now and now != shown:
                shown = now
                progress.reset(task, description=now, total=None)  # its estimate is of its own
            progress.update(task, completed=done, total=total or None)

        yield show
