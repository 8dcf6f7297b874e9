"""What we read of certificates ourselves: those of a PEM file, and when each ends."""

import re
import ssl
from datetime import UTC, datetime

_PEM = re.compile(
    rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----(.+?)-----END (?:X509 |TRUSTED )?CERTIFICATE-----",
    re.DOTALL,
)
_SEQUENCE, _INTEGER, _VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0x02, 0xA0, 0x17, 0x18


def certificates(text: bytes) -> list[bytes]:
    """Those of a PEM file, DER; raises `ValueError` for one that is no base64."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return [
        ssl.PEM_cert_to_DER_cert(f"{begin}\n{body.decode('ascii').strip()}\n{end}")
        for body in _PEM.findall(text)
    ]


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
