"""Errors a user of Messnetz meets, on one tree.

    MessnetzError
    ├── SettingsError        messnetz.yaml is wrong: file, line, what is allowed
    ├── SpoolError
    │   ├── SpoolLocked      another `messnetz run` holds this state folder
    │   ├── SpoolTooNew      the spool was written by a newer Messnetz
    │   └── SpoolBusy        the disk takes nothing now: full, read-only or failing
    ├── NotRunning           a command needs the running service and there is none
    └── CommandFailed        a command could not do what it was asked

Each message says where and what; `hint` says what to do next. The command line prints both and exits with 1.
"""


class MessnetzError(Exception):
    """Base of all errors that end a command."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SettingsError(MessnetzError):
    """The settings cannot be used as they stand."""


class SpoolError(MessnetzError):
    """The spool cannot be opened."""


class SpoolLocked(SpoolError):
    """Another process is the one writer of this state folder."""


class SpoolTooNew(SpoolError):
    """The spool's schema version is newer than this program knows."""


class SpoolBusy(SpoolError):
    """The disk did not take it now; nothing of it is stored, and the very same is to be tried again."""


class NotRunning(MessnetzError):
    """The service does not answer on its control socket."""


class CommandFailed(MessnetzError):
    """What was asked could not be done."""
