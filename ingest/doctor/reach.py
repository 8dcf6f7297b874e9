"""Whether a server can be reached: its name, TCP, TLS and the dates of its certificate. It blocks."""

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from ingest.dial import words
from ingest.doctor.patience import PATIENCE_S

#: OpenSSL's flag to overlook the dates of a certificate, which the standard library does not name.
_NO_CHECK_TIME = 0x200000
#: OpenSSL's words for why a certificate is not trusted.
_CERTIFICATE_FAULTS: dict[int, "Fault"] = {
    9: "not_yet_valid",
    10: "expired",
    62: "other_name",
    64: "other_name",
}

Fault = Literal[
    "",
    "no_name",
    "refused",
    "silent",
    "unreachable",
    "no_tls",
    "expired",
    "not_yet_valid",
    "other_name",
    "untrusted",
]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server shows of itself; `names` are those it may be reached by."""

    begins: datetime
    expires: datetime
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far we came; `fault` is empty when all of it succeeded, `words` are the system's for others."""

    fault: Fault = ""
    words: str = ""
    address: str = ""  #: the one that answered
    tls: str = ""  #: version of the protocol
    certificate: Certificate | None = None


def reach(host: str, port: int, context: ssl.SSLContext | None) -> Reached:
    """Resolve, connect and shake hands, then hang up."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return Reached("no_name")
    address = str(found[0][4][0])
    try:
        with socket.create_connection((host, port), timeout=PATIENCE_S) as connection:
            address = str(connection.getpeername()[0])
            return _shake(connection, host, port, context, address)
    except ConnectionRefusedError:
        return Reached("refused", address=address)
    except TimeoutError:
        return Reached("silent", address=address)
    except OSError as error:
        return Reached("unreachable", words(error), address)


def _shake(
    connection: socket.socket, host: str, port: int, context: ssl.SSLContext | None, address: str
) -> Reached:
    if context is None:
        return Reached(address=address)
    try:
        with context.wrap_socket(connection, server_hostname=host) as safe:
            return Reached(
                address=address, tls=safe.version() or "", certificate=_certificate(safe.getpeercert())
            )
    except ssl.SSLCertVerificationError as error:
        fault = _CERTIFICATE_FAULTS.get(error.verify_code, "untrusted")
        shown = _shown(host, port, context) if fault != "untrusted" else None
        return Reached(fault, error.verify_message, address, certificate=shown)
    except TimeoutError:
        return Reached("no_tls", "", address)
    except (ssl.SSLError, OSError, ValueError) as error:
        return Reached("no_tls", words(error), address)


def _shown(host: str, port: int, context: ssl.SSLContext) -> Certificate | None:
    """The certificate of a server that is known but for its name or its dates."""
    context.check_hostname = False
    context.verify_flags |= _NO_CHECK_TIME
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE_S) as connection,
            context.wrap_socket(connection, server_hostname=host) as safe,
        ):
            return _certificate(safe.getpeercert())
    except (OSError, ValueError):
        return None


def _certificate(said: Any) -> Certificate | None:
    if not said:
        return None
    names = tuple(str(name) for _, name in said.get("subjectAltName", ()))
    return Certificate(_moment(said["notBefore"]), _moment(said["notAfter"]), names)


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
