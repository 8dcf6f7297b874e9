"""What cannot be asked for together, whatever is registered."""

from devices.language import say
from publish.export.aggregate import check_word
from publish.export.ask import Ask
from publish.export.errors import AskRefused
from publish.export.vocabulary import COMPUTED


def check_combination(ask: Ask) -> None:
    """Raises `AskRefused` for parts of what was asked that make no sense beside each other."""
    check_word(ask.aggregate)
    _check_time(ask)
    _check_figures(ask)
    _check_windows(ask)
    _check_shape(ask)


def _check_time(ask: Ask) -> None:
    if ask.last is not None and (ask.begin is not None or ask.to is not None):
        raise AskRefused(say("last and from (or to) exclude each other"), hint=say("leave one of them out"))


def _check_figures(ask: Ask) -> None:
    if ask.figures is None:
        return
    if ask.every != "raw":
        raise AskRefused(
            say("figures are for the whole time: every {every} does not go with them", every=ask.every),
            hint=say("leave out every, or figures"),
        )
    if ask.quantity:
        raise AskRefused(
            say("figures are made of all that is measured for them"),
            hint=say("leave out quantity, or figures"),
        )
    if ask.shape == "wide":
        raise AskRefused(
            say("figures have a row each: shape wide does not go with them"), hint=say("leave out shape")
        )


def _check_windows(ask: Ask) -> None:
    if ask.every != "raw":
        return
    if ask.aggregate != "auto":
        raise AskRefused(
            say("aggregate {asked} needs windows, and none were asked for", asked=ask.aggregate),
            hint=say("give every, as every 1h, or leave out aggregate"),
        )
    if computed := next((name for name in ask.quantity if name in COMPUTED), None):
        raise AskRefused(
            say("{quantity} is computed of windows, and none were asked for", quantity=computed),
            hint=say("give every, as every 1h"),
        )


def _check_shape(ask: Ask) -> None:
    if ask.shape == "wide" and ask.format in ("geojson", "gpkg"):
        raise AskRefused(
            say("{format} has a row a value: shape wide does not go with it", format=ask.format),
            hint=say("leave out shape, or take another format, as xlsx or csv"),
        )
