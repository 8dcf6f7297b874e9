"""German for the sentences under the fields of technicians' files: what `devices.language.doc` says."""

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {}
