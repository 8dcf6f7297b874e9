"""Whether a gateway is down: it gave no sign although it should have.

A sign is an uplink that it heard, or its own statistics where it is registered. No gateway is down before
`LEAST_NS` without a sign; times in which we or its broker's connection were down do not count. Then it is,

- of one whose statistics we know: after `OWN_INTERVALS` of its own intervals;
- of any other: when at least `MISSING` uplinks are missing that sensors which it alone hears should have sent
  since its newest sign. One sensor counts for less than `MISSING`, so that a dead sensor is no dead gateway,
  and only those count that were heard within `EXPECTED_INTERVALS` before that sign: of others nobody knows
  whether they live. Each interval counts that has passed whole, for many speak in step; of sensors of events
  each heartbeat that has become due since that sign: after a busy evening none of them speaks all night.

While everything behind its broker has been quiet since about the same time, it may be the network server and
not the gateway: then it is given `SETTLE_NS` more, until either all are down (`devices.status`) or it alone.
"""

from devices.status import Rhythm

LEAST_NS = 300_000_000_000
OWN_INTERVALS = 10
MISSING = 12
EXPECTED_INTERVALS = 3
SETTLE_NS = 300_000_000_000


def own_limit_ns(interval_ns: int) -> int:
    """How long a gateway that tells statistics so often may give no sign."""
    return max(OWN_INTERVALS * interval_ns, LEAST_NS)


def is_expected(sign_ns: int, seen_ns: int, speaks: Rhythm) -> bool:
    """Whether a sensor lived at the time of a sign, as far as one can know."""
    return sign_ns - seen_ns <= EXPECTED_INTERVALS * speaks.interval_ns


def missing(waited_ns: int, sign_ns: int, seen_ns: int, speaks: Rhythm) -> int:
    """How many uplinks of one sensor are missing, as far as they count.

    `waited_ns` is the time since the gateway's newest sign, without that in which nothing could come;
    `sign_ns` is when that sign was, `seen_ns` when the sensor spoke last.
    """
    if waited_ns <= 0 or not is_expected(sign_ns, seen_ns, speaks):
        return 0
    quiet_ns, interval_ns = max(0, sign_ns - seen_ns), speaks.interval_ns
    if speaks.by_clock:
        return min(waited_ns // interval_ns, MISSING - 1)
    return min((quiet_ns + waited_ns) // interval_ns - quiet_ns // interval_ns, MISSING - 1)
