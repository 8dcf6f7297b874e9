"""SenML, JSON or CBOR (RFC 8428, with RFC 9100), of sensors that speak MQTT without LoRaWAN.

One message is one uplink of one sender: its base name, or the last level of the topic where it has none.
The decoded object has the newest value of each name, and under `history` one item a time, oldest first,
each with `time` in seconds since 1970: `{temperature: 21.5, history: [{temperature: 21.5, time:
1772366400.0}]}`. Units are not looked at: the type says them.
"""

import base64
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import cbor2
import msgspec

from devices import mapping
from devices.language import say
from devices.uplink import Uplink
from ingest.lns.event import Ignored, Unreadable, address, bad_time, check_size, data_uplink, decode, finite

#: Whoever publishes chooses it: the settings have to name it.
TOPICS: tuple[str, ...] = ()

_HINT = say("expected a list of SenML records (RFC 8428)")
#: Numbers of the fields in CBOR (RFC 8428, table 4).
_LABELS: Mapping[Any, str] = {
    -1: "bver",
    -2: "bn",
    -3: "bt",
    -4: "bu",
    -5: "bv",
    -6: "bs",
    0: "n",
    1: "u",
    2: "v",
    3: "vs",
    4: "vb",
    5: "s",
    6: "t",
    7: "ut",
    8: "vd",
}
#: Version 10 is RFC 8428, with secondary units (RFC 9100) it is 26.
_VERSIONS = frozenset({*range(1, 11), 26})
#: Times below are relative to now (RFC 8428, 4.5.3); those above the other bound are none.
_ABSOLUTE_S, _MOST_S = 2**28, 2**33
_DEPTH = 8
_DECIMAL = 4  #: decimal fractions, the only CBOR tag of RFC 8428
_NAMELESS = "value"


class _Record(msgspec.Struct, gc=False):
    bver: int = 10
    bn: str | None = None
    bt: float | None = None
    bv: float | None = None
    bs: float | None = None
    n: str = ""
    v: int | float | None = None
    vs: str | None = None
    vb: bool | None = None
    vd: str | None = None
    s: float | None = None
    t: float = 0.0


class _NoTags(Mapping[int, Any]):
    """Refuses every tag but decimal fractions: others make objects of all kinds of it."""

    def __getitem__(self, tag: int) -> Any:
        if tag == _DECIMAL:
            raise KeyError(tag)
        return _refuse

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def _refuse(_decoder: Any) -> Any:
    raise ValueError("a tag that SenML does not have")


_decoder = msgspec.json.Decoder(list[dict[str, Any]])
_no_tags = _NoTags()


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`."""
    plain = decode(_decoder, payload, hint=_HINT) if payload[:1] in b"[{" else _of_cbor(payload)
    records = [_record(one) for one in plain]
    named = next((record.bn for record in records if record.bn), None)
    sender = _sender(named) if named else address(topic.rpartition("/")[2])
    times = _resolve(records, named, sender, arrival_ns)
    if not times:
        raise Unreadable("wrong_shape", say("no record has a value; {hint}", hint=_HINT), address=sender)
    history = [{**times[time_ns], "time": round(time_ns / 1e9, 6)} for time_ns in sorted(times)]
    newest: dict[str, Any] = {}
    for time_ns in sorted(times):
        newest |= times[time_ns]
    return data_uplink(sender, max(times), None, decoded={**newest, "history": history}, content=payload)


def _of_cbor(payload: bytes) -> list[dict[str, Any]]:
    check_size(payload)
    try:
        said = cbor2.loads(payload, max_depth=_DEPTH, semantic_decoders=_no_tags)
    except (cbor2.CBORError, ValueError, TypeError, RecursionError):
        raise Unreadable("not_cbor", say("neither JSON nor CBOR; {hint}", hint=_HINT)) from None
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise Unreadable("wrong_shape", say("the message is not as it should be; {hint}", hint=_HINT))
    return [{_LABELS.get(key, str(key)): _plain(value) for key, value in one.items()} for one in said]


def _plain(value: Any) -> Any:
    """What JSON would have instead."""
    if isinstance(value, Decimal):
        return float(value)
    return base64.urlsafe_b64encode(value).decode() if isinstance(value, bytes) else value


def _record(plain: dict[str, Any]) -> _Record:
    if strange := next((key for key in plain if key.endswith("_")), None):
        said = say(
            "{field} is to be understood, and is not known here (RFC 8428, 4.4)", field=repr(strange[:40])
        )
        raise Unreadable("unknown_field", said)
    try:
        record = msgspec.convert(plain, _Record)
    except msgspec.ValidationError:
        raise Unreadable(
            "wrong_shape", say("the message is not as it should be; {hint}", hint=_HINT)
        ) from None
    if record.bver not in _VERSIONS:
        said = say(
            "SenML of version {version} is not known here: 10 and 26 are",
            version=mapping.shown(record.bver),
        )
        raise Unreadable("unknown_version", said)
    return record


def _sender(base_name: str) -> str:
    """`urn:dev:ow:10e2073a01080063:` without its end; the DevEUI alone where it closes with one."""
    name = base_name.rstrip(":/.-_")
    last = re.split(r"[:/]", name)[-1]
    return address(last) if len(last) == 16 and address(last) == last.lower() else address(name)


def _resolve(
    records: list[_Record], named: str | None, sender: str, arrival_ns: int
) -> dict[int, dict[str, Any]]:
    """The values by time and name, base values added (RFC 8428, 4.6)."""
    base = _Record(bt=0.0, bv=0.0, bs=0.0)
    times: dict[int, dict[str, Any]] = {}
    for record in records:
        if record.bn and _sender(record.bn) != _sender(named or ""):
            raise Unreadable(
                "several_senders",
                say("one message speaks for several senders: let the gateway send one for each"),
                address=sender,
            )
        base.bt, base.bv, base.bs = (
            new if new is not None else old
            for new, old in ((record.bt, base.bt), (record.bv, base.bv), (record.bs, base.bs))
        )
        values = _values(record, base, sender)
        if values:
            times.setdefault(_time(record, base, sender, arrival_ns), {}).update(values)
    return times


def _values(record: _Record, base: _Record, sender: str) -> dict[str, Any]:
    name = record.n.strip(":/.-_") or _NAMELESS
    said = [value for value in (record.v, record.vs, record.vb, record.vd) if value is not None]
    if len(said) > 1:
        raise Unreadable(
            "wrong_shape", say("{field} has several values; {hint}", field=name, hint=_HINT), address=sender
        )
    values: dict[str, Any] = {}
    if record.v is not None:
        values[name] = _added(record.v, base.bv)
    elif said:
        values[name] = said[0]
    if record.s is not None:
        values[f"{name}_sum" if said else name] = _added(record.s, base.bs)
    return values


def _added(value: float, base: float | None) -> float | None:
    try:
        return finite(value + base if base else value)
    except OverflowError:  # an integer that no float can hold
        return None


def _time(record: _Record, base: _Record, sender: str, arrival_ns: int) -> int:
    said = (base.bt or 0.0) + record.t
    if not abs(said) < _MOST_S:  # NaN is not, either
        raise bad_time(said, sender)
    since = 0 if said >= _ABSOLUTE_S else arrival_ns
    time_ns = since + round(said * 1e6) * 1000  # a float has no nanoseconds today
    if time_ns < 0:
        raise bad_time(said, sender)
    return time_ns
