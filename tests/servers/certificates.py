"""Certificates for tests of TLS, made anew by openssl."""

import shutil
import subprocess
from pathlib import Path

from tests.servers.process import missing

_NEW = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
_EXTENSIONS = {"server": "subjectAltName=IP:127.0.0.1", "client": "keyUsage=digitalSignature"}


def make_certificates(folder: Path) -> None:
    """`ca` signs `server` (for 127.0.0.1) and `client`, `other` is a stranger; each a `.pem` and a `.key`."""
    if shutil.which("openssl") is None:
        missing("openssl is missing: `apt-get install openssl`")
    for name in ("ca", "other"):
        keys = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
        _openssl(folder, *_NEW, "-x509", "-subj", f"/CN={name}", *keys)
    for name, extension in _EXTENSIONS.items():
        (folder / f"{name}.ext").write_text(extension)
        _openssl(folder, *_NEW, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        signer = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", f"{name}.ext")
        _openssl(folder, "x509", "-req", "-in", f"{name}.csr", *signer, "-out", f"{name}.pem")


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
