"""German for what is wrong with the registry's files."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "… and {count} more: messnetz check shows them": "… und {count} weitere: messnetz check zeigt sie",
}
