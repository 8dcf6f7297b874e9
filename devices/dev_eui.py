"""DevEUIs as people write them, and what became of those that went through a spreadsheet."""

import re

from devices.complaint import one_line
from devices.language import Sentence, say

_DEV_EUI = re.compile(r"[0-9a-fA-F]{16}")
#: `7,0B3D5E+15` or `2.4E+15`: what a spreadsheet shows for a long number.
_SPREADSHEET = re.compile(r"[0-9a-f]+(?:[.,][0-9a-f]+)?e\+?\d{1,3}", re.IGNORECASE)
#: Letters that look like a digit.
_LOOK = {"o": "0", "i": "1", "l": "1", "s": "5", "z": "2", "g": "9", "q": "9"}


def read(text: str) -> str:
    """A DevEUI as 16 lower-case hex digits, written with or without `-` and `:`; raises `ValueError`."""
    if _DEV_EUI.fullmatch(text):
        return text.lower()
    digits = re.sub(r"[-: ]", "", text)
    if _DEV_EUI.fullmatch(digits) is None:
        raise ValueError(complaint(text))
    return digits.lower()


def is_spoilt(text: str) -> bool:
    """Whether this was a DevEUI until a spreadsheet or a mistyped digit spoilt it, and is no name."""
    digits = re.sub(r"[-: ]", "", text)
    if _SPREADSHEET.fullmatch(digits):
        return len(digits) < 8 or not digits.isalnum()
    good = sum(sign in "0123456789abcdefABCDEF" for sign in digits)
    return len(digits) in range(14, 19) and good > 13 and (good, len(digits)) != (16, 16)


def complaint(said: str) -> Sentence:
    """Why this is no DevEUI, and where the right one is found."""
    text = one_line(said.strip())
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    digits = re.sub(r"[-: ]", "", text)
    if not digits:
        return say("nothing stands there: write the 16 digits of the sensor's label, as 70b3d57ba0000a1c")
    if _SPREADSHEET.fullmatch(digits) and (len(digits) < 8 or not digits.isalnum()):
        return say(
            "{text} is what a spreadsheet made of a DevEUI, its last digits are lost: take all 16 from the"
            " sensor's label, and make the spreadsheet's column one of texts first",
            text=shown,
        )
    odd = next((sign for sign in digits if sign not in "0123456789abcdefABCDEF"), "")
    if odd and len(digits) == 16:
        like = _LOOK.get(odd.lower())
        if like:
            return say(
                "{text} is no DevEUI: {sign} is none of its digits 0-9 and a-f; is it {like}?",
                text=shown,
                sign=odd,
                like=like,
            )
        return say("{text} is no DevEUI: {sign} is none of its digits 0-9 and a-f", text=shown, sign=odd)
    if odd:
        return say("{text} is no DevEUI: write its 16 digits 0-9 and a-f, as 70b3d57ba0000a1c", text=shown)
    return _wrong_length(shown, digits)


def _wrong_length(shown: str, digits: str) -> Sentence:
    count = len(digits)
    if count == 32:
        return say(
            "{text} has 32 digits: that is a key, for the network server only; a DevEUI has 16",
            text=f"{digits[:4]}…",
        )
    if count > 16:
        return say(
            "{text} has {count} digits: a DevEUI has 16; is one written twice?", text=shown, count=count
        )
    if digits.isdecimal():
        return say(
            "{text} has {count} digits: a DevEUI has 16; did a spreadsheet drop zeros: is it {like}?",
            text=shown,
            count=count,
            like=digits.zfill(16),
        )
    return say(
        "{text} has {count} digits: a DevEUI has 16; compare it with the sensor's label",
        text=shown,
        count=count,
    )
