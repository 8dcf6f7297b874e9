"""Why a request of a planner is not answered with what was asked for."""

from typing import Literal

#: How requests for a file end: the label of `messnetz_exports_total`.
Ending = Literal[
    "made", "refused", "nothing", "too_large", "busy", "store_away", "too_slow", "failed", "gone"
]

_ENDINGS: dict[int, Ending] = {
    400: "refused",
    404: "nothing",
    413: "too_large",
    503: "store_away",
    504: "too_slow",
}


class Refused(Exception):
    """`status` is of HTTP; message and hint are for people: what is wrong, and what to do.

    `field` names the parameter that is at fault, where it is one. Sentences among the texts can be had in
    the reader's language; others are in the one that was asked for.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        hint: str = "",
        field: str = "",
        retry_after_s: int | None = None,
        ending: Ending | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = hint
        self.field = field
        self.retry_after_s = retry_after_s
        self.ending: Ending = ending or _ENDINGS.get(status, "failed")


class Gone(Exception):
    """Whoever asked went away before there was an answer."""
