"""One file that brings Messnetz back on another machine: settings, secrets, registry, spool, store, archive.

`form` is the file's format, `contents` what goes into it, `snapshot` how a database is copied that another
process is writing. `write` and `restore` are the two directions; the latter reads by `packed`, lets files
wait by `unpack` and puts them in place by `place`. No lock is needed for a backup: databases are read in one
read transaction each, beside which the running service goes on writing.
"""

from ingest.backup.place import Restored
from ingest.backup.restore import restore
from ingest.backup.write import Written, back_up

__all__ = ["Restored", "Written", "back_up", "restore"]
