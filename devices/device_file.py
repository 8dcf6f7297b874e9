"""Device files: what technicians write about the places that are measured, and what it compiles to.

The sentence under a field is its documentation and stands in the JSON Schema. Texts are taken as they are
written, also where YAML would read a number (`0012`, `24e1241234567890`).
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from devices import duration, location, number, words
from devices.complaint import did_you_mean, one_line
from devices.device import Calibration, Device, Installation
from devices.explain import Problem
from devices.language import Sentence, say
from devices.limits import Change
from devices.moment import time_ns
from devices.plain_entry import PlainCalibration, PlainDevice, PlainHardware
from devices.plan import derivable
from devices.qc import QcEntry, change
from devices.quantity import CATALOGUE
from devices.strict import STRICT
from devices.type import DeviceType
from devices.words import TagText
from devices.written import AllWritten, SaidKeys, Written


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        said = say(
            "{name} is no time zone: write one of the tz database, as Europe/Berlin", name=one_line(name)
        )
        raise ValueError(said) from None
    return name


def _not_zero(factor: float) -> float:
    if factor == 0:
        raise ValueError(
            say("factor 0 makes every value the offset: write the factor that was measured, or leave it out")
        )
    return factor


#: What the many devices without labels, directions or variables share.
_NOTHING: Mapping[str, Any] = {}

#: What editors are told. A pattern is for texts only: what YAML takes for a number passes it.
_PLAIN: dict[str, Any] = {"type": ["string", "number"]}
_TEXTS = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
_HEX = "[0-9a-fA-F]"
_DEV_EUI = {"pattern": f"^{_HEX}([-: ]*{_HEX}){{15}}$", "examples": ["70b3d57ba0000a1c"]}
_NAME = {"pattern": r"^[^\x00-\x1f\x7f\\]+$", "maxLength": 200}
_ID = {"pattern": f"^{words.ID.pattern}$", "maxLength": 100}
_MOMENT = {"type": "string", "pattern": "^[0-9]{4}[-0-9W]", "examples": ["2025-11-03 09:30"]}
_FACTOR = {"type": "number", "not": {"const": 0}}
_AGS = {"pattern": "^[0-9]{8}$"}

DevEui = Annotated[str, AfterValidator(words.dev_eui), Written, WithJsonSchema(_PLAIN | _DEV_EUI)]
Name = Annotated[TagText, Written, WithJsonSchema(_PLAIN | _NAME)]
Id = Annotated[
    str, Field(pattern=f"^{words.ID.pattern}$", max_length=100), Written, WithJsonSchema(_PLAIN | _ID)
]
Moment = Annotated[str, Written, WithJsonSchema(_MOMENT)]
Texts = Annotated[dict[str, str], AllWritten, WithJsonSchema(_TEXTS)]
NoTruth = BeforeValidator(number.no_truth)
Finite = Annotated[float, Field(allow_inf_nan=False), NoTruth]


class _Section(BaseModel):
    model_config = STRICT


class MunicipalityEntry(_Section):
    """Whose devices these are."""

    id: Id
    """Short name for ever, as `giessen`: lower-case letters, digits and `-`."""
    ags: Annotated[str, Field(pattern=r"^[0-9]{8}$"), Written, WithJsonSchema(_PLAIN | _AGS)] | None = None
    """Amtlicher Gemeindeschlüssel: 8 digits."""


class PublisherEntry(_Section):
    """Who answers for the data."""

    name: str
    """Name of the authority."""
    contact: str
    """Mail address for questions."""
    licence: str
    """Licence of what is published, as `dl-de/by-2-0`."""


class LocationEntry(_Section):
    """Where it stands (WGS 84)."""

    lat: Annotated[float, Field(ge=-90, le=90), NoTruth]
    """Latitude in degrees, as 50.5841."""
    lon: Annotated[float, Field(ge=-180, le=180), NoTruth]
    """Longitude in degrees, as 8.6784."""
    height: Finite | None = None
    """Metres above the ground."""


class CalibrationEntry(_Section):
    """`factor * value + offset`, in the catalogue's unit."""

    factor: Annotated[Finite, AfterValidator(_not_zero), WithJsonSchema(_FACTOR)] = 1.0
    """Multiplied with the value."""
    offset: Finite = 0.0
    """Added after that."""


#: Of an entry's hardware.
_ONE_OF_TWO: list[Any] = [{"required": ["dev_eui", "type"]}, {"required": ["address", "type"]}]
_HARDWARE_KEYS = ("from", "until", "dev_eui", "address", "type", "calibration", "variables")


class _Hardware(_Section):
    begin: Annotated[Moment | None, Field(alias="from")] = None
    """When it was mounted, in local time, as `2025-11-03 09:30`. Default: it always hung there."""
    until: Moment | None = None
    """When it was taken down, in local time. Default: it still hangs there."""
    dev_eui: DevEui | None = None
    """DevEUI, 16 hex digits as on the sensor's label; `-` and `:` may stand between."""
    address: Name | None = None
    """Name that a sensor without LoRaWAN sends, instead of `dev_eui`."""
    type: Annotated[str, Written] | None = None
    """Device type: name of a file in the types' folders."""
    calibration: dict[str, CalibrationEntry] = {}
    """Calibration by quantity, as `pm2_5: {factor: 0.92, offset: 0.4}`. It ends with this hardware."""
    variables: Texts = {}
    """Values that the type's codec asks for."""

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if self.dev_eui is not None and self.address is not None:
            raise ValueError(say("dev_eui and address exclude each other: write the one that it has"))
        return self


class InstallationEntry(_Hardware):
    """One piece of hardware at this place, from when to when."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _ONE_OF_TWO})

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _need_hardware(self)
        return self


class DeviceEntry(_Hardware):
    """A place that is measured, and what hangs there."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [*_ONE_OF_TWO, {"required": ["installations"]}],
            "dependentSchemas": {"installations": {"properties": dict.fromkeys(_HARDWARE_KEYS, False)}},
        }
    )

    id: Id
    """The place; the series' name for ever. Lower-case letters, digits and `-`."""
    site: Name
    """What people call the place, as `Marktplatz`."""
    district: Name | None = None
    """Part of the town."""
    location: LocationEntry | None = None
    """Where it stands: `{lat: 50.5841, lon: 8.6784, height: 3.5}`."""
    interval: Annotated[str, Field(pattern=duration.PATTERN)] | None = None
    """How often it should speak, as `10min`. Default: as its type says."""
    publish: Literal["none", "partners", "open"] = "none"
    """Who may have its data: `none`, `partners` or `open`. Parking bays are never open singly."""
    labels: Texts = {}
    """Free texts for searching and exports, as `{inventar: 20931}`."""
    direction: Annotated[dict[str, TagText], AllWritten, WithJsonSchema(_TEXTS)] = {}
    """What the type's directions are in this street, as `{ltr: stadteinwärts, rtl: stadtauswärts}`."""
    lot: Name | None = None
    """Car park that a parking bay belongs to."""
    bay: Name | None = None
    """Number of the parking bay."""
    bays: Annotated[dict[str, TagText], SaidKeys, AllWritten, WithJsonSchema(_TEXTS)] = {}
    """Bays that a sensor of several names, and what they are called here, as `{1: A17, 2: A18}`."""
    lane: Name | None = None
    """Lane of the street."""
    qc: dict[str, QcEntry] = {}
    """Thresholds of tests at this place by quantity, where others than the type's fit, as
    `pm2_5: {spike: 80, flat: 6h}`."""
    installations: Annotated[tuple[InstallationEntry, ...], Field(min_length=1)] | None = None
    """Hardware at this place over time, instead of the short form with `dev_eui` and `type`."""

    @model_validator(mode="after")
    def _short_or_long(self) -> Self:
        if self.installations is None:
            _need_hardware(self)
        elif short := self.model_fields_set & set(_Hardware.model_fields):
            names = ", ".join("from" if name == "begin" else name for name in sorted(short))
            wrong = say(
                "{names} and installations exclude each other: write it into the installation", names=names
            )
            raise ValueError(wrong)
        return self


def _need_hardware(entry: _Hardware) -> None:
    if entry.dev_eui is None and entry.address is None:
        raise ValueError(say("dev_eui is missing (or address, for a sensor without LoRaWAN)"))
    if entry.type is None:
        raise ValueError(say("type is missing: write the name of a device type"))


class Head(_Section):
    """What stands above the list of devices."""

    municipality: MunicipalityEntry
    """Whose devices these are."""
    publisher: PublisherEntry | None = None
    """Who answers for the data."""
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Berlin"
    """Time zone of the times in this file."""


class DeviceFile(Head):
    """The places that a municipality measures; a folder may hold several such files."""

    devices: tuple[DeviceEntry, ...]
    """One entry a place."""


@dataclass(frozen=True, slots=True)
class Types:
    """The device types by id, and `file:line` of the first fault of those whose file is wrong."""

    usable: Mapping[str, DeviceType]
    faulty: Mapping[str, str]


class Wrong(Exception):
    """The entry cannot be used; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


def compile_device(
    entry: DeviceEntry | PlainDevice, head: Head, types: Types, *, file: str = "", line: int = 0
) -> Device:
    """The device with its installations, oldest first; raises `Wrong`."""
    where = entry.location
    if where is not None and (wrong := location.complaint(where.lat, where.lon, head.timezone)) is not None:
        raise Wrong(Problem(("location",), wrong))
    device = Device(
        id=entry.id,
        site=entry.site,
        municipality=head.municipality.id,
        district=entry.district,
        lat=where.lat if where else None,
        lon=where.lon if where else None,
        height_m=where.height if where else None,
        interval_s=duration.seconds(entry.interval) if entry.interval else None,
        publish=entry.publish,
        labels=entry.labels or _NOTHING,
        direction=entry.direction or _NOTHING,
        lot=entry.lot,
        bay=entry.bay,
        lane=entry.lane,
        bays=entry.bays or _NOTHING,
        timezone=head.timezone,
        file=file,
        line=line,
    )
    installations = _installations(entry, device, types)
    # Device and installations refer to each other, so one of the frozen two is completed here.
    object.__setattr__(device, "installations", installations)
    if entry.qc:
        object.__setattr__(device, "qc", _changes(entry.qc, installations))
    return device


def _changes(said: Mapping[str, QcEntry], installations: Iterable[Installation]) -> dict[str, Change]:
    """What the place says of thresholds, each of a quantity that is measured there."""
    types = [one.type for one in installations]
    values = [value for kind in types for reading in kind.readings for value in reading.values]
    counters = {value.quantity.name: value.counter for value in values}
    measured = [*counters, *sorted(frozenset[str]().union(*map(derivable, types)))]
    changes = {}
    for name, entry in said.items():
        if name not in measured:
            wrong = say(
                "{quantity} is not measured here{near}; allowed: {names}",
                quantity=name,
                near=did_you_mean(name, measured),
                names=", ".join(measured),
            )
            raise Wrong(Problem(("qc", name), wrong))
        try:
            changes[name] = change(entry, CATALOGUE[name], counter=counters.get(name))
        except ValueError as error:
            raise Wrong(Problem(("qc", name), error.args[0])) from None
    return changes


def _installations(
    entry: DeviceEntry | PlainDevice, device: Device, types: Types
) -> tuple[Installation, ...]:
    several: Sequence[_Hardware | PlainHardware] | None = entry.installations
    listed: Sequence[tuple[tuple[str | int, ...], _Hardware | PlainHardware]] = (
        [(("installations", at), one) for at, one in enumerate(several)] if several else [((), entry)]
    )
    prefix = words.tag_prefix(
        device=device.id, district=device.district, municipality=device.municipality, site=device.site
    )
    built = [(at, _installation(one, at, device, types, prefix)) for at, one in listed]
    _check_directions(device, (one.type for _, one in built))
    _check_bays(device, (one.type for _, one in built))
    if len(built) == 1:
        return (built[0][1],)
    built.sort(key=lambda pair: (pair[1].begin_ns is not None, pair[1].begin_ns or 0))
    for (_, before), (at, after) in itertools.pairwise(built):
        if overlap(before, after):
            wrong = say(
                "{one} and {other} hang here at the same time: end one with until",
                one=after.address,
                other=before.address,
            )
            raise Wrong(Problem(at, wrong))
    return tuple(one for _, one in built)


def _installation(
    entry: _Hardware | PlainHardware, at: tuple[str | int, ...], device: Device, types: Types, prefix: str
) -> Installation:
    found = types.usable.get(entry.type or "")
    if found is None:
        raise Wrong(Problem((*at, "type"), _no_type(entry.type or "", types)))
    _check_quantities(entry, at, found)
    begin, end = moment(entry.begin, (*at, "from"), device), moment(entry.until, (*at, "until"), device)
    if begin is not None and end is not None and end <= begin:
        wrong = say("until {until} is not after from {begin}", until=entry.until, begin=entry.begin)
        raise Wrong(Problem((*at, "until"), wrong))
    return Installation(
        device=device,
        address=entry.dev_eui or entry.address or "",
        type=found,
        begin_ns=begin,
        end_ns=end,
        calibration=_calibration(entry.calibration) if entry.calibration else _NOTHING,
        variables=entry.variables or _NOTHING,
        tag_prefix=prefix,
    )


def _calibration(said: Mapping[str, CalibrationEntry | PlainCalibration]) -> dict[str, Calibration]:
    return {name: Calibration(one.factor, one.offset) for name, one in said.items()}


def _no_type(name: str, types: Types) -> Sentence:
    if name in types.faulty:
        return say(
            "the file of its device type {name} has a fault at {place}: mend that first",
            name=name,
            place=types.faulty[name],
        )
    near = did_you_mean(name, types.usable)
    return say("there is no device type {name}{near}: messnetz types list shows all", name=name, near=near)


def _check_quantities(entry: _Hardware | PlainHardware, at: tuple[str | int, ...], found: DeviceType) -> None:
    if not entry.calibration:
        return
    own = {value.quantity.name: None for reading in found.readings for value in reading.values}
    for name in [name for name in entry.calibration if name not in own]:
        measured = {**own, **dict.fromkeys(sorted(derivable(found)))}
        if name not in measured:
            near = did_you_mean(name, measured)
            wrong = say(
                "{type} does not measure {name}{near}; allowed: {names}",
                type=found.id,
                name=one_line(name),
                near=near,
                names=", ".join(measured),
            )
            raise Wrong(Problem((*at, "calibration", name), wrong))


def _check_directions(device: Device, types: Iterable[DeviceType]) -> None:
    if not device.direction:
        return
    tags = [
        tag for one in types for reading in one.readings for tag in reading.tags if tag.name == "direction"
    ]
    known = {value for tag in tags for value in (tag.value, *tag.allowed.values()) if value}
    for name in device.direction:
        # Where the payload names the direction, what a device lists is allowed there too.
        if name not in known and all(tag.get is None for tag in tags):
            near = did_you_mean(name, known)
            wrong = say(
                "its type has no direction {name}{near}; allowed: {names}",
                name=one_line(name),
                near=near,
                names=", ".join(sorted(known)) or say("nothing"),
            )
            raise Wrong(Problem(("direction", name), wrong))


def _check_bays(device: Device, types: Iterable[DeviceType]) -> None:
    if device.bays and not any(
        tag.name == "bay" and tag.get is not None
        for one in types
        for reading in one.readings
        for tag in reading.tags
    ):
        wrong = say("bays is for sensors of several bays: write `bay` for one whose type watches one")
        raise Wrong(Problem(("bays",), wrong))


def moment(text: str | None, at: tuple[str | int, ...], device: Device) -> int | None:
    """A date and time as it stands at `at`, local unless it has an offset, in UTC ns; raises `Wrong`."""
    if text is None:
        return None
    try:
        return time_ns(text, device.timezone)
    except ValueError as error:
        raise Wrong(Problem(at, error.args[0])) from None


def overlap(one: Installation, other: Installation) -> bool:
    """Whether there is a moment that lies in both windows."""
    return _before(one.begin_ns, other.end_ns) and _before(other.begin_ns, one.end_ns)


def _before(begin_ns: int | None, end_ns: int | None) -> bool:
    return begin_ns is None or end_ns is None or begin_ns < end_ns
