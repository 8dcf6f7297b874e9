"""The tables of panels as files: what columns, how many rows, some of them, and the sums of the numbers."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.grafana.frame import Table
from tests.grafana.panel import Board, Panel, Shown

FOLDER = Path(__file__).parent.parent / "golden" / "boards"
#: Rows that are kept of each end of a table.
ENDS = 2
#: Figures that hang on the machine and on its haste: of them only the columns are held.
BY_HASTE = (
    "messnetz_commits",
    "messnetz_disk_free",
    "messnetz_lines_waiting",
    "messnetz_lines_written",
    "messnetz_spool_",
    "messnetz_store_",
)


def compare(board: Board, panel: Panel, shown: Shown) -> None:
    """Fail where a panel's tables differ from the golden ones; write those instead where it is asked for."""
    name = str(panel.id)
    found = summary(panel, shown)
    if os.environ.get("MESSNETZ_WRITE_GOLDEN") == "1":
        _write(board, name, found)
        return
    kept = read(board)
    assert name in kept, f"{panel} is new: write the golden data with MESSNETZ_WRITE_GOLDEN=1"
    assert found == kept[name]


def read(board: Board) -> dict[str, Any]:
    """What is kept of a board, by panel."""
    file = _file(board)
    return dict(json.loads(file.read_text())) if file.exists() else {}


def _file(board: Board) -> Path:
    return FOLDER / f"{board.uid}.json"


def _write(board: Board, name: str, found: Mapping[str, Any]) -> None:
    """Keep what a panel shows, and forget panels that are gone."""
    there = {str(one.id) for one in board.panels}
    kept = {key: value for key, value in read(board).items() if key in there} | {name: found}
    ordered = {key: kept[key] for key in sorted(kept, key=int)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    _file(board).write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")


def summary(panel: Panel, shown: Shown) -> dict[str, Any]:
    """What is held of a panel's tables, ready for JSON."""
    by_haste = any(word in one.text for one in shown.asked for word in BY_HASTE)
    return {
        "title": panel.title,
        "tables": [{"columns": _columns(one)} if by_haste else _summary(one) for one in shown.tables],
    }


def _columns(one: Table) -> list[str]:
    return [f"{name}: {kind}" for name, kind in zip(one.columns, one.kinds, strict=True)]


def _summary(one: Table) -> dict[str, Any]:
    rows = [[_rounded(cell) for cell in row] for row in one.rows]
    ends = rows if len(rows) <= 2 * ENDS else [*rows[:ENDS], *rows[-ENDS:]]
    return {
        "columns": _columns(one),
        "length": len(rows),
        "sums": [_sum([row[at] for row in one.rows]) for at in range(len(one.columns))],
        "rows": ends,
    }


def _sum(cells: Sequence[Any]) -> Any:
    """Of numbers their sum, of texts how many different ones there are."""
    numbers = [cell for cell in cells if isinstance(cell, (int, float))]
    if numbers:
        return _rounded(float(sum(numbers)))
    return f"{len({cell for cell in cells if cell is not None})} different"


def _rounded(cell: Any) -> Any:
    """Floats to six digits: sums in another order differ in the last ones."""
    if isinstance(cell, float):
        return float(f"{cell:.6g}")
    return cell
