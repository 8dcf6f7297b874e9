"""Who may come in: HTTP Basic (RFC 7617) against files that are read anew when they change."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Literal

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from devices.files import trouble
from ingest.events import Events
from ingest.settings import Exports

Who = Literal["internal", "partners"]

#: Wrong logins are answered one at a time, each after so many seconds: whoever guesses gets no further by
#: asking often, and no right one waits.
WRONG_S = 0.5
#: No login file is larger.
_MOST_BYTES = 4096
_ASKING = {
    "WWW-Authenticate": 'Basic realm="Messnetz", charset="UTF-8"',
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_WORDS = (
    "401: Name und Passwort fehlen oder sind falsch.\n"
    "Wer Messnetz betreibt, gibt sie aus.\n\n"
    "401: Name and password are missing or wrong.\n"
    "Those who run Messnetz give them out.\n"
)


class Guard:
    """Lets in who has a login, and answers 401 to everybody else, whatever was asked."""

    def __init__(self, inside: ASGIApp, exports: Exports, events: Events) -> None:
        self._inside = inside
        self._logins = [
            (who, _Login(file, events))
            for who, file in (("internal", exports.login_file), ("partners", exports.partners_login_file))
            if file is not None
        ]
        self._events = events
        self._wrong = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; those let in carry `who` in their state."""
        said = _said(scope)
        who = next((who for who, login in self._logins if login.admits(said)), None)
        if who is not None:
            scope.setdefault("state", {})["who"] = who
            await self._inside(scope, receive, send)
            return
        if said is not None:
            self._events.login_wrong(_address(scope))
            async with self._wrong:
                await asyncio.sleep(WRONG_S)
        await Response(_WORDS, 401, _ASKING, media_type="text/plain")(scope, receive, send)


def _said(scope: Scope) -> bytes | None:
    """`name:password` as the client says it; None where it says nothing, empty where nobody can read it."""
    header = next((value for name, value in scope["headers"] if name == b"authorization"), None)
    if header is None:
        return None
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        return b""


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


class _Login:
    """One file: the name on its first line, the password on its second."""

    def __init__(self, file: Path, events: Events) -> None:
        self._file = file
        self._events = events
        self._salt = secrets.token_bytes(16)
        self._seen: tuple[int, int, int] | None = None
        self._right: bytes | None = None

    def admits(self, said: bytes | None) -> bool:
        """Whether `name:password` is this one; takes as long for a wrong one, wherever it differs."""
        self._read()
        given = self._digest(said or b"")
        return hmac.compare_digest(given, self._right or self._salt) and bool(said)

    def _digest(self, text: bytes) -> bytes:
        return hashlib.blake2b(text, key=self._salt, digest_size=16).digest()

    def _read(self) -> None:
        try:
            now = self._file.stat()
            seen = (now.st_mtime_ns, now.st_size, now.st_ino)
            if seen == self._seen:
                return
            self._right = None
            self._seen = seen
            with self._file.open("rb") as file:
                name, password = _parts(file.read(_MOST_BYTES))
            self._right = self._digest(f"{name}:{password}".encode())
        except OSError as error:
            self._seen = self._right = None
            self._events.login_unreadable(str(self._file), trouble(error).in_language("en"))
        except ValueError as error:
            self._events.login_unreadable(str(self._file), str(error))


def _parts(content: bytes) -> tuple[str, str]:
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError("is no text in UTF-8") from None
    if len(lines) < 2 or not lines[0] or not lines[1]:
        raise ValueError("lacks the name on its first line or the password on its second")
    if ":" in lines[0]:
        raise ValueError("has a `:` in the name, which no client can send")
    return lines[0], lines[1]
