"""The files of TLS: authorities, our certificate, its key; whatever is wrong with one is said by its name."""

import ssl
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from devices.files import trouble
from devices.language import Sentence, say
from ingest.x509 import certificates, expires

#: OpenSSL's word for a key of another certificate.
_MISMATCH = "KEY_VALUES_MISMATCH"


class BadTlsFile(Exception):
    """A file cannot be used: `what` is wrong with it, and what `to_do`."""

    def __init__(self, what: Sentence, to_do: Sentence) -> None:
        super().__init__(f"{what.in_language('en')}; {to_do.in_language('en')}")
        self.what = what
        self.to_do = to_do


def client_context(
    ca_file: Path | None, cert_file: Path | None = None, key_file: Path | None = None
) -> ssl.SSLContext:
    """A context that trusts `ca_file` (None: the system's authorities) and shows our certificate, if any.

    Reads the files anew each time; raises `BadTlsFile`.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
        if cert_file is not None:
            # a password, though none is needed: OpenSSL asks for that of an encrypted key on the terminal
            context.load_cert_chain(cert_file, key_file, password="")
    except (OSError, ValueError) as error:
        raise _explained(error, ca_file, cert_file, key_file) from error
    if ca_file is not None and (ended := _end(ca_file, max)) is not None:
        raise BadTlsFile(
            say("ca_file {file}: its certificate authority expired on {day}", file=ca_file, day=ended),
            say("put the present certificate of the server's authority there"),
        )
    return context


def expired(cert_file: Path) -> str | None:
    """The day on which our own certificate ended, if it did; the file can be used."""
    return _end(cert_file, min)


def _end(file: Path, which: Callable[[Iterable[float]], float]) -> str | None:
    """The day, if it is over, on which the first (`min`) or the last (`max`) certificate in a file ends."""
    try:
        ends = which(map(expires, certificates(file.read_bytes())))
    except (OSError, ValueError):
        return None  # OpenSSL reads more than we do
    return None if ends > time.time() else f"{datetime.fromtimestamp(ends, UTC):%Y-%m-%d}"


def _explained(
    error: Exception, ca_file: Path | None, cert_file: Path | None, key_file: Path | None
) -> BadTlsFile:
    """Which file it is, and what is wrong with it."""
    named = (("ca_file", ca_file), ("cert_file", cert_file), ("key_file", key_file))
    for setting, file in named:
        if file is not None and (fault := _fault(setting, file)) is not None:
            return fault
    if getattr(error, "reason", "") == _MISMATCH:
        return BadTlsFile(
            say("key_file {key} is not the key of the certificate in {cert}", key=key_file, cert=cert_file),
            say("name the key that the certificate was made for, or have a certificate made for this key"),
        )
    files = ", ".join(str(file) for _, file in named if file is not None)
    return BadTlsFile(
        say("TLS cannot be set up with {files}", files=files or say("the system's authorities")),
        say("make these files anew; the system said: {words}", words=getattr(error, "reason", None) or "-"),
    )


def _fault(setting: str, file: Path) -> BadTlsFile | None:
    """What is wrong with one file by itself."""
    try:
        text = file.read_bytes()
    except OSError as error:
        return BadTlsFile(
            say("{setting} {file} {trouble}", setting=setting, file=file, trouble=trouble(error)),
            say("put the file there, or name the right one; the user that runs Messnetz must read it"),
        )
    if setting == "key_file":
        return _fault_of_key(file, text)
    if b"CERTIFICATE-----" not in text:
        return _no_pem(setting, file, text, say("no certificate"))
    try:
        for one in certificates(text):
            ssl.create_default_context().load_verify_locations(cadata=one)
    except (ValueError, OSError):
        return BadTlsFile(
            say("{setting} {file}: the certificate in it is damaged", setting=setting, file=file),
            say("copy the file anew from where it was made"),
        )
    if not certificates(text):
        return BadTlsFile(
            say("{setting} {file}: the certificate in it breaks off", setting=setting, file=file),
            say("copy the file anew from where it was made"),
        )
    return None


def _fault_of_key(file: Path, text: bytes) -> BadTlsFile | None:
    if b"PRIVATE KEY-----" not in text:
        return _no_pem("key_file", file, text, say("no private key"))
    if b"ENCRYPTED" in text:
        return BadTlsFile(
            say("key_file {file}: the key is protected by a password", file=file),
            say("take it away: openssl pkey -in {file} -out new.key", file=file),
        )
    return None


def _no_pem(setting: str, file: Path, text: bytes, what: Sentence) -> BadTlsFile:
    wrong = say("{setting} {file} holds {what} (PEM)", setting=setting, file=file, what=what)
    if text[:1] == b"0":  # how DER begins
        kind = "pkey" if setting == "key_file" else "x509"
        return BadTlsFile(
            wrong,
            say("turn it into PEM: openssl {kind} -inform der -in {file} -out new.pem", kind=kind, file=file),
        )
    if not text.strip():
        wrong = say("{setting} {file} is empty", setting=setting, file=file)
    begin = "-----BEGIN ... PRIVATE KEY-----" if setting == "key_file" else "-----BEGIN CERTIFICATE-----"
    return BadTlsFile(wrong, say("name the file whose text begins with {begin}", begin=begin))
