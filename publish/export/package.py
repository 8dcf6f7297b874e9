"""The data package of an export: a JSON file beside it that says what is in it, for people and programs."""

from pathlib import Path

from publish.export.about import About
from publish.export.ask import Format
from publish.export.series import Gathered
from publish.export.sheet import Sheet


def package(sheet: Sheet, about: About, gathered: Gathered, data_file: Path, format: Format) -> bytes:  # noqa: A002  as the option is called
    """The descriptor (Frictionless Data Package) of `data_file`, which lies there finished: UTF-8, JSON."""
    raise NotImplementedError
