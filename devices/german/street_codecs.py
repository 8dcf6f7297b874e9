"""German for our codecs of parking, traffic and people sensors and for Milesight's."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "channel {channel} of type {kind} is not known": "Kanal {channel} vom Typ {kind} ist nicht bekannt",
    "port {port} is none of this device's: {ports}": "Port {port} gehört nicht zu diesem Gerät: {ports}",
    "a message of kind {kind} is not known": "eine Meldung der Art {kind} ist nicht bekannt",
    "it begins with {begin}, not with {expected}": "sie beginnt mit {begin}, nicht mit {expected}",
    "it has {length} bytes, not one of: {lengths}": "sie hat {length} Byte, nicht eine der Längen: {lengths}",
}
