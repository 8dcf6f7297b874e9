"""The quick way for what most entries of a device file are: plain, and without a mistake.

It takes an entry only where `devices.device_file.DeviceEntry` would take it with the same meaning (a test
holds that), in a tenth of the time; for everything else it says None, and `DeviceEntry` says what is wrong.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from devices import duration, words, yaml

#: A tag value that needs no stripping; `devices.words.TagText` takes more.
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\A(?!\s)[^\x00-\x1f\x7f\\]+(?<!\s)\Z")]
Finite = Annotated[float, Meta(ge=-1e300, le=1e300)]
Id = Annotated[str, Meta(max_length=100, pattern=rf"\A{words.ID.pattern}\Z")]

_TEXTS = frozenset({"id", "site", "district", "lot", "bay", "lane", "type", "address"})
_MAPPINGS_OF_TEXTS = frozenset({"labels", "variables", "direction"})
_ONE_DEV_EUI = re.compile(r"dev_eui:[ \t]+([0-9a-fA-F]{16})(?=[\s,}])")


class PlainLocation(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """`LocationEntry`."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    height: Finite | None = None


class PlainCalibration(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """`CalibrationEntry`."""

    factor: Finite = 1.0
    offset: Finite = 0.0


class PlainHardware(msgspec.Struct, forbid_unknown_fields=True, rename={"begin": "from"}):
    """`InstallationEntry`."""

    begin: str | None = None
    until: str | None = None
    dev_eui: str | None = None
    address: Name | None = None
    type: str | None = None
    calibration: dict[str, PlainCalibration] = {}
    variables: dict[str, str] = {}


class PlainDevice(PlainHardware, kw_only=True):
    """`DeviceEntry`."""

    id: Id
    site: Name
    district: Name | None = None
    location: PlainLocation | None = None
    interval: Annotated[str, Meta(pattern=duration.PATTERN.replace("$", r"\Z"))] | None = None
    publish: Literal["none", "partners", "open"] = "none"
    labels: dict[str, str] = {}
    direction: dict[str, Name] = {}
    bays: ClassVar[Mapping[str, str]] = {}  #: an entry that has them is no plain one
    qc: ClassVar[Mapping[str, Any]] = {}
    lot: Name | None = None
    bay: Name | None = None
    lane: Name | None = None
    installations: Annotated[tuple[PlainHardware, ...], Meta(min_length=1)] | None = None


_HARDWARE = frozenset(one.encode_name for one in msgspec.structs.fields(PlainHardware))


def plain(said: Any, text: str) -> PlainDevice | None:
    """The entry that YAML read as `said` from `text`, or None where it is to be looked at closely."""
    if not isinstance(said, dict):
        return None
    try:
        entry = msgspec.convert(_spelled(said, text), PlainDevice)
    except (ValueError, msgspec.ValidationError, AttributeError):  # the last of a tag (`!a`) for a mapping
        return None
    if entry.installations is None:
        return entry if _is_whole(entry) else None
    whole = _HARDWARE.isdisjoint(said) and all(map(_is_whole, entry.installations))
    return entry if whole else None


def _is_whole(entry: PlainHardware) -> bool:
    if (entry.dev_eui is None) == (entry.address is None) or entry.type is None:
        return False
    return not entry.calibration or all(one.factor for one in entry.calibration.values())


def _spelled(said: Mapping[str, Any], text: str) -> dict[str, Any]:
    """What was said with its texts as they are written; raises `ValueError` where that is unclear."""
    spelled = dict(said)
    for key, value in said.items():
        if key == "dev_eui":
            if value is not None:
                spelled[key] = _dev_eui(value, text)
        elif isinstance(value, str):
            continue
        elif key in _MAPPINGS_OF_TEXTS:
            if isinstance(value, dict):
                spelled[key] = {each: _text(one, str(each), text) for each, one in value.items()}
        elif key in _TEXTS:
            spelled[key] = _text(value, key, text)
        elif key == "installations" and isinstance(value, list):
            spelled[key] = [_spelled(one, text) if isinstance(one, dict) else one for one in value]
    return spelled


def _text(value: Any, key: str, text: str) -> Any:
    return yaml.as_written(text, key, value) if isinstance(value, int | float) else value


def _dev_eui(value: Any, text: str) -> str:
    if isinstance(value, str):
        return words.dev_eui(value)
    # Several may be one number to YAML: `24e1...` is infinite.
    written = _ONE_DEV_EUI.findall(text)
    if len(written) != 1 or text.count("dev_eui") != 1:
        raise ValueError("not plain")
    return str(written[0]).lower()
