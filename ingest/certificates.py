"""When the certificates of our TLS connections expire: the servers' as they show them, and our own files.

A broker's is looked at whenever we connect to it. Beside that every server is asked twice a day by a
handshake of its own, which ends before a word of MQTT or HTTP: a certificate that was renewed is seen without
disturbing the connection that stands, and an expired one although none stands. Nothing is trusted for what is
seen here, so nothing is verified.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from ingest.daemon import in_daemon
from ingest.dial import PATIENCE_S, CannotConnect, tls_context
from ingest.settings import Broker, Influx, Settings
from ingest.x509 import certificates, expires

#: Seconds between two looks.
EVERY_S = 12 * 3600.0

#: Gives the certificates of one connection, DER; blocks, and raises `OSError` or `ValueError`.
Look = Callable[[], list[bytes]]


class Certificates:
    """What is known now. `expires`: by name, seconds since 1970 (UTC) of the certificate that ends first.

    Names: a broker's name for its server's certificate, `<broker> client` for ours, `influx` for InfluxDB's.
    """

    def __init__(self, settings: Settings) -> None:
        self.expires: dict[str, float] = {}
        self._looks = _looks(settings)

    def seen(self, name: str, *shown: bytes) -> None:
        """These were shown or lie there (DER); what cannot be read leaves the last one standing."""
        with contextlib.suppress(ValueError):
            self.expires[name] = min(map(expires, shown))

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
    return certificates(path.read_bytes())
