"""A patient for the doctor's tests, and its findings in a form that is easily compared."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from ingest.doctor import Finding, Patient
from ingest.doctor.patient import Service
from ingest.registry_files import load_registry
from ingest.settings import Broker, Settings

STOPPED = Service("stopped", {})


def settings_of(folder: Path, **more: Any) -> Settings:
    """Settings whose folders lie in `folder`, with a broker that nobody need reach."""
    for name in ("devices", "types", "state"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    here = {"store": "embedded", "brokers": [broker_of(1)]} | {
        name: folder / name for name in ("devices", "types", "codecs", "state")
    }
    files = {"ignored": folder / "ignored.yaml", "periods": folder / "periods.yaml"}
    return Settings(**{**here, **files, **more})


def broker_of(port: int, **more: Any) -> Broker:
    """The section of one broker of 127.0.0.1."""
    return Broker(**{"name": "town", "format": "chirpstack", "host": "127.0.0.1", "port": port, **more})


def patient_of(
    settings: Settings,
    service: Service = STOPPED,
    *,
    listen_s: float = 0,
    now_ns: Callable[[], int] = time.time_ns,
) -> Patient:
    """The patient with these settings, its registry read."""
    config = settings.state.parent / "messnetz.yaml"
    config.write_text("{}\n")
    return Patient(settings, config, load_registry(settings), service, listen_s, now_ns)


def found(check: Callable[[Patient], Awaitable[Sequence[Finding]]], patient: Patient) -> dict[str, Finding]:
    """What a check found, by subject; of several rows of one subject the worst."""
    rows: dict[str, Finding] = {}
    order = ("ok", "unknown", "warning", "wrong")
    for one in asyncio.run(_run(check, patient)):
        if one.subject not in rows or order.index(one.state) > order.index(rows[one.subject].state):
            rows[str(one.subject)] = one
    return rows


async def _run(
    check: Callable[[Patient], Awaitable[Sequence[Finding]]], patient: Patient
) -> Sequence[Finding]:
    return await check(patient)


def snapshot(*folders: Path) -> dict[str, tuple[int, str]]:
    """Time and content of every file and folder below, to see that nothing was written."""
    return {
        str(path): (
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for folder in folders
        for path in [folder, *sorted(folder.rglob("*"))]
    }
