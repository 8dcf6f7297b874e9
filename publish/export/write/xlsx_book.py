"""A workbook that is written row by row."""

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from publish.export.about import About
from publish.export.write.xlsx_text import cut

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,  # used only for sheets past 2 GB, which could not be written otherwise
}


@contextlib.contextmanager
def book(target: Path, about: About) -> Iterator[Any]:
    """A workbook for `target`, which holds one row of each sheet: what lies above it cannot be written to.

    What is put aside until all is written lies beside the target, and goes in any case.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as folder:
        workbook = xlsxwriter.Workbook(target, {**_OPTIONS, "tmpdir": folder})
        workbook.set_properties(_properties(about))
        try:
            yield workbook
            workbook.close()
        finally:
            for page in workbook.worksheets():
                with contextlib.suppress(OSError):  # of a full disk, which has been raised already
                    page.row_data_fh.close()  # XlsxWriter does so only where all went well


def _properties(about: About) -> dict[str, Any]:
    names = ", ".join(one.name for one in about.publishers)
    return {
        "title": cut(about.title),
        "author": names,
        "company": names,
        "comments": "\n".join(about.statements),
        "created": datetime.fromtimestamp(about.made_ns // 1_000_000_000, UTC).replace(tzinfo=None),
    }
