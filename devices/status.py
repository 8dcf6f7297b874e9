"""What a device's silence means: its state, by the clock and not by what it says.

The state is the first of these that applies:

1. `retired`: its newest installation is over, and none follows.
2. `maintenance`: a technician named a period (`devices.period`, of either kind) that holds this moment.
3. `commissioning`: nothing was heard since the newest installation began (or it has not begun yet).
4. `pipeline_down`: nothing can come from its broker to us: its connection has been gone for more than
   `CONNECTION_NS`, or all of two or more gateways behind it are down.
5. `gateway_down`: every gateway that heard it lately is down (`devices.gateway`); so is a gateway itself.
6. `silent`: it has said nothing for longer than its limit, `max(SILENT_INTERVALS intervals, LEAST_NS)`, for
   event sensors `SILENT_HEARTBEATS` heartbeats. Its clock stands still (`stopped`) in times in which we, its
   broker's connection or all of its gateways were down.
7. `ok`: everything else. An empty street is ok: event sensors tell their heartbeat, counters tell 0.

A sensor is not called silent where the silence may be its gateway's: while its gateways have given no sign
since about the time at which it should have spoken (`WITNESS_INTERVALS` after its newest uplink), it stays
`ok` until that is decided, at most for its limit once more and `UNDECIDED_NS`. So a gateway's end does not
make its sensors flash `silent` before it counts as down.

The interval is the device's own (`interval` in its file), else its type's, else the type's heartbeat for
sensors of events. Where nobody says one it is taken for `UNKNOWN_NS`: rather late than wrong.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from devices.device import Device, Installation
from devices.language import Sentence, say
from devices.outage import NEVER, Stopped

State = Literal["ok", "silent", "gateway_down", "pipeline_down", "maintenance", "commissioning", "retired"]
STATES: tuple[State, ...] = get_args(State)

_MINUTE_NS = 60_000_000_000
_HOUR_NS = 60 * _MINUTE_NS

SILENT_INTERVALS = 6
LEAST_NS = _HOUR_NS
SILENT_HEARTBEATS = 2
UNKNOWN_NS = 4 * _HOUR_NS
WITNESS_INTERVALS = 1.5
UNDECIDED_NS = 3 * _HOUR_NS
#: Connections that come back sooner are every day's; their time counts as stopped nevertheless.
CONNECTION_NS = _MINUTE_NS


class Rhythm(NamedTuple):
    """How often a device should speak. `by_clock` is false for sensors of events: they tell a heartbeat."""

    interval_ns: int
    limit_ns: int  #: after which it counts as silent
    by_clock: bool


def rhythm(installation: Installation) -> Rhythm:
    """How often what is mounted there should speak."""
    device_type = installation.type
    interval_s = installation.device.interval_s or device_type.interval_s
    if interval_s is None and device_type.heartbeat_s is not None:
        heartbeat_ns = device_type.heartbeat_s * 1_000_000_000
        return Rhythm(heartbeat_ns, SILENT_HEARTBEATS * heartbeat_ns, by_clock=False)
    interval_ns = UNKNOWN_NS if interval_s is None else interval_s * 1_000_000_000
    return Rhythm(interval_ns, max(SILENT_INTERVALS * interval_ns, LEAST_NS), by_clock=True)


def newest(device: Device, now_ns: int) -> tuple[Installation, int | None]:
    """The newest installation that has begun, and when the next one begins (None: none follows).

    Without any that has begun, the first one of all, which is then still to come.
    """
    begun = device.installations[0]
    for one in device.installations[1:]:
        if one.begin_ns is not None and one.begin_ns > now_ns:
            return begun, begun.begin_ns if (begun.begin_ns or 0) > now_ns else one.begin_ns
        begun = one
    return begun, begun.begin_ns if (begun.begin_ns or 0) > now_ns else None


def state(
    now_ns: int,
    installation: Installation,
    seen_ns: int | None,
    speaks: Rhythm,
    *,
    follows: bool = False,
    maintenance: bool = False,
    pipeline_down: bool = False,
    gateway_down: bool = False,
    stopped: Stopped = NEVER,
    witness_ns: int | None = None,
) -> State:
    """The state of a device, by the rules above.

    `installation` is as `newest` gives it, and `follows` whether another one is to come. `seen_ns` is the
    time of the newest uplink of this installation (None or 0: never), `stopped` the times in which its clock
    stood still, up to now. `witness_ns` is the newest sign of its gateways; None where it has none of which
    it could be told that they are down.
    """
    over = installation.end_ns is not None and installation.end_ns <= now_ns
    if over and not follows:
        return "retired"
    if maintenance:
        return "maintenance"
    if over or not seen_ns or seen_ns < (installation.begin_ns or 0):
        return "commissioning"
    if pipeline_down:
        return "pipeline_down"
    if gateway_down:
        return "gateway_down"
    if now_ns - seen_ns <= speaks.limit_ns:
        return "ok"
    return _of_overdue(now_ns, seen_ns, speaks, stopped, witness_ns)


def _of_overdue(now_ns: int, seen_ns: int, speaks: Rhythm, stopped: Stopped, witness_ns: int | None) -> State:
    waited_ns = now_ns - seen_ns - stopped.between(seen_ns, now_ns)
    if waited_ns <= speaks.limit_ns:
        return "ok"
    undecided = witness_ns is not None and witness_ns <= seen_ns + WITNESS_INTERVALS * speaks.interval_ns
    last_ns = speaks.limit_ns + min(speaks.limit_ns, UNDECIDED_NS)
    return "ok" if undecided and waited_ns <= last_ns else "silent"


def word(known: str) -> Sentence:
    """What people call a state, in the language in force now."""
    words: Mapping[State, Sentence] = {
        "ok": say("in order"),
        "silent": say("silent"),
        "gateway_down": say("gateway down"),
        "pipeline_down": say("pipeline down"),
        "maintenance": say("in maintenance"),
        "commissioning": say("being commissioned"),
        "retired": say("retired"),
    }
    return words[known]  # type: ignore[index]  # what a running service says is one of them
