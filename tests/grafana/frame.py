"""Tables as Grafana passes them from a data source to a panel: frames of fields, and what a field is called.

The naming follows `getFieldDisplayName` of @grafana/data 11.6 (src/field/fieldState.ts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Kind = Literal["time", "number", "string", "boolean", "other"]


@dataclass(frozen=True, eq=False)
class Field:
    """One column; values of a `time` are milliseconds since 1970."""

    name: str
    kind: Kind
    values: Sequence[Any]
    labels: Mapping[str, str] | None = None
    shown: str | None = None  #: what the data source calls it (displayNameFromDS)
    renamed: str | None = None  #: displayName, set by a transformation or an override

    def with_values(self, values: Sequence[Any]) -> "Field":
        """The same column with other values."""
        return replace(self, values=values)


@dataclass(frozen=True, eq=False)
class Frame:
    """Columns of one length."""

    fields: Sequence[Field]
    name: str | None = None
    ref_id: str = ""

    @property
    def length(self) -> int:
        """The number of rows."""
        return len(self.fields[0].values) if self.fields else 0

    def rows(self) -> list[tuple[Any, ...]]:
        """Row by row."""
        return list(zip(*(one.values for one in self.fields), strict=True))

    def with_fields(self, fields: Sequence[Field]) -> "Frame":
        """The same frame with other columns."""
        return replace(self, fields=fields)

    def only(self, keep: Sequence[int]) -> "Frame":
        """The rows of these numbers, in their order."""
        return self.with_fields([one.with_values([one.values[at] for at in keep]) for one in self.fields])


@dataclass(frozen=True)
class Table:
    """What a panel shows: names of columns, and rows."""

    columns: Sequence[str]
    kinds: Sequence[str]
    rows: Sequence[Sequence[Any]] = field(repr=False)

    def column(self, name: str) -> list[Any]:
        """All values of one column; `ValueError` where there is none of that name."""
        at = list(self.columns).index(name)
        return [row[at] for row in self.rows]


def table(frame: Frame, frames: Sequence[Frame]) -> Table:
    """A frame as a panel shows it."""
    return Table(
        [title(one, frame, frames) for one in frame.fields],
        [one.kind for one in frame.fields],
        [tuple(row) for row in frame.rows()],
    )


def title(one: Field, frame: Frame | None = None, frames: Sequence[Frame] = ()) -> str:
    """What a column is called."""
    if one.renamed:
        return one.renamed
    if frame is not None and one.shown:
        return one.shown
    if one.kind == "time" and not one.labels:
        return one.name
    parts: list[str] = []
    added = False
    if frame is not None and frame.name and len({other.name for other in frames}) > 1:
        parts.append(frame.name)
        added = True
    if one.name and one.name != "Value":
        parts.append(one.name)
    if one.labels and frame is not None and (said := _labels(one, frames or [frame])):
        parts.append(said)
        added = True
    if frame is not None and not added and one.name == "Value" and frame.name:
        parts.append(frame.name)
    name = " ".join(parts) or one.name or "Value"
    return _unique(one, frame) if name == one.name and frame is not None else name


def _labels(one: Field, frames: Sequence[Frame]) -> str:
    names = {name for frame in frames for other in frame.fields for name in other.labels or ()}
    labels = one.labels or {}
    if len(names) == 1:
        return labels.get(next(iter(names)), "")
    listed = ", ".join(f'{name}="{labels[name]}"' for name in sorted(labels))
    return f"{{{listed}}}" if listed else ""


def _unique(one: Field, frame: Frame) -> str:
    same = [other for other in frame.fields if other.name == one.name]
    at = next((at for at, other in enumerate(same) if other is one), 0)
    return one.name if len(same) < 2 else f"{one.name} {at + 1}"
