"""The planners' application: who comes in gets the form, a preview, a file, or why there is none."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib import resources
from typing import cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from devices.language import Language, current, in_language, say
from devices.registry import Registry
from ingest.daemon import in_daemon
from ingest.events import Events
from ingest.http import serve
from ingest.settings import EXPORTS, Settings
from publish.export.ask import Ask
from publish.html import Markup, join, tag
from publish.planners import document
from publish.planners.address import Pairs, ask_of
from publish.planners.choices import choices
from publish.planners.document import HEADERS, page, plain, refusal, retry_header
from publish.planners.files import PRIVATE, Files, unless_gone
from publish.planners.form import FIGURES, FIRST, Said, field_id, form
from publish.planners.login import Guard, Who
from publish.planners.process import Processes
from publish.planners.refused import Gone, Refused
from publish.planners.seen import seen
from publish.planners.shelf import Shelf, tidy_for_ever
from publish.planners.slots import Slots
from publish.planners.wire import Looked

#: Previews at once, and seconds that one may take: it looks for a few.
PREVIEWS, PREVIEW_S = 2, 60.0
#: What nobody gets who went away.
_NOBODY = 499
_STATIC = resources.files("publish").joinpath("static")


@contextlib.asynccontextmanager
async def planners(
    settings: Settings, registry: Callable[[], Registry], events: Events
) -> AsyncIterator[int]:
    """The planners' address until the context ends; yields its port. The settings name a login file."""
    exports = settings.exports
    shelf = Shelf(settings.state / EXPORTS, exports.megabytes * 10**6)
    await in_daemon(shelf.empty, "exports")
    processes = Processes(events)
    files = Files(settings, events, processes, Slots(exports.at_once), shelf)
    app = Guard(create_planners(files, Slots(PREVIEWS), registry), exports, events)
    async with serve(app, host=exports.host, port=exports.port) as port:
        tidying = asyncio.create_task(tidy_for_ever(shelf), name="exports")
        try:
            yield port
        finally:
            tidying.cancel()
            processes.close()
            await asyncio.gather(tidying, return_exceptions=True)
    await in_daemon(shelf.empty, "exports")


def create_planners(files: Files, previews: Slots, registry: Callable[[], Registry]) -> ASGIApp:
    """The application behind the login."""
    desk = _Desk(files, previews, registry)
    return Starlette(
        routes=[
            Route("/", desk.page),
            Route("/export", desk.file),
            Route("/{name}.css", desk.style),
        ],
        exception_handlers={404: desk.nowhere, 405: desk.nowhere},
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    files: Files
    previews: Slots
    registry: Callable[[], Registry]

    async def page(self, request: Request) -> Response:
        """The form, above it the preview of what was asked for, or what is wrong with it."""
        language, who = _language(request), _who(request)
        pairs = _as_asked(request.query_params.multi_items())
        there = await in_daemon(lambda: choices(self.registry(), who), "choices")
        other = _in_other_language(request, language)
        if not any(key != "lang" for key, _ in pairs):
            content = join(_welcome(language), _form_card(form(Said(FIRST, language), there, who), language))
            return page(content, say("Time series for planning"), language, other_language=other)
        wrong: Refused | None = None
        above = join()
        try:
            ask = ask_of(pairs, who, language)
            looked = await unless_gone(request, self._look(ask))
            limit = self.files.settings.exports.megabytes * 10**6
            above = seen(ask, looked, _base(request), self._zone(), language, limit=limit)
        except Refused as refused:
            wrong = refused
            above = _complaint(refused, language)
        except Gone:
            return Response(status_code=_NOBODY)
        said = Said(_entered(pairs), language, wrong)
        title = say("Wrong entry") if wrong else say("Preview of the export")
        content = join(above, _form_card(form(said, there, who), language))
        return page(
            content,
            title,
            language,
            other_language=other,
            status=wrong.status if wrong else 200,
            headers=retry_header(wrong) if wrong else None,
        )

    async def _look(self, ask: Ask) -> Looked:
        async with self.previews.turn(), self.files.working_folder() as folder:
            job = self.files.job("preview", ask, folder)
            return cast("Looked", await self.files.processes.do(job, seconds=PREVIEW_S))

    def _zone(self) -> ZoneInfo:
        device = next(iter(self.registry().devices.values()), None)
        return ZoneInfo(device.timezone if device else "Europe/Berlin")

    async def file(self, request: Request) -> Response:
        """The file, or why there is none."""
        events, language = self.files.events, _language(request)
        try:
            return await self.files.answer(request, language)
        except Gone:
            events.export_ended("gone")
            return Response(status_code=_NOBODY)
        except Refused as refused:
            events.export_ended(refused.ending, refused.status, in_language(refused.message, "en"))
            return _refusal(request, refused, language)

    async def style(self, request: Request) -> Response:
        """The two style sheets."""
        name = request.path_params["name"]
        if name not in ("page", "planners"):
            return await self.nowhere(request, None)
        text = _STATIC.joinpath(f"{name}.css").read_text("utf-8")
        return Response(
            text, media_type="text/css", headers={**HEADERS, "Cache-Control": "private, max-age=300"}
        )

    async def nowhere(self, request: Request, _error: object) -> Response:
        """There is nothing at this address."""
        refused = Refused(404, say("there is nothing at this address"), hint=say("begin with the form"))
        return _refusal(request, refused, _language(request))


def _refusal(request: Request, refused: Refused, language: Language) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        headers = {**PRIVATE, **retry_header(refused)}
        return PlainTextResponse(plain(refused, language), refused.status, headers)
    back = f".?{request.url.query}" if request.url.query else "."
    return refusal(refused, language, back=back, other_language=_in_other_language(request, language))


def _who(request: Request) -> Who:
    return cast("Who", request.state.who)


def _language(request: Request) -> Language:
    """That of the address, else the one that the reader prefers, else ours."""
    said = request.query_params.get("lang", "")
    if said in ("de", "en"):
        return cast("Language", said)
    wanted: list[tuple[float, int, str]] = []
    for number, part in enumerate(request.headers.get("accept-language", "")[:500].split(",")):
        name, _, weight = part.strip().partition(";q=")
        with contextlib.suppress(ValueError):
            wanted.append((-float(weight or 1), number, name[:2].lower()))
    for _, _, name in sorted(wanted):
        if name in ("de", "en"):
            return cast("Language", name)
    return current()


def _in_other_language(request: Request, language: Language) -> str:
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key != "lang" and value]
    return f"?{urlencode([*pairs, ('lang', 'en' if language == 'de' else 'de')])}"


def _base(request: Request) -> str:
    """Where this page is, as the reader's own program reaches it."""
    forwarded = request.headers.get("x-forwarded-proto", "")
    url = request.url.replace(query="", fragment="")
    return str(url.replace(scheme=forwarded) if forwarded in ("http", "https") else url)


def _as_asked(pairs: Pairs) -> Pairs:
    """The form's fields as parameters of an export: `values` is `every` or `figures`, days beat `last`."""
    said = [(key, value) for key, value in pairs if value.strip()]
    days = any(key in ("from", "to") for key, _ in said)
    found = []
    for key, value in said:
        if key == "values" and value.startswith(FIGURES):
            found.append(("figures", value.removeprefix(FIGURES)))
        elif key == "values":
            found.append(("every", value))
        elif not (key == "last" and days):
            found.append((key, value))
    return found


def _entered(pairs: Pairs) -> dict[str, list[str]]:
    """What the form shows of the parameters."""
    found: dict[str, list[str]] = {"values": ["raw"], "format": ["csv"]}
    for key, value in pairs:
        if key == "figures":
            found["values"] = [f"{FIGURES}{value}"]
        elif key == "every":
            found["values"] = [value]
        elif key == "format":
            found["format"] = [value]
        else:
            found.setdefault(key, []).append(value)
    return found


def _welcome(language: Language) -> Markup:
    told = say(
        "Choose what you need. A preview follows, with the size of the file and an address under which it can"
        " be had again and again."
    )
    return tag("p", told.in_language(language), class_="stand")


def _form_card(content: Markup, language: Language) -> Markup:
    return document.card(say("Choose"), content, language=language)


def _complaint(refused: Refused, language: Language) -> Markup:
    """What is wrong, before all else, with a link to where it is."""
    name = say("To the field") if refused.field else say("To the form")
    return tag(
        "section",
        tag("h2", say("That does not work").in_language(language), id="complaint"),
        *document.sentences(refused, language),
        tag("p", tag("a", name.in_language(language), href=f"#{field_id(refused.field)}")),
        class_="card complaint",
        role="alert",
        aria_labelledby="complaint",
    )
