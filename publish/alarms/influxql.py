"""InfluxQL as the alarms ask it: one field of one measurement, by tags, in the rule's window."""


def select(what: str, measurement: str, *by: str) -> str:
    """`what` of a measurement, a series for each combination of the tags `by`."""
    group = f" GROUP BY {','.join(quoted(tag) for tag in by)}" if by else ""
    return f'SELECT {what} FROM "{measurement}" WHERE $timeFilter{group}'  # noqa: S608  names of our own


def over(what: str, inner: str, *by: str) -> str:
    """`what` of the rows of another question; the window is the inner one's."""
    return f"SELECT {what} FROM ({inner}) GROUP BY {','.join(quoted(tag) for tag in by)}"  # noqa: S608  likewise


def quoted(name: str) -> str:
    """A name as InfluxQL quotes it."""
    return f'"{name}"'
