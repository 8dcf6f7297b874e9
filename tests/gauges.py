"""What is true of a service in which nothing happens, for tests of what shows it."""

from ingest.metrics import Gauges

QUIET = Gauges(
    in_flight=0,
    held_bytes=0,
    paused=False,
    lines_waiting=0,
    waiting_bytes=0,
    oldest_waiting_ns=None,
    quarantine_rows=0,
    quarantine_bytes=0,
    dead_letters_rows=0,
    dead_letters_bytes=0,
    spool_damaged=False,
    devices=0,
    complaints=0,
    reload_waiting=False,
    disk_free_bytes=10 * 1024**3,
)
