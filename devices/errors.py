"""Errors of what stands in the street.

    DeviceError
    ├── UplinkRefused        an uplink of a registered device that says nothing we can keep
    └── RegistryUnreadable   no registry at all can be made of the files

Each carries what is wrong; `hint` says what to do next.
"""


class DeviceError(Exception):
    """Base of all errors of the `devices` room."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UplinkRefused(DeviceError):
    """Nothing could be read from the uplink. `reason` is a short stable word for metrics and lists."""

    def __init__(self, reason: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class RegistryUnreadable(DeviceError):
    """The files of the registry cannot be read at all (a folder is missing, say)."""
