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

from ingest import login_file
from ingest.events import Events
from ingest.settings import Exports

Who = Literal["internal", "partners"]

#: Wrong logins are answered one at a time, each after so many seconds: whoever guesses gets no further by
#: asking often, and no right one waits.
WRONG_S = 0.5
_QUIET = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_ASKING = {"WWW-Authenticate": 'Basic realm="Messnetz", charset="UTF-8"', **_QUIET}
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
        if who is not None and _is_elsewhere(scope):
            await Response("403\n", 403, _QUIET, media_type="text/plain")(scope, receive, send)
        elif who is not None:
            scope.setdefault("state", {})["who"] = who
            await self._inside(scope, receive, send)
        else:
            if said is not None:
                self._events.login_wrong(_address(scope))
                async with self._wrong:
                    await asyncio.sleep(WRONG_S)
            await Response(_WORDS, 401, _ASKING, media_type="text/plain")(scope, receive, send)


def _is_elsewhere(scope: Scope) -> bool:
    """Whether another site's page asks in the name of a reader, as with a picture; links are followed."""
    said = {name: value for name, value in scope["headers"] if name.startswith(b"sec-fetch-")}
    return said.get(b"sec-fetch-site") == b"cross-site" and said.get(b"sec-fetch-mode") != b"navigate"


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
        seen = _looks_of(self._file)
        if seen is not None and seen == self._seen:
            return
        self._seen, self._right = seen, None
        try:
            name, password = login_file.read(self._file)
        except login_file.BadLogin as error:
            self._events.login_unreadable(str(self._file), error.sentence.in_language("en"))
        else:
            self._right = self._digest(f"{name}:{password}".encode())


def _looks_of(file: Path) -> tuple[int, int, int] | None:
    """What changes with a file; None where it cannot be told."""
    try:
        now = file.stat()
    except OSError:
        return None
    return now.st_mtime_ns, now.st_size, now.st_ino
