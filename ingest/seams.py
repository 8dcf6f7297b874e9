"""The values and contracts that cross from one stage of the intake to the next.

`devices.uplink.Uplink` and `devices.reading.Reading` are the other two; together they are the glossary.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from devices.codecs import Decoded
from devices.errors import UplinkRefused
from devices.type import Script


class Outcome(enum.Enum):
    """What became of one message; the first that applies. Anything else is in flight."""

    REJECTED = "rejected"  #: nothing could be read; kept
    QUARANTINED = "quarantined"  #: an unknown device; kept
    STORED = "stored"  #: at least one reading, or device health, is in the spool
    DUPLICATE = "duplicate"  #: this frame was stored before
    IGNORED = "ignored"  #: nothing meant for us (ack, txack, log, retained, a port the type ignores …)


class Delivery(msgspec.Struct, frozen=True, eq=False):
    """A message together with the way to answer for it.

    `settle` is called exactly once, on the event loop, after what became of the message is durable (at
    once for messages of which nothing is kept). `connection` numbers the connection it came on: the
    source acknowledges only on that one, for an old packet id on a new session deletes another message.
    """

    source: str  #: name of the broker in the settings
    format: str  #: name of the network server's format, see `ingest.lns.formats`
    topic: str
    payload: bytes
    arrival_ns: int  #: UTC, nanoseconds
    qos: int
    retained: bool
    redelivered: bool  #: the DUP flag
    connection: int
    settle: Callable[[Outcome], None]


class Source(Protocol):
    """Where deliveries come from. Contract: `tests/contracts/source.py`.

    A source calls `on_delivery` on the event loop's thread, one delivery a call, in the order of arrival,
    then `on_drained` when the socket has nothing more for now. Settled deliveries are acknowledged in the
    order in which they were received, whatever the order of settling, and only on their own connection.
    """

    name: str

    @property
    def connected(self) -> bool:
        """Whether the subscription stands."""
        ...

    @property
    def trouble(self) -> str:
        """Why it is not connected, as a sentence for `/readyz`; empty when it is."""
        ...

    async def run(self) -> None:
        """Connect, reconnect; returns only when cancelled, and never raises for a broker's fault."""
        ...

    def pause(self) -> None:
        """Disconnect without ending the session, and stay away until `resume`. Idempotent."""
        ...

    def resume(self) -> None:
        """Come back after `pause`. Idempotent."""
        ...


class Intake(Protocol):
    """What a source feeds. The pipeline is one; tests use a list."""

    def on_delivery(self, delivery: Delivery) -> None:
        """Take one message. Must not raise, block or await."""
        ...

    def on_drained(self) -> None:
        """The socket has nothing more for now: a good moment to close a group."""
        ...

    def on_dropped(self, source: str, qos: int) -> None:
        """A QoS 0 message could not even be held and is gone; it is counted, never `received`."""
        ...


class ScriptJob(msgspec.Struct, frozen=True):
    """One payload for a JavaScript codec; `time_ns` (UTC) is its `recvTime`."""

    script: Script
    payload: bytes
    f_port: int
    time_ns: int
    variables: Mapping[str, str]


class Scripts(Protocol):
    """Who runs JavaScript codecs, away from the event loop and contained."""

    async def decode(self, jobs: Sequence[ScriptJob]) -> Sequence[Decoded | UplinkRefused]:
        """One answer a job, in their order. Never raises for what a script does."""
        ...

    async def close(self) -> None:
        """End the process that runs them."""
        ...


class RefusedLine(msgspec.Struct, frozen=True):
    """A line the store will never take, with its own words why. `index` is the line's place in the batch."""

    index: int
    reason: str


class StoreUnavailable(Exception):
    """The store did not take the batch now; it is to be written again, unchanged.

    `held` means that waiting alone will not mend it (401, 403, 404): an operator has to act.
    """

    def __init__(
        self, message: str, *, hint: str = "", retry_after_s: float | None = None, held: bool = False
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.retry_after_s = retry_after_s
        self.held = held


class CannotRemove(Exception):
    """This store has no way to remove rows (InfluxDB 3 Core, say)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stored point: UTC nanoseconds, tags, fields as the store gives them."""

    time_ns: int
    tags: dict[str, str]
    fields: dict[str, Any]


class Store(Protocol):
    """Where time series rest. Contract: `tests/contracts/store.py`."""

    name: str

    async def write(self, lines: Sequence[bytes]) -> Sequence[RefusedLine]:
        """Write a batch of line protocol (no line ends); return the lines that are refused for good.

        All others are stored when it returns. Writing a line again overwrites its point. Raises
        `StoreUnavailable` when the batch is to be tried again (any part of it may be stored by then).
        """
        ...

    async def latest(
        self, measurement: str, fields: Sequence[str], since_ns: int, before_ns: int | None = None
    ) -> Sequence[Row]:
        """The newest row of each series (tag set) in `[since_ns, before_ns)`, by `device`.

        None: up to the newest there is. Rows without any of the fields do not count.
        """
        ...

    async def window(
        self,
        measurement: str,
        fields: Sequence[str],
        begin_ns: int,
        end_ns: int,
        devices: Sequence[str] | None = None,
    ) -> Sequence[Row]:
        """All rows of all devices (or of those named) in `[begin_ns, end_ns)`, by `device`, series and time.

        One answer holds all of it: to bound the memory, name some thousand devices at a time.
        """
        ...

    async def series(
        self, measurement: str, fields: Sequence[str], device: str, begin_ns: int, end_ns: int
    ) -> Sequence[Row]:
        """All rows of one device in `[begin_ns, end_ns)`, oldest first."""
        ...

    async def remove(self, measurement: str, device: str, begin_ns: int, end_ns: int) -> None:
        """Remove a device's rows of a measurement in `[begin_ns, end_ns)`; raises `CannotRemove`."""
        ...

    async def check_removal(self) -> None:
        """Raise `CannotRemove` where `remove` would, `StoreUnavailable` where that cannot be told now."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...
