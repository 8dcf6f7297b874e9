"""What is in a folder, made to outlive a power cut."""

import os
from pathlib import Path


def flush_folder(folder: Path) -> None:
    """Flush the folder itself to the disk: the names in it, not what its files hold. Raises `OSError`.

    A file is flushed as well where it is named.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Give a file this content, whole and outliving a power cut, or leave the old one. Raises `OSError`."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    flush_folder(path.parent)
