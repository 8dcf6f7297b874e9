"""Publishers of the registry: who answers for the data of a municipality, from the heads of its files."""

from pathlib import Path

import pytest

from devices.publisher import Publisher
from devices.registry import SHIPPED_TYPES, Registry, load
from tests.city import load_giessen

HEAD = "municipality: {{id: {id}{ags}}}\n"
PUBLISHER = "publisher: {{name: {name}, contact: a@example.org, licence: dl-de/by-2-0}}\n"
DEVICES = "devices:\n  - {{id: {id}, site: {id}, dev_eui: {eui:016x}, type: decentlab-dl-pm}}\n"


def write(
    folder: Path, file: str, *, whose: str = "giessen", ags: str = "", name: str = "", at: int = 1
) -> None:
    """A device file with one place."""
    text = HEAD.format(id=whose, ags=f', ags: "{ags}"' if ags else "")
    text += PUBLISHER.format(name=name) if name else ""
    (folder / file).write_text(text + DEVICES.format(id=f"d{at}", eui=at), encoding="utf-8")


def read(folder: Path, previous: Registry | None = None) -> Registry:
    """The registry of a folder."""
    return load(folder, (SHIPPED_TYPES,), previous=previous)


def test_the_sample_city_names_its_publisher() -> None:
    assert load_giessen().publishers == {
        "giessen": Publisher("giessen", "06531005", "Stadt Gießen", "smartcity@example.org", "dl-de/by-2-0")
    }


def test_a_head_without_publisher_names_none(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    assert read(tmp_path).publishers == {}


def test_an_ags_alone_is_kept_with_empty_texts(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", ags="06531005")
    assert read(tmp_path).publishers == {"giessen": Publisher("giessen", "06531005")}


def test_each_municipality_has_its_own(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", name="Stadt A")
    write(tmp_path, "b.yaml", whose="wetzlar", name="Stadt B", at=2)
    found = read(tmp_path).publishers
    assert {name: one.name for name, one in found.items()} == {"giessen": "Stadt A", "wetzlar": "Stadt B"}


def test_of_several_files_the_first_with_a_publisher_counts_and_the_ags_may_stand_in_another(
    tmp_path: Path,
) -> None:
    write(tmp_path, "a.yaml", ags="06531005")
    write(tmp_path, "b.yaml", name="Stadt A", at=2)
    write(tmp_path, "c.yaml", name="Stadt A", ags="06531005", at=3)
    found = read(tmp_path)
    assert found.publishers["giessen"].name == "Stadt A"
    assert found.publishers["giessen"].ags == "06531005"
    assert found.complaints == ()


@pytest.mark.parametrize("other", [{"name": "Stadt B"}, {"name": "Stadt A", "ags": "06531006"}])
def test_a_contradiction_is_a_complaint_and_the_first_counts(tmp_path: Path, other: dict[str, str]) -> None:
    write(tmp_path, "a.yaml", name="Stadt A", ags="06531005")
    write(tmp_path, "b.yaml", at=2, **other)
    found = read(tmp_path)
    assert found.publishers["giessen"].name == "Stadt A"
    assert found.publishers["giessen"].ags == "06531005"
    (complaint,) = found.complaints
    assert complaint.file.endswith("b.yaml")
    assert "a.yaml" in complaint.message
    assert sorted(found.devices) == ["d1", "d2"]  # it costs no device


def test_the_publisher_of_a_file_that_cannot_be_read_stays(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", name="Stadt A")
    write(tmp_path, "b.yaml", whose="wetzlar", name="Stadt B", at=2)
    before = read(tmp_path)
    (tmp_path / "a.yaml").write_text("municipality: [", encoding="utf-8")
    again = read(tmp_path, before)
    assert again.publishers == before.publishers
    assert read(tmp_path, again).publishers == before.publishers  # and the reload after that


def test_a_publisher_that_was_taken_out_is_gone(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", name="Stadt A")
    before = read(tmp_path)
    write(tmp_path, "a.yaml")
    assert read(tmp_path, before).publishers == {}
