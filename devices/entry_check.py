"""Whether an entry that is being written can stand: the registry's own rules, key by key."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from devices.device_file import DeviceEntry, Head, MunicipalityEntry, Types, Wrong, compile_device
from devices.explain import Problem, explain
from devices.type import DeviceType

_STAND_IN = {"id": "x", "site": "x", "dev_eui": "0" * 16}


def problems(entry: Mapping[str, Any], types: Mapping[str, DeviceType], timezone: str) -> list[Problem]:
    """What the rules for one entry say of it; texts only, as they would be written."""
    head = Head(municipality=MunicipalityEntry(id="x"), timezone=timezone)
    try:
        described = DeviceEntry.model_validate(entry, context="")
        compile_device(described, head, Types(types, {}))
    except ValidationError as error:
        return explain(error, DeviceEntry, entry)
    except Wrong as error:
        return list(error.problems)
    return []


def check(
    key: str, value: Any, known: Mapping[str, Any], types: Mapping[str, DeviceType], timezone: str
) -> Any:
    """The value, if this key may have it beside what is `known`; raises `ValueError` with the complaint."""
    entry = {**_STAND_IN, **({"type": next(iter(types))} if types else {}), **known, key: value}
    if "address" in entry:
        del entry["dev_eui"]
    for problem in problems(entry, types, timezone):
        if problem.path[:1] == (key,):
            raise ValueError(problem.message)
    return value
