"""Certificates for tests of TLS, made anew by openssl."""

import shutil
import subprocess
from pathlib import Path

from tests.servers.process import missing

_NEW = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
_EXTENSIONS = {
    "server": "subjectAltName=IP:127.0.0.1",
    "client": "keyUsage=digitalSignature",
    "elsewhere": "subjectAltName=DNS:elsewhere.example",
    "expired": "subjectAltName=IP:127.0.0.1",
}
#: Only `openssl ca` makes a certificate of the past.
_CA = """[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def make_certificates(folder: Path) -> None:
    """`ca` signs `server` (127.0.0.1, 30 days) and `client`, `other` is a stranger; each `.pem` and `.key`.

    It also signs `elsewhere`, for another name, and `expired`, which ended in 2020.
    """
    if shutil.which("openssl") is None:
        missing("openssl is missing: `apt-get install openssl`")
    for name in ("ca", "other"):
        keys = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
        _openssl(folder, *_NEW, "-x509", "-subj", f"/CN={name}", *keys)
    for name, extension in _EXTENSIONS.items():
        (folder / f"{name}.ext").write_text(extension)
        _openssl(folder, *_NEW, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        if name == "expired":
            _sign_in_the_past(folder, name)
            continue
        signer = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", f"{name}.ext")
        _openssl(folder, "x509", "-req", "-in", f"{name}.csr", *signer, "-out", f"{name}.pem")


def _sign_in_the_past(folder: Path, name: str) -> None:
    (folder / "ca.cnf").write_text(_CA)
    (folder / "index.txt").touch()
    signer = ("-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-extfile", f"{name}.ext")
    span = ("-startdate", "20200101000000Z", "-enddate", "20200201000000Z")
    _openssl(folder, "ca", "-batch", "-notext", *signer, *span, "-in", f"{name}.csr", "-out", f"{name}.pem")


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
