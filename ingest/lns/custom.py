"""Any JSON over MQTT: the settings name by path where each thing stands (`ingest.settings.Custom`)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from devices import mapping
from devices.language import say
from devices.path import compile_path
from devices.type import MISSING, Getter
from devices.uplink import Uplink
from ingest.lns.event import (
    Fault,
    Ignored,
    Radio,
    Unreadable,
    address,
    data_uplink,
    decode,
    finite,
    from_base64,
    from_hex,
    missing,
    radio,
    reception,
    since_1970,
)
from ingest.settings import Custom

_HINT = say("expected JSON, whose fields `custom` in the settings names")
_U32, _U8, _SLOWEST = 2**32 - 1, 255, 12

_decoder = msgspec.json.Decoder()


@dataclass(frozen=True)
class CustomFormat:
    """The format that a `custom` section describes."""

    custom: Custom
    TOPICS: tuple[str, ...] = ()
    _get: dict[str, Getter] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compile the paths once. Raises `ValueError` for one that is none."""
        plain = {"encoding", "address_level"}
        named = {key: said for key, said in self.custom if key not in plain and said is not None}
        object.__setattr__(self, "_get", {key: compile_path(said) for key, said in named.items()})

    def parse(self, topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
        """Read one message; see `ingest.lns`."""
        said = decode(_decoder, payload, hint=_HINT)
        sender = self._address(said, topic)
        find = partial(self._find, said)
        message_id = find("id")
        return data_uplink(
            sender,
            since_1970(find("time"), arrival_ns=arrival_ns, address=sender),
            self._payload(find, sender),
            f_port=_whole(find, "f_port", _U8, sender),
            f_cnt=_whole(find, "f_cnt", _U32, sender),
            decoded=self._object(find, sender),
            heard=_heard(find, sender),
            spreading_factor=_whole(find, "spreading_factor", _SLOWEST, sender) or None,
            dedup_key="" if message_id is None else f"{sender}:{mapping.shown(message_id)}",
            content=payload,
        )

    def _find(self, said: Any, name: str) -> Any:
        """What stands at the path of that name; None where nothing does."""
        get = self._get.get(name)
        found = get(said) if get else None
        return None if found is MISSING else found

    def _address(self, said: Any, topic: str) -> str:
        found = self._find(said, "address")
        if found is not None:
            return address(found)
        level, levels = self.custom.address_level, topic.split("/")
        if level is not None and -len(levels) <= level <= len(levels):
            return address(levels[level - 1 if level > 0 else level])
        if level is None:
            raise missing(str(self.custom.address), _HINT)
        said = say("the topic {topic} has no level {level}", topic=repr(topic[:80]), level=level)
        raise Unreadable("bad_address", said)

    def _payload(self, find: Callable[[str], Any], sender: str) -> bytes | Fault | None:
        found = find("payload")
        if found is None:
            if find("object") is None:
                raise Unreadable(
                    "wrong_shape",
                    say("neither payload nor object stands where it should; {hint}", hint=_HINT),
                    address=sender,
                )
            return None
        if not isinstance(found, str):
            raise _misplaced("payload", found, sender)
        read = from_base64 if self.custom.encoding == "base64" else from_hex
        return read(found, "payload")

    def _object(self, find: Callable[[str], Any], sender: str) -> dict[str, Any] | None:
        found = find("object")
        if found is not None and not isinstance(found, dict):
            raise _misplaced("object", found, sender)
        return found


def _heard(find: Callable[[str], Any], sender: str) -> Radio:
    found = find("gateways")
    ids = found if isinstance(found, list) else []
    return Radio(
        rssi=_number(find, "rssi", sender),
        snr=_number(find, "snr", sender),
        gateways=len(ids) if isinstance(found, list) else _whole(find, "gateways", _U32, sender),
        heard_by=radio([reception(one, None, None) for one in ids if isinstance(one, str)]).heard_by,
    )


def _whole(find: Callable[[str], Any], name: str, most: int, sender: str) -> int | None:
    number = _number(find, name, sender)
    if number is None:
        return None
    if not 0 <= number <= most or number != int(number):
        raise _misplaced(name, number, sender)
    return int(number)


def _number(find: Callable[[str], Any], name: str, sender: str) -> float | None:
    """A number, which may be written as text; None where nothing stands."""
    found = find(name)
    if found is None:
        return None
    try:
        number = None if isinstance(found, bool) else finite(float(found))
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None:
        raise _misplaced(name, found, sender)
    return number


def _misplaced(name: str, found: Any, sender: str) -> Unreadable:
    said = say("what stands at the path of `{name}` is none: {said}", name=name, said=mapping.shown(found))
    return Unreadable("wrong_shape", said, address=sender)
