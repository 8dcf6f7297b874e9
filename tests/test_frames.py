"""The memory of the frames of all devices that were stored last, and its log on the disk."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import frames as frames_module
from ingest.frames import Frames
from ingest.group import Group
from ingest.settings import Spool as Limits
from ingest.spool import Spool, open_spool
from ingest.spool import frames as frames_log

SMALL = 10


def named(number: int) -> bytes:
    return number.to_bytes(8, "big")


@pytest.fixture(autouse=True, scope="module")
def small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames_module, "GENERATION", SMALL)
        patch.setattr(frames_log, "GENERATION", SMALL)
        yield


@given(known=st.integers(0, 2 * SMALL - 1), added=st.integers(0, 5 * SMALL))
def test_the_last_ones_are_remembered_and_not_many_more(known: int, added: int) -> None:
    frames = Frames(b"".join(map(named, range(known))))
    for number in range(known, known + added):
        frames.add(named(number))
    remembered = {number for number in range(known + added) if named(number) in frames}
    assert remembered >= set(range(known + added)[-SMALL:])
    assert len(remembered) < 3 * SMALL
    assert set(frames) == set(map(named, remembered))
    assert named(known + added) not in frames


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 2 * SMALL), max_size=12))
def test_the_log_has_the_last_ones_in_their_order_after_every_group(
    tmp_path_factory: pytest.TempPathFactory, groups: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    committed: list[bytes] = []

    async def run() -> None:
        spool = open_spool(folder, Limits())
        try:
            for size in groups:
                group = [named(len(committed) + number) for number in range(size)]
                committed.extend(group)
                await spool.commit(Group(frames=group))
                await look(spool, max(groups))
        finally:
            spool.close()

    async def look(spool: Spool, largest: int) -> None:
        found = await spool.frames()
        assert b"".join(committed).endswith(found)
        assert len(found) >= 8 * min(SMALL, len(committed))
        assert len(found) < 8 * (2 * SMALL + largest)

    asyncio.run(run())
