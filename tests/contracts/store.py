"""What every `ingest.seams.Store` does, as functions that take one; `tests/test_store.py` runs them all.

Each check writes into a measurement of its own, so that a store may be shared.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from ingest.line_protocol import encode_row
from ingest.seams import Row, Store

S = 1_000_000_000
DAY = 86_400 * S

Check = Callable[["Subject"], Awaitable[None]]


@dataclass
class Subject:
    """A store under test. `now_ns` is a time it takes, `past_ns` one beyond retention (None: keeps all)."""

    store: Store
    now_ns: int
    past_ns: int | None
    removes: bool = True
    measurement: str = field(default_factory=lambda: f"air_{uuid4().hex[:8]}")

    def line(self, fields: str, seconds: int = 0, *, device: str = "luft-1", tags: str = "") -> bytes:
        """A line of the check's measurement, some seconds after now."""
        return f"{self.measurement},device={device}{tags} {fields} {self.now_ns + seconds * S}".encode()

    async def stored(self, device: str = "luft-1", fields: Sequence[str] = ("pm10", "pm2_5")) -> list[Row]:
        """All of a device's rows around now."""
        begin, end = self.now_ns - DAY, self.now_ns + DAY
        return list(await self.store.series(self.measurement, fields, device, begin, end))


async def what_was_written_is_read(subject: Subject) -> None:
    lines = [subject.line(f"pm10={n}.5", n, tags=",site=Marktplatz") for n in (3, 1, 2)]
    assert await subject.store.write([*lines, subject.line("pm10=9.0", device="luft-2")]) == []
    tags = {"device": "luft-1", "site": "Marktplatz"}
    assert await subject.stored() == [Row(subject.now_ns + n * S, tags, {"pm10": n + 0.5}) for n in (1, 2, 3)]


async def a_range_takes_its_begin_and_leaves_its_end(subject: Subject) -> None:
    await subject.store.write([subject.line(f"pm10={n}.0", n) for n in range(5)])
    begin, end = subject.now_ns + S, subject.now_ns + 3 * S
    found = await subject.store.series(subject.measurement, ["pm10"], "luft-1", begin, end)
    assert [row.fields["pm10"] for row in found] == [1, 2]


async def fields_keep_their_kinds_and_tags_their_texts(subject: Subject) -> None:
    await subject.store.write([subject.line("count=3i,speed=4.25,co2=-1.5e-07", device=r"Berliner\ Pl\,\=ä")])
    (row,) = await subject.stored("Berliner Pl,=ä", ["count", "speed", "co2"])
    assert row.fields == {"count": 3, "speed": 4.25, "co2": -1.5e-07}
    assert row.tags == {"device": "Berliner Pl,=ä"}


async def texts_are_kept_as_they_are(subject: Subject) -> None:
    text = 'pm2_5, pm10 = "Staub" \\ ß'
    line = encode_row(subject.measurement, ",device=luft-1", {"pm10": 1.5, "of": text}, subject.now_ns)
    assert await subject.store.write([line, subject.line('pm2_5="a word"', 1)]) == []
    assert [row.fields for row in await subject.stored(fields=["of", "pm10"])] == [{"pm10": 1.5, "of": text}]
    (refused,) = await subject.store.write([subject.line('pm10="a word"', 2)])
    assert "type" in refused.reason


async def names_with_quotes_are_names(subject: Subject) -> None:
    device = 'luft\'; DROP "x"\\y --'
    escaped = device.replace(" ", r"\ ")
    await subject.store.write([subject.line("pm10=1.0", device=escaped), subject.line("pm10=2.0")])
    assert [row.fields["pm10"] for row in await subject.stored(device)] == [1]
    assert await subject.store.series(subject.measurement, ['pm"10'], device, 0, subject.now_ns + S) == []


async def an_empty_batch_is_stored(subject: Subject) -> None:
    assert await subject.store.write([]) == []


async def a_measurement_never_written_has_no_rows(subject: Subject) -> None:
    assert await subject.stored() == []
    assert await subject.store.latest(subject.measurement, ["pm10"], 0) == []


async def writing_again_overwrites_and_merges_fields(subject: Subject) -> None:
    await subject.store.write([subject.line("pm10=1.0"), subject.line("pm10=2.0,pm2_5=1.0")])
    await subject.store.write([subject.line("pm2_5=7.0")])
    assert [row.fields for row in await subject.stored()] == [{"pm10": 2.0, "pm2_5": 7.0}]


async def series_with_other_tags_are_other_rows(subject: Subject) -> None:
    both = [subject.line(f"pm10={n}.0", tags=f",lane={n}") for n in (1, 2)]
    await subject.store.write(both)
    found = await subject.stored()
    assert sorted((row.tags["lane"], row.fields["pm10"]) for row in found) == [("1", 1), ("2", 2)]


async def latest_gives_the_newest_row_of_each_series_by_device(subject: Subject) -> None:
    lines = [
        subject.line(f"pm10={n}.0", n, device=device) for device in ("luft-2", "luft-1") for n in range(3)
    ]
    later = subject.line("pm2_5=4.0", 9, device="luft-2")
    old = subject.line("pm10=1.0", -600, device="luft-0")
    await subject.store.write([*lines, later, old])
    found = await subject.store.latest(subject.measurement, ["pm10"], subject.now_ns - 60 * S)
    assert [(row.tags["device"], row.time_ns, row.fields) for row in found] == [
        ("luft-1", subject.now_ns + 2 * S, {"pm10": 2}),
        ("luft-2", subject.now_ns + 2 * S, {"pm10": 2}),
    ]


async def latest_before_a_time_gives_what_was_newest_then(subject: Subject) -> None:
    await subject.store.write([subject.line(f"pm10={n}.0", n) for n in range(4)])
    found = await subject.store.latest(subject.measurement, ["pm10"], subject.now_ns, subject.now_ns + 2 * S)
    assert [row.fields for row in found] == [{"pm10": 1}]


async def a_window_holds_the_rows_of_all_devices_by_series_and_time(subject: Subject) -> None:
    places = (("luft-2", ""), ("luft-1", ",lane=2"), ("luft-1", ",lane=1"))
    await subject.store.write(
        [subject.line(f"pm10={n}.0", n, device=one, tags=tags) for n in (2, 1, 3, 0) for one, tags in places]
    )
    begin, end = subject.now_ns + S, subject.now_ns + 3 * S
    found = await subject.store.window(subject.measurement, ["pm10"], begin, end)
    assert [(row.tags["device"], row.tags.get("lane"), row.fields["pm10"]) for row in found] == [
        ("luft-1", "1", 1),
        ("luft-1", "1", 2),
        ("luft-1", "2", 1),
        ("luft-1", "2", 2),
        ("luft-2", None, 1),
        ("luft-2", None, 2),
    ]


async def a_window_of_some_devices_holds_theirs_only(subject: Subject) -> None:
    names = ["luft-1", r"luft.\'/2", "luft-3"]
    await subject.store.write([subject.line("pm10=1.0", device=one) for one in names])
    await subject.store.write([subject.line("pm2_5=1.0", 1)])
    end = subject.now_ns + 9 * S

    async def devices(*chosen: str) -> list[str]:
        found = await subject.store.window(subject.measurement, ["pm10"], subject.now_ns, end, chosen)
        return [row.tags["device"] for row in found]

    many = [f"no.b(o[d{{y|{number}/" for number in range(200)]
    assert await devices(*names[:2], *many) == names[:2]
    assert await devices(*names[:2], "nobody") == names[:2]
    assert await devices("nobody") == []
    assert await devices() == []


async def rows_without_the_fields_asked_for_are_left_out(subject: Subject) -> None:
    await subject.store.write([subject.line("pm10=1.0", 1), subject.line("pm2_5=2.0", 2)])
    assert [row.fields for row in await subject.stored(fields=["pm10"])] == [{"pm10": 1}]


async def a_type_conflict_is_refused_and_the_good_are_stored(subject: Subject) -> None:
    await subject.store.write([subject.line("pm10=1.0")])
    batch = [subject.line(f"pm10={n}{'i' if n % 4 == 0 else '.5'}", n) for n in range(1, 9)]
    refused = await subject.store.write(batch)
    assert [one.index for one in refused] == [3, 7]
    assert all("type" in one.reason for one in refused)
    assert [row.fields["pm10"] for row in await subject.stored()] == [1, 1.5, 2.5, 3.5, 5.5, 6.5, 7.5]


async def a_line_refused_alone_is_refused(subject: Subject) -> None:
    await subject.store.write([subject.line("pm10=1.0")])
    (refused,) = await subject.store.write([subject.line("pm10=2i", 1)])
    assert "type" in refused.reason


async def a_line_outside_retention_is_refused_and_the_good_are_stored(subject: Subject) -> None:
    if subject.past_ns is None:
        return
    old = f"{subject.measurement},device=luft-1 pm10=1.0 {subject.past_ns}".encode()
    (refused,) = await subject.store.write([subject.line("pm10=1.5"), old, subject.line("pm10=2.5", 1)])
    assert refused.index == 1
    assert "retention" in refused.reason
    assert [row.fields["pm10"] for row in await subject.stored()] == [1.5, 2.5]


async def a_batch_beyond_retention_is_refused_whole(subject: Subject) -> None:
    if subject.past_ns is None:
        return
    begin = f"{subject.measurement},device=luft-1 pm10=1.0 "
    batch = [f"{begin}{subject.past_ns + n}".encode() for n in range(100)]
    assert [one.index for one in await subject.store.write(batch)] == list(range(100))


async def every_second_line_of_many_devices_outside_retention_is_refused(subject: Subject) -> None:
    if subject.past_ns is None:
        return
    past_s = (subject.past_ns - subject.now_ns) // S
    old = {n for n in range(2000) if (n + n // 200) % 2}
    batch = [
        subject.line(f"pm10={n}.5", n + (past_s if n in old else 0), device=f"luft-{n % 200}")
        for n in range(2000)
    ]
    assert {one.index for one in await subject.store.write(batch)} == old
    for device in (0, 77, 199):
        kept = [n + 0.5 for n in range(device, 2000, 200) if n not in old]
        assert [row.fields["pm10"] for row in await subject.stored(f"luft-{device}")] == kept


async def conflict_and_age_in_one_batch_are_each_refused(subject: Subject) -> None:
    await subject.store.write([subject.line("pm10=1.0")])
    past_ns = subject.past_ns if subject.past_ns is not None else subject.now_ns + S
    old = f"{subject.measurement},device=alt pm10=1{'.0' if subject.past_ns is not None else 'i'} {past_ns}"
    batch = [
        subject.line("pm10=2.5", 1),
        subject.line("pm10=2i", 2),
        old.encode(),
        subject.line("pm10=3.5", 3),
    ]
    refused = await subject.store.write(batch)
    assert [one.index for one in refused] == [1, 2]
    assert [row.fields["pm10"] for row in await subject.stored()] == [1, 2.5, 3.5]


async def an_unparsable_line_is_refused_and_the_good_are_stored(subject: Subject) -> None:
    unparsable = [
        f"{subject.measurement},device=luft-1".encode(),
        b"garbage",
        subject.line("pm10="),
        subject.line("pm10=nan"),
        subject.line("pm10=12x"),
        subject.line("pm10=99999999999999999999i"),
        subject.line("pm10=1.0") + b"0000",
        subject.line('note="open'),
    ]
    for line in unparsable:
        refused = await subject.store.write([subject.line("pm10=1.5"), line, subject.line("pm10=2.5", 1)])
        assert [one.index for one in refused] == [1], line
        assert refused[0].reason, line
    assert [row.fields["pm10"] for row in await subject.stored()] == [1.5, 2.5]


async def a_new_field_in_two_types_in_one_batch_keeps_one(subject: Subject) -> None:
    batch = [subject.line(f"count={n}{'i' if n == 4 else '.0'}", device=f"d{n}") for n in range(1, 9)]
    refused = await subject.store.write([*batch, subject.line("pm10=1.5")])
    gone = {one.index for one in refused}
    assert gone in ({3}, {0, 1, 2, 4, 5, 6, 7})
    for number in range(1, 9):
        assert bool(await subject.stored(f"d{number}", ["count"])) == (number - 1 not in gone)
    assert [row.fields["pm10"] for row in await subject.stored()] == [1.5]


async def a_bad_line_with_a_good_field_stores_nothing_of_it(subject: Subject) -> None:
    await subject.store.write([subject.line("pm10=1.0")])
    bad = subject.line("pm2_5=3.0,pm10=2i", device="luft-2")
    (refused,) = await subject.store.write([subject.line("pm10=2.5", 1), bad])
    assert refused.index == 1
    assert await subject.stored("luft-2") == []


async def a_long_batch_with_several_bad_devices_stores_the_rest(subject: Subject) -> None:
    await subject.store.write([subject.line("pm10=1.0")])
    batch = [
        subject.line(f"pm10={n}{'i' if n % 50 in (7, 8, 31) else '.0'}", n, device=f"luft-{n % 50}")
        for n in range(2000)
    ]
    refused = await subject.store.write(batch)
    assert [one.index for one in refused] == [n for n in range(2000) if n % 50 in (7, 8, 31)]
    assert len(await subject.stored("luft-49")) == 40


async def later_lines_flow_after_refusals(subject: Subject) -> None:
    await subject.store.write([subject.line("pm10=1.0")])
    await subject.store.write([subject.line("pm10=1i", 1)])
    assert await subject.store.write([subject.line("pm10=2.5", 1)]) == []
    assert [row.fields["pm10"] for row in await subject.stored()] == [1, 2.5]


async def removed_rows_are_gone_and_others_stay(subject: Subject) -> None:
    if not subject.removes:
        return
    both = [
        subject.line(f"pm10={n}.0", n, device=device) for device in ("luft-1", "luft-2") for n in range(4)
    ]
    await subject.store.write(both)
    begin, end = subject.now_ns + S, subject.now_ns + 3 * S
    await subject.store.remove(subject.measurement, "luft-1", begin, end)
    assert [row.fields["pm10"] for row in await subject.stored()] == [0, 3]
    assert len(await subject.stored("luft-2")) == 4


CHECKS: tuple[Check, ...] = (
    what_was_written_is_read,
    a_range_takes_its_begin_and_leaves_its_end,
    fields_keep_their_kinds_and_tags_their_texts,
    names_with_quotes_are_names,
    texts_are_kept_as_they_are,
    an_empty_batch_is_stored,
    a_measurement_never_written_has_no_rows,
    writing_again_overwrites_and_merges_fields,
    series_with_other_tags_are_other_rows,
    latest_gives_the_newest_row_of_each_series_by_device,
    latest_before_a_time_gives_what_was_newest_then,
    a_window_holds_the_rows_of_all_devices_by_series_and_time,
    a_window_of_some_devices_holds_theirs_only,
    rows_without_the_fields_asked_for_are_left_out,
    a_type_conflict_is_refused_and_the_good_are_stored,
    a_line_refused_alone_is_refused,
    a_line_outside_retention_is_refused_and_the_good_are_stored,
    a_batch_beyond_retention_is_refused_whole,
    every_second_line_of_many_devices_outside_retention_is_refused,
    conflict_and_age_in_one_batch_are_each_refused,
    an_unparsable_line_is_refused_and_the_good_are_stored,
    a_new_field_in_two_types_in_one_batch_keeps_one,
    a_bad_line_with_a_good_field_stores_nothing_of_it,
    a_long_batch_with_several_bad_devices_stores_the_rest,
    later_lines_flow_after_refusals,
    removed_rows_are_gone_and_others_stay,
)
