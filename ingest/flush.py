"""What came into a folder, or left it, made to outlive a power cut."""

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
