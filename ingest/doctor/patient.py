"""What the checks look at: the settings, the registry, and what the running service says of itself."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp

from devices.complaint import Complaint
from devices.errors import DeviceError
from devices.registry import Registry
from ingest.doctor.patience import PATIENCE_S
from ingest.registry_files import load_registry
from ingest.settings import CONTROL_SOCKET, Settings


@dataclass(frozen=True, slots=True)
class Service:
    """The running service, if there is one; `status` is what `messnetz status --json` prints.

    `mute`: it accepts the connection and does not answer; `locked`: its socket may not be used by this user.
    """

    state: Literal["runs", "stopped", "mute", "locked"]
    status: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Patient:
    """One installation of Messnetz. `listen_s`: how long to listen at the brokers; `now_ns`: the clock."""

    settings: Settings
    config: Path  #: the settings' file
    registry: Registry
    service: Service
    listen_s: float = 0.0
    now_ns: Callable[[], int] = time.time_ns

    def counted(self, broker: str) -> Mapping[str, Any]:
        """What the running service counted of a broker since its start; empty where there is none."""
        sources = self.service.status.get("sources", ())
        return next((one for one in sources if one["name"] == broker), {})


async def meet(
    settings: Settings, config: Path, *, listen_s: float, now_ns: Callable[[], int] = time.time_ns
) -> Patient:
    """Read the registry and ask the service; neither takes for ever."""
    registry = await asyncio.to_thread(_read, settings, config)
    service = await _ask(settings.state / CONTROL_SOCKET)
    return Patient(settings, config, registry, service, listen_s, now_ns)


def _read(settings: Settings, config: Path) -> Registry:
    """The registry; one whose folder cannot be read has no device and one complaint."""
    try:
        return load_registry(settings)
    except DeviceError as error:
        return Registry(complaints=(Complaint(str(config), 0, "", error.args[0]),))


async def _ask(socket: Path) -> Service:
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(str(socket)), timeout=aiohttp.ClientTimeout(PATIENCE_S)
            ) as session,
            session.get("http://messnetz/status") as answer,
        ):
            return Service("runs", await answer.json())
    except TimeoutError:
        return Service("mute", {})
    except PermissionError:
        return Service("locked", {})
    except aiohttp.ClientConnectorError as error:
        return Service("locked" if isinstance(error.os_error, PermissionError) else "stopped", {})
    except (aiohttp.ClientError, OSError, ValueError):
        return Service("stopped", {})
