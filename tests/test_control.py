"""The control socket answers what it cannot understand with a sentence, and never takes nothing for all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from ingest.control import create_control
from ingest.counts import Counts
from ingest.events import Events
from ingest.group import Group
from ingest.http import serve
from ingest.intake import GroupIntake
from ingest.recompute import Recomputer
from ingest.reload import RegistryKeeper
from ingest.settings import Spool as Limits
from ingest.spool import KeptFilter, Spool, open_spool
from ingest.watch import Watch
from tests.spool_rows import dead_letter, kept_row

CHANGES = ("/quarantine/replay", "/quarantine/drop", "/dead-letters/replay", "/dead-letters/drop")


@asynccontextmanager
async def filled(state: Path) -> AsyncIterator[Spool]:
    spool = open_spool(state, Limits())
    try:
        await spool.commit(Group(kept=[kept_row("a"), kept_row("b")], dead=[dead_letter(), dead_letter()]))
        yield spool
    finally:
        spool.close()


async def post(state: Path, spool: Spool, path: str, body: bytes) -> tuple[int, str]:
    """The answer of a control socket over this spool, with nobody behind it who could judge or reload."""
    application = create_control(
        spool,
        cast("GroupIntake", None),
        cast("RegistryKeeper", None),
        Events(Counts()),
        lambda: None,
        cast("Recomputer", None),
        Watch(),
        cast("Callable[[], dict[str, Any]]", dict),
        dict,
    )
    socket = state / "control.sock"
    async with (
        serve(application, uds=socket),
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as session,
        session.post(f"http://messnetz{path}", data=body) as answer,
    ):
        return answer.status, await answer.text()


def refused(state: Path, path: str, body: bytes) -> str:
    """The sentence of a 400, after which nothing is gone."""

    async def run() -> str:
        async with filled(state) as spool:
            status, sentence = await post(state, spool, path, body)
            assert status == 400
            assert len(await spool.kept(KeptFilter(), limit=9)) == 2
            assert spool.figures.dead_letters_rows == 2
            return sentence

    return asyncio.run(run())


@pytest.mark.parametrize("path", [*CHANGES, "/devices/reload"])
@pytest.mark.parametrize(
    "body",
    [
        b'{"colour":1}',
        b"[]",
        b"null",
        b"x",
        b"",
        b'{"id":[1]}',
        b'{"since_ns":1e30}',
        b'{"all":1}',
        b'{"reason":"\xff"}',
        b'{"confirm":"yes"}',
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_allowed(tmp_path: Path, path: str, body: bytes) -> None:
    sentence = refused(tmp_path, path, body)
    assert "allowed is a JSON object with " in sentence
    assert ("confirm" if path == "/devices/reload" else "id, ") in sentence


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("body", [b"{}", b'{"id":null}', b'{"all":false}'])
def test_nothing_named_does_not_mean_everything(tmp_path: Path, path: str, body: bytes) -> None:
    assert '{"all": true}' in refused(tmp_path, path, body)


def test_all_and_a_filter_mean_what_they_say(tmp_path: Path) -> None:
    async def run() -> None:
        async with filled(tmp_path) as spool:
            for path, body, answer in (
                ("/quarantine/drop", b'{"address":"a"}', '{"dropped":1}'),
                ("/quarantine/drop", b'{"all":true,"address":"a"}', '{"dropped":0}'),
                ("/quarantine/drop", b'{"all":true}', '{"dropped":1}'),
                ("/dead-letters/replay", b'{"id":1}', '{"replayed":1}'),
                ("/dead-letters/drop", b'{"all":true}', '{"dropped":1}'),
            ):
                assert await post(tmp_path, spool, path, body) == (200, answer)

    asyncio.run(run())
