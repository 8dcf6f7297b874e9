"""The way of one uplink, a line a step: from what arrived to what it became.

Pure but for what it is given: it reads the registry and the memory of the devices and returns a frozen
`Verdict`; `ingest.intake` carries verdicts into the spool and answers for them.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

import msgspec

from devices import codecs, duplicates, health, normalise, state
from devices.codecs import Decoded
from devices.device import Installation
from devices.errors import UplinkRefused
from devices.language import say
from devices.period import Period
from devices.reading import Reading
from devices.registry import Registry
from devices.state import DeviceState
from devices.uplink import Kind, Uplink
from ingest import line_protocol, lns
from ingest.group import DeadLetter
from ingest.seams import Delivery, Outcome, ScriptJob

#: The reason of a message that was stored without some of its readings, which our own rules refuse: they are
#: dead letters, and the whole message is kept, so that they can be had once the rule is mended.
PARTLY_REFUSED = "partly_refused"


class Verdict(msgspec.Struct, frozen=True):
    """What one message became, and everything the spool must hold of it.

    `reason` is a short stable word for metrics and lists (empty for plain `stored`), `detail` a sentence
    for people. `key` names the installation's memory and `state` is its new content (None: unchanged).
    `uplink`, `decoded` and `readings` are what was understood on the way, as far as it went.
    """

    outcome: Outcome
    reason: str = ""
    detail: str = ""
    address: str = ""
    time_ns: int = 0
    lines: tuple[bytes, ...] = ()
    dead: tuple[DeadLetter, ...] = ()
    complaints: tuple[str, ...] = ()
    key: str = ""
    state: DeviceState | None = None
    uplink: Uplink | None = None
    decoded: dict[str, Any] | None = None
    readings: tuple[Reading, ...] = ()


class Heard(msgspec.Struct, frozen=True):
    """The uplink that a delivery carries; `fault` says why nothing but its radio part could be read.

    `decoded` is the answer of its type's JavaScript codec, once it was asked.
    """

    uplink: Uplink
    arrival_ns: int
    fault: lns.Unreadable | None = None
    again: bool = False  #: it was stored before, without the readings that are wanted now
    decoded: Decoded | UplinkRefused | None = None
    source: str = ""  #: the broker that brought it, where that is known


def read(delivery: Delivery, formats: Mapping[str, lns.Format] = lns.FORMATS) -> Heard | Verdict:
    """The uplink that a delivery carries, or the verdict on a message that carries none."""
    if delivery.retained:
        return Verdict(Outcome.IGNORED, "retained", time_ns=delivery.arrival_ns)
    form = formats.get(delivery.format)
    if form is None:  # a kept message of a broker that is gone, or that names its fields no more
        return Verdict(
            Outcome.REJECTED,
            "unknown_format",
            say("no broker of the settings has the format {format} now", format=delivery.format),
            time_ns=delivery.arrival_ns,
        )
    try:
        parsed = form.parse(delivery.topic, delivery.payload, delivery.arrival_ns)
    except lns.Unreadable as fault:
        if fault.radio is not None:
            return Heard(fault.radio, delivery.arrival_ns, fault, source=delivery.source)
        return Verdict(Outcome.REJECTED, fault.reason, fault.args[0], fault.address, delivery.arrival_ns)
    if isinstance(parsed, lns.Ignored):
        return Verdict(Outcome.IGNORED, parsed.reason, time_ns=delivery.arrival_ns)
    return Heard(parsed, delivery.arrival_ns, source=delivery.source)


def script_job(
    heard: Heard,
    registry: Registry,
    states: Mapping[str, DeviceState],
    frames: Container[bytes] = frozenset(),
) -> ScriptJob | None:
    """What the type's JavaScript codec is to do before `judge`; None where there is nothing for it."""
    uplink = heard.uplink
    if not uplink.payload or uplink.decoded is not None:
        return None
    if heard.fault is not None or heard.decoded is not None:
        return None
    installation = registry.installation(uplink.address, uplink.time_ns)
    if installation is None or installation.type.script is None or uplink.kind is not Kind.DATA:
        return None
    if uplink.f_port in installation.type.ignore_ports:
        return None
    key = memory_key(installation)
    memory = states.get(key)
    if memory is not None and _was_stored(heard, key, memory, frames):
        return None
    script, variables = installation.type.script, installation.variables
    return ScriptJob(script, uplink.payload, uplink.f_port or 0, uplink.time_ns, variables)


def memory_key(installation: Installation) -> str:
    """What names the memory of this hardware at this place."""
    return f"{installation.device.id}|{installation.address}"


def judge(
    heard: Heard,
    registry: Registry,
    states: Mapping[str, DeviceState],
    frames: Container[bytes] = frozenset(),
) -> Verdict:
    """What one uplink becomes under this registry and this memory, with the frames that were stored last."""
    uplink, arrival_ns = heard.uplink, heard.arrival_ns
    if not normalise.EARLIEST_NS <= uplink.time_ns <= arrival_ns + normalise.AHEAD_NS:
        return _reject(uplink, "time", normalise.time_refusal(uplink.time_ns, arrival_ns))
    installation = registry.installation(uplink.address, uplink.time_ns)
    if installation is None:
        return _stranger(heard, registry)
    key = memory_key(installation)
    memory = state.of_installation(states.get(key, state.EMPTY), installation.begin_ns)
    if heard.source and memory.source != heard.source:
        memory = msgspec.structs.replace(memory, source=heard.source)
    if _was_stored(heard, key, memory, frames):
        return _duplicate(uplink, installation, key, memory)
    if uplink.kind is not Kind.DATA or _is_empty(heard):
        return _health_only(uplink, installation, key, memory)
    if uplink.f_port in installation.type.ignore_ports:
        return Verdict(
            Outcome.IGNORED,
            "port_ignored",
            address=uplink.address,
            time_ns=uplink.time_ns,
            key=key,
            state=health.advance(uplink, installation, memory),
            uplink=uplink,
        )
    periods = registry.periods.get(installation.device.id, ()) if registry.periods else ()
    return _read_data(heard, installation, key, memory, periods)


def _was_stored(heard: Heard, key: str, memory: DeviceState, frames: Container[bytes]) -> bool:
    """Whether this frame was stored, and nothing more of it is wanted."""
    if heard.again:
        return False
    return duplicates.is_duplicate(heard.uplink, memory) or duplicates.frame(key, heard.uplink) in frames


def _read_data(
    heard: Heard, installation: Installation, key: str, memory: DeviceState, periods: Sequence[Period]
) -> Verdict:
    uplink, arrival_ns = heard.uplink, heard.arrival_ns
    try:
        if heard.fault is not None:
            raise UplinkRefused(heard.fault.reason, heard.fault.args[0])
        if isinstance(heard.decoded, UplinkRefused):
            raise heard.decoded
        decoded = heard.decoded or codecs.decode(uplink, installation)
        normalised = normalise.normalise(uplink, decoded.data, installation, memory, arrival_ns, periods)
    except UplinkRefused as refusal:
        return _unreadable(uplink, installation, key, memory, refusal)
    refused = normalised.refused
    return Verdict(
        Outcome.STORED,
        PARTLY_REFUSED if refused else "",
        "; ".join(dict.fromkeys(one.reason for one in refused)),
        address=uplink.address,
        time_ns=uplink.time_ns,
        lines=tuple([line_protocol.encode(installation, reading) for reading in normalised.readings]),
        dead=_bury(installation, normalised.refused, arrival_ns) if normalised.refused else (),
        complaints=(*decoded.warnings, *normalised.complaints),
        key=key,
        state=normalised.state,
        uplink=uplink,
        decoded=decoded.data,
        readings=normalised.readings,
    )


def _is_empty(heard: Heard) -> bool:
    """Whether it is a frame without payload, by which a device answers the network only."""
    return heard.uplink.payload == b"" and heard.uplink.decoded is None and heard.fault is None


def _health_only(uplink: Uplink, installation: Installation, key: str, memory: DeviceState) -> Verdict:
    reading = health.health_reading(uplink, memory, installation)
    if reading is None:
        return Verdict(Outcome.IGNORED, "nothing_said", address=uplink.address, time_ns=uplink.time_ns)
    return Verdict(
        Outcome.STORED,
        address=uplink.address,
        time_ns=uplink.time_ns,
        lines=(line_protocol.encode(installation, reading),),
        key=key,
        state=duplicates.remembering(uplink, health.advance(uplink, installation, memory)),
        uplink=uplink,
        readings=(reading,),
    )


def _duplicate(uplink: Uplink, installation: Installation, key: str, memory: DeviceState) -> Verdict:
    """A frame that was stored before; what completes it joins the points that it made, at their time."""
    made_ns = duplicates.stored_ns(uplink, memory) if uplink.completes else None
    first = None if made_ns is None else msgspec.structs.replace(uplink, time_ns=made_ns)
    reading = None if first is None else health.health_reading(first, memory)
    return Verdict(
        Outcome.DUPLICATE,
        address=uplink.address,
        time_ns=uplink.time_ns,
        lines=() if reading is None else (line_protocol.encode(installation, reading),),
        key=key,
        uplink=uplink,
        readings=() if reading is None else (reading,),
    )


def _unreadable(
    uplink: Uplink, installation: Installation, key: str, memory: DeviceState, refusal: UplinkRefused
) -> Verdict:
    """Rejected, but how the device was heard is still written: its radio works."""
    reading = health.health_reading(uplink, memory, installation)
    what = refusal.args[0]  # with both of its languages
    if refusal.hint:
        what = say("{what} ({hint})", what=what, hint=refusal.hint)
    detail = say("{device}: {what}", device=installation.device.id, what=what)
    return Verdict(
        Outcome.REJECTED,
        refusal.reason,
        detail,
        address=uplink.address,
        time_ns=uplink.time_ns,
        lines=() if reading is None else (line_protocol.encode(installation, reading),),
        key=key,
        state=health.advance(uplink, installation, memory),
        uplink=uplink,
        decoded=uplink.decoded,
        readings=() if reading is None else (reading,),
    )


def _stranger(heard: Heard, registry: Registry) -> Verdict:
    uplink = heard.uplink
    if uplink.address in registry.ignored:
        return Verdict(
            Outcome.IGNORED, "ignored_device", address=uplink.address, time_ns=uplink.time_ns, uplink=uplink
        )
    if heard.fault is not None:
        return _reject(uplink, heard.fault.reason, heard.fault.args[0])
    if uplink.kind is not Kind.DATA:
        return Verdict(Outcome.IGNORED, "unknown_device", address=uplink.address, time_ns=uplink.time_ns)
    known = bool(registry.installations(uplink.address))
    return Verdict(
        Outcome.QUARANTINED,
        "not_installed_then" if known else "unknown_device",
        registry.why_not(uplink.address, uplink.time_ns),
        address=uplink.address,
        time_ns=uplink.time_ns,
        uplink=uplink,
        decoded=uplink.decoded,
    )


def _reject(uplink: Uplink, reason: str, detail: str) -> Verdict:
    return Verdict(
        Outcome.REJECTED, reason, detail, address=uplink.address, time_ns=uplink.time_ns, uplink=uplink
    )


def _bury(
    installation: Installation, refused: Sequence[normalise.Refused], arrival_ns: int
) -> tuple[DeadLetter, ...]:
    return tuple(
        DeadLetter(
            line_protocol.encode(installation, one.reading),
            one.kind,
            one.reason,
            installation.device.id,
            arrival_ns,
        )
        for one in refused
    )
