"""What this user may look into; `pathlib` raises where it may not."""

import os
from pathlib import Path


def is_folder(path: Path) -> bool:
    """Whether there is a folder, as far as this user can see."""
    return os.path.isdir(path)  # noqa: PTH112  see above


def is_closed(path: Path) -> bool:
    """Whether something is there that this user may not read; what lies in a closed folder is not there."""
    needed = os.R_OK | os.X_OK if is_folder(path) else os.R_OK
    return os.access(path, os.F_OK) and not os.access(path, needed)
