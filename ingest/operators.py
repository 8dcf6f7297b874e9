"""The operators' address: `/metrics` for Prometheus, `/healthz` and `/readyz` for people and supervisors."""

from collections.abc import Callable, Sequence

from prometheus_client import exposition
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ingest.counts import Counts
from ingest.metrics import Gauges, create_metrics


def create_operators(
    counts: Counts,
    gauges: Callable[[], Gauges],
    troubles: Callable[[], Sequence[str]],
    pages: Sequence[Route] = (),
) -> Starlette:
    """The operators' application, `pages` beside its own.

    `gauges` gives what is true now; `troubles` what keeps the service from being ready, a sentence each.
    All are asked on the event loop's thread, at once for one scrape, so that its identities hold.
    """
    metrics = create_metrics(counts, gauges, troubles)

    async def get_metrics(request: Request) -> Response:
        encode, media_type = exposition.choose_encoder(request.headers.get("accept", ""))
        return Response(encode(metrics), headers={"content-type": media_type})

    async def get_health(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def get_readiness(request: Request) -> Response:
        reasons = list(troubles())
        status = 503 if reasons else 200
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"ready": not reasons, "reasons": reasons}, status)
        return PlainTextResponse("\n".join(reasons or ["ready"]) + "\n", status)

    return Starlette(
        routes=[
            Route("/metrics", get_metrics),
            Route("/healthz", get_health),
            Route("/readyz", get_readiness),
            *pages,
        ]
    )
