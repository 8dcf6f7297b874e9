"""The planners' address: who comes in, what is sent, what is refused, and that nothing stays behind."""

import asyncio
import csv
import hashlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from devices.language import Language
from ingest import http, login_file
from ingest.http import CONNECTIONS
from publish.export.ask import FORMATS, Ask
from publish.planners import login, process, shelf, slots, text
from publish.planners.address import address, ask_of
from publish.planners.refused import Refused
from publish.planners.seen import seen
from publish.planners.shelf import Key, Shelf
from publish.planners.wire import Looked, Made
from tests.exports import Town
from tests.planners import LOGIN, MONTH, PARTNERS, Desk, Held, basic, days, eventually, open_desk, set_up
from tests.servers.messnetz import Messnetz
from tests.test_page import Reader

Story = Callable[[Desk], Awaitable[None]]


def at(town: Town, story: Story) -> None:
    """Tell a story at the address of a town."""

    async def told() -> None:
        async with open_desk(town) as desk:
            await story(desk)

    asyncio.run(told())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Two sensors with a few days of values; stories only read them."""
    made = set_up(tmp_path_factory.mktemp("town"))
    made.fill(1000)
    return made


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(tmp_path / "held", monkeypatch)


# --- who comes in --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/export?last=1d", "/page.css", "/nowhere", "/../../etc/passwd"])
def test_nothing_but_401_is_answered_without_a_login(
    town: Town, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "WRONG_S", 0)

    async def story(desk: Desk) -> None:
        said = await desk.get(path, login=None)
        wrong = [
            await desk.get(path, login=None, Authorization=one)
            for one in (
                basic(LOGIN[0], "falsch"),
                basic("jemand", LOGIN[1]),
                basic(LOGIN[0], PARTNERS[1]),
                basic("", ""),
                "Basic %%%",
                "Basic",
                "Bearer x",
                "",
            )
        ]
        assert {one.status for one in (said, *wrong)} == {401}
        assert {one.body for one in wrong} == {said.body}
        assert said.headers["WWW-Authenticate"].startswith("Basic ")
        assert "login_wrong" in desk.log.names
        assert (await desk.get(path, login=None, method="POST")).status == 401

    at(town, story)


def test_who_guesses_is_kept_waiting_and_nobody_else(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "WRONG_S", 3600)

    async def story(desk: Desk) -> None:
        guesses = [asyncio.create_task(desk.get("/", login=(LOGIN[0], str(n)))) for n in range(5)]
        await eventually(lambda: "login_wrong" in desk.log.names)
        assert (await desk.get("/")).status == 200
        assert not any(guess.done() for guess in guesses)
        for guess in guesses:
            guess.cancel()
        await asyncio.gather(*guesses, return_exceptions=True)

    at(town, story)


def test_who_guesses_and_does_not_wait_for_the_answer_is_not_looked_at_any_more(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "WRONG_S", 3600)

    async def guess(desk: Desk) -> int:
        try:
            return (await asyncio.wait_for(desk.get("/", login=(LOGIN[0], "?")), 0.1)).status
        except TimeoutError:
            return 0

    async def story(desk: Desk) -> None:
        while await guess(desk) != 429:
            pass
        assert (await desk.get("/")).status == 429
        assert (await desk.get("/", X_Forwarded_For="192.0.2.7")).status == 200  # as a proxy here says it
        assert (await desk.get("/", login=None)).status == 401

    at(town, story)


def test_who_asks_nothing_or_slowly_takes_no_place_for_long(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ASKING_S", 0.5)

    async def story(desk: Desk) -> None:
        opened = [await asyncio.open_connection("127.0.0.1", desk.port) for _ in range(CONNECTIONS)]
        for number, (_, writer) in enumerate(opened):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n"[: number % 25])
        for reader, writer in opened:
            while await reader.read(1000):
                pass
            writer.close()
        assert (await desk.get("/")).status == 200

    at(town, story)


def test_a_page_of_another_site_gets_nothing_in_a_readers_name(town: Town) -> None:
    async def story(desk: Desk) -> None:
        for status, path, site, mode in (
            (403, f"/export?{MONTH}", "cross-site", "no-cors"),
            (200, "/", "cross-site", "navigate"),
            (200, "/page.css", "same-origin", "no-cors"),
        ):
            assert (await desk.get(path, Sec_Fetch_Site=site, Sec_Fetch_Mode=mode)).status == status
        assert desk.counts.exports == {}

    at(town, story)


def test_a_login_file_is_read_anew_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "WRONG_S", 0)
    town = set_up(tmp_path)

    async def story(desk: Desk) -> None:
        assert (await desk.get("/")).status == 200
        (tmp_path / "new").write_text("planner\nanders\n", encoding="utf-8")
        (tmp_path / "new").replace(tmp_path / "planners")
        assert (await desk.get("/")).status == 401
        assert (await desk.get("/", login=("planner", "anders"))).status == 200
        (tmp_path / "planners").unlink()
        assert (await desk.get("/", login=("planner", "anders"))).status == 401
        assert (await desk.get("/", login=PARTNERS)).status == 200
        told = [fields["reason"] for event, fields in desk.log.lines if event == "login_unreadable"]
        assert told == ["is not there"]

    at(town, story)


@pytest.mark.parametrize(
    "content", [b"", b"planner", b"planner\n", b"\nsecret\n", b"a:b\nc\n", b"\xff\n\xfe\n"]
)
def test_a_login_file_that_holds_no_login_lets_nobody_in(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "WRONG_S", 0)
    town = set_up(tmp_path)
    (tmp_path / "planners").write_bytes(content)

    async def story(desk: Desk) -> None:
        for one in (("planner", ""), ("", ""), ("", "secret"), ("a", "b:c")):
            assert (await desk.get("/", login=one)).status == 401
        assert "login_unreadable" in desk.log.names

    at(town, story)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("\ufeffä\r\nö ü\r\n", ("ä", "ö ü")),
        ("a\n b \n", ("a", " b ")),
        ("a\nb:c\nmore", ("a", "b:c")),
        ("a\nb\x0cc\x85d\u2028e\n", ("a", "b\x0cc\x85d\u2028e")),
    ],
)
def test_a_password_is_the_whole_second_line(tmp_path: Path, content: str, said: tuple[str, str]) -> None:
    (tmp_path / "login").write_bytes(content.encode())
    assert login_file.read(tmp_path / "login") == said


# --- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_the_address_gives_what_the_command_writes(town: Town, form: str, tmp_path: Path) -> None:
    first, last = (part.partition("=")[2] for part in days(3).split("&"))
    town.export(tmp_path / "there", quantity=("pm10",), begin=first, to=last, format=form)

    async def story(desk: Desk) -> None:
        said = await desk.get(f"/export?quantity=pm10&{days(3)}&format={form}")
        assert said.status == 200, said.text
        assert said.headers["Cache-Control"] == "private, no-store"
        assert said.headers["Content-Disposition"].startswith(f'attachment; filename="messnetz-pm10-{first}')
        assert 'rel="describedby"' in said.headers["Link"]
        assert int(said.headers["Content-Length"]) == len(said.body)
        if form in ("csv", "csv-de", "ndjson"):  # the others hold when they were made
            assert said.body == (tmp_path / "there").read_bytes()
        assert desk.counts.exports == {"made": 1}

    at(town, story)


def test_the_description_belongs_to_the_file_and_comes_with_it_if_wanted(town: Town) -> None:
    async def story(desk: Desk) -> None:
        query = f"/export?{MONTH}&format=csv"
        data = await desk.get(query)
        link = data.headers["Link"].partition("<")[2].partition(">")[0]
        described = json.loads((await desk.get(f"/{link}")).body)
        assert described["resources"][0]["bytes"] == len(data.body)
        assert described["resources"][0]["hash"].endswith(hashlib.sha256(data.body).hexdigest())
        both = zipfile.ZipFile(io.BytesIO((await desk.get(f"{query}&package=zip")).body))
        assert both.read(described["resources"][0]["path"]) == data.body
        assert json.loads(both.read("datapackage.json"))["resources"][0]["bytes"] == len(data.body)
        assert (await desk.get(f"{query}&package=rar")).status == 400

    at(town, story)


def test_head_makes_no_export_and_tells_the_length_once_there_is_one(town: Town) -> None:
    async def story(desk: Desk) -> None:
        query = f"/export?{MONTH}&format=gpkg"
        before = await desk.get(query, method="HEAD")
        assert before.status == 200
        assert "Content-Length" not in before.headers
        assert desk.left() == []
        whole = await desk.get(query)
        after = await desk.get(query, method="HEAD")
        assert int(after.headers["Content-Length"]) == len(whole.body)
        assert desk.counts.exports == {"made": 1}

    at(town, story)


def test_a_file_is_had_in_pieces_of_one_export(town: Town) -> None:
    async def story(desk: Desk) -> None:
        query = f"/export?{MONTH}&format=geojson"
        whole = await desk.get(query)
        first = await desk.get(query, Range="bytes=0-99")
        rest = await desk.get(query, Range="bytes=100-")
        assert (first.status, rest.status) == (206, 206)
        assert first.body + rest.body == whole.body
        assert (await desk.get(query, Range=f"bytes={len(whole.body)}-")).status == 416
        assert desk.counts.exports == {"made": 1}

    at(town, story)


def test_two_who_ask_for_the_same_at_once_wait_for_one_export(tmp_path: Path) -> None:
    town = set_up(tmp_path, exports={"at_once": 1})
    town.fill(100)

    async def story(desk: Desk) -> None:
        said = await asyncio.gather(*(desk.get(f"/export?{MONTH}") for _ in range(3)))
        assert {one.status for one in said} == {200}
        assert len({one.body for one in said}) == 1
        assert desk.counts.exports == {"made": 1}

    at(town, story)


def test_what_is_refused_is_said_in_the_readers_language_with_what_to_do(town: Town) -> None:
    async def story(desk: Desk) -> None:
        german = await desk.get("/export?site=Platz%20&last=3x", Accept_Language="de-DE,de;q=0.9,en;q=0.5")
        english = await desk.get("/export?site=Platz%20&last=3x", Accept_Language="fr,en;q=0.8,de;q=0.2")
        assert (german.status, english.status) == (400, 400)
        assert "Was zu tun ist: " in german.text
        assert "What to do: " in english.text
        assert english.headers["Content-Type"].startswith("text/plain")
        page = await desk.get("/export?last=3x&lang=de", Accept="text/html")
        assert page.headers["Content-Type"].startswith("text/html")
        assert "Was zu tun ist: " in page.text
        assert "Zurück zum Formular" in page.text
        assert desk.counts.exports == {"refused": 3}

    at(town, story)


def test_where_there_is_nothing_it_says_why(town: Town) -> None:
    async def story(desk: Desk) -> None:
        said = await desk.get("/export?from=2024-01-01&to=2024-01-31&lang=en")
        assert said.status == 404
        assert "What to do: " in said.text
        assert desk.counts.exports == {"nothing": 1}

    at(town, story)


HOSTILE = (
    "site=../../etc/passwd&last=1d",
    "site=%00&last=1d",
    "site=%0d%0aSet-Cookie:x&last=1d",
    "site=<script>alert(1)</script>&last=1d",
    "site=%ff%fe&last=1d",
    "device='%3B DROP SERIES--&last=1d",
    "quantity=__class__&last=1d",
    "label==cmd|'/c calc'!A0&last=1d",
    f"site={'x' * 20000}&last=1d",
    "&".join(["site=x"] * 2000),
    "last=99999y",
    "last=-1d",
    "last=1d&last=2d",
    "from=0000-00-00",
    "from=9999-12-31&to=9999-12-31",
    "format=exe&last=1d",
    "format=xlsx&format=csv&last=1d",
    "lang=xx&last=1d",
    "audience=root&last=1d",
    "now_ns=0&last=1d",
    "begin=2026-01-01",
    "settings=x&target=/etc/passwd&last=1d",
    "%=%&last=1d",
)


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_parameters_are_refused_and_come_back_as_text_only(town: Town, query: str) -> None:
    async def story(desk: Desk) -> None:
        encoded = quote(query, safe="%&=:/+,.-_")
        for path in (f"/export?{encoded}", f"/?{encoded}"):
            said = await desk.get(path, Accept="text/html")
            assert said.status in (400, 404), said.text
            assert "<script" not in said.text
            assert "Set-Cookie" not in said.headers
            Reader().read(said.text.removeprefix("<!DOCTYPE html>\n"))
        assert "export_process_failed" not in desk.log.names
        assert desk.left() == []

    at(town, story)


def test_pages_forbid_scripts_frames_and_guesses_of_their_type(town: Town) -> None:
    async def story(desk: Desk) -> None:
        for path in ("/", "/?last=3x", f"/?{MONTH}&quantity=pm10", "/nowhere", "/page.css", "/planners.css"):
            said = await desk.get(path, Accept="text/html")
            policy = said.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "script-src" not in policy
            assert "unsafe-inline" not in policy
            assert said.headers["X-Content-Type-Options"] == "nosniff"
            assert said.headers["Referrer-Policy"] == "no-referrer"
            assert "private" in said.headers["Cache-Control"]

    at(town, story)


def test_of_many_sites_one_is_typed_and_those_chosen_stay_chosen(tmp_path: Path) -> None:
    town = set_up(tmp_path, sensors=60)
    town.fill(1)

    async def story(desk: Desk) -> None:
        root = Reader().read((await desk.get("/?lang=en", Accept="text/html")).text.partition("\n")[2])
        (field,) = [one for one in root.all("input") if one.attributes.get("name") == "site"]
        assert field.attributes["type"] == "text"
        (names,) = [one for one in root.all("datalist") if one.attributes["id"] == field.attributes["list"]]
        assert len(list(names.all("option"))) == 60
        chosen = f"/?lang=en&site=Platz+7&site=Platz+3&{MONTH}"
        root = Reader().read((await desk.get(chosen, Accept="text/html")).text.partition("\n")[2])
        fields = [one.attributes for one in root.all("input") if one.attributes.get("name") == "site"]
        ticked = [one["value"] for one in fields if one["type"] == "checkbox" and "checked" in one]
        assert ticked == ["Platz 7", "Platz 3"]
        assert [one["value"] for one in fields if one["type"] == "text"] == [""]

    at(town, story)


# --- limits --------------------------------------------------------------------------------------------


def test_a_file_above_the_limit_is_refused_with_what_to_do(tmp_path: Path) -> None:
    town = set_up(tmp_path, exports={"megabytes": 1})
    town.fill(8000)

    async def story(desk: Desk) -> None:
        said = await desk.get(f"/export?{MONTH}&format=csv&lang=en")
        assert said.status == 413
        assert "What to do: " in said.text
        assert desk.counts.exports == {"too_large": 1}
        await eventually(lambda: desk.left() == [])

    at(town, story)


def test_an_export_that_takes_too_long_is_ended(
    town: Town, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    do = process.Processes.do
    monkeypatch.setattr(
        process.Processes, "do", lambda self, job, **more: do(self, job, **(more | {"seconds": 0.5}))
    )

    async def story(desk: Desk) -> None:
        said = await desk.get(f"/export?{MONTH}&lang=en")
        assert said.status == 504
        assert "What to do: " in said.text
        assert desk.counts.exports == {"too_slow": 1}
        await held.ended()
        assert desk.left() == []

    at(town, story)


def test_others_wait_their_turn_and_when_too_many_wait_the_next_is_told_to_come_again(
    tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "WAITING", 1)
    town = set_up(tmp_path / "town", exports={"at_once": 1})
    town.fill(100)

    async def story(desk: Desk) -> None:
        first = asyncio.create_task(desk.get("/export?quantity=pm10&" + MONTH))
        await held.started()
        others = [
            asyncio.create_task(desk.get(f"/export?quantity={name}&{MONTH}")) for name in ("pm1", "pm2_5")
        ]
        (refused,), (waiting,) = await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
        assert refused.result().status == 503
        assert refused.result().headers["Retry-After"] == "60"
        assert len(held.pids) == 1
        held.release()
        assert (await first).status == 200
        assert (await waiting).status in (200, 404)
        assert len(held.pids) == 2

    at(town, story)


def test_nobody_waits_for_ever(tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "PATIENCE_S", 0.1)
    town = set_up(tmp_path / "town", exports={"at_once": 1})

    async def story(desk: Desk) -> None:
        first = asyncio.create_task(desk.get("/export?quantity=pm10&" + MONTH))
        await held.started()
        second = await desk.get("/export?quantity=pm2_5&" + MONTH)
        assert (second.status, desk.counts.exports) == (503, {"busy": 1})
        first.cancel()

    at(town, story)


def test_an_export_that_nobody_waits_for_any_more_is_ended(town: Town, held: Held) -> None:
    async def story(desk: Desk) -> None:
        asked = asyncio.create_task(desk.get(f"/export?{MONTH}"))
        await held.started()
        asked.cancel()
        await held.ended()
        await eventually(lambda: desk.counts.exports == {"gone": 1})
        await eventually(lambda: not list((desk.state / "exports").iterdir()))

    at(town, story)


def test_a_killed_process_is_told_to_who_asked_and_to_operators(town: Town, held: Held) -> None:
    async def story(desk: Desk) -> None:
        asked = asyncio.create_task(desk.get(f"/export?{MONTH}&lang=en"))
        await held.started()
        os.kill(held.pids[0], signal.SIGKILL)
        said = await asked
        assert said.status == 500
        assert "What to do: " in said.text
        assert desk.counts.exports == {"failed": 1}
        # Python says 255 where somebody else asked the system for the status first
        ways = [("export_process_failed", {"words": f"it ended with status {one}"}) for one in (-9, 255)]
        assert any(way in desk.log.lines for way in ways), desk.log.lines
        await eventually(lambda: not list((desk.state / "exports").iterdir()))
        held.release()
        assert (await desk.get(f"/export?{MONTH}")).status == 200

    at(town, story)


def test_the_end_of_the_service_ends_its_exports(town: Town, held: Held) -> None:
    async def told() -> None:
        async with open_desk(town) as desk:
            asked = asyncio.create_task(desk.get(f"/export?{MONTH}"))
            await held.started()
        await held.ended()
        await asyncio.gather(asked, return_exceptions=True)
        assert list((desk.state / "exports").iterdir()) == []

    asyncio.run(told())


def test_a_process_ends_when_the_service_was_killed() -> None:
    waiting = (
        "import threading, time; from publish.planners import child;"
        "threading.Thread(target=child._end_with_the_service, daemon=True).start(); print('on', flush=True);"
        "time.sleep(1000)"
    )
    for script in ("from publish.planners.child import main; main()", waiting):
        with subprocess.Popen(
            [sys.executable, "-P", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as one:
            assert one.stdin is not None
            assert one.stdout is not None
            if script is waiting:
                one.stdout.readline()
            one.stdin.close()
            assert one.wait(timeout=60) == 0


def test_an_export_leaves_room_on_the_disk_for_readings(tmp_path: Path) -> None:
    town = set_up(tmp_path, alarms={"disk_free_bytes": 2**62})
    town.fill(10)

    async def story(desk: Desk) -> None:
        said = await desk.get(f"/export?{MONTH}")
        assert (said.status, said.headers["Retry-After"]) == (503, "600")
        assert desk.counts.exports == {"failed": 1}
        await eventually(lambda: not list((desk.state / "exports").iterdir()))

    at(town, story)


def test_what_an_earlier_service_left_is_removed_at_the_start(tmp_path: Path) -> None:
    town = set_up(tmp_path)
    (town.settings.state / "exports/7/.messnetz-export-x").mkdir(parents=True)
    (town.settings.state / "exports/7/half.csv").write_text("half")

    async def story(desk: Desk) -> None:
        assert list((desk.state / "exports").iterdir()) == []

    at(town, story)


def test_a_store_that_is_away_is_said_so(tmp_path: Path) -> None:
    influx = {"url": "http://127.0.0.1:9", "bucket": "b", "timeout": 1}
    town = set_up(tmp_path, store="influx", influx=influx)

    async def story(desk: Desk) -> None:
        said = await desk.get(f"/export?{MONTH}&lang=en")
        assert said.status == 503
        assert "What to do: " in said.text
        assert desk.counts.exports == {"store_away": 1}
        page = await desk.get(f"/?{MONTH}&lang=en", Accept="text/html")
        assert page.status == 503
        assert "<form" in page.text

    at(town, story)


# --- partners ------------------------------------------------------------------------------------------

PRIVATE = """
  - id: luft-geheim
    site: Geheimer Hof
    location: {lat: 50.58, lon: 8.67}
    publish: none
    labels: {geheim: ja}
    dev_eui: 70b3d57ba00fffff
    type: decentlab-dl-pm
    from: 2025-12-01 10:00
"""


@pytest.fixture
def with_secrets(tmp_path: Path) -> Town:
    town = set_up(tmp_path)
    file = tmp_path / "devices/town.yaml"
    file.write_text(file.read_text() + PRIVATE)
    town.fill(10)
    tags = "device=luft-geheim,municipality=giessen,site=Geheimer\\ Hof"
    town.write([f"air_quality,{tags} pm10=1.0,qc=1i {town.begin_ns}"])
    return town


def test_partners_see_and_get_what_is_for_them_and_nothing_else(with_secrets: Town) -> None:
    async def story(desk: Desk) -> None:
        for query in ("", "last=3x", f"site=Nirgends&{MONTH}", f"label=nichts&{MONTH}", MONTH):
            told = await desk.get(f"/?{query}", login=PARTNERS, Accept="text/html")
            assert "eheim" not in told.text
        assert "Geheimer Hof" in (await desk.get("/", Accept="text/html")).text
        for query in ("device=luft-geheim", "site=Geheimer+Hof", "label=geheim"):
            assert (await desk.get(f"/export?{query}&{MONTH}", login=PARTNERS)).status == 404
        refused = await desk.get(f"/export?{MONTH}&audience=internal", login=PARTNERS)
        assert refused.status == 400

    at(with_secrets, story)


def test_a_login_that_stands_in_both_files_is_that_of_partners(with_secrets: Town) -> None:
    (with_secrets.folder / "partners").write_text("\n".join(LOGIN), encoding="utf-8")

    async def story(desk: Desk) -> None:
        assert "Geheimer Hof" not in (await desk.get("/", Accept="text/html")).text

    at(with_secrets, story)


def test_an_export_of_one_login_is_not_the_others(with_secrets: Town) -> None:
    async def story(desk: Desk) -> None:
        query = f"/export?{MONTH}&format=csv"
        ours = await desk.get(query)
        theirs = await desk.get(query, login=PARTNERS, Range="bytes=0-")
        open_ = await desk.get(f"{query}&audience=open", login=PARTNERS)
        devices = [
            {row["device"] for row in csv.DictReader(io.StringIO(one.text))} for one in (ours, theirs, open_)
        ]
        assert devices[0] == {"luft-00", "luft-01", "luft-geheim"}
        assert devices[1] == devices[2] == {"luft-00", "luft-01"}

    at(with_secrets, story)


# --- what lies on the shelf ----------------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def made(shelf_: Shelf, name: str, size: int) -> "asyncio.Future[shelf.Entry]":
    async def put() -> shelf.Entry:
        folder = shelf_.new_folder()
        (folder / "data").write_bytes(b"x" * size)
        (folder / "package").write_text("{}")
        return await shelf_.put(key(name), folder, Made("data", "package", 1))

    return asyncio.ensure_future(put())


def key(name: str) -> Key:
    return Key(Ask(site=(name,)), zipped=False)


def test_what_is_asked_for_as_a_whole_is_fresh_and_pieces_are_of_one_make(tmp_path: Path) -> None:
    async def story() -> None:
        clock = Clock()
        one = Shelf(tmp_path / "shelf", 1000, clock)
        one.empty()
        first = await made(one, "a", 10)
        clock.now = shelf.FRESH_S + 1
        assert one.find(key("a"), pieces=False) is None
        assert one.find(key("a"), pieces=True) is first
        with one.reading(first):
            second = await made(one, "a", 10)
            assert first.data.exists()  # it is still being sent
            assert one.find(key("a"), pieces=True) is second
        await one.tidy()
        assert not first.folder.exists()
        clock.now += shelf.KEPT_S
        await one.tidy()
        assert one.entries == []
        assert list((tmp_path / "shelf").iterdir()) == []

    asyncio.run(story())


@pytest.mark.parametrize(
    ("utc", "language", "told"),
    [
        ("2026-10-24T23:00", "de", "25.10.2026, 01:00"),
        ("2026-10-25T00:00", "de", "25.10.2026, 02:00 (UTC+02:00)"),
        ("2026-10-25T01:30", "en", "2026-10-25 02:30 (UTC+01:00)"),
        ("2026-10-25T02:00", "en", "2026-10-25 03:00"),
        ("2026-03-29T01:00", "de", "29.03.2026, 03:00"),
    ],
)
def test_the_table_of_a_chart_tells_both_2_o_clock_hours_apart(
    utc: str, language: Language, told: str
) -> None:
    time_ns = int(datetime.fromisoformat(f"{utc}+00:00").timestamp()) * 10**9
    assert text.moment(time_ns, ZoneInfo("Europe/Berlin"), language) == told


def test_an_estimate_says_where_it_looked_and_what_is_too_much() -> None:
    looked = Looked(False, 943_037, 0, 0, {"csv": 10**9}, ("time",), (), ())
    page = seen(Ask(last="1y"), looked, "http://x/", ZoneInfo("Europe/Berlin"), "en", limit=10**8)
    assert "That is more than the 100 MB that a file may have: ask for less." in page
    assert "Rows: 943,037. Where it was looked at, there is no value." in page


def test_a_file_that_somebody_removed_is_made_anew(town: Town) -> None:
    async def story(desk: Desk) -> None:
        path = f"/export?site=Platz 1&{days(2)}"
        first = await desk.get(path)
        for file in desk.left():
            file.unlink()
        again = await desk.get(path)
        assert (again.status, again.body) == (200, first.body)

    at(town, story)


def test_the_shelf_is_bounded_and_what_was_asked_for_longest_ago_goes_first(tmp_path: Path) -> None:
    async def story() -> None:
        clock = Clock()
        one = Shelf(tmp_path / "shelf", 1000, clock)
        one.empty()
        for number in range(4):
            clock.now = float(number)
            await made(one, str(number), 1000)
        held = [entry for entry in one.entries if one.find(key("0"), pieces=True) is entry]
        with one.reading(held[0]):
            await one.make_room()
            assert one.find(key("0"), pieces=True) is held[0]
            assert one.find(key("1"), pieces=True) is None
        for entry in one.entries:
            entry.readers += 1
        await made(one, "5", 1000)
        one.entries[-1].readers += 1
        with pytest.raises(Refused) as refused:
            await one.make_room()
        assert (refused.value.status, refused.value.ending) == (503, "busy")

    asyncio.run(story())


# --- addresses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "site=Platz 1&site=Käse & Brot&last=30d&every=1h&format=xlsx",
        "from=2026-01-01&to=2026-01-31 12:00&format=csv&shape=wide&lang=en",
        "quantity=pm10&figures=traffic&suspect=drop&audience=open&format=gpkg",
    ],
)
def test_an_address_asks_for_what_it_was_made_of(query: str) -> None:
    from urllib.parse import parse_qsl  # noqa: PLC0415

    pairs = parse_qsl(query.replace(" & ", " %26 "))
    ask = ask_of(pairs, "internal", "de")
    assert ask_of(parse_qsl(address(ask)), "internal", "de") == ask


# --- the real service ----------------------------------------------------------------------------------


def test_a_client_that_reads_nothing_holds_up_neither_exports_nor_the_service(tmp_path: Path) -> None:
    town = set_up(tmp_path, sensors=4, exports={"at_once": 1})
    town.fill(16_000)
    settings = json.loads(town.config.read_text())
    broker = {"name": "street", "format": "chirpstack", "host": "127.0.0.1", "port": 1}
    service = Messnetz(tmp_path, settings | {"brokers": [broker]})
    service.start()
    try:
        port = service.status()["planners_port"]
        query = f"/export?{days(60)}&format=ndjson"
        stuck = socket.create_connection(("127.0.0.1", port))
        stuck.sendall(f"GET {query} HTTP/1.1\r\nHost: x\r\nAuthorization: {basic(*LOGIN)}\r\n\r\n".encode())
        first = stuck.recv(100)
        assert first.startswith(b"HTTP/1.1 200 ")
        other = subprocess.run(
            ["curl", "-sf", "-u", ":".join(LOGIN), f"http://127.0.0.1:{port}/export?quantity=pm10&{MONTH}"],
            capture_output=True,
            check=True,
            timeout=120,
        )
        assert len(other.stdout.splitlines()) > 1000
        assert service.healthy
        received = bytearray(first)
        stuck.settimeout(120)
        head, _, _ = bytes(_until(stuck, received, b"\r\n\r\n")).partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        while len(received) < len(head) + 4 + length:
            received += stuck.recv(65536)
        assert received.endswith(b"}\n")
        assert length > 10**7
        stuck.close()
        assert service.metrics()["messnetz_exports_total{result=made}"] == 2
    finally:
        service.kill()


def _until(connection: socket.socket, received: bytearray, mark: bytes) -> bytearray:
    while mark not in received:
        received += connection.recv(4096)
    return received


def test_the_address_is_off_without_a_login_file(tmp_path: Path) -> None:
    town = Town(tmp_path, 1).set_up()
    service = Messnetz(tmp_path, json.loads(town.config.read_text()))
    service.start()
    try:
        assert service.status()["planners_port"] is None
    finally:
        service.kill()
