"""When the certificates of our TLS connections expire: the servers' as they show them, and our own files.

A broker's is looked at whenever we connect to it. Beside that every server is asked twice a day by a
handshake of its own, which ends before a word of MQTT or HTTP: a certificate that was renewed is seen without
disturbing the connection that stands, and an expired one although none stands. Nothing is trusted for what is
seen here, so nothing is verified.
"""

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from ingest.daemon import in_daemon
from ingest.dial import PATIENCE_S, CannotConnect, tls_context
from ingest.settings import Broker, Influx, Settings

#: Seconds between two looks.
EVERY_S = 12 * 3600.0

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_SEQUENCE, _INTEGER, _VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0x02, 0xA0, 0x17, 0x18

#: Gives the certificates of one connection, DER; blocks, and raises `OSError` or `ValueError`.
Look = Callable[[], list[bytes]]


class Certificates:
    """What is known now. `expires`: by name, seconds since 1970 (UTC) of the certificate that ends first.

    Names: a broker's name for its server's certificate, `<broker> client` for ours, `influx` for InfluxDB's.
    """

    def __init__(self, settings: Settings) -> None:
        self.expires: dict[str, float] = {}
        self._looks = _looks(settings)

    def seen(self, name: str, *certificates: bytes) -> None:
        """These were shown or lie there (DER); what cannot be read leaves the last one standing."""
        with contextlib.suppress(ValueError):
            self.expires[name] = min(map(expires, certificates))

    async def watch(self) -> None:
        """Look again and again until cancelled; a server that does not answer keeps its last known time."""
        while True:
            for name, look in self._looks:
                with contextlib.suppress(OSError, ValueError, CannotConnect):
                    self.seen(name, *await in_daemon(look, "certificates"))
            await asyncio.sleep(EVERY_S)


def _looks(settings: Settings) -> list[tuple[str, Look]]:
    found: list[tuple[str, Look]] = []
    for broker in settings.brokers:
        if broker.tls is not None:
            found.append((broker.name, partial(_shown_by_broker, broker)))
            if broker.tls.cert_file is not None:
                found.append((f"{broker.name} client", partial(_in_file, broker.tls.cert_file)))
    influx = settings.influx if settings.store == "influx" else None
    if influx is not None and influx.url.startswith("https:"):
        found.append(("influx", partial(_shown_by_influx, influx)))
    return found


def _shown_by_broker(broker: Broker) -> list[bytes]:
    assert broker.tls is not None  # noqa: S101  `_looks` has seen to it
    return _shown(broker.address, tls_context(broker.tls))


def _shown_by_influx(influx: Influx) -> list[bytes]:
    url = urlsplit(influx.url)
    return _shown((url.hostname or "", url.port or 443), ssl.create_default_context())


def _shown(address: tuple[str, int], context: ssl.SSLContext) -> list[bytes]:
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection(address, timeout=PATIENCE_S) as raw,
        context.wrap_socket(raw, server_hostname=address[0]) as safe,
    ):
        certificate = safe.getpeercert(binary_form=True)
        return [] if certificate is None else [certificate]


def _in_file(path: Path) -> list[bytes]:
    return [ssl.PEM_cert_to_DER_cert(text.decode("ascii")) for text in _PEM.findall(path.read_bytes())]


def expires(certificate: bytes) -> float:
    """`notAfter` of a certificate (DER), seconds since 1970; raises `ValueError`. RFC 5280 §4.1."""
    _, whole, _ = _element(certificate, _SEQUENCE)
    _, rest, _ = _element(whole, _SEQUENCE)
    if rest[:1] == bytes([_VERSION]):
        rest = _element(rest, _VERSION)[2]
    for tag in (_INTEGER, _SEQUENCE, _SEQUENCE):  # serial number, signature, issuer
        rest = _element(rest, tag)[2]
    _, validity, _ = _element(rest, _SEQUENCE)
    _, _, after = _element(validity, _UTC_TIME, _GENERALIZED_TIME)
    tag, text, _ = _element(after, _UTC_TIME, _GENERALIZED_TIME)
    digits = text.decode("ascii")
    if tag == _UTC_TIME:
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    return datetime.strptime(digits, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp()


def _element(text: bytes, *allowed: int) -> tuple[int, bytes, bytes]:
    """Tag and content of the first element of DER, and what follows it; raises `ValueError`."""
    if len(text) < 2 or text[0] not in allowed:
        raise ValueError("this is no certificate")
    begin, length = 2, text[1]
    if length > 0x7F:
        begin = 2 + (length & 0x7F)
        length = int.from_bytes(text[2:begin], "big")
    if begin + length > len(text):
        raise ValueError("the certificate breaks off")
    return text[0], text[begin : begin + length], text[begin + length :]
