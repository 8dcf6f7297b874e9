"""The memory of each installation: a table, and a log of what the newest groups changed.

A state written to its row costs a page of 4 KiB, in the log a sixth of one; so the log takes every group, and
now and then the newest state of each key goes from it into the table.
"""

import sqlite3
import zlib
from collections.abc import Mapping
from typing import cast

import msgspec

from devices.state import DeviceState, pack, unpack
from ingest.spool import bulk
from ingest.spool.damage import Damaged

#: The log is folded when it holds as many bytes, about 12 000 states. With 10 000 devices that keeps its
#: commit 40 ms longer; with half the bytes it would be 25 ms, but a half more work a message.
LOG_BYTES = 8 * 1024**2

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])


class StateLog:
    """The log, and in memory the newest state of each key in it, so that folding need not read it."""

    def __init__(self) -> None:
        self._newest: dict[str, DeviceState | msgspec.Raw] = {}
        self._folded = False

    def load(self, connection: sqlite3.Connection) -> None:
        """Take up the log that another run left; raises `Damaged` when it is not what was written."""
        self._newest = dict(_read_log(connection))

    def write(self, connection: sqlite3.Connection, states: Mapping[str, DeviceState]) -> None:
        """Append the states of a group, if any, and fold the log when it is long; `written` follows."""
        self._folded = bool(states) and append(connection, states) >= LOG_BYTES
        if self._folded:
            fold(connection, {**self._newest, **states})

    def written(self, states: Mapping[str, DeviceState]) -> None:
        """What `write` did is on the disk; not to be called when it was rolled back."""
        if self._folded:
            self._newest = {}
        else:
            self._newest |= states


def append(connection: sqlite3.Connection, states: Mapping[str, DeviceState]) -> int:
    """Add one row, states by `device|address`; returns the bytes that the log holds."""
    packed = _encoder.encode({bulk.plain(key): state for key, state in states.items()})
    row = connection.execute(
        "INSERT INTO states_log (log_end, crc, states)"
        " VALUES ((SELECT coalesce(max(log_end), 0) FROM states_log) + ?, ?, ?)",
        (len(packed), zlib.crc32(packed), packed),
    )
    return cast(int, row.lastrowid)  # which is `log_end`


def fold(connection: sqlite3.Connection, newest: Mapping[str, DeviceState | msgspec.Raw]) -> None:
    """Insert or replace states in the table and empty the log."""
    connection.execute(
        f"INSERT INTO states (state, key) SELECT {bulk.BLOB}, {bulk.column(0)}"  # noqa: S608  constants
        " FROM json_each(?1) WHERE TRUE ON CONFLICT (key) DO UPDATE SET state = excluded.state",
        bulk.pack((_packed(state), (key,)) for key, state in newest.items()),
    )
    connection.execute("DELETE FROM states_log")


def _packed(state: DeviceState | msgspec.Raw) -> bytes:
    return pack(state) if isinstance(state, DeviceState) else bytes(state)


def read(connection: sqlite3.Connection) -> tuple[dict[str, DeviceState], list[str]]:
    """All states, and the keys of those that cannot be decoded; raises `Damaged` as `StateLog.load`."""
    packed = dict(connection.execute("SELECT key, state FROM states").fetchall()) | _read_log(connection)
    states: dict[str, DeviceState] = {}
    unreadable: list[str] = []
    for key, state in packed.items():
        try:
            states[key] = unpack(state)
        except msgspec.DecodeError:
            unreadable.append(key)
    return states, unreadable


def _read_log(connection: sqlite3.Connection) -> dict[str, msgspec.Raw]:
    """The newest state of each key in the log, packed."""
    newest: dict[str, msgspec.Raw] = {}
    begin = 0
    for end, crc, packed in connection.execute(
        "SELECT log_end, crc, states FROM states_log ORDER BY log_end"
    ):
        if end - begin != len(packed) or zlib.crc32(packed) != crc:
            raise Damaged(f"the log of states is not what was written at byte {begin}")
        newest |= _decoder.decode(packed)
        begin = end
    return newest
