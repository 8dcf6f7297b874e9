"""Device type files: how a model of sensor is described for people and compiled for the pipeline.

One YAML file a type, its name the type's id. The sentence under a field is its documentation and stands in
the JSON Schema. What cannot be compiled is a complaint with its line; the type is then unknown.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, WithJsonSchema, model_validator

from devices import duration, limits, number, qc, quantity, unit, yaml
from devices.codecs import LOCAL
from devices.complaint import Complaint, did_you_mean, one_line
from devices.explain import explain
from devices.language import say
from devices.limits import Limits
from devices.path import compile_path
from devices.qc import QcEntry
from devices.quantity import CATALOGUE, Quantity
from devices.script_file import read_script
from devices.strict import STRICT
from devices.type import MISSING, DeviceType, Getter, ReadingSpec, Script, TagSpec, ValueSpec
from devices.words import ID, TagText
from devices.written import SaidKeys, Written

#: The types that come with Messnetz.
SHIPPED_TYPES = Path(__file__).parent / "types"

#: `devices.reading.TAGS`.
TagName = Literal["direction", "lane", "vehicle_class", "lot", "bay"]
Port = Annotated[int, Field(ge=0, le=255), BeforeValidator(number.no_truth)]
Duration = Annotated[str, Field(pattern=duration.PATTERN)]
_OCTETS = r"^(?:[0-9a-fA-F]{2})*$"
#: What the names of `for` are in one turn.
Words = Mapping[str, str]
Category = Literal[
    "air", "noise", "parking", "traffic", "people", "weather", "road", "water", "soil", "waste", "network"
]


class _Section(BaseModel):
    model_config = STRICT


class ValueEntry(_Section):
    """Where one quantity stands in the decoded object."""

    path: Annotated[str, Field(alias="from", min_length=1)]
    """Path to it: keys with dots between them, as `pm2_5.value`; whole numbers count the items of lists. With
    one of `[ ] ( ) { } | * & @` outside of double quotes it is a [JMESPath](https://jmespath.org), as
    `messages[?type=='pm2_5'].value | [0]`; `"@"` is an item of `each` itself."""
    unit: str | None = None
    """The unit it is said in, UCUM or as usual (`ug/m3`, `µg/m³`, `ppb`, `°C`); none for counts."""
    counter: Literal["delta", "total", "gauge"] | None = None
    """`delta`: counted since the last uplink; `total`: counted for ever; `gauge`: how many are there now."""
    width: Literal[8, 16, 24, 32, 48, 64] | None = None
    """Bits of a `total`, after which it begins anew at 0. Leave out where it never does."""
    words: dict[str | bool, int] = {}
    """Words that mean numbers, as `{occupied: 1, free: 0}`."""
    missing: tuple[str, ...] = ()
    """Words that mean: no value now. `No Sensor`, `NoSensor` and `NaN` are known already."""
    optical: bool = False
    """`true` for particles counted by light without a dryer: suspect above 80 % relative humidity."""
    qc: QcEntry = QcEntry()
    """Thresholds of its tests, where this model needs others than the catalogue's."""


class TagEntry(_Section):
    """A tag that the payload says."""

    path: Annotated[str, Field(alias="from", min_length=1)]
    """Path to it."""
    allowed: Annotated[dict[str, TagText], SaidKeys] = {}
    """What the payload may say, and the tag it becomes. Anything else is refused, but for what a device
    itself lists under `direction` or `bays`."""


class IntervalEntry(_Section):
    """An interval that the payload says."""

    path: Annotated[str, Field(alias="from", min_length=1)]
    """Path to it."""
    unit: str = "s"
    """Its unit: `s`, `min`, `h` …"""


class ReadingEntry(_Section):
    """One reading, or one for every item of a list."""

    repeat: Annotated[
        dict[str, Annotated[tuple[str | int, ...], Field(min_length=1)]], Field(alias="for")
    ] = {}
    """Says the entry once for each of these words, as `{line: [1, 2, 3, 4]}`: `{line}` in its paths and tags
    becomes each in turn."""
    values: Annotated[dict[str, ValueEntry], Field(min_length=1)]
    """The values by quantity (`pm2_5`, `count` …), each with the place it stands at."""
    tags: dict[TagName, TagText | TagEntry] = {}
    """Own tags of the reading: `direction`, `lane`, `vehicle_class`, `lot`, `bay`."""
    ports: Annotated[tuple[Port, ...], Field(min_length=1)] | None = None
    """Only uplinks on these ports say this, and those of a server that tells no port. Default: all."""
    each: str | None = None
    """Path to a list in the decoded object: every item is one reading, and other paths begin there."""
    every: Duration | IntervalEntry | None = None
    """For a list of past values that have no time: how far apart they are, as `10min`, or a path of the
    decoded object with its unit. The newest is of the uplink's time."""
    newest: Literal["first", "last"] = "first"
    """Where the newest item of such a list stands."""
    time: str | None = None
    """Path to the reading's own time. Default: the uplink's time."""
    time_is: Literal["end", "begin"] = "end"
    """Whether the device's time is the end or the begin of an interval."""
    interval: Duration | IntervalEntry | None = None
    """How long it measures: `15min`, or a path with its unit. Default: `every`, or since the one
    before of the same tags."""


class ExampleReading(_Section):
    """One row that an example is to give."""

    measurement: str
    """Measurement, as `air_quality`."""
    tags: dict[str, str] = {}
    """Own tags of the row."""
    values: dict[str, Annotated[int | float, BeforeValidator(number.no_truth)]]
    """Fields as they are written, in the catalogue's units: a failed value of `o3` is `o3_failed`."""


class BatteryEntry(_Section):
    """What the device says of its battery."""

    reports: Literal["battery", "battery_voltage"]
    """The quantity in which it says so: `battery` (%) or `battery_voltage` (V)."""
    low: Annotated[float, BeforeValidator(number.no_truth)]
    """Below this it is to be changed; in % or V."""


class Example(_Section):
    """What a device said and what it means, worked out by hand; it runs as a test."""

    source: str
    """Where it was published."""
    own: bool = False
    """Whether we made it up ourselves. A type that has no other example is listed as unverified."""
    description: str = ""
    """What is to be seen in it."""
    port: Port = 1
    """Port of the uplink."""
    payload: (
        Annotated[
            str,
            Field(pattern=_OCTETS),
            Written,
            WithJsonSchema({"type": ["string", "number"], "pattern": _OCTETS}),
        ]
        | None
    ) = None
    """Payload in hex, for a codec of ours or a `.js` file."""
    decoded: dict[str, Any] | None = None
    """The decoded object: the server's for `lns`, else what the codec is to make of the payload."""
    time: str | None = None
    """Time of the uplink (RFC 3339), where it matters."""
    variables: dict[str, str] = {}
    """What the device's installation says to the codec, where it matters."""
    readings: tuple[ExampleReading, ...]
    """The rows of the first uplink ever of such a device, without those of the radio."""

    @model_validator(mode="after")
    def _starts_somewhere(self) -> Self:
        if self.payload is None and self.decoded is None:
            raise ValueError(say("an example has a payload, a decoded object, or both"))
        return self


class TypeFile(_Section):
    """A model of sensor and how to read it."""

    manufacturer: str
    """Who makes it."""
    model: str
    """What the maker calls it."""
    category: Category | None = None
    """Where the catalogue lists it: `air`, `noise`, `parking`, `traffic`, `people`, `weather`, `water` …"""
    datasheet: str | None = None
    """Where its payload is documented."""
    version: Annotated[int, Field(ge=1), BeforeValidator(number.no_truth)] = 1
    """Version of this description: raised when its readings change their meaning."""
    codec: str
    """Who decodes the payload: `lns` (the network server), a codec of ours, or a file as `sensor.js`."""
    interval: Duration | None = None
    """How often it speaks as delivered, as `10min`."""
    heartbeat: Duration | None = None
    """For one that speaks when something happens: how often it speaks at least, as `24h`."""
    battery: Literal["none", "silent"] | BatteryEntry | None = None
    """What it says of its battery; `none` for one on mains, `silent` for one that says nothing of it."""
    ignore_ports: tuple[Port, ...] = ()
    """Ports on which nothing is said that we keep."""
    ignore_fields: tuple[str, ...] = ()
    """Fields of messages that say nothing that we keep, as `firmware_version`; with readings they count."""
    restart_ports: tuple[Port, ...] = ()
    """Ports on which it says that it started anew; its counters may have begun at 0."""
    readings: Annotated[tuple[ReadingEntry, ...], Field(min_length=1)]
    """What it measures."""
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
    """Published examples."""


class _Wrong(Exception):
    """Something at `path` cannot be compiled."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


#: What `compile_type` raises.
NotCompiled = _Wrong


def read(
    path: Path, codecs_dir: Path | None = None
) -> tuple[DeviceType | None, TypeFile | None, Sequence[Complaint]]:
    """A type file, compiled and as written; both None where it is wrong, with complaints that say why.

    `codecs_dir` is the folder of the city's `.js` files.
    """
    name, file = path.stem, shown(path)
    try:
        text, said = yaml.read(path)
    except yaml.Unreadable as error:
        return None, None, [Complaint(file, error.line, name, error.args[0])]
    if not ID.fullmatch(name):
        message = say("name the file with lower-case letters, digits and - only")
        return None, None, [Complaint(file, 0, name, message)]
    lines = yaml.Lines(text)
    # Composing takes 10 ms a file: the shipped ones are looked at by a test.
    doubles = lines.doubles() if path.parent != SHIPPED_TYPES else []
    wrong: list[tuple[int, str]] = [
        (line, say("{key} stands twice: keep one", key=one_line(key))) for key, line in doubles
    ]
    try:
        described = TypeFile.model_validate(said, context=text)
        compiled = compile_type(described, name, file, codecs_dir)
    except ValidationError as error:
        wrong += [(lines.of(one.path), one.message) for one in explain(error, TypeFile, said)]
    except _Wrong as error:
        wrong.append((lines.of(error.path), error.args[0]))
    if wrong:
        return None, None, [Complaint(file, line, name, message) for line, message in wrong]
    return compiled, described, ()


def shown(path: Path) -> str:
    """A path as messages show it: short where it lies under the working folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def compile_type(
    described: TypeFile, name: str, file: str = "", codecs_dir: Path | None = None
) -> DeviceType:
    """The compiled form of a type; raises an exception whose `path` says where it is wrong."""
    battery = described.battery
    return DeviceType(
        id=name,
        manufacturer=described.manufacturer,
        model=described.model,
        codec=described.codec,
        readings=tuple(
            _reading(entry, ("readings", at), words)
            for at, entry in enumerate(described.readings)
            for words in _turns(entry, ("readings", at))
        ),
        script=_script(described.codec, codecs_dir),
        version=described.version,
        interval_s=duration.seconds(described.interval) if described.interval else None,
        heartbeat_s=duration.seconds(described.heartbeat) if described.heartbeat else None,
        battery_low=(battery.reports, battery.low) if isinstance(battery, BatteryEntry) else None,
        ignore_ports=frozenset(described.ignore_ports),
        ignore_fields=tuple(
            _path(path, ("ignore_fields", at), {}) for at, path in enumerate(described.ignore_fields)
        ),
        restart_ports=frozenset(described.restart_ports),
        file=file,
    )


def _script(codec: str, folder: Path | None) -> Script | None:
    """The codec's file, read; None where `codec` is a name. Raises for a name or file there is not."""
    if not codec.endswith(".js"):
        if codec != "lns" and codec not in LOCAL:
            names = ("lns", *LOCAL)
            near = did_you_mean(codec, names)
            said = say(
                "{codec} is no codec{near}: write the name of a file as sensor.js, or one of {names}",
                codec=codec,
                near=near,
                names=", ".join(names),
            )
            raise _Wrong(("codec",), said)
        return None
    path = (folder or Path("config/codecs")) / codec
    try:
        return read_script(path, shown(path))
    except ValueError as error:
        raise _Wrong(("codec",), error.args[0]) from None


def _turns(entry: ReadingEntry, at: tuple[str | int, ...]) -> Iterator[Words]:
    """The words of `for`, every combination once; without any, one turn without words."""
    text = entry.model_dump_json(by_alias=True, exclude={"repeat"})
    for name in entry.repeat:
        if f"{{{name}}}" not in text:
            said = say(
                "{name} stands nowhere in this entry: write {mark} into its paths and tags", **_mark(name)
            )
            raise _Wrong((*at, "for", name), said)
    for words in itertools.product(*entry.repeat.values()):
        yield dict(zip(entry.repeat, map(str, words), strict=True))


def _mark(name: str) -> dict[str, str]:
    return {"name": name, "mark": f"{{{name}}}"}


def _filled(text: str, words: Words) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _reading(entry: ReadingEntry, at: tuple[str | int, ...], words: Words) -> ReadingSpec:
    getter, length = _interval(entry.interval, (*at, "interval"), words)
    every, every_s = _interval(entry.every, (*at, "every"), words)
    if entry.every is not None and (entry.each is None or entry.time is not None):
        said = say("every is for a list without times: write it beside `each`, and without `time`")
        raise _Wrong((*at, "every"), said)
    values = entry.values.items()
    return ReadingSpec(
        values=tuple(_value(name, value, (*at, "values", name), words) for name, value in values),
        tags=tuple(_tag(name, tag, (*at, "tags", name), words) for name, tag in entry.tags.items()),
        ports=frozenset(entry.ports) if entry.ports else None,
        each=_path(entry.each, (*at, "each"), words) if entry.each else None,
        time=_path(entry.time, (*at, "time"), words) if entry.time else None,
        time_is=entry.time_is,
        interval=getter,
        interval_s=length,
        every=every,
        every_s=every_s,
        newest=entry.newest,
    )


def _value(name: str, entry: ValueEntry, at: tuple[str | int, ...], words: Words) -> ValueSpec:
    found = CATALOGUE.get(name)
    if found is None or not found.measurement:
        allowed = [one.name for one in CATALOGUE.values() if one.measurement]
        near = did_you_mean(name, allowed)
        wrong = say(
            "{name} is no quantity of the catalogue{near}; allowed: {names}",
            name=one_line(name),
            near=near,
            names=", ".join(allowed),
        )
        raise _Wrong(at, wrong)
    _check_counter(found, entry, at)
    try:
        factor, offset = quantity.factors(found, entry.unit)
    except ValueError as error:
        raise _Wrong((*at, "unit"), error.args[0]) from None
    return ValueSpec(
        quantity=found,
        path=_filled(entry.path, words),
        get=_path(entry.path, (*at, "from"), words),
        factor=factor,
        offset=offset,
        counter=entry.counter,
        width=entry.width,
        words={str(word).strip().casefold(): number for word, number in entry.words.items()},
        missing=frozenset(entry.missing),
        limits=_limits(found, entry, (*at, "qc")),
        optical=entry.optical,
    )


def _limits(found: Quantity, entry: ValueEntry, at: tuple[str | int, ...]) -> Limits | None:
    if not entry.qc.model_fields_set:
        return None
    try:
        return limits.changed(found.limits, qc.change(entry.qc, found, counter=entry.counter))
    except ValueError as error:
        raise _Wrong(at, error.args[0]) from None


def _check_counter(found: Quantity, entry: ValueEntry, at: tuple[str | int, ...]) -> None:
    name, total = found.name, f"{found.name}_total"
    if found.summary == "sum" and entry.counter not in {"delta", "total"}:
        wrong = say(
            "{name} needs `counter`: say delta (since the last uplink) or total (for ever)", name=name
        )
        raise _Wrong(at, wrong)
    if found.summary != "sum" and entry.counter in {"delta", "total"}:
        wrong = say("{name} is not summed: leave `counter` out, or say gauge", name=name)
        raise _Wrong((*at, "counter"), wrong)
    if entry.counter == "total" and total not in CATALOGUE:
        wrong = say(
            "the catalogue has no {total}: {name} can only be counted as delta", total=total, name=name
        )
        raise _Wrong((*at, "counter"), wrong)
    if entry.width is not None and entry.counter != "total":
        raise _Wrong((*at, "width"), say("only a counter: total has a width"))


def _tag(name: str, entry: str | TagEntry, at: tuple[str | int, ...], words: Words) -> TagSpec:
    if isinstance(entry, str):
        return TagSpec(name=name, value=_filled(entry, words))
    if not entry.allowed and name not in {"direction", "bay"}:
        said = say("{name} needs `allowed`: say what the payload may say, and the tag it becomes", name=name)
        raise _Wrong((*at, "allowed"), said)
    getter = _path(entry.path, (*at, "from"), words)
    return TagSpec(name=name, get=getter, path=_filled(entry.path, words), allowed=entry.allowed)


def _interval(
    entry: str | IntervalEntry | None, at: tuple[str | int, ...], words: Words
) -> tuple[Getter | None, int | None]:
    if entry is None:
        return None, None
    if isinstance(entry, str):
        return None, duration.seconds(entry)
    code = unit.ucum(entry.unit)
    if code not in unit.SECONDS:
        names = ", ".join(unit.SECONDS)
        wrong = say("{unit} is no unit of time: say one of {names}", unit=one_line(entry.unit), names=names)
        raise _Wrong((*at, "unit"), wrong)
    return _in_seconds(_path(entry.path, (*at, "from"), words), float(unit.SECONDS[code][0])), None


def _in_seconds(get: Getter, factor: float) -> Getter:
    def seconds(said: Any) -> Any:
        found = get(said)
        if isinstance(found, dict):
            found = found.get("value", MISSING)
        if isinstance(found, str):
            try:
                found = float(found.replace(",", "."))
            except ValueError:
                return found
        if isinstance(found, bool) or not isinstance(found, int | float):
            return found
        try:
            return found * factor
        except OverflowError:  # an integer that no float can hold
            return found

    return seconds if factor != 1.0 else get


def _path(path: str, at: tuple[str | int, ...], words: Words) -> Getter:
    try:
        return compile_path(_filled(path, words))
    except ValueError as error:
        raise _Wrong(at, error.args[0]) from None
