"""The page for the technician on the ladder: what the sensor said last, and what became of it.

It stands on the operators' address, reads in German and English, fits 320 pixels, and shows a new uplink by
itself: a small script waits for it; without one the page reloads every two seconds.
"""

import json
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from devices import quality
from devices.language import Language, Sentence, current, say
from devices.quantity import CATALOGUE
from devices.registry import Registry
from ingest.watch import Seen, Watch, describe, senders
from publish import german
from publish.html import Markup, join, tag

#: Seconds that one request waits for the next uplink; proxies cut idle connections after 30 or 60.
WAIT_S = 20.0
#: Senders listed on the entrance page.
LISTED = 30
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATIC = resources.files("publish").joinpath("static")

#: Word and shape of what became of a message; neither depends on the other nor on colour.
_OUTCOMES: Mapping[str, tuple[str, str, Sentence]] = {
    "stored": ("●", "good", say("stored")),
    "rejected": ("✕", "fail", say("rejected")),
    "quarantined": ("?", "suspect", say("unknown device")),
    "duplicate": ("=", "plain", say("came twice")),
    "ignored": ("○", "plain", say("ignored")),
}
_FLAGS: Mapping[int, tuple[str, str, Sentence]] = {
    1: ("●", "good", say("plausible")),
    2: ("○", "plain", say("not checked")),
    3: ("▲", "suspect", say("doubtful")),
    4: ("✕", "fail", say("not valid")),
}
#: From so many dB to spare on: a fade of 10 dB is a wet tree or a lorry before the mast.
_MARGINS: tuple[tuple[float, str, str, Sentence], ...] = (
    (10.0, "●", "good", say("good")),
    (5.0, "▲", "suspect", say("enough")),
    (-1e9, "✕", "fail", say("weak")),
)


def create_watch(watch: Watch, registry: Callable[[], Registry]) -> list[Route]:
    """The routes of the page, below `/watch`."""

    async def entrance(request: Request) -> Response:
        language = _language(request)
        if name := request.query_params.get("name", "").strip():
            return RedirectResponse(request.url_for("watched", name=name).include_query_params(lang=language))
        return _page(_entrance(watch.last(LISTED), registry(), language), say("Watch a sensor"), language)

    async def watched(request: Request) -> Response:
        language, name = _language(request), request.path_params["name"]
        known, addresses = senders(name, registry())
        seen = watch.newest(addresses)
        title = known.site if known else name
        fragment = _newest(seen, registry(), language) if seen else _silence(known is not None, language)
        content = join(
            tag("p", say("This page shows each new uplink by itself.").in_language(language), class_="soft"),
            tag(
                "p",
                say("The service does not answer; trying again ...").in_language(language),
                id="lost",
                role="alert",
                hidden=True,
            ),
            tag(
                "div",
                fragment,
                id="newest",
                aria_live="polite",
                data_after=str(seen.delivery.arrival_ns if seen else 0),
            ),
        )
        return _page(content, title, language, watching=True)

    async def newest(request: Request) -> Response:
        language = _language(request)
        _, addresses = senders(request.path_params["name"], registry())
        try:
            after_ns = int(request.query_params.get("after", "0"))
        except ValueError:
            after_ns = 0
        seen = await watch.after(addresses, after_ns, WAIT_S)
        if seen is None:
            return Response(status_code=204, headers=_HEADERS)
        headers = {**_HEADERS, "X-Arrival": str(seen.delivery.arrival_ns)}
        return HTMLResponse(_newest(seen, registry(), language), headers=headers)

    async def static(request: Request) -> Response:
        name = request.path_params["file"]
        kinds = {"page.css": "text/css", "watch.css": "text/css", "watch.js": "text/javascript"}
        if name not in kinds:
            return Response(status_code=404)
        text = _STATIC.joinpath(name).read_text("utf-8")
        return Response(text, media_type=kinds[name], headers=_HEADERS)

    return [
        Route("/watch", entrance),
        Route("/watch/static/{file}", static),
        Route("/watch/{name:path}/newest", newest),
        Route("/watch/{name:path}", watched, name="watched"),
    ]


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")[:2].lower()
    return "de" if asked == "de" else "en" if asked else current()


def _page(content: str, title: str, language: Language, *, watching: bool = False) -> Response:
    other: Language = "en" if language == "de" else "de"
    shown = title.in_language(language) if isinstance(title, Sentence) else title
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{shown} - Messnetz"),
        tag("link", rel="stylesheet", href="/watch/static/page.css"),
        tag("link", rel="stylesheet", href="/watch/static/watch.css"),
        tag("noscript", tag("meta", http_equiv="refresh", content="2")) if watching else "",
        tag("script", src="/watch/static/watch.js", defer=True) if watching else "",
    )
    names: dict[Language, str] = {"de": "Deutsch", "en": "English"}
    body = join(
        tag(
            "header",
            tag("p", tag("a", "Messnetz", href=f"/watch?lang={language}"), class_="brand"),
            tag(
                "p", tag("a", names[other], href=f"?lang={other}", hreflang=other, lang=other), class_="lang"
            ),
            tag("h1", shown),
        ),
        tag("main", content),
    )
    document = tag("html", tag("head", head), tag("body", body), lang=language)
    return HTMLResponse(f"<!doctype html>{document}", headers=_HEADERS)


def _entrance(last: list[Seen], registry: Registry, language: Language) -> Markup:
    form = tag(
        "form",
        tag("label", say("DevEUI or place").in_language(language), for_="name"),
        tag("input", id="name", name="name", autocapitalize="off", autocomplete="off", spellcheck="false"),
        tag("input", type="hidden", name="lang", value=language),
        tag("button", say("Show").in_language(language)),
        action="/watch",
    )
    if not last:
        none = say("Nobody has been heard since the service started.").in_language(language)
        return join(form, tag("p", none))
    items = [tag("li", _listed(seen, registry, language)) for seen in last]
    return join(
        form, tag("h2", say("Heard last").in_language(language)), tag("ul", join(*items), class_="plain")
    )


def _listed(seen: Seen, registry: Registry, language: Language) -> Markup:
    device, _ = senders(seen.address, registry)
    name = device.id if device else seen.address
    return join(
        _badge(_OUTCOMES[seen.verdict.outcome.value], language),
        " ",
        tag("a", device.site if device else seen.address, href=f"/watch/{name}?lang={language}"),
        " ",
        tag(
            "span",
            f"{name} · {_clock(seen.delivery.arrival_ns)}" if device else _clock(seen.delivery.arrival_ns),
            class_="soft",
        ),
    )


def _silence(known: bool, language: Language) -> Markup:
    heard = say("Nothing was heard of it since the service started.").in_language(language)
    stranger = "" if known else tag("p", say("It is not registered.").in_language(language))
    return join(tag("p", heard), stranger)


def _newest(seen: Seen, registry: Registry, language: Language) -> Markup:
    said = describe(seen, registry, language)
    when = say("heard {time}", time=_clock(said["arrival_ns"])).in_language(language)
    detail = tag("p", said["detail"]) if said["detail"] else ""
    return join(
        tag(
            "section",
            tag("h2", say("Last uplink").in_language(language)),
            tag("p", _badge(_OUTCOMES[said["outcome"]], language), " ", when, class_="state"),
            tag("p", said["address"], class_="soft"),
            detail,
            class_="card",
        ),
        _readings(said, language),
        _complaints(said, language),
        _radio(said["radio"], language),
        _raw(said, language),
    )


def _section(heading: Sentence, *content: str, language: Language) -> Markup:
    return tag("section", tag("h2", heading.in_language(language)), *content, class_="card")


def _readings(said: dict[str, Any], language: Language) -> Markup:
    rows = [
        _value(one, reading, language)
        for reading in said["readings"]
        for one in reading["values"]
        if reading["measurement"] != "device" or one["field"] not in _RADIO
    ]
    if not rows:
        nothing = tag("p", say("No reading came of it.").in_language(language))
        return _section(say("Readings"), nothing, language=language)
    heads = [say("quantity"), say("value"), say("quality")]
    head = tag("tr", *(tag("th", one.in_language(language), scope="col") for one in heads))
    table = tag("table", tag("thead", head), tag("tbody", join(*rows)), class_="values")
    return _section(say("Readings"), table, language=language)


#: Said in the radio's own section.
_RADIO = frozenset({"rssi", "snr", "spreading_factor", "gateways", "f_cnt"})


def _value(one: dict[str, Any], reading: dict[str, Any], language: Language) -> Markup:
    quantity = CATALOGUE.get(one["field"])
    name = one["field"]
    if quantity is not None:
        name = german.quantity_name(quantity) if language == "de" else quantity.title or name
    unit = "" if quantity is None else german.unit_sign(quantity)
    tags = german.tags(reading["tags"]) if language == "de" else ", ".join(reading["tags"].values())
    parts: list[str] = [tag("small", tags)] if tags else []
    if reading["interval_s"]:
        over = say(
            "over {seconds} s from {time} on", seconds=reading["interval_s"], time=_clock(reading["time_ns"])
        )
        parts.append(tag("small", over.in_language(language)))
    if one["raw"] is not None:
        raw = say("uncalibrated {value}", value=_number(one["raw"], language))
        parts.append(tag("small", raw.in_language(language)))
    if one["test"] is not None:
        parts.append(tag("small", quality.why(one["test"]).in_language(language)))
    shown = f"{_number(one['value'], language)} {unit}".strip()
    return tag(
        "tr",
        tag("th", name, *parts, scope="row"),
        tag("td", shown, class_="number"),
        tag("td", _badge(_FLAGS[one["flag"]], language)),
    )


def _number(value: float, language: Language) -> str:
    text = f"{value:.12g}"
    return text.replace(".", ",") if language == "de" else text


def _complaints(said: dict[str, Any], language: Language) -> Markup:
    if not said["complaints"]:
        return join()
    items = [tag("li", one) for one in said["complaints"]]
    return _section(say("Complaints"), tag("ul", join(*items)), language=language)


def _radio(radio: dict[str, Any] | None, language: Language) -> Markup:
    if radio is None:
        silent = say("The network server said nothing of the radio.").in_language(language)
        return _section(say("Radio"), tag("p", silent), language=language)
    figures = []
    if radio["rssi"] is not None:
        figures.append(f"RSSI {_number(radio['rssi'], language)} dBm")
    if radio["snr"] is not None:
        figures.append(f"SNR {_number(radio['snr'], language)} dB")
    if radio["spreading_factor"]:
        figures.append(f"SF{radio['spreading_factor']}")
    if radio["gateways"]:
        count = radio["gateways"]
        heard = say("1 gateway") if count == 1 else say("{count} gateways", count=count)
        figures.append(heard.in_language(language))
    lines = [tag("p", " · ".join(figures))]
    margin = radio["margin"]
    if margin is not None:
        _, shape, colour, word = next(row for row in _MARGINS if margin >= row[0])
        spare = say("{margin} dB to spare", margin=_number(margin, language)).in_language(language)
        lines.insert(0, tag("p", _badge((shape, colour, word), language), " ", spare, class_="state"))
    if radio["heard_by"]:
        lines.append(tag("p", ", ".join(radio["heard_by"]), class_="soft"))
    return _section(say("Radio"), *lines, language=language)


def _raw(said: dict[str, Any], language: Language) -> Markup:
    sections = []
    if said["payload"] is not None:
        where = [say("port {port}", port=said["f_port"]).in_language(language)] if said["f_port"] else []
        if said["f_cnt"] is not None:
            where.append(say("frame {number}", number=said["f_cnt"]).in_language(language))
        hexed = tag("pre", " ".join(said["payload"][at : at + 2] for at in range(0, len(said["payload"]), 2)))
        sections.append(_section(say("Payload"), tag("p", ", ".join(where)), hexed, language=language))
    if said["decoded"] is not None:
        text = json.dumps(said["decoded"], ensure_ascii=False, indent=1, default=str)
        sections.append(_section(say("Decoded object"), tag("pre", text), language=language))
    if said["message"] is not None:
        sections.append(_section(say("Message"), tag("pre", said["message"]), language=language))
    return join(*sections)


def _badge(badge: tuple[str, str, Sentence], language: Language) -> Markup:
    shape, colour, word = badge
    return tag(
        "span",
        tag("span", shape, aria_hidden="true", class_="shape"),
        " ",
        word.in_language(language),
        class_=f"badge {colour}",
    )


def _clock(time_ns: int) -> str:
    return f"{german.local(time_ns):%H:%M:%S}"
