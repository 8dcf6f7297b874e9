"""What is chosen above a board: municipality, site, device. Each offers what the ones before it hold.

"All" of municipality and site is the pattern `.*`, so that series without that tag are not lost. "All" of a
device is the list of what it offers (`listed`), because a board's `status` rows are found by it, or `.*`
where the board is about all devices.
"""

from grafana_foundation_sdk.builders.dashboard import QueryVariable
from grafana_foundation_sdk.models.dashboard import VariableOption, VariableRefresh, VariableSort

from devices.language import say
from publish.boards.sources import READINGS, Source, reference


def municipality(source: Source = READINGS, measurement: str = "status") -> QueryVariable:
    """Municipalities."""
    return _of_tag("municipality", say("Municipality"), source, measurement, "")


def site(source: Source = READINGS, measurement: str = "status") -> QueryVariable:
    """Sites of the chosen municipalities."""
    where = '"municipality" =~ /^${municipality:regex}$/'
    return _of_tag("site", say("Site"), source, measurement, where)


def device(
    source: Source = READINGS, measurement: str = "status", *, more: str = "", listed: bool = False
) -> QueryVariable:
    """Devices at the chosen sites; `more` is a further condition."""
    where = '"municipality" =~ /^${municipality:regex}$/ AND "site" =~ /^${site:regex}$/' + more
    return _of_tag("device", say("Device"), source, measurement, where, listed=listed)


def vehicle_class(source: Source, measurement: str) -> QueryVariable:
    """Classes of vehicles, as the sensors name them."""
    return _of_tag("vehicle_class", say("Vehicle class"), source, measurement, "")


def lot(source: Source, measurement: str) -> QueryVariable:
    """Parking lots of the chosen municipalities and sites."""
    where = '"municipality" =~ /^${municipality:regex}$/ AND "site" =~ /^${site:regex}$/'
    return _of_tag("lot", say("Lot"), source, measurement, where)


def one_device(name: str, label: str, source: Source, measurement: str) -> QueryVariable:
    """Exactly one of the chosen devices."""
    where = (
        '"municipality" =~ /^${municipality:regex}$/ AND "site" =~ /^${site:regex}$/'
        ' AND "device" =~ /^${device:regex}$/'
    )
    query = f'SHOW TAG VALUES FROM "{measurement}" WITH KEY = "device" WHERE {where}'
    return _query(name, label, source, query)


def _of_tag(
    name: str, label: str, source: Source, measurement: str, where: str, *, listed: bool = False
) -> QueryVariable:
    query = f'SHOW TAG VALUES FROM "{measurement}" WITH KEY = "{name}"' + (f" WHERE {where}" if where else "")
    made = _query(name, label, source, query).multi(True).include_all(True)
    made = made.current(VariableOption(selected=True, text=[str(say("All"))], value=["$__all"]))
    return made if listed else made.all_value(".*")


def _query(name: str, label: str, source: Source, query: str) -> QueryVariable:
    return (
        QueryVariable(name)
        .label(str(label))
        .datasource(reference(source))
        .query(query)
        .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
        .sort(VariableSort.ALPHABETICAL_ASC)
    )
