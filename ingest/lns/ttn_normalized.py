"""The Things Stack's `up/normalized`: what its payload formatter made of a frame, in units of its own schema.

https://www.thethingsindustries.com/docs/integrations/payload-formatters/javascript/uplink/. One message a
measurement: a frame may bring several, and each is an uplink of its own. A measurement's own time, where it
has one, stands in `time` of the decoded object. `up` of the same application brings the same frames a
second time: subscribe to one of both.
"""

from typing import Any

import msgspec

from devices.uplink import Kind, Uplink
from ingest.lns import ttn
from ingest.lns.event import Ignored, Unreadable, data_uplink, decode, hashed_key, missing

TOPICS: tuple[str, ...] = ("v3/+/devices/+/up/normalized", "v3/+/devices/+/join")


class _Normalized(ttn.Frame):
    normalized_payload: dict[str, Any] | None = None


class _Event(msgspec.Struct, gc=False):
    end_device_ids: ttn.EndDeviceIds
    received_at: str | None = None
    simulated: bool = False
    uplink_normalized: _Normalized | None = None


_decoder = msgspec.json.Decoder(_Event)


def parse(topic: str, payload: bytes, arrival_ns: int) -> Uplink | Ignored:
    """Read one message; see `ingest.lns`."""
    name = ttn.event_name(topic)
    if name == "join":
        return ttn.parse(topic, payload, arrival_ns)
    if name != "up/normalized":
        return Ignored("up") if name == "up" else ttn.other(name, "up/normalized, join")
    try:
        event = decode(_decoder, payload, hint=ttn.HINT)
    except Unreadable as fault:
        fault.address = ttn.address_in(payload)
        raise
    if event.simulated:
        return Ignored("simulated")
    address = ttn.address_of(event.end_device_ids)
    frame = event.uplink_normalized
    if frame is None or frame.normalized_payload is None:
        field = "uplink_normalized" if frame is None else "uplink_normalized.normalized_payload"
        raise missing(field, ttn.HINT, address=address)
    return data_uplink(
        address,
        ttn.time_of(frame, event.received_at, address, arrival_ns),
        None,
        f_port=frame.f_port,
        f_cnt=frame.f_cnt,
        decoded=frame.normalized_payload,
        heard=ttn.radio_of(frame),
        spreading_factor=ttn.spreading_factor_of(frame),
        dedup_key=_key(frame, address),
    )


def _key(frame: _Normalized, address: str) -> str:
    """Measurements of one frame differ by what they say."""
    measurement = msgspec.json.encode(frame.normalized_payload)
    if frame.session_key_id is None:
        return hashed_key(Kind.DATA, address, frame.f_cnt, measurement)
    return f"{frame.session_key_id}:{frame.f_cnt}:{hashed_key(Kind.DATA, address, measurement)}"
