"""What every `ingest.store.tables.Tables` does; `tests/test_tables.py` runs it for each store.

Each check writes into a measurement of its own, so that a store may be shared.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pyarrow as pa

from ingest.line_protocol import tag
from ingest.seams import Store
from ingest.store.tables import TAG_COLUMNS, Tables

S = 1_000_000_000

Check = Callable[["Subject"], Awaitable[None]]


@dataclass
class Subject:
    """Tables under test, the store that fills them, and a time it takes."""

    store: Store
    tables: Tables
    now_ns: int
    measurement: str = field(default_factory=lambda: f"traffic_{uuid4().hex[:8]}")

    def line(self, fields: str, seconds: int = 0, device: str = "zs-1", **tags: str) -> bytes:
        """A line of the check's measurement, some seconds after now."""
        said = "".join(tag(name, text) for name, text in {"device": device, **tags}.items())
        return f"{self.measurement}{said} {fields} {self.now_ns + seconds * S}".encode()

    async def write(self, *lines: bytes) -> None:
        """Store these lines, all of them."""
        assert await self.store.write(lines) == []

    async def read(self, *fields: str, begin: int = 0, end: int = 86400, **more: Any) -> pa.Table:
        """The rows of a time in seconds after now."""
        span = (self.now_ns + begin * S, self.now_ns + end * S)
        table = await self.tables.read(self.measurement, fields, *span, **more)
        assert table.column_names == ["time", *TAG_COLUMNS, *fields]
        assert table.schema.types[: len(TAG_COLUMNS) + 1] == [pa.int64(), *[TAG] * len(TAG_COLUMNS)]
        table.validate(full=True)
        return table


TAG = pa.dictionary(pa.int32(), pa.string())


def rows(table: pa.Table, *names: str) -> list[tuple[Any, ...]]:
    """The rows of these columns."""
    return list(zip(*(table.column(name).to_pylist() for name in names), strict=True))


async def what_was_written_is_read(subject: Subject) -> None:
    place = {"site": "Straße, 1", "municipality": "giessen", "district": "Mitte"}
    own = {"direction": "in", "lane": "2", "vehicle_class": "car", "lot": "am Ring", "bay": "07"}
    await subject.write(
        subject.line("count=3i,speed=4.5", 0, "zs-1", **place, **own), subject.line("count=4i", 1)
    )
    table = await subject.read("count", "speed")
    heads = ("time", *TAG_COLUMNS, "count", "speed")
    full = {"device": "zs-1", **place, **own}
    assert rows(table, *heads) == [
        (subject.now_ns, *(full[name] for name in TAG_COLUMNS), 3, 4.5),
        (subject.now_ns + S, "zs-1", *[None] * (len(TAG_COLUMNS) - 1), 4, None),
    ]


async def a_range_takes_its_begin_and_leaves_its_end(subject: Subject) -> None:
    await subject.write(*(subject.line(f"count={n}i", n) for n in range(5)))
    assert rows(await subject.read("count", begin=1, end=3), "count") == [(1,), (2,)]
    assert rows(await subject.read("count", begin=5), "count") == []
    assert rows(await subject.read("count", begin=3, end=3), "count") == []


async def rows_come_by_time_then_device_then_other_tags(subject: Subject) -> None:
    places: Sequence[tuple[str, Mapping[str, str]]] = (
        ("zs-2", {}),
        ("zs-1", {"lane": "2", "bay": "a"}),
        ("zs-1", {"lane": "1", "bay": "b"}),
        ("zs-1", {"site": "B", "direction": "a"}),
        ("zs-1", {"site": "A", "direction": "b"}),
        ("zs-10", {}),
    )
    await subject.write(*(subject.line("count=1i", n, name, **tags) for n in (2, 1) for name, tags in places))
    expected = [
        ("zs-1", None, None, "1", "b"),
        ("zs-1", None, None, "2", "a"),
        ("zs-1", "A", "b", None, None),
        ("zs-1", "B", "a", None, None),
        ("zs-10", None, None, None, None),
        ("zs-2", None, None, None, None),
    ]
    table = await subject.read("count")
    assert rows(table, "device", "site", "direction", "lane", "bay") == [*expected, *expected]
    assert table.column("time").to_pylist() == sorted(table.column("time").to_pylist())


async def only_devices_asked_for_come(subject: Subject) -> None:
    await subject.write(*(subject.line("count=1i", device=f"zs-{n}") for n in range(4)))
    found = await subject.read("count", devices=["zs-3", "zs-1", "zs-9"])
    assert rows(found, "device") == [("zs-1",), ("zs-3",)]


async def of_no_device_nothing_comes(subject: Subject) -> None:
    await subject.write(subject.line("count=1i"))
    table = await subject.read("count", devices=[])
    assert (len(table), table.schema.field("count").type) == (0, pa.int64())
    assert len(await subject.read("count", devices=["zs-9"])) == 0


async def many_devices_with_any_names_are_found(subject: Subject) -> None:
    names = [f"zs (n°{n}) [a-z]+.*$|^/\\d'\"=,ä" for n in range(150)]
    await subject.write(*(subject.line("count=1i", device=name) for name in [*names, "zs"]))
    asked = names[:120]
    assert rows(await subject.read("count", devices=asked), "device") == [(name,) for name in sorted(asked)]


async def texts_come_as_they_were_written(subject: Subject) -> None:
    tags = ["a,b", 'say "x"', "back\\slash", "Käthe=ß", "semi;colon", " ", "'", '"', "#", "NULL", "NaN", "0"]
    tags = [text for text in tags if text.strip()]
    texts = [
        "",
        ",",
        '"',
        '""',
        "a\nb",
        "\n",
        "a\r\nb\r",
        'x",\n"y',
        "\\",
        "\\n",
        "ü 😀",
        "null",
        "NA",
        "1.0",
        "\t",
    ]
    lines = []
    for second, text in enumerate(texts):
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(subject.line(f'text="{quoted}",count=1i', second, site=tags[second % len(tags)]))
    await subject.write(*lines)
    found = rows(await subject.read("text", "count"), "site", "text")
    assert found == [(tags[second % len(tags)], text) for second, text in enumerate(texts)]


async def an_empty_text_is_not_none(subject: Subject) -> None:
    await subject.write(
        subject.line('text="",count=1i', 0),
        subject.line("count=2i", 0, device="zs-2"),
        subject.line('text="",count=3i', 0, lane="1"),
        subject.line("count=4i", 0, lane="2"),
        subject.line('text="x"', 1),
        subject.line('text=""', 2),
        subject.line("count=5i", 3),
    )
    found = rows(await subject.read("count", "text"), "count", "text")
    assert found == [(1, ""), (3, ""), (4, None), (2, None), (None, "x"), (None, ""), (5, None)]
    assert rows(await subject.read("text"), "text") == [("",), ("",), ("x",), ("",)]


async def numbers_are_exact(subject: Subject) -> None:
    integers = [0, -1, 2**53 + 1, 2**63 - 1, -(2**63)]
    floats = ["0.1", "-0.3", "12.0", "1e-07", "1.5e+300", "123456789012.5", "5e-324", "0.30000000000000004"]
    lines = [subject.line(f"count={number}i", n) for n, number in enumerate(integers)]
    lines += [subject.line(f"speed={number}", n, device="zs-2") for n, number in enumerate(floats)]
    await subject.write(*lines)
    table = await subject.read("count", "speed")
    assert table.schema.types[-2:] == [pa.int64(), pa.float64()]
    by_device = rows(table, "device", "count", "speed")
    assert [count for device, count, _ in by_device if device == "zs-1"] == integers
    assert [repr(speed) for device, _, speed in by_device if device == "zs-2"] == [
        repr(float(number)) for number in floats
    ]


async def columns_keep_their_types_when_they_are_empty(subject: Subject) -> None:
    await subject.write(subject.line('count=1i,speed=1.5,text="x"', 0), subject.line("stay=1.0", 10))
    later = await subject.read("count", "speed", "text", "stay", "never", begin=5)
    assert later.schema.types[-5:] == [pa.int64(), pa.float64(), pa.string(), pa.float64(), pa.float64()]
    assert rows(later, "count", "speed", "text", "stay", "never") == [(None, None, None, 1.0, None)]
    nothing = await subject.read("count", "text", begin=20)
    assert (len(nothing), nothing.schema.types[-2:]) == (0, [pa.int64(), pa.string()])


async def rows_without_the_fields_asked_for_are_left_out(subject: Subject) -> None:
    await subject.write(subject.line("count=1i"), subject.line("speed=1.5", 1), subject.line("stay=1.0", 2))
    assert rows(await subject.read("speed", "count"), "speed", "count") == [(None, 1), (1.5, None)]
    assert len(await subject.read("never")) == 0


async def what_was_never_written_has_no_rows(subject: Subject) -> None:
    table = await subject.read("count", "speed")
    assert (len(table), table.schema.types[-2:]) == (0, [pa.float64(), pa.float64()])


async def writings_of_one_point_are_one_row(subject: Subject) -> None:
    await subject.write(subject.line("count=1i,speed=1.5"), subject.line('speed=2.0,text="ä"'))
    assert rows(await subject.read("count", "speed", "text"), "count", "speed", "text") == [(1, 2.0, "ä")]


async def a_long_answer_comes_whole(subject: Subject) -> None:
    count = 30_000
    long = "lang " * 60
    lines = [
        subject.line(f'count={n}i,text="{n} \n{long}"', n // 3, f"zs-{n % 3}", site="Straße")
        for n in range(count)
    ]
    for begin in range(0, count, 5000):
        await subject.write(*lines[begin : begin + 5000])
    table = await subject.read("count", "text")
    assert table.column("count").to_pylist() == list(range(count))
    assert table.column("text").to_pylist() == [f"{n} \n{long}" for n in range(count)]
    assert sorted(table.column("device").combine_chunks().dictionary.to_pylist()) == ["zs-0", "zs-1", "zs-2"]


CHECKS: tuple[Check, ...] = (
    what_was_written_is_read,
    a_range_takes_its_begin_and_leaves_its_end,
    rows_come_by_time_then_device_then_other_tags,
    only_devices_asked_for_come,
    of_no_device_nothing_comes,
    many_devices_with_any_names_are_found,
    texts_come_as_they_were_written,
    an_empty_text_is_not_none,
    numbers_are_exact,
    columns_keep_their_types_when_they_are_empty,
    rows_without_the_fields_asked_for_are_left_out,
    what_was_never_written_has_no_rows,
    writings_of_one_point_are_one_row,
    a_long_answer_comes_whole,
)
