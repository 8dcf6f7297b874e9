"""ChirpStack v4's binary events, read as the JSON that they stand for.

Field numbers: api/proto/integration/integration.proto, gw/gw.proto and common/common.proto of ChirpStack 4.
Only the fields that are used are listed; all others are skipped, as Protocol Buffers has it.
"""

import base64
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2, timestamp_pb2
from google.protobuf.message import DecodeError, Message

from devices.language import say
from ingest.lns.event import Unreadable, check_size

_TIME: Final = "google.protobuf.Timestamp"
_STRUCT: Final = "google.protobuf.Struct"
_PACKAGE = "messnetz.chirpstack"

#: Of each message the fields that are read: number and type; `[]` is a list.
_MESSAGES: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "DeviceInfo": {"dev_eui": (8, "string")},
    "LoraModulationInfo": {"spreading_factor": (2, "uint32")},
    "Modulation": {"lora": (3, "LoraModulationInfo")},
    "UplinkTxInfo": {"modulation": (2, "Modulation")},
    "UplinkRxInfo": {
        "gateway_id": (1, "string"),
        "gw_time": (3, _TIME),
        "ns_time": (17, _TIME),
        "rssi": (6, "int32"),
        "snr": (7, "float"),
    },
    "KeyEnvelope": {"kek_label": (1, "string"), "aes_key": (2, "bytes")},
    "JoinServerContext": {"session_key_id": (1, "string"), "app_s_key": (2, "KeyEnvelope")},
    "UplinkEvent": {
        "deduplication_id": (1, "string"),
        "time": (2, _TIME),
        "device_info": (3, "DeviceInfo"),
        "f_cnt": (7, "uint32"),
        "f_port": (8, "uint32"),
        "data": (10, "bytes"),
        "object": (11, _STRUCT),
        "rx_info": (12, "UplinkRxInfo[]"),
        "tx_info": (13, "UplinkTxInfo"),
        "join_server_context": (15, "JoinServerContext"),
    },
    "JoinEvent": {
        "deduplication_id": (1, "string"),
        "time": (2, _TIME),
        "device_info": (3, "DeviceInfo"),
    },
    "StatusEvent": {
        "deduplication_id": (1, "string"),
        "time": (2, _TIME),
        "device_info": (3, "DeviceInfo"),
        "external_power_source": (6, "bool"),
        "battery_level_unavailable": (7, "bool"),
        "battery_level": (8, "float"),
    },
    "GatewayStats": {
        "gateway_id": (17, "string"),
        "time": (2, _TIME),
        "rx_packets_received": (5, "uint32"),
        "rx_packets_received_ok": (6, "uint32"),
        "tx_packets_received": (7, "uint32"),
        "tx_packets_emitted": (8, "uint32"),
    },
}


def _classes() -> Mapping[str, type[Message]]:
    """A class for each of `_MESSAGES`, in a pool of its own: other programs' descriptors cannot collide."""
    file = descriptor_pb2.FileDescriptorProto(
        name="messnetz/chirpstack.proto",
        package=_PACKAGE,
        syntax="proto3",
        dependency=[timestamp_pb2.DESCRIPTOR.name, struct_pb2.DESCRIPTOR.name],
    )
    for name, fields in _MESSAGES.items():
        described = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            described.field.append(_field(field, number, kind))
    pool = descriptor_pool.DescriptorPool()
    for known in (timestamp_pb2, struct_pb2):
        pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    found = {name: pool.FindMessageTypeByName(f"{_PACKAGE}.{name}") for name in _MESSAGES}
    return {name: message_factory.GetMessageClass(one) for name, one in found.items()}


def _field(name: str, number: int, kind: str) -> descriptor_pb2.FieldDescriptorProto:
    described = descriptor_pb2.FieldDescriptorProto
    label = described.LABEL_REPEATED if kind.endswith("[]") else described.LABEL_OPTIONAL
    kind = kind.removesuffix("[]")
    if kind[0].islower() and "." not in kind:
        return described(name=name, number=number, label=label, type=f"TYPE_{kind.upper()}")  # type: ignore[arg-type]  # the enum's names are taken, which its stubs do not know
    full = kind if "." in kind else f"{_PACKAGE}.{kind}"
    return described(name=name, number=number, label=label, type=described.TYPE_MESSAGE, type_name=f".{full}")


#: By name, as ChirpStack has them.
MESSAGES = _classes()


def read(name: str, payload: bytes, *, hint: str) -> dict[str, Any]:
    """The message `name` in `payload` as its JSON, fields that are zero left out; raises `Unreadable`.

    A number that is none (NaN, infinity) is null, as in ChirpStack's own JSON.
    """
    check_size(payload)
    try:
        message = MESSAGES[name].FromString(payload)
    except DecodeError:
        raise Unreadable(
            "not_protobuf", say("neither JSON nor Protocol Buffers; {hint}", hint=hint)
        ) from None
    return _plain(message)


def _plain(message: Message) -> dict[str, Any]:
    return {field.json_name: _value(field, value) for field, value in message.ListFields()}


def _value(field: Any, value: Any) -> Any:
    if field.message_type is None:
        return _scalar(value)
    if field.message_type.full_name == _TIME:
        return _rfc3339(value)
    if field.message_type.full_name == _STRUCT:
        return _object(value)
    return [_plain(one) for one in value] if field.is_repeated else _plain(value)


def _scalar(value: Any) -> Any:
    """As JSON says it: bytes as base64, 32-bit floats with the digits that they have; -inf for no number."""
    if isinstance(value, float):
        return float(f"{value:.7g}") if math.isfinite(value) else -math.inf
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _rfc3339(stamp: Any) -> str:
    """What is no time gives a text that is none either."""
    try:
        return f"{datetime.fromtimestamp(stamp.seconds, UTC):%Y-%m-%dT%H:%M:%S}.{stamp.nanos:09d}Z"
    except (ValueError, OverflowError, OSError):
        return f"{stamp.seconds} s"


def _object(struct: Any) -> dict[str, Any]:
    return {key: _member(value) for key, value in struct.fields.items()}


def _member(value: Any) -> Any:
    match value.WhichOneof("kind"):
        case "number_value":
            return value.number_value if math.isfinite(value.number_value) else None
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return _object(value.struct_value)
        case "list_value":
            return [_member(one) for one in value.list_value.values]
        case _:
            return None
