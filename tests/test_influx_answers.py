"""What InfluxDB may answer, and what becomes of the lines then."""

import asyncio
import json
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ingest.seams import CannotRemove, RefusedLine, StoreUnavailable
from ingest.settings import Influx
from ingest.store.answers import LONG_LINE_BYTES
from ingest.store.influx import InfluxStore
from tests.fakes.influx import Answer, FakeInflux, Request, said
from tests.servers.process import free_port

GOOD = [b"air_quality,device=luft-%d pm10=%d.0 1000" % (number % 7, number) for number in range(40)]
BAD = b"air_quality,device=kaputt pm10=1i 1000"
CONFLICT = (
    'partial write: field type conflict: input field "pm10" on measurement "air_quality" is type integer,'
    " already exists as type float dropped=1"
)


def against(
    answer: Callable[[Request], Answer],
    use: Callable[[InfluxStore, FakeInflux], Any],
    **settings: Any,
) -> Any:
    """Runs `use` with a store that speaks to a server giving these answers."""

    async def run() -> Any:
        async with FakeInflux(answer).running() as server:
            store = InfluxStore(
                Influx(**{"url": server.url, "bucket": "stadt/street", "timeout": 20, **settings})
            )
            try:
                return await use(store, server)
            finally:
                await store.close()

    return asyncio.run(run())


def write(
    answer: Callable[[Request], Answer], lines: Sequence[bytes], **settings: Any
) -> Sequence[RefusedLine]:
    refused: Sequence[RefusedLine] = against(answer, lambda store, _: store.write(lines), **settings)
    return refused


def unavailable(answer: Answer, **settings: Any) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as caught:
        write(lambda _: answer, GOOD, **settings)
    return caught.value


class Database:
    """Answers as 1.8 does for these bad lines: stores the good, names one cause; 422 as version 2 does."""

    def __init__(
        self, *bad: bytes, words: str = CONFLICT, status: int = 400, stores_good: bool = True
    ) -> None:
        self.bad = set(bad)
        self.words = words
        self.status = status
        self.stores_good = stores_good
        self.stored: set[bytes] = set()

    def __call__(self, request: Request) -> Answer:
        bad = self.bad & set(request.lines)
        if not bad or self.stores_good:
            self.stored |= set(request.lines) - bad
        return said(self.status, code="invalid", message=self.words) if bad else Answer()


def test_a_batch_is_one_compressed_request_to_the_bucket() -> None:
    def use(store: InfluxStore, server: FakeInflux) -> Any:
        async def run() -> list[Request]:
            assert await store.write(GOOD) == []
            return server.requests

        return run()

    (request,) = against(lambda _: Answer(), use, org="giessen")
    where = parse_qs(urlsplit(request.target).query)
    assert urlsplit(request.target).path == "/api/v2/write"
    assert (where["bucket"], where["org"], where["precision"]) == (["stadt/street"], ["giessen"], ["ns"])
    assert request.headers["content-encoding"] == "gzip"
    assert request.lines == GOOD


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("stores_good", [True, False])
def test_only_the_bad_line_is_refused_with_the_servers_words(status: int, stores_good: bool) -> None:
    database = Database(BAD, status=status, stores_good=stores_good)
    assert write(database, [*GOOD[:13], BAD, *GOOD[13:]]) == [RefusedLine(13, CONFLICT)]
    assert database.stored == set(GOOD)


def test_words_of_version_3_are_kept_with_the_line_they_are_about() -> None:
    data = [{"original_line": BAD.decode(), "line_number": 1, "error_message": "invalid column type"}]

    def answer(request: Request) -> Answer:
        words = "partial write of line protocol occurred"
        return said(400, error=words, data=data) if BAD in request.lines else Answer()

    (refused,) = write(answer, [BAD])
    assert refused.reason == f"partial write of line protocol occurred; invalid column type ({BAD.decode()})"


def test_every_line_of_a_part_that_was_dropped_whole_is_refused_by_one_answer() -> None:
    words = "partial write: points beyond retention policy dropped={}"
    requests = []

    def answer(request: Request) -> Answer:
        requests.append(request)
        return said(400, error=words.format(len(request.lines)))

    assert [one.index for one in write(answer, GOOD)] == list(range(len(GOOD)))
    assert len(requests) == 1


def test_a_bad_device_among_many_costs_few_requests() -> None:
    lines = [
        b"air_quality,device=luft-%d pm10=%s %d"
        % (number % 200, b"1i" if number % 200 == 77 else b"1.5", number)
        for number in range(2000)
    ]
    requests = []

    def answer(request: Request) -> Answer:
        requests.append(request)
        bad = sum(b"=1i " in line for line in request.lines)
        words = CONFLICT.replace("dropped=1", f"dropped={bad}")
        return said(400, error=words) if bad else Answer()

    assert [one.index for one in write(answer, lines)] == list(range(77, 2000, 200))
    assert len(requests) < 60


AGE = "partial write: points beyond retention policy dropped={0}"
#: Quotes two series, and says how many at the very end.
AGE_OF_2_7 = (
    "failure writing points to database: partial write: dropped {0} points outside retention policy of"
    f" duration 720h0m0s - oldest point {'x' * 600} dropped, newest point {'y' * 600} dropped"
    " dropped={0} for database: 9f282d63c7d3a5c0 for retention policy: autogen"
)


@pytest.mark.parametrize("words", [AGE, AGE_OF_2_7], ids=["1.8", "2.7"])
def test_points_outside_retention_of_many_devices_cost_few_requests(words: str) -> None:
    old = {number for number in range(2000) if (number + number // 200) % 2}
    lines = [
        b"air_quality,device=luft-%d pm10=1.5 %d" % (number % 200, number + (0 if number in old else 10**6))
        for number in range(2000)
    ]
    requests = []

    def answer(request: Request) -> Answer:
        requests.append(request)
        dropped = sum(int(line.split()[-1]) < 10**6 for line in request.lines)
        return said(400, error=words.format(dropped)) if dropped else Answer()

    refused = write(answer, lines)
    assert {one.index for one in refused} == old
    assert [one.index for one in refused] == sorted(old)
    assert len(requests) < 40


@pytest.mark.parametrize("words", [CONFLICT, AGE.format(1)], ids=["by series", "by time"])
def test_lines_of_one_point_arrive_in_their_order_even_when_halved(words: str) -> None:
    twice = [b"air_quality,device=a pm10=1.0 5", b"air_quality,device=a pm10=2.0 5"]
    last: dict[bytes, bytes] = {}
    database = Database(BAD, words=words)

    def answer(request: Request) -> Answer:
        for line in request.lines:
            last[line.split(b" ")[0]] = line
        return database(request)

    write(answer, [*twice, BAD])  # the first cut goes between the two
    assert last[b"air_quality,device=a"] == twice[1]


def test_a_line_without_a_time_among_points_outside_retention_is_refused_too() -> None:
    database = Database(BAD, b"garbage", words=AGE.format(1), stores_good=False)
    assert [one.index for one in write(database, [*GOOD, b"garbage", BAD])] == [40, 41]
    assert database.stored == set(GOOD)


def test_a_request_too_large_is_halved_and_refuses_nothing() -> None:
    stored: set[bytes] = set()

    def answer(request: Request) -> Answer:
        if len(request.lines) > 3:
            return Answer(413, b"too large")
        stored.update(request.lines)
        return Answer()

    assert write(answer, GOOD) == []
    assert stored == set(GOOD)


def longest_taken(limit: int) -> Callable[[Request], Answer]:
    """Answers as a server or proxy does that takes bodies of so many bytes."""
    return lambda request: Answer(413, b"<html>too large") if len(request.body) > limit else Answer()


def test_a_line_too_large_among_lines_that_are_taken_is_refused() -> None:
    large = b"air_quality,device=lang pm10=%s.0 1000" % (b"1" * 300)
    refused = write(longest_taken(200), [*GOOD[:13], large, *GOOD[13:]])
    assert refused == [RefusedLine(13, "<html>too large")]


def test_a_long_line_alone_that_is_too_large_is_refused() -> None:
    large = b"air_quality,device=lang pm10=%s.0 1000" % (b"1" * LONG_LINE_BYTES)
    assert write(longest_taken(1000), [large]) == [RefusedLine(0, "<html>too large")]


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_proxy_to_which_everything_is_too_large_holds_all_lines(count: int) -> None:
    requests = []

    def answer(request: Request) -> Answer:
        requests.append(request)
        return Answer(413, b"<html>too large")

    with pytest.raises(StoreUnavailable, match="too large") as caught:
        write(answer, GOOD[:count])
    assert caught.value.held
    assert "limit of a request's body" in caught.value.hint
    assert len(requests) < 10


def test_a_proxy_to_which_everything_becomes_too_large_in_the_middle_of_a_batch_costs_no_line() -> None:
    answers = iter([said(400, error=CONFLICT), Answer()])
    with pytest.raises(StoreUnavailable, match="too large") as caught:
        write(lambda _: next(answers, Answer(413, b"<html>too large")), [*GOOD, BAD])
    assert caught.value.held


def test_the_newest_writing_of_a_point_wins_when_the_shortest_line_is_tried() -> None:
    twice = [b"air_quality,device=a pm10=1.0 5", b"air_quality,device=a pm10=22.0 5"]
    large = b"air_quality,device=lang pm10=%s.0 1000" % (b"1" * 300)
    last: dict[bytes, bytes] = {}

    def answer(request: Request) -> Answer:
        taken = longest_taken(200)(request)
        if taken.status == 204:
            last.update((line.split(b" ")[0], line) for line in request.lines)
        return taken

    assert [one.index for one in write(answer, [*twice, large])] == [2]
    assert last[b"air_quality,device=a"] == twice[1]


@pytest.mark.parametrize(
    "words",
    [
        "unable to parse '\x1f\x8b\x08': missing tag value",
        "Please provide either orgID or org",
        "unexpected EOF",
    ],
)
def test_a_request_that_is_wrong_as_such_makes_no_dead_letters(words: str) -> None:
    caught = unavailable(said(400, error=words))
    assert caught.held
    assert words in str(caught)


def test_strange_words_are_about_the_line_when_others_were_taken() -> None:
    assert write(Database(BAD, words="no"), [*GOOD, BAD]) == [RefusedLine(len(GOOD), "no")]


@pytest.mark.parametrize(
    ("status", "hint"), [(401, "token_file"), (403, "token"), (404, "bucket"), (301, "url"), (405, "url")]
)
def test_what_only_an_operator_can_mend_is_held_with_a_hint(status: int, hint: str) -> None:
    location = {"Location": "http://127.0.0.1:1/login"} if status == 301 else {}
    caught = unavailable(Answer(status, b'{"error":"not so"}', location))
    assert caught.held
    assert hint in caught.hint
    assert "not so" in str(caught)


def test_a_success_that_is_not_influxdbs_is_held() -> None:
    assert unavailable(Answer(200, b"<html>Welcome")).held


def test_a_missing_retention_policy_of_version_1_is_held_although_it_answers_500() -> None:
    caught = unavailable(said(500, error="retention policy not found: street"))
    assert caught.held
    assert "bucket" in caught.hint


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_time_may_mend_is_tried_again(status: int) -> None:
    caught = unavailable(said(status, error="later"))
    assert (caught.held, caught.retry_after_s) == (False, None)
    assert "later" in str(caught)


def test_retry_after_in_seconds_is_passed_on() -> None:
    assert unavailable(Answer(429, headers={"Retry-After": "17"})).retry_after_s == 17


def test_retry_after_as_a_date_is_passed_on() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    waits = unavailable(Answer(503, headers={"Retry-After": date})).retry_after_s
    assert waits is not None
    assert 3000 < waits <= 3600


def test_retry_after_that_says_nothing_is_passed_over() -> None:
    assert unavailable(Answer(429, headers={"Retry-After": "soon"})).retry_after_s is None


def test_a_server_that_never_answers_is_given_up() -> None:
    caught = unavailable(Answer(hang=True), timeout=0.2)
    assert "does not answer within 0.2 s" in str(caught)


@pytest.mark.parametrize("cut", [0, 10, 40])
def test_an_answer_that_breaks_off_is_none(cut: int) -> None:
    assert not unavailable(Answer(500, b"long words", cut=cut)).held


def test_noise_in_place_of_an_answer_is_not_repeated() -> None:
    noise = unavailable(Answer(raw=bytes(range(256)) * 20))
    assert str(noise).endswith("what is there does not speak HTTP; check influx.url")
    assert not noise.held


def test_nobody_listening_is_unavailable() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert not unavailable(Answer(), url=url).held


def test_a_part_that_becomes_unavailable_while_halving_makes_the_whole_batch_wait() -> None:
    answers = iter([said(400, error=CONFLICT), Answer(), Answer(503)])
    with pytest.raises(StoreUnavailable):
        write(lambda _: next(answers), [*GOOD, BAD])


def test_a_rotated_token_is_read_anew(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first\n")

    def use(store: InfluxStore, server: FakeInflux) -> Any:
        async def run() -> list[str]:
            await store.write(GOOD)
            token.write_text("second, longer\n")
            await store.write(GOOD)
            await store.latest("air_quality", ["pm10"], 0)
            return [request.headers["authorization"] for request in server.requests]

        return run()

    def answer(request: Request) -> Answer:
        return said(200, results=[{}]) if request.target.startswith("/query") else Answer()

    assert against(answer, use, token_file=token) == [
        "Token first",
        "Token second, longer",
        "Token second, longer",
    ]


def test_a_missing_token_file_is_held_and_no_request_goes_out(tmp_path: Path) -> None:
    caught = unavailable(Answer(), token_file=tmp_path / "nowhere")
    assert caught.held
    assert "token_file" in caught.hint


@pytest.mark.parametrize("begins", ["missing", "empty"])
def test_a_token_that_comes_later_is_waited_for(tmp_path: Path, begins: str) -> None:
    token = tmp_path / "token"
    if begins == "empty":
        token.touch()

    def use(store: InfluxStore, server: FakeInflux) -> Any:
        async def run() -> list[str | None]:
            with pytest.raises(StoreUnavailable) as caught:
                await store.write(GOOD)
            assert caught.value.held
            assert "token_file" in caught.value.hint
            token.write_text("chosen\n")
            await store.write(GOOD)
            return [request.headers.get("authorization") for request in server.requests]

        return run()

    def answer(request: Request) -> Answer:
        return Answer() if "authorization" in request.headers else said(401, error="unauthorized access")

    asked = against(answer, use, token_file=token)
    assert asked == (["Token chosen"] if begins == "missing" else [None, "Token chosen"])


def test_a_missing_ca_file_is_held(tmp_path: Path) -> None:
    caught = unavailable(Answer(), ca_file=tmp_path / "nowhere.pem")
    assert caught.held
    assert f"influx.ca_file {tmp_path}/nowhere.pem is not there" in str(caught)
    assert "put the file there" in caught.hint


@pytest.mark.parametrize(("authority", "trusted"), [("ca", True), ("other", False)])
def test_https_is_spoken_with_who_is_trusted_alone(certificates: Path, authority: str, trusted: bool) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.pem", certificates / "server.key")

    async def run() -> None:
        answer = said(200, results=[{}])
        server = FakeInflux(lambda request: answer if request.target.startswith("/query") else Answer())
        async with server.running(tls):
            ca_file = certificates / f"{authority}.pem"
            store = InfluxStore(Influx(url=server.url, bucket="stadt/street", ca_file=ca_file))
            try:
                for question in (store.write(GOOD), store.latest("air_quality", ["pm10"], 0)):
                    if trusted:
                        assert await question == []
                    else:
                        with pytest.raises(StoreUnavailable, match="no TLS") as caught:
                            await question
                        assert caught.value.held
            finally:
                await store.close()

    asyncio.run(run())


def test_an_error_inside_the_answer_to_a_question_is_raised() -> None:
    with pytest.raises(StoreUnavailable, match="database not found"):
        against(
            lambda _: said(200, results=[{"error": "database not found: stadt"}]),
            lambda store, _: store.latest("air_quality", ["pm10"], 0),
        )


def test_an_answer_cut_short_by_the_server_is_no_answer() -> None:
    cut = {"name": "air_quality", "columns": ["time", "pm10"], "values": [[1, 2.5]], "partial": True}
    with pytest.raises(StoreUnavailable, match="cut its answer short"):
        against(
            lambda _: said(200, results=[{"series": [cut]}]),
            lambda store, _: store.series("air_quality", ["pm10"], "luft-1", 0, 10),
        )


def test_version_2_removes_through_its_own_address() -> None:
    def answer(request: Request) -> Answer:
        return Answer(headers={"X-Influxdb-Version": "v2.7.11"})

    def use(store: InfluxStore, server: FakeInflux) -> Any:
        async def run() -> Request:
            await store.remove("air_quality", 'luft "1"', 0, 1_500_000_000)
            return server.requests[-1]

        return run()

    request = against(answer, use, org="giessen")
    assert urlsplit(request.target).path == "/api/v2/delete"
    assert json.loads(request.body) == {
        "start": "1970-01-01T00:00:00.000000000Z",
        "stop": "1970-01-01T00:00:01.499999999Z",
        "predicate": '_measurement="air_quality" AND device="luft \\"1\\""',
    }


@pytest.mark.parametrize(
    "ping",
    [Answer(200, headers={"x-influxdb-version": "3.10.0"}), said(200, version="3.1.0", revision="abc")],
)
def test_version_3_says_that_it_cannot_remove(ping: Answer) -> None:
    with pytest.raises(CannotRemove):
        against(lambda _: ping, lambda store, _: store.remove("air_quality", "luft-1", 0, 10))
