"""Refused messages judged again, after the mistake was mended: in the order of their own time."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import TypeVar

from ingest.errors import SpoolBusy
from ingest.group import Kept
from ingest.intake import GroupIntake
from ingest.seams import Outcome
from ingest.spool import KeptFilter, Spool

T = TypeVar("T")

#: Rows judged between two commits: bounds memory, and lets live messages through in between.
PAGE = 500


async def replay(intake: GroupIntake, spool: Spool, chosen: KeptFilter) -> Counter[Outcome]:
    """Judge every chosen row of the quarantine again; returns how many became what.

    What is refused again stays in the quarantine. Returns when all of it is durable. One replay at a time.
    """
    async with intake.one_replay:
        return await _replay(intake, spool, chosen)


async def _replay(intake: GroupIntake, spool: Spool, chosen: KeptFilter) -> Counter[Outcome]:
    outcomes: Counter[Outcome] = Counter()
    after: Kept | None = None
    await intake.flush()
    newest = spool.figures.last_quarantine_id  # what is refused again for another reason is a newer row
    while page := await _patiently(partial(spool.kept, chosen, after=after, limit=PAGE)):
        while spool.full:  # noqa: ASYNC110  rare, and nobody waits for it
            await asyncio.sleep(0.2)
        rows = [row for row in page if row.id <= newest]
        for row, heard in zip(rows, await intake.read_again(rows), strict=True):
            outcomes[intake.replay(row, heard).outcome] += 1
        await intake.flush()
        after = page[-1]
    return outcomes


async def replay_addresses(intake: GroupIntake, spool: Spool, addresses: Collection[str]) -> Counter[Outcome]:
    """Replay what newly registered devices said, then let their live uplinks go on.

    `GroupIntake.adopt` was called with these addresses, so that none of their live uplinks overtakes.
    """
    try:
        await intake.flush()  # what was judged just before is in the quarantine now
        known = await _patiently(spool.quarantined_addresses)
        waiting = sorted(known.intersection(addresses))
        await _let_on(intake, addresses, but=waiting)
        outcomes: Counter[Outcome] = Counter()
        for address in waiting:
            outcomes += await replay(intake, spool, KeptFilter(address=address, outcome="quarantined"))
            intake.finish_replay((address,))
        return outcomes
    finally:
        intake.finish_replay(addresses)


async def _let_on(intake: GroupIntake, addresses: Collection[str], *, but: Collection[str]) -> None:
    """Let live uplinks of the addresses that need no replay go on; after a large change these are many."""
    others = list(set(addresses).difference(but))
    for begin in range(0, len(others), PAGE):
        intake.finish_replay(others[begin : begin + PAGE])
        await asyncio.sleep(0)


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """The spool's answer, once the disk lets it answer; the intake alarms meanwhile."""
    while True:
        try:
            return await ask()
        except SpoolBusy:
            await asyncio.sleep(1.0)
