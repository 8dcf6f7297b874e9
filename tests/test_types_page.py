"""The catalogue of shipped types: every type, in both languages, with what proves it."""

import re

import pytest

from devices import type_catalogue
from devices.language import Language
from devices.type_file import SHIPPED_TYPES
from ingest.types_page import PAGES, counts, pages

KNOWN = type_catalogue.look_up((SHIPPED_TYPES,))
TEXTS = {language: pages()[SHIPPED_TYPES / name] for language, name in PAGES.items()}


@pytest.mark.parametrize("language", PAGES)
def test_every_shipped_type_stands_in_a_table_and_with_its_examples(language: Language) -> None:
    rows = re.findall(r"^\| \[`([a-z0-9-]+)`\]\(#\1\)", TEXTS[language], re.MULTILINE)
    assert sorted(rows) == [one.id for one in KNOWN]
    assert re.findall(r"^### (\S+)$", TEXTS[language], re.MULTILINE) == [one.id for one in KNOWN]


def test_every_shipped_type_has_a_category_a_rhythm_and_says_of_its_battery() -> None:
    assert sum(len(types) for _, types in counts()) == len(KNOWN)
    for one in KNOWN:
        assert one.described is not None
        assert one.described.category, one.id
        assert one.described.interval or one.described.heartbeat, one.id
        assert one.described.battery, one.id
        assert one.described.datasheet, one.id


def test_a_type_without_a_published_example_is_listed_as_unverified() -> None:
    for one in KNOWN:
        [row] = [line for line in TEXTS["en"].splitlines() if line.startswith(f"| [`{one.id}`]")]
        assert ("| unverified |" in row) == (not one.verified)


def test_at_least_45_models_of_all_kinds_are_shipped_and_most_are_proved_by_others() -> None:
    by_category = {category: len(types) for category, types in counts()}
    assert by_category.keys() >= {
        "air", "noise", "parking", "traffic", "people", "weather", "road", "water", "soil", "waste"
    }  # fmt: skip
    assert len(KNOWN) >= 45
    assert sum(one.verified for one in KNOWN) >= 45


def test_heads_are_in_the_language_of_the_page() -> None:
    heads = {
        language: [line for line in text.splitlines() if line.startswith(("# ", "## ")) or "---" in line]
        for language, text in TEXTS.items()
    }
    assert len(heads["en"]) == len(heads["de"])
    assert "## Air" in heads["en"]
    assert "## Luft" in heads["de"]
    titles = {line for line in heads["en"] if line.startswith("#")}
    assert not titles & set(heads["de"])
