"""How the device itself is: battery and radio, into measurement `device`, and how its memory moves on."""

from devices import quality
from devices.device import Installation
from devices.quantity import CATALOGUE, Quantity
from devices.reading import Reading, Value
from devices.state import DeviceState, heard, of_installation
from devices.uplink import Kind, Uplink

MEASUREMENT = "device"

#: Intervals without a word that make a gap: single frames are lost every day.
SILENT = 3

_BATTERY = CATALOGUE["battery"]
_RSSI = CATALOGUE["rssi"]
_SNR = CATALOGUE["snr"]
_JOINED = Value("joined", 1)


def health_reading(
    uplink: Uplink, state: DeviceState, installation: Installation | None = None
) -> Reading | None:
    """What an uplink of any kind says of the device itself; None when it says nothing.

    `state` is the memory before this uplink. For joins `joined` is 1. `installation` tells how often it
    should speak, for `gap`.
    """
    values = health_values(uplink, state, None if installation is None else silence_ns(installation))
    if not values:
        return None
    return Reading(MEASUREMENT, uplink.time_ns, tuple(values.values()))


def silence_ns(installation: Installation) -> int | None:
    """How long the device may say nothing: `SILENT` times its interval, or its heartbeat if it has none.

    None where nobody says how often it speaks.
    """
    device_type = installation.type
    speaks_s = installation.device.interval_s or device_type.interval_s or device_type.heartbeat_s
    return None if speaks_s is None else SILENT * speaks_s * 1_000_000_000


def gap(silent_ns: int) -> Value:
    """The silence before an uplink, as a value."""
    return Value("gap", (silent_ns + 500_000_000) // 1_000_000_000)


def health_values(uplink: Uplink, state: DeviceState, silence_ns: int | None = None) -> dict[str, Value]:
    """The values of `health_reading`, by field.

    `lost` is the number of frames between this one and the newest one known; it is left out when it is 0,
    after a join, when the frame counter went back, and for uplinks that come late. `gap` is QARTOD's gap
    test: the seconds since the newest uplink known, where those are more than `silence_ns`.
    """
    values: dict[str, Value] = {}
    if uplink.kind is Kind.JOIN:
        values["joined"] = _JOINED
    if silence_ns is not None and _was_silent(uplink, state, silence_ns):
        values["gap"] = gap(uplink.time_ns - state.seen_ns)
    if uplink.battery is not None:
        values["battery"] = quality.value(_BATTERY, uplink.battery)
    if uplink.rssi is not None:
        values["rssi"] = _radio(_RSSI, uplink.rssi)
    if uplink.snr is not None:
        values["snr"] = _radio(_SNR, uplink.snr)
    if uplink.spreading_factor is not None:
        values["spreading_factor"] = Value("spreading_factor", uplink.spreading_factor)
    if uplink.gateways is not None:
        values["gateways"] = Value("gateways", uplink.gateways)
    if uplink.f_cnt is not None:
        values["f_cnt"] = Value("f_cnt", uplink.f_cnt)
        if state.f_cnt is not None and uplink.time_ns > state.seen_ns and uplink.f_cnt > state.f_cnt + 1:
            values["lost"] = Value("lost", uplink.f_cnt - state.f_cnt - 1)
    return values


def _was_silent(uplink: Uplink, state: DeviceState, silence_ns: int) -> bool:
    """Whether it ends a gap; a status is the network server's word, beside an uplink that ends it too."""
    return 0 < state.seen_ns < uplink.time_ns - silence_ns and uplink.kind is not Kind.STATUS


def _radio(quantity: Quantity, number: float) -> Value:
    """What `quality.value` makes of a number; for speed, that of one that is good."""
    low, high = quantity.limits.good
    if type(number) is float and low <= number <= high:
        return Value(quantity.name, round(number, 1) + 0.0)
    return quality.value(quantity, number)


def advance(uplink: Uplink, installation: Installation, state: DeviceState) -> DeviceState:
    """The memory after this uplink: when the device was seen, its frame counter, its restarts.

    It only moves forward in device time. A restart is a join, an uplink on one of the type's
    `restart_ports`, or a frame counter that went back. A status message moves nothing: it belongs to an
    uplink that comes a moment later with an earlier time.
    """
    state = of_installation(state, installation.begin_ns)
    if uplink.kind is Kind.STATUS:
        return state
    newer = uplink.time_ns > state.seen_ns
    restarted_ns = state.restarted_ns
    if uplink.time_ns > restarted_ns and _restarted(uplink, installation, state, newer=newer):
        restarted_ns = uplink.time_ns
    elif not newer:
        return state
    seen_ns, f_cnt = (uplink.time_ns, _f_cnt(uplink, state)) if newer else (state.seen_ns, state.f_cnt)
    gateways = uplink.heard_by
    return DeviceState(
        seen_ns,
        f_cnt,
        restarted_ns,
        state.keys,
        state.counters,
        state.bays,
        state.series,
        heard(state.heard_by, gateways, uplink.time_ns) if newer and gateways else state.heard_by,
        state.source,
    )


def _restarted(uplink: Uplink, installation: Installation, state: DeviceState, *, newer: bool) -> bool:
    if uplink.kind is Kind.JOIN or uplink.f_port in installation.type.restart_ports:
        return True
    return newer and uplink.f_cnt is not None and state.f_cnt is not None and uplink.f_cnt < state.f_cnt


def _f_cnt(uplink: Uplink, state: DeviceState) -> int | None:
    """Of the newest uplink; after a join it begins anew, and a server without counters leaves it."""
    if uplink.kind is Kind.JOIN:
        return None
    return state.f_cnt if uplink.f_cnt is None else uplink.f_cnt
