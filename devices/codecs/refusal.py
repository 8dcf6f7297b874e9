"""What a codec says when a payload is none that it knows: errors to raise, each a sentence."""

from devices.language import say


def unknown_port(f_port: int, *known: int) -> ValueError:
    """It came on a port on which this device says nothing."""
    return ValueError(
        say("port {port} is none of this device's: {ports}", port=f_port, ports=", ".join(map(str, known)))
    )


def unknown_kind(kind: int) -> ValueError:
    """It, or a part of it, says of itself a kind that is not known."""
    return ValueError(say("a message of kind {kind} is not known", kind=f"{kind:02x}"))


def wrong_begin(payload: bytes, expected: str) -> ValueError:
    """It does not begin with these bytes, in hex."""
    begin = payload[: len(expected) // 2].hex() or "-"
    return ValueError(say("it begins with {begin}, not with {expected}", begin=begin, expected=expected))


def wrong_length(payload: bytes, *known: int) -> ValueError:
    """It has another length than those known."""
    lengths = ", ".join(map(str, known))
    return ValueError(
        say("it has {length} bytes, not one of: {lengths}", length=len(payload), lengths=lengths)
    )
