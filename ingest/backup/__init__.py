"""One file that brings Messnetz back on another machine: settings, secrets, registry, spool, store, archive.

`form` is the file's format, `contents` what goes into it, `snapshot` how a database is copied that another
process is writing, `write` and `restore` the two directions. No lock is needed for a backup: databases are
read in one read transaction each, beside which the running service goes on writing.
"""

from ingest.backup.restore import Restored, restore
from ingest.backup.write import Written, back_up

__all__ = ["Restored", "Written", "back_up", "restore"]
