"""What editors are told of the technicians' files: every key explained, and nothing good marked as wrong."""

from pathlib import Path

import pytest

from devices.device_file import DeviceFile
from devices.type_file import TypeFile

CONFIG = Path(__file__).parents[1] / "config"


@pytest.mark.parametrize("model", [DeviceFile, TypeFile])
def test_every_key_is_explained(model: type[DeviceFile | TypeFile]) -> None:
    described = model.model_json_schema()
    for section in [described, *described["$defs"].values()]:
        assert section["description"]
        for key, field in section["properties"].items():
            assert field.get("description") or "$ref" in field, key


def test_the_sample_names_its_schema() -> None:
    sample = CONFIG / "devices" / "giessen.yaml"
    first = sample.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../devices.schema.json"
    assert (CONFIG / "devices.schema.json").is_file()


def test_a_dev_eui_that_is_a_number_to_yaml_is_not_marked() -> None:
    device = DeviceFile.model_json_schema()["$defs"]["DeviceEntry"]["properties"]
    assert {"type": ["string", "number"], "examples": ["70b3d57ba0000a1c"]} in device["dev_eui"]["anyOf"]
