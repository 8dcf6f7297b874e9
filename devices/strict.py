"""How the models of the technicians' files are: frozen, strict, documented by the text under each field."""

from pydantic import ConfigDict

#: Keys are written as the file spells them (`from`), not as Python must; unknown ones are refused.
STRICT = ConfigDict(
    frozen=True,
    extra="forbid",
    use_attribute_docstrings=True,
    validate_by_name=False,
    validate_by_alias=True,
)
