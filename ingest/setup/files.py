"""What an installation begins with: every file, whose secrets it holds, and how it gets there."""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from devices.files import hindrance, trouble
from devices.language import Language, say
from ingest.errors import CommandFailed
from ingest.setup.owner import Owner
from ingest.setup.passwords import hash_for_mosquitto, new_password

SECRETS = Path("config/secrets")
#: Who logs in with a name, the broker's users first; each file holds the name, then the password.
LOGINS: Mapping[str, str] = {
    "mqtt_messnetz": "messnetz",
    "mqtt_chirpstack": "chirpstack",
    "mqtt_gateways": "gateways",
    "mqtt_health": "health",
    "planners_login": "planner",
}
#: Passwords and tokens, a file each.
SINGLE_SECRETS = (
    "influx_admin_password",
    "influx_admin_token",
    "influx_grafana_password",
    "grafana_admin_password",
    "grafana_secret_key",
    "smtp_password",  # the city's own takes its place
    "postgres_password",
    "redis_password",
    "chirpstack_admin_password",
    "chirpstack_api_secret",
)
#: InfluxDB chooses it when it is set up and writes it there (`token.sh`): empty until then.
INFLUX_TOKEN = SECRETS / "influxdb/token"
#: Folders for data; each container writes only its own.
FOLDERS = (
    "state",
    "config/codecs",
    "config/types",
    "config/mosquitto/certificates",
    *(f"data/{name}" for name in ("mosquitto", "influxdb", "prometheus", "grafana", "postgres", "redis")),
)
#: Where each template goes, and its mode; what holds a secret is for its owner's eyes only.
_PLACES: Mapping[str, tuple[str, int]] = {
    "env": (".env", 0o600),
    "messnetz.yaml": ("config/messnetz.yaml", 0o644),
    "mosquitto/mosquitto.conf": ("config/mosquitto/mosquitto.conf", 0o644),
    "mosquitto/acl": ("config/mosquitto/acl", 0o600),
    "mosquitto/passwords": ("config/mosquitto/passwords", 0o600),
    "mosquitto/mosquitto_sub": ("config/mosquitto/health/mosquitto_sub", 0o600),
    "mosquitto/listeners/tls.conf.off": ("config/mosquitto/listeners/tls.conf.off", 0o644),
    "prometheus/prometheus.yml": ("config/prometheus/prometheus.yml", 0o644),
    "influxdb/buckets.sh": ("config/influxdb/buckets.sh", 0o755),
    "influxdb/token.sh": ("config/influxdb/token.sh", 0o755),
    "chirpstack/server/chirpstack.toml": ("config/chirpstack/server/chirpstack.toml", 0o600),
    "chirpstack/server/region_eu868.toml": ("config/chirpstack/server/region_eu868.toml", 0o600),
    "chirpstack/bridge/chirpstack-gateway-bridge.toml": (
        "config/chirpstack/bridge/chirpstack-gateway-bridge.toml",
        0o600,
    ),
    "chirpstack/redis.conf": ("config/chirpstack/redis.conf", 0o600),
    "chirpstack/postgres/extensions.sql": ("config/chirpstack/postgres/extensions.sql", 0o644),
}
_NAME = re.compile(r"@([a-z_]+)@")


class NewFile(NamedTuple):
    """A file to be written, by its place in the folder."""

    path: Path
    text: str
    mode: int


@dataclass(frozen=True, slots=True)
class Installed:
    """What was written, and what was there already and is as it was."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def write(folder: Path, owner: Owner, language: Language) -> Installed:
    """Write what is missing into `folder`.

    Secrets that are there already are used. Raises `CommandFailed`, before anything is written, where one is
    missing that a file which is there already holds: no new one would fit it.
    """
    with _complaints(folder):
        known = _known_secrets(folder)
        _refuse_half(folder, known)
        new = [*_secret_files(known), *_rendered({**known, **_facts(owner, language)}, language)]
        return _put(folder, owner, new)


def add(folder: Path, owner: Owner, texts: Mapping[Path, str]) -> Installed:
    """Write these files, by their places in `folder`, where they are missing."""
    with _complaints(folder):
        return _put(folder, owner, [NewFile(path, text, 0o644) for path, text in texts.items()])


def _put(folder: Path, owner: Owner, new: list[NewFile]) -> Installed:
    kept = tuple(one.path for one in new if (folder / one.path).exists())
    _make_folders(folder, new, owner)
    for one in new:
        if one.path not in kept:
            _write(folder / one.path, one)
        owner.take(folder / one.path)
    return Installed(tuple(one.path for one in new if one.path not in kept), kept)


@contextlib.contextmanager
def _complaints(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandFailed(
            say(
                "{file} cannot be written: {trouble}", file=error.filename or folder, trouble=hindrance(error)
            ),
            hint=say(
                "is there room? Else name a folder that is yours, or run it as the user whose folder this is"
            ),
        ) from None


def _known_secrets(folder: Path) -> dict[str, str]:
    """The secrets that are there, by the names that templates have for them."""
    found: dict[str, str] = {}
    for name in (*LOGINS, *SINGLE_SECRETS):
        path = folder / SECRETS / name
        if path.exists():
            found[name] = _secret(path)
    return found


def _secret(path: Path) -> str:
    """The last line of a secret's file."""
    try:
        words = path.read_text(encoding="utf-8").split()
    except OSError as error:
        raise CommandFailed(
            say("{file} {trouble}", file=path, trouble=trouble(error)),
            hint=say("run it as the user whose folder this is"),
        ) from None
    except UnicodeDecodeError:
        words = []
    if not words:
        raise CommandFailed(
            say("{file} holds no secret", file=path),
            hint=say(
                "put it back from a backup; or move it away: if no other file holds it, it is made anew"
            ),
        )
    return words[-1]


def _refuse_half(folder: Path, known: Mapping[str, str]) -> None:
    for template, (place, _) in _PLACES.items():
        if not (folder / place).exists():
            continue
        needed = {name.removesuffix("_hash") for name in _NAME.findall(_template(template))}
        for name in sorted(needed & _all_secrets() - known.keys()):
            raise CommandFailed(
                say("{file} is there, but not {secret}, which it holds", file=place, secret=SECRETS / name),
                hint=say(
                    "put {secret} back from a backup; or move {file} away, and both are made anew",
                    file=place,
                    secret=SECRETS / name,
                ),
            )


def _all_secrets() -> frozenset[str]:
    return frozenset((*LOGINS, *SINGLE_SECRETS))


def _secret_files(known: dict[str, str]) -> Iterator[NewFile]:
    """Every secret's file; adds to `known` those that are new."""
    for name, user in LOGINS.items():
        yield NewFile(SECRETS / name, f"{user}\n{known.setdefault(name, new_password())}\n", 0o600)
    for name in SINGLE_SECRETS:
        # no newline: Grafana, PostgreSQL and InfluxDB take a file as it is
        yield NewFile(SECRETS / name, known.setdefault(name, new_password()), 0o600)
    yield NewFile(INFLUX_TOKEN, "", 0o600)


def _facts(owner: Owner, language: Language) -> dict[str, str]:
    return {"uid": str(owner.uid), "gid": str(owner.gid), "language": language}


def _rendered(values: Mapping[str, str], language: Language) -> Iterator[NewFile]:
    for template, (place, mode) in _PLACES.items():
        yield NewFile(Path(place), _filled(_template(template), values), mode)
    yield NewFile(Path("config/devices/README.md"), _template(f"devices.{language}.md"), 0o644)


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1]
        return (
            hash_for_mosquitto(values[plain])
            if (plain := name.removesuffix("_hash")) != name
            else values[name]
        )

    return _NAME.sub(value, text)


def _template(name: str) -> str:
    return resources.files("ingest.setup").joinpath("templates", name).read_text(encoding="utf-8")


def _make_folders(folder: Path, new: list[NewFile], owner: Owner) -> None:
    """All folders, each its owner's: commands in the container write new files into `config/` too."""
    wanted = {*(Path(name) for name in FOLDERS), *(one.path.parent for one in new)}
    all_of_them = {above for path in wanted for above in (path, *path.parents)} - {Path()}
    if not folder.exists():
        folder.mkdir(parents=True)
        owner.take(folder)
    for path in sorted(all_of_them):
        private = path.is_relative_to(SECRETS) or path.parts[0] in {"state", "data"}
        made = folder / path
        if not made.is_dir():
            made.mkdir(mode=0o700 if private else 0o755)
        if path.parts[0] in {"config", "state", "data"}:
            owner.take(made)


def _write(path: Path, one: NewFile) -> None:
    """Whole or not at all, whatever ends us, and never readable by others for a moment."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(one.text)
            os.fchmod(descriptor, one.mode)
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
