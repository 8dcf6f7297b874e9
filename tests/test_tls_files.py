"""Files of TLS that are missing, unreadable, of the wrong kind or time: said by name, in both languages."""

import errno
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest.dial import CannotConnect, tls_context
from ingest.settings import Tls
from ingest.tls_files import BadTlsFile, client_context, expired


def openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def empty(folder: Path, _certificates: Path) -> Tls:
    (folder / "ca.pem").touch()
    return Tls(ca_file=folder / "ca.pem")


def der(folder: Path, certificates: Path) -> Tls:
    openssl("x509", "-in", certificates / "ca.pem", "-outform", "der", "-out", folder / "ca.der")
    return Tls(ca_file=folder / "ca.der")


def damaged(folder: Path, certificates: Path) -> Tls:
    lines = (certificates / "ca.pem").read_text().splitlines()
    (folder / "ca.pem").write_text("\n".join([lines[0], lines[2], lines[1], *lines[3:]]))
    return Tls(ca_file=folder / "ca.pem")


def cut(folder: Path, certificates: Path) -> Tls:
    (folder / "ca.pem").write_bytes((certificates / "ca.pem").read_bytes()[:200])
    return Tls(ca_file=folder / "ca.pem")


def ended(_folder: Path, certificates: Path) -> Tls:
    return Tls(ca_file=certificates / "expired.pem")


def other_key(_folder: Path, certificates: Path) -> Tls:
    return Tls(cert_file=certificates / "client.pem", key_file=certificates / "server.key")


def key_for_certificate(_folder: Path, certificates: Path) -> Tls:
    return Tls(cert_file=certificates / "client.key", key_file=certificates / "client.key")


def certificate_for_key(_folder: Path, certificates: Path) -> Tls:
    return Tls(cert_file=certificates / "client.pem", key_file=certificates / "client.pem")


def locked_key(folder: Path, certificates: Path) -> Tls:
    openssl(
        "pkey", "-in", certificates / "client.key", "-aes256", "-passout", "pass:hush", "-out", folder / "key"
    )
    return Tls(cert_file=certificates / "client.pem", key_file=folder / "key")


Make = Callable[[Path, Path], Tls]
CASES: list[tuple[Make, str, str, str]] = [
    (lambda folder, _: Tls(ca_file=folder / "ca"), "ca is not there", "gibt es nicht", "put the file there"),
    (empty, "ca.pem is empty", "ca.pem ist leer", "-----BEGIN CERTIFICATE-----"),
    (der, "holds no certificate (PEM)", "enthält kein Zertifikat (PEM)", "openssl x509 -inform der"),
    (damaged, "the certificate in it is damaged", "beschädigt", "copy the file anew"),
    (cut, "the certificate in it", "das Zertifikat darin", "copy the file anew"),
    (ended, "expired on 2020-02-01", "am 2020-02-01 abgelaufen", "present certificate"),
    (other_key, "server.key is not the key of", "nicht der Schlüssel zum Zertifikat", "name the key"),
    (key_for_certificate, "cert_file", "enthält kein Zertifikat", "-----BEGIN CERTIFICATE-----"),
    (certificate_for_key, "key_file", "enthält keinen privaten Schlüssel", "PRIVATE KEY-----"),
    (locked_key, "protected by a password", "mit einem Passwort geschützt", "openssl pkey -in"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "english", "german", "to_do"), CASES)
def test_every_fault_of_a_file_is_said_by_its_name(
    tmp_path: Path, certificates: Path, make: Make, english: str, german: str, to_do: str
) -> None:
    tls = make(tmp_path, certificates)
    with pytest.raises(CannotConnect) as refused:
        tls_context(tls)
    fault = refused.value.__cause__
    assert isinstance(fault, BadTlsFile)
    assert english in str(refused.value)
    assert english in fault.what.in_language("en")
    assert to_do in fault.to_do.in_language("en")
    assert german in fault.what.in_language("de")
    named = [str(path) for path in (tls.ca_file, tls.cert_file, tls.key_file) if path is not None]
    assert any(path in fault.what for path in named)
    assert "rrno" not in str(refused.value)
    assert "[" not in str(refused.value), "a library's words"


def test_a_file_that_may_not_be_read_is_told(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object, **_more: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(ssl, "create_default_context", refuse)  # root may read everything
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(BadTlsFile, match=r"ca\.pem must not be opened by this user"):
        client_context(certificates / "ca.pem")


def test_a_bundle_with_one_authority_that_lasts_is_taken(tmp_path: Path, certificates: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(b"".join((certificates / f"{name}.pem").read_bytes() for name in ("expired", "ca")))
    assert client_context(bundle).verify_mode.name == "CERT_REQUIRED"


def test_an_own_certificate_that_ended_is_told_and_can_be_used(certificates: Path) -> None:
    client_context(None, certificates / "expired.pem", certificates / "expired.key")
    assert expired(certificates / "expired.pem") == "2020-02-01"
    assert expired(certificates / "client.pem") is None


@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_file_holds_is_taken_or_explained(
    tmp_path: Path, certificates: Path, data: st.DataObject
) -> None:
    good = (certificates / "ca.pem").read_bytes()
    at = data.draw(st.integers(0, len(good)))
    noise = data.draw(st.binary(max_size=40))
    file = tmp_path / "noise.pem"
    file.write_bytes(good[:at] + noise + good[at + len(noise) :])
    try:
        client_context(file)
    except BadTlsFile as fault:
        explained = bool(fault.what and fault.to_do)
    else:
        explained = True
    assert explained
