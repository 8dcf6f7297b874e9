"""JSON Schemas of the technicians' files, so that an editor completes and checks them."""

from typing import Any

from pydantic import BaseModel

from devices.device_file import DeviceFile
from devices.type_file import TypeFile


def device_file_schema() -> dict[str, Any]:
    """The JSON Schema of `config/devices/*.yaml`."""
    return _schema(DeviceFile)


def type_file_schema() -> dict[str, Any]:
    """The JSON Schema of `config/types/*.yaml`."""
    return _schema(TypeFile)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
    }
