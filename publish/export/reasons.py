"""Why a window has no figure: one closed list, from what was measured and from the states told by clock."""

from typing import Literal, get_args

from devices.language import Sentence, say

Reason = Literal[
    "not_installed",
    "retired",
    "commissioning",
    "maintenance",
    "flag",
    "silent",
    "gateway_down",
    "pipeline_down",
    "failed",
    "suspect",
    "incomplete",
    "nothing",
    "unknown",
]
REASONS: tuple[Reason, ...] = get_args(Reason)


def word(reason: str) -> Sentence:
    """What people call a reason, in the language in force now."""
    words: dict[Reason, Sentence] = {
        "not_installed": say("nothing was installed"),
        "retired": say("retired"),
        "commissioning": say("being commissioned"),
        "maintenance": say("in maintenance"),
        "flag": say("marked as not valid"),
        "silent": say("the sensor was silent"),
        "gateway_down": say("gateway down"),
        "pipeline_down": say("pipeline down"),
        "failed": say("all values failed their tests"),
        "suspect": say("all values were suspect and left out"),
        "incomplete": say("too little of the window is known"),
        "nothing": say("the sensor was in order and said nothing"),
        "unknown": say("nobody knows why"),
    }
    return words[reason]  # type: ignore[index]  # a spill holds none but these
