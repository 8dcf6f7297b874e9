"""How the values of a window become one: the catalogue's rule, or another that makes sense for it."""

from collections.abc import Mapping

from devices.complaint import did_you_mean
from devices.language import Sentence, say
from devices.quantity import Quantity
from publish.export.errors import AskRefused
from publish.export.shown import shown

#: By the catalogue's rule for a quantity (`Quantity.summary`): what may be asked for, the rule first.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "mean": ("mean", "min", "max"),
    "energy_mean": ("energy_mean", "min", "max"),
    "circular_mean": ("circular_mean",),
    "max": ("max",),
    "sum": ("sum",),
    "time_weighted": ("time_weighted",),
    "last": ("last", "min", "max"),
}
#: Every word that may be asked for.
AGGREGATES = ("auto", *dict.fromkeys(word for words in ALLOWED.values() for word in words))


def aggregate(quantity: Quantity, asked: str) -> str:
    """The rule by which values of a quantity become one; `auto` is the catalogue's.

    Raises `AskRefused` for a rule that makes no sense for it, with the right one and why.
    """
    check_word(asked)
    allowed = ALLOWED[quantity.summary]
    if asked == "auto":
        return quantity.summary
    if asked in allowed:
        return asked
    raise AskRefused(
        say(
            "aggregate {asked} makes no sense for {quantity}: {why}",
            asked=asked,
            quantity=quantity.name,
            why=_why(quantity),
        ),
        hint=say(
            "allowed for {quantity}: {allowed}; auto takes the right one for each quantity",
            quantity=quantity.name,
            allowed=", ".join(allowed),
        ),
    )


def check_word(asked: str) -> None:
    """Raises `AskRefused` for what is no rule at all."""
    if asked not in AGGREGATES:
        raise AskRefused(
            say(
                "aggregate {asked} is not known{near}",
                asked=shown(asked),
                near=did_you_mean(asked, AGGREGATES),
            ),
            hint=say("allowed: {names}", names=", ".join(AGGREGATES)),
        )


def _why(quantity: Quantity) -> Sentence:
    match quantity.summary:
        case "mean":
            return say("values of a moment do not add up, their mean stands for the time")
        case "energy_mean":
            return say("levels in decibels are averaged by their energy (energy_mean)")
        case "circular_mean":
            return say(
                "directions are averaged on the circle (circular_mean): 350° and 10° make 0°, not 180°"
            )
        case "max":
            return say("it is the highest value itself (max)")
        case "sum":
            return say("it is counted, and counts add up (sum)")
        case "time_weighted":
            return say("it is a state that holds until the next one, weighted by its time (time_weighted)")
        case "last":
            return say("it is a level that is read, the last one counts (last)")
