"""Passwords: new ones, and as Mosquitto keeps them."""

import base64
import hashlib
import secrets

#: As `mosquitto_passwd` has it. A password of 192 random bits needs no slower hash.
_ITERATIONS = 101


def new_password() -> str:
    """192 random bits in hexadecimal: safe in a URL, in TOML and on a command line (no `-` in front)."""
    return secrets.token_hex(24)


def hash_for_mosquitto(password: str) -> str:
    """One of Mosquitto's own forms, `$7$`: PBKDF2 with SHA-512, 12 bytes of salt, 64 of hash, in base64.

    See https://mosquitto.org/man/mosquitto_passwd-1.html (sha512-pbkdf2).
    """
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return f"$7${_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
