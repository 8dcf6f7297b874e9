"""A street that counts and a car park, made hour by hour, and the figures that an export finds of them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from ingest.line_protocol import encode_row, tag
from ingest.registry_files import load_registry
from ingest.settings import Settings
from ingest.store import FILE_NAME
from publish.export.series import Gathered
from tests import installed

BERLIN = ZoneInfo("Europe/Berlin")
NOW_NS = int(datetime(2027, 1, 10, tzinfo=UTC).timestamp()) * 10**9
SECOND = 10**9
HOUR = 3600 * SECOND

_TYPES = {
    "zaehler": """
manufacturer: Muster
model: Z1
category: traffic
codec: lns
interval: 1h
readings:
  - for: {way: [in, out], line: ["1", "2"], kind: [car, truck]}
    tags: {direction: "{way}", lane: "{line}", vehicle_class: "{kind}"}
    values:
      count: {from: "{way}_{kind}", counter: delta}
battery: none
examples:
  - {source: made up for the tests, own: true, decoded: {in_car: 1}, readings: [
     {measurement: traffic, tags: {direction: in, lane: "1", vehicle_class: car}, values: {count: 1}},
     {measurement: traffic, tags: {direction: in, lane: "2", vehicle_class: car}, values: {count: 1}}]}
""",
}
STREET = """
municipality: {id: giessen}
devices:
  - {id: ring, site: Anlagenring, publish: open, dev_eui: 70b3d57ba0000a1c, type: zaehler}
"""


class Said(NamedTuple):
    """One figure as it lies in the spill, with the tags of its series."""

    tags: Mapping[str, str]
    value: float | None
    days: int
    of_days: int
    coverage: float
    flag: int | None
    note: str | None


class Figures:
    """Everything that was found, by device, tags and figure."""

    def __init__(self, found: Gathered) -> None:
        self.gathered = found
        self.rows: dict[tuple[str, str, str], Said] = {}
        for row in pq.read_table(found.spill).to_pylist():
            series = found.series[row.pop("series")]
            words = " ".join(f"{name}={text}" for name, text in series.tags)
            key = (series.device, words, row.pop("figure"))
            assert key not in self.rows
            self.rows[key] = Said(dict(series.tags), **row)

    def of(self, device: str, words: str, figure: str) -> Said:
        """The figure of this device and these tags, `direction=in lane=1 + 2`."""
        assert (device, words, figure) in self.rows, sorted(self.rows)
        return self.rows[device, words, figure]

    def value(self, device: str, words: str, figure: str) -> float | None:
        """Its value alone."""
        return self.of(device, words, figure).value

    def has(self, device: str, words: str, figure: str) -> bool:
        """Whether there is such a figure."""
        return (device, words, figure) in self.rows

    def words(self, device: str) -> set[str]:
        """The tags of all series of a device."""
        return {words for one, words, _ in self.rows if one == device}


def local(text: str) -> int:
    """UTC nanoseconds of a local time, `2026-03-29 06:00`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()) * SECOND


def hours(first: str, last: str) -> list[int]:
    """The hours of these local days, the last one among them: 23 or 25 where the clock changes."""
    end = datetime.fromisoformat(last).date() + timedelta(days=1)
    return list(range(local(first), local(end.isoformat()), HOUR))


def count(
    device: str, time_ns: int, counted: int, *, seconds: int = 3600, suspect: bool = False, **tags: str
) -> bytes:
    """A line of what was counted in an hour."""
    fields: dict[str, float | int | str] = {"count": counted, "interval": seconds, "qc": 3 if suspect else 1}
    if suspect:
        fields["count_qc"] = 3
    return line("traffic", device, fields, time_ns, **tags)


def line(
    measurement: str, device: str, fields: Mapping[str, float | int | str], time_ns: int, **tags: str
) -> bytes:
    """A line of the store."""
    text = tag("device", device) + "".join(tag(name, tags[name]) for name in sorted(tags))
    return encode_row(measurement, f"{text},municipality=giessen,site=x", fields, time_ns)


def figures(folder: Path, town: str, lines: Iterable[bytes], **ask: Any) -> Figures:
    """What an export finds in a town of which these lines are stored."""
    settings = set_up(folder, town, lines)
    spill = folder / "spill.parquet"
    return Figures(installed.gathered(settings, spill, NOW_NS, **{"lang": "en", **ask}))


def set_up(folder: Path, town: str, lines: Iterable[bytes]) -> Settings:
    """An installation with these values."""
    settings = installed.installed(folder, town)
    for name, text in _TYPES.items():
        (folder / "types" / f"{name}.yaml").write_text(text, encoding="utf-8")
    registry = load_registry(settings)
    assert not registry.complaints, registry.complaints
    (settings.state / FILE_NAME).unlink(missing_ok=True)
    installed.store_lines(settings.state / FILE_NAME, lines, lambda: NOW_NS)
    return settings
