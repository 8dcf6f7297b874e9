"""Groups and refusals for the tests of the spool, where most of what they hold does not matter."""

from ingest.group import DeadLetter, Kept


def kept_row(
    address: str = "70b3d57ba0000a1c",
    *,
    time_ns: int = 1,
    payload: bytes = b"{}",
    outcome: str = "quarantined",
    reason: str = "unknown_device",
    detail: str = "nobody registered it",
    topic: str = "application/1/device/x/event/up",
) -> Kept:
    """A quarantined message; it arrived when it says it was sent."""
    return Kept(outcome, reason, detail, "giessen", "chirpstack", topic, address, time_ns, time_ns, payload)


def dead_letter(
    line: bytes = b"air_quality pm1=1", *, device: str = "luft", arrival_ns: int = 1
) -> DeadLetter:
    """A line that the store refused."""
    return DeadLetter(line, "refused", "field type conflict", device, arrival_ns)
