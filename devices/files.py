"""Why a file cannot be read or written, in our words."""

import errno

from devices.language import Sentence, say


def trouble(error: OSError) -> Sentence:
    """What the system said of a file, as a sentence without its name: `is not there`."""
    match error:
        case FileNotFoundError():
            return say("is not there")
        case PermissionError():
            return say("must not be opened by this user: let the user that runs Messnetz read it")
        case IsADirectoryError() | NotADirectoryError():
            return say("is a folder, or lies below a file")
    return say("cannot be read (error {number} of the system)", number=error.errno)


def hindrance(error: OSError) -> Sentence:
    """Why the system did not let us write a file."""
    match error.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return say("this user may not write there")
        case errno.ENOSPC | errno.EDQUOT:
            return say("the disk is full")
        case errno.ENOENT:
            return say("its folder is not there")
        case errno.ENOTDIR | errno.EEXIST:
            return say("a file lies where its folder would be")
        case errno.EISDIR:
            return say("it is a folder")
    return say("error {number} of the system", number=error.errno)
