"""Who may come in: HTTP Basic (RFC 7617) against files that are read anew when they change."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ingest import login_file
from ingest.events import Events
from ingest.settings import Exports

Who = Literal["internal", "partners"]

#: Wrong logins from one address are answered one at a time, each after so many seconds; while so many of them
#: wait, nothing else from there is looked at. Whoever guesses gets no further by asking often, or by going
#: away before the answer, and takes nobody else's place.
WRONG_S, WAITING = 0.5, 10
_QUIET = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_ASKING = {"WWW-Authenticate": 'Basic realm="Messnetz", charset="UTF-8"', **_QUIET}
_WORDS = (
    "401: Name und Passwort fehlen oder sind falsch.\n"
    "Wer Messnetz betreibt, gibt sie aus.\n\n"
    "401: Name and password are missing or wrong.\n"
    "Those who run Messnetz give them out.\n"
)
_LATER = {"Retry-After": "5", **_QUIET}
_TOO_MANY = (
    "429: Von dieser Adresse kamen zu viele falsche Anmeldungen. Gleich noch einmal versuchen.\n"
    "429: Too many wrong logins came from this address. Try again in a moment.\n"
)


class Guard:
    """Lets in who has a login; everybody else gets 401, or 429 for guessing, whatever was asked."""

    def __init__(self, inside: ASGIApp, exports: Exports, events: Events) -> None:
        self._inside = inside
        self._logins = [
            (who, _Login(file, events))
            # who has a login that stands in both files, by mistake, gets what partners may have
            for who, file in (("partners", exports.partners_login_file), ("internal", exports.login_file))
            if file is not None
        ]
        self._events = events
        self._wrong: dict[str, _Wrong] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; those let in carry `who` in their state."""
        said = _said(scope)
        if said is not None and self._waiting(_address(scope)) >= WAITING:
            await Response(_TOO_MANY, 429, _LATER, media_type="text/plain")(scope, receive, send)
            return
        who = next((who for who, login in self._logins if login.admits(said)), None)
        if who is not None and _is_elsewhere(scope):
            await Response("403\n", 403, _QUIET, media_type="text/plain")(scope, receive, send)
        elif who is not None:
            scope.setdefault("state", {})["who"] = who
            await self._inside(scope, receive, send)
        else:
            if said is not None:
                await self._keep_waiting(_address(scope))
            await Response(_WORDS, 401, _ASKING, media_type="text/plain")(scope, receive, send)

    def _waiting(self, address: str) -> int:
        return self._wrong[address].waiting if address in self._wrong else 0

    async def _keep_waiting(self, address: str) -> None:
        self._events.login_wrong(address)
        wrong = self._wrong.setdefault(address, _Wrong())
        wrong.waiting += 1
        try:
            async with wrong.turn:
                await asyncio.sleep(WRONG_S)
        finally:
            wrong.waiting -= 1
            if not wrong.waiting:
                del self._wrong[address]


@dataclass(slots=True)
class _Wrong:
    """Wrong logins of one address that wait for their answer."""

    waiting: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


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
