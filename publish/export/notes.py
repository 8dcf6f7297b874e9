"""What must be said of an export once it is made."""

from collections.abc import Iterator

from devices.device import Device
from devices.language import say
from publish.export.chosen import Chosen
from publish.export.empty import has_anything
from publish.export.series import Gathered
from publish.export.shape import is_long_for_size
from publish.export.wide import MOST
from publish.export.without_eui import without_eui
from publish.hours.lots import lot_name, lot_of

#: Of more places only their number is told.
_NAMED = 10


def notes(chosen: Chosen, gathered: Gathered) -> tuple[str, ...]:
    """Sentences (`say`): how it was read and shaped, what was left out, what has nothing in it."""
    tallies = gathered.tallies.values()
    said: list[str] = list(gathered.notes)
    if is_long_for_size(chosen.ask, count := len(gathered.series)):
        said.append(
            say(
                "one row per value instead of one column per series: {count} series are more than the {most}"
                " columns that a table can show",
                count=count,
                most=MOST,
            )
        )
    if failed := sum(one.failed for one in tallies):
        said.append(say("values left out because they failed their tests: {count}", count=failed))
    if dropped := sum(one.dropped for one in tallies):
        said.append(say("suspect values left out, as asked for: {count}", count=dropped))
    if suspect := sum(one.suspect for one in tallies):
        said.append(say("values with the flag 3, suspect or made of suspect ones: {count}", count=suspect))
    with_values = {
        one.device for number, one in enumerate(gathered.series) if has_anything(gathered.tallies[number])
    }
    if silent := [without_eui(one.id) for one in chosen.devices if with_values.isdisjoint(_names(one))]:
        names = ", ".join(silent) if len(silent) <= _NAMED else str(len(silent))
        said.append(say("places without any value: {names}", names=names))
    return tuple(said)


def _names(device: Device) -> Iterator[str]:
    """How the series are called in which its values are."""
    yield device.id
    if (lot := lot_of(device)) is not None:
        yield lot_name(lot)
