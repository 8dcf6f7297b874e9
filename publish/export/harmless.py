"""Text that no spreadsheet runs as a formula."""

import re

#: What makes a formula of a cell, also behind blanks, quotes and what cannot be seen. OWASP, "CSV Injection".
_FORMULA = re.compile(
    r"[\s\"'\x00-\x20\u00a0\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]"
)
_CONTROL = ("\t", "\r")


def harmless(text: str) -> str:
    """The text as it is, or with a `'` before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_CONTROL) or _FORMULA.match(text) else text
