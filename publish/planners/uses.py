"""How to use the address of an export: in a browser, Excel, R, QGIS and on a command line."""

from devices.language import Language, Sentence, say
from publish.export.ask import Ask
from publish.html import Markup, tag
from publish.planners.address import address
from publish.planners.text import last


def uses(ask: Ask, base: str, language: Language) -> Markup:
    """The addresses to copy, each with what to do with it. `base` is the page's own address."""

    def link(**more: str) -> str:
        return f"{base}export?{address(ask, **more)}"

    programs = link(format="csv", shape="long")
    user = _with_login(programs)
    return tag(
        "div",
        _copied(say("Address of this file"), link(), "address", language),
        tag("p", *_hints(ask, language), class_="hint"),
        _way(
            say("Excel: data from the web"),
            [
                say("Choose Data, Get Data, From Other Sources, From Web (Daten aus dem Web)."),
                say("Paste this address."),
                say("When asked for the login choose Basic, and enter name and password of this page."),
                say("Choose the table and load it. Refresh All fetches the newest data."),
            ],
            _copied(say("Address for Excel"), link(format="xlsx"), "address-excel", language),
            language,
        ),
        _way(
            say("R"),
            [say("Put name and password into the address, as NAME and PASSWORD stand here.")],
            _code(f'library(readr)\ndaten <- read_csv("{user}")', say("Lines for R"), language),
            language,
        ),
        _way(
            say("QGIS"),
            [
                say(
                    "Choose Layer, Add Layer, Add Vector Layer; as source type Protocol: HTTP(S), cloud, etc."
                ),
                say("Paste this address as URI."),
                say("Under Authentication choose Basic, and enter name and password of this page."),
            ],
            _copied(say("Address for QGIS"), link(format="geojson", shape=""), "address-qgis", language),
            language,
        ),
        _way(
            say("Command line"),
            [say("curl asks for the password.")],
            _code(
                f'curl --user NAME --remote-name --remote-header-name \\\n  "{link()}"',
                say("Line for curl"),
                language,
            ),
            language,
        ),
    )


def _hints(ask: Ask, language: Language) -> list[str]:
    needed = say("Whoever opens it needs the login of this page.").in_language(language)
    if not ask.last:
        return [needed]
    moves = say(
        "It gives the newest data each time: its period ({period}) moves along.", period=last(ask.last)
    )
    return [needed, " ", moves.in_language(language)]


def _with_login(link: str) -> str:
    scheme, _, rest = link.partition("://")
    return f"{scheme}://NAME:PASSWORD@{rest}"


def _way(title: Sentence, steps: list[Sentence], shown: Markup, language: Language) -> Markup:
    return tag(
        "details",
        tag("summary", title.in_language(language)),
        tag("ol", *(tag("li", step.in_language(language)) for step in steps)),
        shown,
    )


def _copied(label: Sentence, link: str, name: str, language: Language) -> Markup:
    """A field from which the address is copied."""
    return tag(
        "div",
        tag("label", label.in_language(language), for_=name),
        tag("textarea", link, id=name, readonly=True, rows="3", spellcheck="false"),
        class_="field copy",
    )


def _code(text: str, label: Sentence, language: Language) -> Markup:
    return tag(
        "pre",
        tag("code", text),
        tabindex="0",
        role="region",
        aria_label=label.in_language(language),
        class_="code",
    )
