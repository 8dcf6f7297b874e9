"""The control socket: how commands change things while the service is the one writer.

HTTP with JSON on a Unix socket in the state folder, mode 0600: who may read the spool may use it.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingest.errors import SpoolBusy
from ingest.events import Events
from ingest.intake import GroupIntake
from ingest.reload import RegistryKeeper
from ingest.replay import replay
from ingest.seams import Outcome
from ingest.spool import DeadFilter, KeptFilter, Spool


def create_control(
    spool: Spool,
    intake: GroupIntake,
    keeper: RegistryKeeper,
    events: Events,
    wake_writer: Callable[[], None],
    status: Callable[[], dict[str, Any]],
) -> Starlette:
    """The control socket's application; `status` gives what `messnetz status --json` prints."""

    async def get_status(_request: Request) -> Response:
        return JSONResponse(status())

    async def reload(request: Request) -> Response:
        asked = await request.json()
        done = await keeper.reload(confirm=bool(asked.get("confirm")))
        return JSONResponse(
            {
                "devices": done.devices,
                "changed": done.changed,
                "removed": done.removed,
                "waiting": done.waiting,
                "complaints": list(done.complaints),
            }
        )

    async def replay_kept(request: Request) -> Response:
        outcomes = await replay(intake, spool, KeptFilter(**await request.json()))
        wake_writer()
        return JSONResponse({outcome.value: outcomes[outcome] for outcome in Outcome})

    async def drop_kept(request: Request) -> Response:
        return JSONResponse({"dropped": await spool.drop_kept(KeptFilter(**await request.json()))})

    async def replay_dead(request: Request) -> Response:
        requeued = await spool.requeue_dead(DeadFilter(**await request.json()), events.requeued)
        wake_writer()
        return JSONResponse({"replayed": requeued})

    async def drop_dead(request: Request) -> Response:
        return JSONResponse({"dropped": await spool.drop_dead(DeadFilter(**await request.json()))})

    def post(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, endpoint, methods=["POST"])

    async def busy(_request: Request, error: Exception) -> Response:
        return JSONResponse({"error": str(error), "hint": getattr(error, "hint", "")}, 503)

    return Starlette(
        exception_handlers={SpoolBusy: busy},
        routes=[
            Route("/status", get_status),
            post("/devices/reload", reload),
            post("/quarantine/replay", replay_kept),
            post("/quarantine/drop", drop_kept),
            post("/dead-letters/replay", replay_dead),
            post("/dead-letters/drop", drop_dead),
        ],
    )
