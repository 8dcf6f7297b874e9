"""The first files of an installation, with secrets of its own: `config/`, `.env`, and the folders for data.

Nothing that is there is ever changed.
"""

from ingest.setup.files import SECRETS, Installed, add, write
from ingest.setup.owner import Owner, find_owner

__all__ = ["SECRETS", "Installed", "Owner", "add", "find_owner", "write"]
