"""The rows of `status` for a time in which we were down: nobody knows how the devices were then.

A clock that runs ahead and is set back leaves such rows in times that are still to come. As these come,
they are written over with what is true then; nothing else can be known before.

Each device has them, of the state that it would have had with its broker down: `pipeline_down`, or
`retired`, `maintenance` or `commissioning` (never heard), which come before it (`devices.status`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from devices import status
from devices.outage import Span
from devices.registry import Registry
from ingest.status.known import Known
from ingest.status.rows import row

#: A downtime of ours that is longer is told in rows ...
TOLD_NS = 60_000_000_000
#: ... one every 300 s of its last seven days, but no more rows than this in all: where they would be more
#: they are farther apart, and each device has one at least, of the moment of the last heartbeat.
EVERY_NS = 300_000_000_000
MOST_NS = 7 * 86_400_000_000_000
MOST_ROWS = 200_000
#: Rows that are put into the intake in one go.
SLICE = 250


def moments(span: Span, devices: int) -> range:
    """The times at which so many devices get a row."""
    begin_ns, end_ns = max(span[0], span[1] - MOST_NS), span[1]
    times = -(-(end_ns - begin_ns) // EVERY_NS)
    apart = max(1, -(-times * devices // MOST_ROWS))
    return range(begin_ns, end_ns, apart * EVERY_NS)


def ahead(told: Iterable[Span], now_ns: int) -> list[Span]:
    """What lies ahead of the rows of these times: the next moment of one, and the end."""
    found = []
    for begin_ns, end_ns in told:
        first_ns = max(begin_ns, end_ns - MOST_NS)
        next_ns = first_ns + max(0, -(-(now_ns - first_ns) // EVERY_NS)) * EVERY_NS
        if next_ns < end_ns:
            found.append((next_ns, end_ns))
    return found


def lines(
    span: Span, devices: Sequence[Known], registry: Registry, gateway_of: Callable[[Known], str | None]
) -> Iterator[list[bytes]]:
    """The rows, a slice at a time."""
    for time_ns in moments(span, len(devices)):
        for begin in range(0, len(devices), SLICE):
            some = devices[begin : begin + SLICE]
            yield [_line(known, time_ns, registry, gateway_of(known)) for known in some]


def _line(known: Known, time_ns: int, registry: Registry, gateway: str | None) -> bytes:
    installation, begins_ns = status.newest(known.device, time_ns)
    seen_ns = known.seen_ns
    if (installation.begin_ns or 0) > time_ns:
        seen_ns = 0
    elif installation is not known.installation:
        seen_ns = installation.begin_ns or 1  # nothing is kept of what was mounted before: taken as heard
    state = status.state(
        time_ns,
        installation,
        seen_ns,
        known.speaks,
        follows=begins_ns is not None,
        maintenance=registry.in_period(known.device.id, time_ns) is not None,
        pipeline_down=True,
    )
    return row(known, state, time_ns, None, gateway)
