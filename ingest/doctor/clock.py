"""Our own clock: does something keep it right? (Against other clocks: `influx`, `brokers`.)"""

import ctypes
import struct
import sys
from collections.abc import Callable, Sequence

from devices.language import say
from ingest.doctor.finding import Finding
from ingest.doctor.patient import Patient

#: From here on systemd too says that the clock is not synchronised (maximum error, in microseconds).
MAX_ERROR_US = 16_000_000
#: Any `struct timex` fits in it; all zero it asks and sets nothing.
_TIMEX_BYTES = 512


def max_error_us() -> int | None:
    """The kernel's estimate of how wrong the clock is at most; None where it does not say (adjtimex(2))."""
    if sys.platform != "linux":
        return None
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    try:
        if ctypes.CDLL(None, use_errno=True).adjtimex(timex) < 0:
            return None
    except (OSError, AttributeError):
        return None
    _modes, _offset, _frequency, max_error = struct.unpack_from("@Illl", timex)
    return int(max_error)


async def check(_patient: Patient, ask: Callable[[], int | None] = max_error_us) -> Sequence[Finding]:
    """Whether the kernel's clock is kept by NTP or the like; needs no rights."""
    subject = say("clock")
    error_us = ask()
    to_do = say("timedatectl set-ntp true; in a container: on its host")
    if error_us is None:
        return [Finding(subject, "unknown", say("whether it is kept right cannot be told here"), to_do)]
    if error_us >= MAX_ERROR_US:
        return [Finding(subject, "warning", say("nothing keeps it right (no NTP)"), to_do)]
    return [Finding(subject, "ok", say("it is kept right (NTP)"))]
