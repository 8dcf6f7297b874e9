"""The rows of `status`: what boards and alarms know of a device."""

from collections.abc import Mapping

from devices.normalise import AHEAD_NS
from devices.state import DeviceState
from devices.status import State
from ingest.line_protocol import encode_row
from ingest.status.bays import known_bays
from ingest.status.headline import Headline, of_bays
from ingest.status.known import Known

MEASUREMENT = "status"

_SECOND_NS = 1_000_000_000


#: `state` as a number, for alarms: Grafana's expressions take numbers only. From `silent` on nobody can know
#: how the device is. A gateway that is down itself, and a device whose gateways are all unknown to the
#: registry, have codes of their own: they are told by other alarms.
CODES: Mapping[State, int] = {
    "ok": 0,
    "commissioning": 1,
    "maintenance": 2,
    "retired": 3,
    "silent": 4,
    "gateway_down": 5,
    "pipeline_down": 6,
}
GATEWAY_DOWN_ITSELF = 7
CUT_OFF = 8
_DOWN = frozenset({"silent", "gateway_down"})


def code(state: State, *, is_gateway: bool, registered: bool) -> int:
    """`state_code`; `registered` tells whether one of the device's gateways is in the registry."""
    if is_gateway and state in _DOWN:
        return GATEWAY_DOWN_ITSELF
    if state == "gateway_down" and not registered:
        return CUT_OFF
    return CODES[state]


def row(
    known: Known,
    state: State,
    time_ns: int,
    shown: Headline | None,
    gateway: str | None,
    *,
    registered: bool = True,
) -> bytes:
    """One line at the whole second of `time_ns`; `gateway` is the one that hears the device, if it is one.

    `age` is left out where it was never heard, or not before that time. `registered` is as for `code`.
    """
    device = known.device
    fields: dict[str, float | int | str] = {
        "state": state,
        "state_code": code(state, is_gateway=known.is_gateway, registered=registered),
    }
    if device.lat is not None and device.lon is not None:
        fields["lat"], fields["lon"] = float(device.lat), float(device.lon)
    second_ns = time_ns - time_ns % _SECOND_NS
    if 0 < known.seen_ns <= time_ns + AHEAD_NS:
        fields["age"] = max(0, time_ns - known.seen_ns) // _SECOND_NS
    fields["interval"] = known.speaks.interval_ns // _SECOND_NS
    if shown is not None:
        fields["headline"], fields["headline_field"] = shown.value, shown.field
    if gateway is not None:
        fields["gateway"] = gateway
    if known.battery is not None:
        fields["battery_low"] = int(known.battery.value < known.battery_limit.low)
    return encode_row(MEASUREMENT, known.installation.tag_prefix, fields, second_ns)


def shown(known: Known, memory: DeviceState | None) -> Headline | None:
    """What a device's map shows: no value that is much older than its newest uplink."""
    bays = known_bays(known.device, memory).values() if known.is_bay else ()
    if (taken := of_bays(bays, known.seen_ns)) is not None:
        return taken
    found = known.headline
    if found is None or known.seen_ns - found.time_ns > known.speaks.limit_ns:
        return None
    return found
