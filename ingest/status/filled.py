"""The values that are shown at the start: the store's newest, until uplinks bring newer ones."""

from collections.abc import Iterable, Mapping, Sequence

from devices.quantity import CATALOGUE
from ingest.seams import Row, Store
from ingest.status import battery
from ingest.status.headline import FIELDS, Headline, joined, newer
from ingest.status.known import Known

#: Larger registries wait for uplinks instead: the answer would hold up the event loop.
MOST_DEVICES = 5000
BACK_NS = 86_400_000_000_000
#: Some tell their battery once a week.
BATTERY_BACK_NS = 8 * BACK_NS


async def fill(known: Mapping[str, Known], store: Store, now_ns: int) -> None:
    """Take the newest values of the last day; raises `StoreUnavailable`."""
    wanted = {field for one in known.values() for field in one.wanted}
    for measurement in sorted({CATALOGUE[field].measurement for field in wanted}):
        fields = [one for one in FIELDS if one in wanted and CATALOGUE[one].measurement == measurement]
        asked = [*fields, *(f"{field}_qc" for field in fields)]
        rows = await store.latest(measurement, asked, now_ns - BACK_NS)
        for name, found in _headlines(rows, fields).items():
            one = known.get(name)
            if one is not None and found.field in one.wanted:
                one.headline = newer(one.headline, found, one.speaks.limit_ns)
    await _fill_batteries(known, store, now_ns)


async def _fill_batteries(known: Mapping[str, Known], store: Store, now_ns: int) -> None:
    fields = sorted({one.battery_limit.field for one in known.values()})
    asked = [*fields, *(f"{field}_qc" for field in fields)]
    for row in await store.latest(battery.MEASUREMENT, asked, now_ns - BATTERY_BACK_NS):
        one = known.get(row.tags.get("device", ""))
        if one is not None:
            one.battery = battery.newer(
                one.battery, battery.of_row(row.fields, row.time_ns, one.battery_limit)
            )


def _headlines(rows: Iterable[Row], fields: Sequence[str]) -> Mapping[str, Headline]:
    """By device, what rows of the store have to show; a suspect value is not shown."""
    found: dict[str, Headline] = {}
    for one in rows:
        name = one.tags.get("device", "")
        for field in fields:
            value = one.fields.get(field)
            # others may have written texts there
            if isinstance(value, int | float) and f"{field}_qc" not in one.fields:
                found[name] = joined(
                    found.get(name), Headline(FIELDS.index(field), float(value), one.time_ns)
                )
    return found
