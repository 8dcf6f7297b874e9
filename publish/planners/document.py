"""The frame of every page here: head, language, skip link, footer. Plain HTML, no script."""

from collections.abc import Mapping

from starlette.responses import HTMLResponse

from devices.language import Language, Sentence, in_language, say
from publish.html import Markup, join, tag
from publish.planners.refused import Refused

#: Everything comes from this address; there is no script, so none may run.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
_LANGUAGES: Mapping[Language, str] = {"de": "Deutsch", "en": "English"}


def page(
    content: Markup,
    title: Sentence,
    language: Language,
    *,
    other_language: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A whole page. `other_language` is the address of the same in the other one."""
    other: Language = "en" if language == "de" else "de"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title.in_language(language)} – Messnetz"),
        tag("link", rel="stylesheet", href="page.css"),
        tag("link", rel="stylesheet", href="planners.css"),
        tag("link", rel="icon", href="data:,"),
    )
    header = tag(
        "header",
        tag("p", "Messnetz", class_="brand"),
        tag("h1", say("Time series for planning").in_language(language)),
        tag(
            "p",
            tag("a", _LANGUAGES[other], href=other_language, lang=other, hreflang=other),
            class_="lang",
        ),
    )
    skip = tag("a", say("To the content").in_language(language), href="#content", class_="skip")
    body = tag("body", skip, header, tag("main", content, id="content", tabindex="-1"), _footer(language))
    text = "<!DOCTYPE html>\n" + tag("html", head, body, lang=language)
    return HTMLResponse(text, status, {**HEADERS, **(headers or {})})


def refusal(refused: Refused, language: Language, *, back: str, other_language: str) -> HTMLResponse:
    """The page that says why there is no file, and what to do."""
    title = say("No file")
    content = tag(
        "section",
        tag("h2", title.in_language(language)),
        *sentences(refused, language),
        tag("p", tag("a", say("Back to the form").in_language(language), href=back)),
        class_="card",
    )
    return page(
        content,
        title,
        language,
        other_language=other_language,
        status=refused.status,
        headers=retry_header(refused),
    )


def sentences(refused: Refused, language: Language) -> list[Markup]:
    """What is wrong and what to do, a paragraph each."""
    wrong = tag("p", tag("strong", capital(in_language(refused.message, language)), "."))
    if not refused.hint:
        return [wrong]
    what = say("What to do: {hint}.", hint=refused.hint).in_language(language)
    return [wrong, tag("p", what)]


def plain(refused: Refused, language: Language) -> str:
    """The same for programs and terminals."""
    lines = [in_language(refused.message, language)]
    if refused.hint:
        lines.append(say("What to do: {hint}.", hint=refused.hint).in_language(language))
    return "\n".join(lines) + "\n"


def retry_header(refused: Refused) -> dict[str, str]:
    """When to come again, where that helps."""
    return {} if refused.retry_after_s is None else {"Retry-After": str(refused.retry_after_s)}


def capital(text: str) -> str:
    """The sentence with its first letter as one begins, without a full stop."""
    return text[:1].upper() + text[1:].removesuffix(".")


def card(heading: Sentence, *content: str, language: Language, id_: str | None = None) -> Markup:
    """A section with its heading."""
    return tag("section", tag("h2", heading.in_language(language), id=id_), *content, class_="card")


def words(*sentences_: str, language: Language) -> Markup:
    """A paragraph of sentences."""
    return tag("p", " ".join(in_language(one, language) for one in sentences_))


def _footer(language: Language) -> Markup:
    told = (
        say("The sensors are not official measuring devices, and their values no official measurements."),
        say("Values that failed their test are never in a file; suspect ones are marked."),
        say("Days and months are those of local time; machine-readable files say times in UTC."),
    )
    return tag(
        "footer",
        tag("h2", say("Good to know").in_language(language)),
        tag("ul", *(tag("li", one.in_language(language)) for one in told), class_="plain"),
        join(),
    )
