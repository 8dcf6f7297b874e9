"""Who turns an uplink into a decoded object: one function a codec name, as a type file's `codec` says it."""

from collections.abc import Callable, Mapping
from typing import Any

from devices.codecs import lns
from devices.device import Installation
from devices.uplink import Uplink

#: Takes an uplink of the installation and returns its decoded object; raises `devices.errors.UplinkRefused`.
Codec = Callable[[Uplink, Installation], dict[str, Any]]

CODECS: Mapping[str, Codec] = {"lns": lns.decode}
