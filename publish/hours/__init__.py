"""Finished hours: `<measurement>_1h`, a row an hour and series, once it is over and all of it is stored.

`plan` is what the registered devices measure, `hour` takes rows to hours, `row` is one of a series, `lots`
those of car parks; `rewrite` finds what late lines make of hours that were written, `keeper` is the task that
does it all and remembers how far it is.
"""

from publish.hours.keeper import GRACE_S, HourKeeper

__all__ = ["GRACE_S", "HourKeeper"]
