"""When certificates expire: read from DER, from real handshakes and files, and shown as a metric."""

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import certificates as module
from ingest.certificates import Certificates
from ingest.settings import Settings
from ingest.x509 import expires
from tests.conftest import StartMosquitto
from tests.servers.messnetz import Messnetz
from tests.servers.mosquitto import Mosquitto
from tests.servers.process import free_port

LISTENER = ("cafile", "certfile", "keyfile")


def made(folder: Path, name: str, days: int, *, signed_by: Path | None = None) -> Path:
    """A certificate for 127.0.0.1 that ends in so many days, and its key beside it."""
    signer = () if signed_by is None else ("-CA", signed_by, "-CAkey", signed_by.with_suffix(".key"))
    words = (
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-days", str(days),
        "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem", *signer,
    )  # fmt: skip
    subprocess.run([str(word) for word in words], check=True, capture_output=True)
    return folder / f"{name}.pem"


def end_of(pem: Path) -> float:
    """What openssl itself says."""
    said = subprocess.run(
        ["openssl", "x509", "-enddate", "-noout", "-in", str(pem)], check=True, capture_output=True, text=True
    ).stdout
    return float(ssl.cert_time_to_seconds(said.strip().partition("=")[2]))


def der(pem: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.read_text())


@pytest.mark.parametrize("days", [1, 365, 9000, 36500])
def test_the_end_of_a_certificate_is_what_openssl_says(tmp_path: Path, certificates: Path, days: int) -> None:
    pem = made(tmp_path, "one", days)
    assert expires(der(pem)) == end_of(pem)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_certificate_or_a_value_error(noise: bytes) -> None:
    with contextlib.suppress(ValueError):
        expires(noise)


@given(at=st.integers(0, 10**6), noise=st.binary(min_size=1, max_size=4))
def test_a_garbled_certificate_gives_a_time_or_a_value_error(
    certificates: Path, at: int, noise: bytes
) -> None:
    good = der(certificates / "server.pem")
    at %= len(good)
    with contextlib.suppress(ValueError):
        assert isinstance(expires(good[:at] + noise + good[at + len(noise) :]), float)


def settings(port: int, tls: dict[str, Any], **more: Any) -> Settings:
    broker = {"name": "town", "format": "chirpstack", "host": "127.0.0.1", "port": port, "tls": tls}
    return Settings.model_validate({"store": "embedded", "brokers": [broker], **more})


def looked(said: Settings, names: int | None = None) -> dict[str, float]:
    """What one look finds, of all that may be seen or of so many."""

    async def look() -> dict[str, float]:
        found = Certificates(said)
        watching = asyncio.create_task(found.watch())
        for _ in range(600):
            if len(found.expires) == (names or len(found._looks)):
                break
            await asyncio.sleep(0.05)
        watching.cancel()
        return found.expires

    return asyncio.run(look())


def tls_listener(folder: Path, port: int, *more: str) -> list[str]:
    files = [f"certfile {folder}/server.pem", f"keyfile {folder}/server.key", f"cafile {folder}/ca.pem"]
    return [f"listener {port} 127.0.0.1", *files, "allow_anonymous true", *more]


def test_a_brokers_and_our_own_are_seen_although_the_broker_asks_for_ours(
    mosquitto: StartMosquitto, certificates: Path
) -> None:
    port = free_port()
    mosquitto(*tls_listener(certificates, port, "require_certificate true"))
    own = {"cert_file": certificates / "client.pem", "key_file": certificates / "client.key"}
    found = looked(settings(port, {"ca_file": certificates / "ca.pem", **own}))
    assert found == {
        "town": end_of(certificates / "server.pem"),
        "town client": end_of(certificates / "client.pem"),
    }


def test_an_expired_one_that_nobody_trusts_is_seen_nevertheless(
    mosquitto: StartMosquitto, certificates: Path, tmp_path: Path
) -> None:
    for name, source in (("server.pem", "expired.pem"), ("server.key", "expired.key"), ("ca.pem", "ca.pem")):
        (tmp_path / name).write_text((certificates / source).read_text())
    port = free_port()
    mosquitto(*tls_listener(tmp_path, port))
    found = looked(settings(port, {"ca_file": certificates / "ca.pem"}))
    assert found == {"town": end_of(tmp_path / "server.pem")}
    assert found["town"] < datetime.now(UTC).timestamp()


def test_of_a_file_with_a_chain_the_first_end_counts(tmp_path: Path, certificates: Path) -> None:
    soon, late = made(tmp_path, "soon", 3), made(tmp_path, "late", 300)
    chain = tmp_path / "chain.pem"
    chain.write_text(f"Bag of words\n{late.read_text()}\n{soon.read_text()}")
    tls = {"cert_file": chain, "key_file": tmp_path / "late.key"}

    found = looked(settings(free_port(), tls), names=1)  # at the broker's port nobody listens
    assert found == {"town client": end_of(soon)}


@pytest.fixture
def https(certificates: Path, tmp_path: Path) -> Iterator[int]:
    """A server that shows `certificates/server.pem` and says nothing."""
    port = free_port()
    pem, key = certificates / "server.pem", certificates / "server.key"
    words = [
        "openssl",
        "s_server",
        "-accept",
        str(port),
        "-cert",
        str(pem),
        "-key",
        str(key),
        "-quiet",
        "-www",
    ]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        yield port
        server.kill()


def test_influxdbs_is_seen(https: int, certificates: Path) -> None:
    influx = {"url": f"https://127.0.0.1:{https}", "bucket": "b"}
    said = Settings.model_validate(
        {"store": "influx", "influx": influx, "brokers": [{"name": "a", "format": "auto", "host": "b"}]}
    )

    async def look() -> dict[str, float]:
        found = Certificates(said)
        while not found.expires:  # until the server listens
            watching = asyncio.create_task(found.watch())
            await asyncio.sleep(0.2)
            watching.cancel()
        return found.expires

    assert asyncio.run(look()) == {"influx": end_of(certificates / "server.pem")}


def test_the_service_shows_what_it_saw_and_sees_a_renewed_one_without_losing_its_connection(
    mosquitto: StartMosquitto, certificates: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "tls"
    folder.mkdir()
    for name in ("server.pem", "server.key", "ca.pem"):
        (folder / name).write_text((certificates / name).read_text())
    port = free_port()
    broker = mosquitto(*tls_listener(folder, port))
    tls = {"ca_file": str(certificates / "ca.pem")}
    said = {
        "store": "embedded",
        "brokers": [{"name": "town", "format": "chirpstack", "host": "127.0.0.1", "port": port, "tls": tls}],
    }
    one = Messnetz(tmp_path / "messnetz", said)
    one.start()
    try:
        one.wait_subscribed()
        name = "messnetz_certificate_expires_timestamp_seconds{name=town}"
        assert one.metrics()[name] == end_of(certificates / "server.pem")
        connects = one.metrics()["messnetz_source_connects_total"]
        renewed = made(folder, "server", 90, signed_by=None)
        reread(broker)
        found = looked(settings(port, {"ca_file": certificates / "ca.pem"}))
        assert found == {"town": end_of(renewed)}
        assert one.metrics()["messnetz_source_connects_total"] == connects
        assert one.metrics()["messnetz_source_connected"] == 1
    finally:
        one.kill()


def reread(broker: Mosquitto) -> None:
    """SIGHUP: Mosquitto reads its certificates anew and keeps its connections."""
    import os  # noqa: PLC0415
    import signal  # noqa: PLC0415

    before = broker.log.read_text(errors="replace").count("Reloading config")
    os.kill(broker.pid, signal.SIGHUP)
    while broker.log.read_text(errors="replace").count("Reloading config") == before:
        pass


def test_it_is_looked_at_least_daily() -> None:
    assert timedelta(seconds=module.EVERY_S) <= timedelta(days=1)
