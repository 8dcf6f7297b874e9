"""Words of exports: every quantity and figure has a title in both languages, a unit and decimals."""

import pytest

from devices.quantity import CATALOGUE, Quantity
from publish.export import vocabulary
from publish.export.vocabulary import COMPUTED, FIGURES
from publish.german import UNITS
from publish.summary import rounded

NAMES = [*CATALOGUE, *COMPUTED, *FIGURES]


@pytest.mark.parametrize("name", NAMES)
def test_everything_has_a_title_and_a_unit_with_a_sign(name: str) -> None:
    assert vocabulary.title(name, "de")
    assert vocabulary.title(name, "en")
    assert vocabulary.ucum(name) in UNITS
    assert vocabulary.unit_sign(name) == UNITS[vocabulary.ucum(name)][0]


@pytest.mark.parametrize("name", [*COMPUTED, *FIGURES])
def test_what_is_computed_says_how_in_both_languages(name: str) -> None:
    assert vocabulary.formula(name, "de") != vocabulary.formula(name, "en")
    assert vocabulary.formula(name, "de")
    assert vocabulary.formula(name, "en")


def test_what_is_measured_has_no_formula() -> None:
    assert vocabulary.formula("pm2_5", "de") == ""


@pytest.mark.parametrize("names", [COMPUTED, FIGURES])
def test_no_name_is_a_quantity_of_the_catalogue(names: dict[str, object]) -> None:
    assert not names.keys() & CATALOGUE.keys()


def test_titles_are_as_short_as_a_head() -> None:
    assert vocabulary.title("pm2_5", "de") == "PM2,5"
    assert vocabulary.title("pm2_5", "en") == "PM2.5"
    assert vocabulary.title("air_temperature", "de") == "Lufttemperatur"
    assert vocabulary.title("nobody", "de") == "nobody"
    assert vocabulary.unit_sign("pm2_5") == "µg/m³"
    assert vocabulary.unit_sign("count") == ""
    assert vocabulary.ucum("pm2_5") == "ug/m3"


@pytest.mark.parametrize("quantity", CATALOGUE.values(), ids=lambda one: one.name)
def test_a_figure_has_as_many_decimals_as_it_is_rounded_to(quantity: Quantity) -> None:
    places = vocabulary.decimals(quantity.name, aggregated=True)
    figure = rounded(quantity, 1 / 3)
    assert figure == round(figure, places)
    if quantity.summary not in ("sum", "max", "last"):
        assert figure != round(1 / 3, places - 1) if places else True
    assert vocabulary.decimals(quantity.name) == (quantity.decimals or 0)


def test_tags_are_words() -> None:
    tags = (("direction", "ltr"), ("vehicle_class", "bicycle"))
    assert vocabulary.tag_words(tags, "de") == "nach rechts, Fahrrad"
    assert vocabulary.tag_words(tags, "en") == "to the right, bicycles"
    assert (
        vocabulary.tag_words((("bay", "A17"), ("direction", "stadteinwärts")), "de")
        == "Stellplatz A17, stadteinwärts"
    )
    assert vocabulary.tag_words((("bay", "A17"),), "en") == "bay A17"
    assert vocabulary.tag_words((), "de") == ""
