"""Texts without addresses of hardware: nothing that leaves has an EUI in it."""

import re
from hashlib import blake2b

#: What people put between the digits; a date and a time have some of it, too.
_BETWEEN = "[-:._ \\t\u00a0\u2010-\u2013]"
_PAIR = "[0-9A-Fa-f]{2}"
_NONE_BEFORE, _NONE_AFTER = "(?<![0-9A-Fa-f])", "(?![0-9A-Fa-f])"
#: 16 hex digits in a row, or with one sign between all pairs or all fours of them.
_EVEN = re.compile(
    rf"(?:\beui[-_])?{_NONE_BEFORE}(?:[0-9A-Fa-f]{{16}}"
    rf"|{_PAIR}(?P<two>{_BETWEEN}){_PAIR}(?:(?P=two){_PAIR}){{6}}"
    rf"|(?:{_PAIR}){{2}}(?P<four>{_BETWEEN})(?:{_PAIR}){{2}}(?:(?P=four)(?:{_PAIR}){{2}}){{2}}){_NONE_AFTER}",
    re.IGNORECASE,
)
#: Pairs with signs between some of them. Without a letter among the digits it is dates in a row.
_UNEVEN = re.compile(
    rf"(?:\beui[-_])?{_NONE_BEFORE}{_PAIR}(?:{_BETWEEN}?{_PAIR}){{7}}{_NONE_AFTER}", re.IGNORECASE
)
_DATE = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")


def without_eui(text: str) -> str:
    """The text with each EUI-64 as `eui-` and 6 hex digits that are always the same for it.

    An EUI is 16 hex digits on their own, also with `-`, `:`, `.`, `_` or blanks between, in any case. The new
    digits are 24 bits of a hash: they tell devices apart, and the address cannot be had back from them.
    """
    return _UNEVEN.sub(_masked_letters, _EVEN.sub(_masked, text))


def _masked(found: re.Match[str]) -> str:
    digits = _digits(found)
    return f"eui-{blake2b(digits.encode(), digest_size=3).hexdigest()}"


def _masked_letters(found: re.Match[str]) -> str:
    is_dates = _digits(found).isdecimal() or _DATE.search(found[0])
    return found[0] if is_dates else _masked(found)


def _digits(found: re.Match[str]) -> str:
    text = found[0].lower()
    return re.sub("[^0-9a-f]", "", re.sub("^eui[-_]", "", text))
