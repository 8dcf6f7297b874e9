"""From what a device said to the JSON event of a network server: ChirpStack, The Things Stack or ThingPark.

Formats: `integration.UplinkEvent` of ChirpStack 4 (api/proto/integration/integration.proto),
`ApplicationUp` of The Things Stack 3 (api/ttn/lorawan/v3/messages.proto), and `DevEUI_uplink` of ThingPark
(https://docs.thingpark.com/thingpark-x/latest/Message/uplink-message).
"""

import base64
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, Literal

import msgspec

Format = Literal["chirpstack", "ttn", "thingpark"]
#: ThingPark leaves the topic to its users: this is ours.
THINGPARK_TOPICS = ("thingpark/+/+/uplink",)

_TENANT = uuid.UUID("52f14cd4-c6f1-4fbd-8f87-4025e1d49242")
_APPLICATION = uuid.UUID("ca739e26-7b67-4f14-b69e-d568c22a5a75")
_TTN_APPLICATION = "messnetz@giessen"
_JOIN_EUI = "0016C001FFFE0001"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway of the simulated city."""

    eui: str
    name: str
    lat: float
    lon: float


#: Church towers and roofs see far; the order is from the middle of town outwards.
GATEWAYS = (
    Gateway("0016c001f1500a01", "stadtkirchturm", 50.5840, 8.6757),
    Gateway("0016c001f1500a02", "rathaus", 50.5849, 8.6819),
    Gateway("0016c001f1500a03", "schiffenberg", 50.5497, 8.7217),
)


@dataclass(frozen=True, slots=True)
class Hearing:
    """How one gateway heard a frame."""

    gateway: Gateway
    rssi: int  #: dBm
    snr: float  #: dB


@dataclass(frozen=True, slots=True)
class Frame:
    """One uplink frame as it leaves the device and reaches the gateways, best hearing first.

    `decoded` is None where the network server's codec failed.
    """

    dev_eui: str  #: 16 lower-case hex digits
    name: str
    model: str
    time_ns: int
    f_cnt: int
    f_port: int
    payload: bytes
    decoded: dict[str, Any] | None
    hearings: Sequence[Hearing]
    spreading_factor: int
    session: int = 0  #: how often the device has joined; frame counters begin anew with it


def topic(form: Format, dev_eui: str, name: str, event: str) -> str:
    """The topic the network server publishes this device's event under."""
    if form == "chirpstack":
        return f"application/{_APPLICATION}/device/{dev_eui}/event/{event}"
    if form == "thingpark":
        return f"thingpark/giessen/{dev_eui}/uplink"
    return f"v3/{_TTN_APPLICATION}/devices/{name}/{event}"


def uplink(form: Format, frame: Frame, random: Random) -> bytes:
    """The `up` event of a frame. `random` gives it its ids: each call makes another frame of it."""
    return msgspec.json.encode(_UP[form](frame, random))


def join(form: Literal["chirpstack", "ttn"], frame: Frame, random: Random) -> bytes:
    """The `join` event of the frame's device at the frame's time."""
    if form == "chirpstack":
        return msgspec.json.encode(_chirpstack_head(frame, random) | {"devAddr": _dev_addr(frame)})
    received = _rfc3339(frame.time_ns, "Z")
    accept = {"session_key_id": _session_key(frame), "received_at": received}
    return msgspec.json.encode(_ttn_head(frame, received) | {"join_accept": accept})


def status(frame: Frame, battery: float, margin: int, random: Random) -> bytes:
    """ChirpStack's `status` event: what the device answered to its network server's question."""
    said = {
        "margin": margin,
        "externalPowerSource": False,
        "batteryLevelUnavailable": False,
        "batteryLevel": round(battery, 2),
    }
    return msgspec.json.encode(_chirpstack_head(frame, random) | said)


def _chirpstack_up(frame: Frame, random: Random) -> dict[str, Any]:
    event = _chirpstack_head(frame, random) | {
        "devAddr": _dev_addr(frame),
        "adr": True,
        "dr": 12 - frame.spreading_factor,
        "fCnt": frame.f_cnt,
        "fPort": frame.f_port,
        "confirmed": False,
        "data": base64.b64encode(frame.payload).decode(),
        "rxInfo": [_chirpstack_rx(frame, hearing, random) for hearing in frame.hearings],
        "txInfo": {
            "frequency": _frequency(random),
            "modulation": {
                "lora": {
                    "bandwidth": 125000,
                    "spreadingFactor": frame.spreading_factor,
                    "codeRate": "CR_4_5",
                }
            },
        },
        "regionConfigId": "eu868",
    }
    return event if frame.decoded is None else event | {"object": _doubles(frame.decoded)}


def _doubles(said: Any) -> Any:
    """Every number as a double, as `google.protobuf.Struct` keeps them."""
    if isinstance(said, dict):
        return {key: _doubles(value) for key, value in said.items()}
    if isinstance(said, list):
        return [_doubles(value) for value in said]
    return float(said) if isinstance(said, int) and not isinstance(said, bool) else said


def _chirpstack_head(frame: Frame, random: Random) -> dict[str, Any]:
    return {
        "deduplicationId": _uuid(random),
        "time": _rfc3339(frame.time_ns, "+00:00"),
        "deviceInfo": {
            "tenantId": str(_TENANT),
            "tenantName": "Stadt Gießen",
            "applicationId": str(_APPLICATION),
            "applicationName": "messnetz",
            "deviceProfileId": str(uuid.uuid5(_TENANT, frame.model)),
            "deviceProfileName": frame.model,
            "deviceName": frame.name,
            "devEui": frame.dev_eui,
            "deviceClassEnabled": "CLASS_A",
            "tags": {},
        },
    }


def _chirpstack_rx(frame: Frame, hearing: Hearing, random: Random) -> dict[str, Any]:
    gateway = hearing.gateway
    return {
        "gatewayId": gateway.eui,
        "uplinkId": random.getrandbits(32),
        "gwTime": _rfc3339(frame.time_ns, "+00:00"),
        "nsTime": _rfc3339(frame.time_ns + 81_000_000, "+00:00"),
        "rssi": hearing.rssi,
        "snr": hearing.snr,
        "channel": random.randrange(1, 8),
        "location": {"latitude": gateway.lat, "longitude": gateway.lon, "altitude": 190.0},
        "context": base64.b64encode(random.randbytes(4)).decode(),
        "metadata": {"region_config_id": "eu868", "region_common_name": "EU868"},
        "crcStatus": "CRC_OK",
    }


def _ttn_up(frame: Frame, random: Random) -> dict[str, Any]:
    received = _rfc3339(frame.time_ns, "Z")
    message = {
        "session_key_id": _session_key(frame),
        "f_port": frame.f_port,
        "f_cnt": frame.f_cnt,
        "frm_payload": base64.b64encode(frame.payload).decode(),
        "rx_metadata": [_ttn_rx(hearing, received, random) for hearing in frame.hearings],
        "settings": {
            "data_rate": {
                "lora": {
                    "bandwidth": 125000,
                    "spreading_factor": frame.spreading_factor,
                    "coding_rate": "4/5",
                }
            },
            "frequency": str(_frequency(random)),
            "timestamp": random.getrandbits(32),
        },
        "received_at": received,
        "consumed_airtime": "0.061696s",
        "network_ids": {"net_id": "000013", "tenant_id": "giessen", "cluster_id": "eu1"},
    }
    if frame.decoded is not None:
        message["decoded_payload"] = frame.decoded
    if frame.f_cnt == 0:
        del message["f_cnt"]  # the stack leaves out what is zero
    return _ttn_head(frame, received) | {"uplink_message": message}


def _ttn_head(frame: Frame, received: str) -> dict[str, Any]:
    application, _, _tenant = _TTN_APPLICATION.partition("@")
    return {
        "end_device_ids": {
            "device_id": frame.name,
            "application_ids": {"application_id": application},
            "dev_eui": frame.dev_eui.upper(),
            "join_eui": _JOIN_EUI,
            "dev_addr": _dev_addr(frame).upper(),
        },
        "correlation_ids": [f"gs:uplink:{frame.dev_eui}-{frame.f_cnt}"],
        "received_at": received,
    }


def _ttn_rx(hearing: Hearing, received: str, random: Random) -> dict[str, Any]:
    gateway = hearing.gateway
    return {
        "gateway_ids": {"gateway_id": gateway.name, "eui": gateway.eui.upper()},
        "time": received,
        "timestamp": random.getrandbits(32),
        "rssi": hearing.rssi,
        "channel_rssi": hearing.rssi,
        "snr": hearing.snr,
        "location": {"latitude": gateway.lat, "longitude": gateway.lon, "altitude": 190},
        "uplink_token": base64.b64encode(random.randbytes(24)).decode(),
        "received_at": received,
    }


def _thingpark_up(frame: Frame, random: Random) -> dict[str, Any]:
    best = frame.hearings[0]
    uplink = {
        "Time": _rfc3339(frame.time_ns, "+00:00"),
        "DevEUI": frame.dev_eui.upper(),
        "DevAddr": _dev_addr(frame).upper(),
        "FPort": frame.f_port,
        "FCntUp": frame.f_cnt,
        "ADRbit": 1,
        "MType": 2,
        "FCntDn": 0,
        "payload_hex": frame.payload.hex(),
        "mic_hex": random.randbytes(4).hex(),
        **_thingpark_rx(best),
        "LrrLAT": best.gateway.lat,
        "LrrLON": best.gateway.lon,
        "SpFact": frame.spreading_factor,
        "Late": 0,
        "Lrrs": {"Lrr": [_thingpark_rx(hearing) for hearing in frame.hearings]},
        "DevLrrCnt": len(frame.hearings),
        "CustomerID": "100000778",
        "CustomerData": {"name": frame.name, "alr": {"pro": frame.model, "ver": "1"}},
        "InstantPER": 0.0,
        "MeanPER": 0.0,
        "NbTrans": 1,
        "Frequency": _frequency(random) / 1e6,
        "DynamicClass": "A",
    }
    if frame.decoded is not None:
        uplink["payload"] = frame.decoded
    return {"DevEUI_uplink": uplink}


def _thingpark_rx(hearing: Hearing) -> dict[str, Any]:
    return {
        "Lrrid": hearing.gateway.eui[-8:].upper(),
        "Chain": 0,
        "LrrRSSI": float(hearing.rssi),
        "LrrSNR": hearing.snr,
    }


_UP: Mapping[Format, Callable[[Frame, Random], dict[str, Any]]] = {
    "chirpstack": _chirpstack_up,
    "ttn": _ttn_up,
    "thingpark": _thingpark_up,
}


def _frequency(random: Random) -> int:
    return random.choice((868_100_000, 868_300_000, 868_500_000, 867_100_000, 867_300_000))


def _dev_addr(frame: Frame) -> str:
    return f"{0x26000000 | int(frame.dev_eui[-6:], 16):08x}"


def _session_key(frame: Frame) -> str:
    return base64.b64encode(bytes.fromhex(frame.dev_eui) + frame.session.to_bytes(8)).decode()


def _uuid(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _rfc3339(time_ns: int, zone: str) -> str:
    seconds, nanoseconds = divmod(time_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}{zone}"
