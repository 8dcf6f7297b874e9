"""Which rows of a list can be added, as far as can be told before the registry's rules are asked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from devices import dev_eui, naming, words
from devices.imports.rows import Row, completed
from devices.language import say
from devices.registry import Registry

#: `added`; `good`, but not written; `there`: it was registered before; `wrong`.
Outcome = Literal["added", "good", "there", "wrong"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row; `why` it is wrong."""

    row: int
    id: str
    address: str
    result: Outcome
    why: str = ""


@dataclass(slots=True)
class Plan:
    """The rows sorted: entries that can be added by id, with their row, and the results of all others."""

    entries: dict[str, tuple[int, Mapping[str, Any]]] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    def refuse(self, id: str, why: str) -> None:  # noqa: A002  what it is called
        """An entry that the registry's rules refuse is wrong."""
        row, entry = self.entries.pop(id)
        self.results.append(Result(row, id, _address(entry), "wrong", why))

    def all_results(self, outcome: Outcome) -> list[Result]:
        """The results of all rows in their order, with this outcome for those that can be added."""
        good = [Result(row, id, _address(entry), outcome) for id, (row, entry) in self.entries.items()]  # noqa: A001
        return sorted([*self.results, *good], key=lambda one: one.row)


def plan(registry: Registry, rows: Iterable[Row], count: Counter[str], defaults: Mapping[str, Any]) -> Plan:
    """Sort the rows; `count` says how often each address and each id stands in the list (`said_twice`)."""
    made = Plan()
    taken = dict.fromkeys(registry.devices)
    for row in rows:
        full = completed(row, registry.types, defaults)
        entry = {**full.entry}
        address = _address(entry)
        named = str(entry.get("id") or "")
        if not named:
            found = registry.types.get(str(entry.get("type")))
            site, bay = str(entry.get("site", "")), str(entry.get("bay", ""))
            named = naming.proposed_id(found, site, bay, taken)
        there = next((one for one in registry.installations(address) if one.end_ns is None), None)
        if there is not None and row.entry.get("id") in (None, there.device.id):
            made.results.append(Result(row.number, there.device.id, address, "there"))
            continue
        if why := "; ".join(_wrong(full, named, address, count, taken, there.device.id if there else "")):
            made.results.append(Result(row.number, named, address, "wrong", why))
            continue
        taken[named] = None
        key = "dev_eui" if "dev_eui" in entry else "address"
        made.entries[named] = (row.number, {**entry, "id": named, key: address})
    return made


def said_twice(rows: Iterable[Row]) -> Counter[str]:
    """How often each address and each id stands in a list."""
    count: Counter[str] = Counter()
    for row in rows:
        count.update(name for name in (_address(row.entry), str(row.entry.get("id") or "")) if name)
    return count


def _wrong(
    row: Row, named: str, address: str, count: Counter[str], taken: Mapping[str, Any], hangs_at: str
) -> Iterable[str]:
    yield from row.wrong
    if not address:
        yield say("the DevEUI is missing")
    elif hangs_at:
        yield say("{address} is mounted at {device}", address=address, device=hangs_at)
    elif "dev_eui" in row.entry and dev_eui.is_spoilt(address):  # several sensors' may be spoilt to the same
        yield dev_eui.complaint(address)
    elif count[address] > 1:
        yield say("{address} stands in several rows", address=address)
    if not named:
        yield say("the id is missing, and no site or name to make one of")
    elif count[str(row.entry.get("id"))] > 1 and row.entry.get("id") == named:
        yield say("the id {id} stands in several rows", id=named)
    elif named in taken and not hangs_at:
        yield say("the id {id} is taken; other hardware at that place: messnetz devices swap", id=named)


def _address(entry: Mapping[str, Any]) -> str:
    said = str(entry.get("dev_eui") or entry.get("address") or "").strip()
    try:
        return words.dev_eui(said) if "dev_eui" in entry else said
    except ValueError:
        return said
