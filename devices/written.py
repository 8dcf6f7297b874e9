"""Texts that people write without quotes and YAML takes for numbers: read as they stand in the file.

The models that use these are validated with the file's text as their context.
"""

from typing import Any

from pydantic import BeforeValidator, ValidationInfo

from devices import yaml

#: Keys of the files that no Python name can be.
_KEYS = {"begin": "from", "path": "from"}


def _as_written(said: Any, info: ValidationInfo) -> Any:
    if isinstance(said, str) or said is None or not isinstance(said, int | float):
        return said
    name = info.field_name or ""
    return yaml.as_written(str(info.context), _KEYS.get(name, name), said)


def _all_as_written(said: Any, info: ValidationInfo) -> Any:
    if not isinstance(said, dict):
        return said
    plain = (int, float)
    return {
        key: yaml.as_written(str(info.context), str(key), value) if isinstance(value, plain) else value
        for key, value in said.items()
    }


#: A text.
Written = BeforeValidator(_as_written, json_schema_input_type=str | float)


def _keys_as_texts(said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    return {str(key).lower() if isinstance(key, int) else key: value for key, value in said.items()}


#: A mapping to texts.
AllWritten = BeforeValidator(_all_as_written)
#: A mapping whose keys are what devices say: `{1: A17, true: ...}` without quotes.
SaidKeys = BeforeValidator(_keys_as_texts)
