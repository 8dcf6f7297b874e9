"""How far an export is."""

from collections.abc import Callable

#: Done, of how much (0: not known yet), and what is being done (`say`). Seconds of the period while values
#: are read, rows while they are written. May be called on another thread, never on two at once.
Progress = Callable[[int, int, str], None]
