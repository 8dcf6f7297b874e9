"""Processes that the tests of the spool start, kill and starve; each prints a line when something is true.

`python -m tests.spool_child commit STATE`   commits and settles numbered lines until it is killed
`python -m tests.spool_child fold STATE`     commits states, folding every few groups, until it is killed
`python -m tests.spool_child starve STATE`   fills the spool up to a limit on file size, then gets room again
`python -m tests.spool_child hold STATE`     opens the spool and waits
"""

import asyncio
import resource
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from devices.state import DeviceState
from ingest.group import Group
from ingest.settings import Spool as Limits
from ingest.spool import Spool, SpoolBusy, open_spool, states
from tests.spool_rows import kept_row

ALL = 10**9
FILE_BYTES = 2 * 1024**2


def say(text: object) -> None:
    print(text, flush=True)  # noqa: T201  the parent reads it


async def commit(spool: Spool) -> None:
    """Each group: three lines with their number, one kept message, the number as state."""
    number = (await spool.states()).get("number", DeviceState()).seen_ns
    while True:
        number += 1
        lines = [b"%d %d" % (number, part) for part in range(3)]
        memory = {"number": DeviceState(seen_ns=number)}
        await spool.commit(Group(lines=lines, kept=[kept_row(time_ns=number)], states=memory))
        say(f"committed {number}")
        if number % 7 == 0 and (waiting := await spool.read(10, ALL)):
            await spool.settle(waiting, [], [])
            say(f"settled {waiting.lines[-1].split()[0].decode()}")


async def fold(spool: Spool) -> None:
    """Each group: its number as the state of every fifth of 2000 keys, in turn, and of one more."""
    states.LOG_BYTES = 30_000
    number = (await spool.states()).get("number", DeviceState()).seen_ns
    while True:
        number += 1
        memory = {f"{key}|1": DeviceState(seen_ns=number) for key in range(number % 5, 2000, 5)}
        memory["number"] = DeviceState(seen_ns=number)
        await spool.commit(Group(states=memory))
        say(f"committed {number}")


async def starve(spool: Spool) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, hard))
    group = Group(lines=[b"x" * 1000] * 100, states={"a|1": DeviceState(seen_ns=1)})
    committed = refused = 0
    while refused < 5:  # the first refusals may only fold the log
        try:
            await spool.commit(group)
            committed += 1
        except SpoolBusy:
            refused += 1
    say(f"full after {committed} with {spool.waiting_lines} waiting")
    lines = await drain(spool)
    say(f"settled {lines} while full")
    await spool.commit(group)  # the deleted lines left room for it
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    await spool.commit(group)
    say(f"committed with {spool.waiting_lines} waiting")
    lines = await drain(spool)
    say(f"settled {lines}, {spool.waiting_lines} waiting, damaged {spool.damaged!r}")


async def drain(spool: Spool) -> int:
    lines = refused = 0
    while spool.waiting_lines and refused < 5:
        try:
            if waiting := await spool.read(100, ALL):
                await spool.settle(waiting, [], [])
                lines += len(waiting.lines)
        except SpoolBusy:
            refused += 1
    return lines


async def hold(_spool: Spool) -> None:
    say("open")
    await asyncio.sleep(3600)


def main() -> None:
    work: dict[str, Callable[[Spool], Awaitable[None]]] = {
        "commit": commit,
        "fold": fold,
        "starve": starve,
        "hold": hold,
    }

    async def run() -> None:
        spool = open_spool(Path(sys.argv[2]), Limits())
        await work[sys.argv[1]](spool)
        spool.close()

    asyncio.run(run())


if __name__ == "__main__":
    main()
