"""The control socket: how commands change things while the service is the one writer.

HTTP with JSON on a Unix socket in the state folder, mode 0600: who may read the spool may use it. What is
dropped or replayed is named by the fields of a filter (`{"reason": "not_json"}`), or all of it by
`{"all": true}`; whatever else is asked is answered by 400 and a sentence.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, get_type_hints

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from devices.language import Language
from ingest.errors import CommandFailed, SpoolBusy
from ingest.events import Events
from ingest.intake import GroupIntake
from ingest.recompute import Asked, Recomputer
from ingest.reload import RegistryKeeper
from ingest.replay import replay
from ingest.seams import Outcome
from ingest.spool import DeadFilter, KeptFilter, Spool
from ingest.watch import Watch, describe, senders

F = TypeVar("F", KeptFilter, DeadFilter)
S = TypeVar("S", bound=msgspec.Struct)


class _Reload(msgspec.Struct, forbid_unknown_fields=True):
    confirm: bool = False


def create_control(
    spool: Spool,
    intake: GroupIntake,
    keeper: RegistryKeeper,
    events: Events,
    wake_writer: Callable[[], None],
    recomputer: Recomputer,
    watch: Watch,
    status: Callable[[], dict[str, Any]],
    states: Callable[[], Mapping[str, str]],
) -> Starlette:
    """The control socket's application.

    `status` gives what `messnetz status --json` prints, `states` the state of each device once it was judged.
    """
    read_kept, read_dead = _filter_reader(KeptFilter), _filter_reader(DeadFilter)

    async def get_status(_request: Request) -> Response:
        return JSONResponse(status())

    async def get_states(_request: Request) -> Response:
        return Response(msgspec.json.encode(states()), media_type="application/json")

    async def reload(request: Request) -> Response:
        asked = _decode(await request.body(), _Reload)
        done = await keeper.reload(confirm=asked.confirm)
        return JSONResponse(
            {
                "devices": done.devices,
                "changed": done.changed,
                "removed": done.removed,
                "waiting": done.waiting,
                "complaints": list(done.complaints),
                "replayed": dict(done.replayed),
            }
        )

    async def replay_kept(request: Request) -> Response:
        outcomes = await replay(intake, spool, read_kept(await request.body()))
        wake_writer()
        return JSONResponse({outcome.value: outcomes[outcome] for outcome in Outcome})

    async def drop_kept(request: Request) -> Response:
        return JSONResponse({"dropped": await spool.drop_kept(read_kept(await request.body()))})

    async def replay_dead(request: Request) -> Response:
        requeued = await spool.requeue_dead(read_dead(await request.body()), events.requeued)
        wake_writer()
        return JSONResponse({"replayed": requeued})

    async def drop_dead(request: Request) -> Response:
        return JSONResponse({"dropped": await spool.drop_dead(read_dead(await request.body()))})

    def post(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, endpoint, methods=["POST"])

    async def refused(_request: Request, error: Exception) -> Response:
        return JSONResponse({"error": str(error), "hint": getattr(error, "hint", "")}, 503)

    return Starlette(
        exception_handlers={SpoolBusy: refused, CommandFailed: refused},
        routes=[
            Route("/status", get_status),
            Route("/states", get_states),
            Route("/watch", _next_of(watch, intake)),
            post("/devices/reload", reload),
            post("/quarantine/replay", replay_kept),
            post("/quarantine/drop", drop_kept),
            post("/dead-letters/replay", replay_dead),
            post("/dead-letters/drop", drop_dead),
            post("/recompute", _recompute(recomputer)),
        ],
    )


def _next_of(watch: Watch, intake: GroupIntake) -> Callable[[Request], Awaitable[Response]]:
    """The next message of `name` after `after` (nanoseconds), or null when none came within `seconds`."""

    async def watched(request: Request) -> Response:
        asked = request.query_params
        _, addresses = senders(asked["name"], intake.registry)
        seen = await watch.after(addresses, int(asked["after"]), float(asked["seconds"]))
        language: Language = "de" if asked["lang"] == "de" else "en"
        said = None if seen is None else describe(seen, intake.registry, language)
        return Response(msgspec.json.encode(said), media_type="application/json")

    return watched


def _recompute(recomputer: Recomputer) -> Callable[[Request], Awaitable[Response]]:
    async def recompute(request: Request) -> Response:
        report = await recomputer.recompute(_decode(await request.body(), Asked))
        return Response(msgspec.json.encode(report), media_type="application/json")

    return recompute


def _filter_reader(kind: type[F]) -> Callable[[bytes], F]:
    """What reads a request's body as a filter; one that names nothing needs `all`."""
    named: list[Any] = [(name, hint, None) for name, hint in get_type_hints(kind).items()]
    asked_type = msgspec.defstruct(kind.__name__, [*named, ("all", bool, False)], forbid_unknown_fields=True)

    def read(body: bytes) -> F:
        asked = msgspec.structs.asdict(_decode(body, asked_type))
        everything = asked.pop("all")
        chosen = kind(**asked)
        if chosen == kind() and not everything:
            raise HTTPException(400, f'name which ones ({", ".join(asked)}), or say {{"all": true}}')
        return chosen

    return read


def _decode(body: bytes, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        allowed = ", ".join(kind.__struct_fields__)
        raise HTTPException(400, f"{error}; allowed is a JSON object with {allowed}") from None
