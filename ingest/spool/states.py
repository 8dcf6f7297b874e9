"""The memory of each installation, written with the lines it shaped."""

import sqlite3
from collections.abc import Mapping

import msgspec

from devices.state import DeviceState, pack, unpack
from ingest.spool import bulk


def write(connection: sqlite3.Connection, states: Mapping[str, DeviceState]) -> None:
    """Insert or replace states, by `device|address`."""
    connection.execute(
        f"INSERT INTO states (state, key) SELECT {bulk.BLOB}, {bulk.column(0)}"  # noqa: S608  constants
        " FROM json_each(?1) WHERE TRUE ON CONFLICT (key) DO UPDATE SET state = excluded.state",
        bulk.pack((pack(state), (key,)) for key, state in states.items()),
    )


def read(connection: sqlite3.Connection) -> tuple[dict[str, DeviceState], list[str]]:
    """All states, and the keys of those that cannot be decoded."""
    states: dict[str, DeviceState] = {}
    unreadable: list[str] = []
    for key, packed in connection.execute("SELECT key, state FROM states"):
        try:
            states[key] = unpack(packed)
        except msgspec.DecodeError:
            unreadable.append(key)
    return states, unreadable
