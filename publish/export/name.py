"""What a file is called where nobody said so."""

import os
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from devices.moment import local
from publish.export.chosen import Chosen
from publish.export.ending import ENDINGS
from publish.export.without_eui import without_eui

#: Of more names only their number is told.
_NAMED = 2
_LONGEST = 100
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def named(target: Path | None, chosen: Chosen) -> Path:
    """The file to write: the target, or a made name in it where it is a folder, or in the current one."""
    if target is None:
        return Path(file_name(chosen))
    is_folder = os.path.isdir(target)  # noqa: PTH112  Path.is_dir raises for a name that is too long
    return target / file_name(chosen) if is_folder else target


def file_name(chosen: Chosen) -> str:
    """As `messnetz-Marktplatz-pm2_5-2026-01-01-2026-01-31-1h.csv`: ASCII that every file system takes."""
    ask = chosen.ask
    filters = (ask.municipality, ask.district, ask.site, ask.device, ask.label, ask.quantity)
    first, last = (local(time_ns, chosen.zone) for time_ns in (chosen.period.begin_ns, chosen.period.end_ns))
    every = ask.figures or (None if ask.every == "raw" else ask.every)
    said = [part for names in filters if (part := _joined(names))]
    days = [f"{first:%Y-%m-%d}", f"{last - timedelta(microseconds=1):%Y-%m-%d}"]
    stem = without_eui("-".join(["messnetz", *said]))[:_LONGEST].rstrip("-_")
    return "-".join([stem, *days, *([every] if every else [])]) + ENDINGS[ask.format]


def _joined(names: Iterable[str]) -> str:
    slugs = [slug for name in names if (slug := _slug(name))]
    return "-".join(slugs) if len(slugs) <= _NAMED else f"{slugs[0]}-{len(slugs)}"


def _slug(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", without_eui(name).translate(_GERMAN)).encode("ascii", "ignore")
    return re.sub(r"[^A-Za-z0-9_]+", "-", ascii_only.decode()).strip("-_")
