"""A file with a login of the planners' address: the name on its first line, the password on its second."""

import re
from pathlib import Path

from devices.files import trouble
from devices.language import Sentence, say

#: No login is longer.
MOST_BYTES = 4096
#: What ends a line in a file; other signs of that kind belong to the password.
_LINE_END = re.compile("\r\n|\r|\n")


class BadLogin(Exception):
    """A file holds no login; `sentence` says why, without its name."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read(path: Path) -> tuple[str, str]:
    """Name and password; raises `BadLogin`."""
    try:
        with path.open("rb") as file:
            lines = _LINE_END.split(file.read(MOST_BYTES).decode("utf-8-sig"))
    except OSError as error:
        raise BadLogin(trouble(error)) from None
    except UnicodeDecodeError:
        raise BadLogin(say("is no text in UTF-8")) from None
    if len(lines) < 2 or not lines[0] or not lines[1]:
        raise BadLogin(say("lacks the name on its first line, or the password on its second"))
    if ":" in lines[0]:
        raise BadLogin(say("has a `:` in the name: nobody can log in with that"))
    return lines[0], lines[1]
