"""Whether the sensors of a broker are cut off: its connection stands, and yet none of them is heard.

They are when, since the newest uplink of any of them, at least `gateway.MISSING` uplinks of at least two are
missing (counted as for gateways, `devices.gateway`) that the end of a single gateway does not explain:

- of a sensor that a gateway with statistics of its own hears, those that are missing up to the newest of
  these statistics: so long the gateway was there, and afterwards it may be the one that is down;
- of the others those that are left without the gateway which alone hears the sensors with most of them.

So a gateway comes first wherever it explains the same silence. Not before `gateway.LEAST_NS`; times in which
we, the broker's connection or a sensor's gateways were down do not count.
"""

from collections.abc import Mapping

from devices.gateway import MISSING


def is_cut_off(missing: int, behind_one: Mapping[str, int]) -> bool:
    """`behind_one` is what is missing of sensors that one gateway alone hears, `missing` of all others."""
    return missing + sum(behind_one.values()) - max(behind_one.values(), default=0) >= MISSING
