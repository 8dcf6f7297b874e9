"""Texts for XlsxWriter's cells, and how high a row must be for them."""

import re

#: Characters (UTF-16) that a cell holds.
MOST = 32_767
_BREAK = re.compile("\r\n?")


def cut(text: str) -> str:
    """So much of a text as a cell holds."""
    if len(text) * 2 <= MOST:
        return text
    return text.encode("utf-16-le")[: 2 * MOST].decode("utf-16-le", "ignore")


def plain(text: str) -> str:
    """A text that XlsxWriter takes as it is, its lines broken as in Excel.

    One between `<r>` and `</r>` it would take for its own XML.
    """
    text = cut(_BREAK.sub("\n", text))
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def unlinked(title: str) -> str:
    """A title of a chart as XlsxWriter takes it: one with `!A1` in it would be a reference to a cell.

    What parts them cannot be seen.
    """
    return plain(title).replace("!", "!\u2060")


def lines(text: str, width: float) -> int:
    """On how many lines a text stands in a column so wide (in characters), broken at blanks."""
    count = 0
    for line in text.splitlines() or [""]:
        room = 0.0
        count += 1
        for word in line.split():
            if room and room + 1 + len(word) > width:
                count, room = count + 1, 0.0
            room += len(word) + (1 if room else 0)
            count += int(max(0, room - 1) // width)
            room = room % width if room > width else room
    return count
