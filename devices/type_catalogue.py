"""The device types of some folders as people look at them: described, compiled, or what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devices.complaint import Complaint
from devices.plan import derivable
from devices.quantity import CATALOGUE, Quantity
from devices.type import DeviceType
from devices.type_file import SHIPPED_TYPES, TypeFile, read


@dataclass(frozen=True, slots=True)
class Known:
    """One type file; `compiled` and `described` are both there unless it has `complaints`."""

    path: Path
    compiled: DeviceType | None
    described: TypeFile | None
    complaints: Sequence[Complaint]

    @property
    def id(self) -> str:
        """The type's id."""
        return self.path.stem

    @property
    def shipped(self) -> bool:
        """Whether it comes with Messnetz."""
        return self.path.parent == SHIPPED_TYPES

    @property
    def verified(self) -> bool:
        """Whether an example comes from elsewhere than ourselves."""
        return self.described is not None and any(not one.own for one in self.described.examples)


def look_up(folders: Sequence[Path], codecs_dir: Path | None = None) -> list[Known]:
    """Every type of these folders by id; of two with one id the later folder's counts."""
    paths = {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}
    return [look_at(paths[name], codecs_dir) for name in sorted(paths)]


def look_at(path: Path, codecs_dir: Path | None = None) -> Known:
    """One type file."""
    return Known(path, *read(path, codecs_dir))


def measured(compiled: DeviceType) -> tuple[Quantity, ...]:
    """What a type says, in the order of its file."""
    said = {value.quantity.name: value.quantity for one in compiled.readings for value in one.values}
    return tuple(said.values())


def made_by_calibration(compiled: DeviceType) -> tuple[Quantity, ...]:
    """What the calibration of a device can make of that."""
    return tuple(CATALOGUE[name] for name in sorted(derivable(compiled)))
