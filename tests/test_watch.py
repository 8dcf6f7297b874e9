"""What a sensor said last: for the phone on the ladder, in two languages, also of strangers."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette

from devices import registry
from devices.device import Device
from devices.reading import Flag, Reading, Value
from devices.registry import Registry
from devices.uplink import Kind, Uplink
from ingest import watch as watch_module
from ingest.http import serve
from ingest.pipeline import Verdict
from ingest.seams import Delivery, Outcome
from ingest.watch import Watch, describe, margin_db, senders
from publish.watch import create_watch
from tests.fleet import members, register

AIR = members("decentlab-dl-pm", 1)[0]
STRANGER = "70b3d57effff0001"
T0 = 1_780_000_000_000_000_000


def delivery(arrival_ns: int = T0, payload: bytes = b"{}") -> Delivery:
    return Delivery(
        "town", "chirpstack", "a/topic", payload, arrival_ns, 1, False, False, 1, lambda _outcome: None
    )


def stored(address: str = AIR.dev_eui, **more: Any) -> Verdict:
    uplink = Uplink(
        kind=Kind.DATA,
        address=address,
        time_ns=T0,
        dedup_key="x",
        f_port=1,
        f_cnt=7,
        payload=b"\x02\xff",
        decoded={"pm2_5": {"value": 3.5, "note": "<b>&"}},
        rssi=-97.0,
        snr=6.5,
        gateways=2,
        heard_by=("gw-1", "gw-2"),
        spreading_factor=9,
    )
    values = (Value("pm2_5", 3.5, Flag.GOOD, 3.0), Value("pm10", 2500.0, Flag.FAIL))
    said: dict[str, Any] = {
        "address": address,
        "time_ns": T0,
        "complaints": ("pm1: 'x' is no number",),
        "uplink": uplink,
        "decoded": uplink.decoded,
        "readings": (Reading("air_quality", T0, values),),
    }
    return Verdict(Outcome.STORED, **(said | more))


@pytest.fixture
def registered(tmp_path: Path) -> Registry:
    register(tmp_path, [AIR])
    return registry.load(tmp_path / "devices", (registry.SHIPPED_TYPES,))


def test_the_newest_message_of_a_sender_is_the_one_shown() -> None:
    watch = Watch()
    watch.answered(delivery(T0), stored())
    watch.answered(delivery(T0 + 1), stored())
    newest = watch.newest([AIR.dev_eui, "other"])
    assert newest is not None
    assert newest.delivery.arrival_ns == T0 + 1
    assert watch.newest(["other"]) is None


def test_only_so_many_senders_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "REMEMBERED", 3)
    watch = Watch()
    for number in (1, 2, 3, 1, 4):
        watch.answered(delivery(), stored(f"sender-{number}"))
    assert [seen.address for seen in watch.last(9)] == ["sender-4", "sender-1", "sender-3"]


def test_who_waits_is_told_of_the_next_message_and_nobody_else() -> None:
    async def story() -> None:
        watch = Watch()
        watch.answered(delivery(T0), stored())
        mine = asyncio.create_task(watch.after([AIR.dev_eui], T0, 60))
        other = asyncio.create_task(watch.after(["other"], T0, 60))
        await asyncio.sleep(0)
        watch.answered(delivery(T0 + 5), stored())
        seen = await mine
        assert seen is not None
        assert seen.delivery.arrival_ns == T0 + 5
        assert not other.done()
        other.cancel()
        assert await watch.after([AIR.dev_eui], T0 + 5, 0.001) is None
        assert await watch.after([AIR.dev_eui], 0, 60) is not None
        assert watch._waiting == {} or set(watch._waiting) == {"other"}

    asyncio.run(story())


def test_a_place_and_its_deveui_in_any_spelling_mean_the_same(registered: Registry) -> None:
    device, addresses = senders(AIR.id, registered)
    assert isinstance(device, Device)
    assert addresses == (AIR.dev_eui,)
    spelled = ":".join(re.findall("..", AIR.dev_eui.upper()))
    assert senders(spelled, registered) == (device, addresses)
    assert senders(STRANGER, registered) == (None, (STRANGER,))
    assert senders("esp8266-17", registered) == (None, ("esp8266-17",))


@pytest.mark.parametrize(
    ("snr", "factor", "spare"), [(6.5, 9, 19.0), (-18.0, 12, 2.0), (None, 9, None), (1, 5, None)]
)
def test_the_radios_reserve_is_the_distance_to_the_floor_of_its_spreading_factor(
    snr: float | None, factor: int, spare: float | None
) -> None:
    assert margin_db(snr, factor) == spare


class Page(HTMLParser):
    """The text, the ids and the attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status_code: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Client:
    """A browser; each request has a server of its own."""

    watch: Watch
    registry: Registry

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, follow: bool = True) -> Answer:
        async def ask() -> Answer:
            application = Starlette(routes=create_watch(self.watch, lambda: self.registry))
            async with (
                serve(application) as port,
                aiohttp.ClientSession(headers=headers) as session,
                session.get(f"http://127.0.0.1:{port}{path}", allow_redirects=follow) as answer,
            ):
                return Answer(answer.status, answer.headers, await answer.text())

        return asyncio.run(ask())


def client(watch: Watch, registered: Registry) -> Client:
    return Client(watch, registered)


def test_the_page_shows_state_readings_radio_payload_and_complaints_in_german(registered: Registry) -> None:
    watch = Watch()
    watch.answered(delivery(), stored())
    answer = client(watch, registered).get(f"/watch/{AIR.id}?lang=de")
    page = Page(answer.text)
    assert ("lang", "de") in page.attributes
    for words in (
        f"Site {AIR.id}",
        "● gespeichert",
        "Feinstaub PM2,5",
        "unkalibriert 3",
        "3,5 µg/m³",
        "● plausibel",
        "2500 µg/m³ ✕ nicht gültig",
        "● gut 19 dB Reserve",
        "RSSI -97 dBm · SNR 6,5 dB · SF9 · 2 Gateways",
        "gw-1, gw-2",
        "02 ff",
        "Port 1, Frame 7",
        "<b>&",
        "pm1: 'x' is no number",
    ):
        assert words in page.text, words
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_the_page_is_english_for_whoever_reads_english(registered: Registry) -> None:
    watch = Watch()
    watch.answered(delivery(), stored())
    answer = client(watch, registered).get(f"/watch/{AIR.id}", headers={"accept-language": "en-GB"})
    page = Page(answer.text)
    assert ("lang", "en") in page.attributes
    assert "3.5 µg/m³" in page.text
    assert "● stored" in page.text
    assert "not valid" in page.text


def test_a_stranger_is_shown_with_what_it_says(registered: Registry) -> None:
    watch = Watch()
    unknown = stored(STRANGER, readings=(), complaints=())
    watch.answered(delivery(), Verdict(Outcome.QUARANTINED, address=STRANGER, uplink=unknown.uplink))
    page = Page(client(watch, registered).get(f"/watch/{STRANGER}?lang=en").text)
    assert "? unknown device" in page.text
    assert "02 ff" in page.text
    assert "No reading came of it." in page.text


def test_a_message_that_cannot_be_read_is_shown_as_it_came(registered: Registry) -> None:
    watch = Watch()
    verdict = Verdict(Outcome.REJECTED, "not_json", "not JSON", address=AIR.dev_eui)
    watch.answered(delivery(payload=b"<oops>\xff"), verdict)
    page = Page(client(watch, registered).get(f"/watch/{AIR.id}?lang=en").text)
    assert "✕ rejected" in page.text
    assert "<oops>\N{REPLACEMENT CHARACTER}" in page.text


def test_before_the_first_uplink_the_page_waits(registered: Registry) -> None:
    page = Page(client(Watch(), registered).get(f"/watch/{STRANGER}?lang=de").text)
    assert "Seit dem Start des Dienstes war er still." in page.text
    assert "Er ist nicht registriert." in page.text
    assert ("data-after", "0") in page.attributes
    assert ("aria-live", "polite") in page.attributes


def test_the_script_gets_the_next_uplink_as_a_piece_of_the_page(registered: Registry) -> None:
    watch = Watch()
    watch.answered(delivery(T0), stored())
    ask = client(watch, registered).get
    answer = ask(f"/watch/{AIR.id}/newest?after=0&lang=de")
    assert answer.headers["x-arrival"] == str(T0)
    assert "gespeichert" in answer.text
    assert "<html" not in answer.text


def test_the_script_hears_when_nothing_came(registered: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publish.watch.WAIT_S", 0.001)
    assert client(Watch(), registered).get(f"/watch/{AIR.id}/newest?after=0").status_code == 204


def test_the_entrance_lists_who_was_heard_and_leads_to_a_name(registered: Registry) -> None:
    watch = Watch()
    ask: Callable[..., Any] = client(watch, registered).get
    assert "Nobody has been heard" in ask("/watch?lang=en").text
    watch.answered(delivery(), stored())
    watch.answered(delivery(), Verdict(Outcome.QUARANTINED, address=STRANGER))
    page = Page(ask("/watch?lang=de").text)
    assert page.text.index(STRANGER) < page.text.index(f"Site {AIR.id}")
    assert ("href", f"/watch/{AIR.id}?lang=de") in page.attributes
    led = ask("/watch?name=70-B3&lang=de", follow=False)
    assert led.headers["location"].endswith("/watch/70-B3?lang=de")


@pytest.mark.parametrize("file", ["page.css", "watch.css", "watch.js"])
def test_the_pages_own_files_are_served_and_no_other(file: str, registered: Registry) -> None:
    ask = client(Watch(), registered).get
    assert ask(f"/watch/static/{file}").status_code == 200
    assert "def create_page" not in ask("/watch/static/../page.py").text
    assert ask("/watch/static/other").status_code == 404


def test_a_description_is_json_with_both_languages_sentences(registered: Registry) -> None:
    from devices.language import say  # noqa: PLC0415  of this test alone

    watch = Watch()
    watch.answered(
        delivery(), stored(detail=say("{device}: {what}", device="a", what=say("It is not registered.")))
    )
    seen = watch.newest([AIR.dev_eui])
    assert seen is not None
    assert describe(seen, registered, "de")["detail"] == "a: Er ist nicht registriert."
    assert describe(seen, registered, "en")["detail"] == "a: It is not registered."
