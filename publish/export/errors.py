"""Why an export did not come about."""

from ingest.errors import CommandFailed


class ExportFailed(CommandFailed):
    """An export could not be made; nothing of it is left. `status` is what its address answers (HTTP)."""

    status = 500


class AskRefused(ExportFailed):
    """What was asked for makes no sense: unknown names, wrong times, a function that does not fit."""

    status = 400


class NothingFound(ExportFailed):
    """There is nothing of what was asked for: says why."""

    status = 404


class TooLarge(ExportFailed):
    """The format or a limit does not hold it; the hint names what would fit."""

    status = 413


class StoreAway(ExportFailed):
    """The store did not answer, or stopped in the middle."""

    status = 503
