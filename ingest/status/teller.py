"""The rows of `status`: those that are due now, those of a downtime of ours, and those to be written over."""

from collections.abc import Iterable, Iterator, Sequence

from devices.status import State
from ingest.events import Events
from ingest.intake import GroupIntake
from ingest.status import downtimes, past
from ingest.status.downtimes import Downtimes
from ingest.status.known import Known
from ingest.status.roster import Roster
from ingest.status.rows import row, shown

#: Devices of one slice: less than a millisecond, 2.5 where every one of them gets a row (measured).
SLICE = 250
#: A device's row is written anew in each turn of so many seconds, which begin at other times for other
#: devices, so that many rows come in no burst. With the time that a look takes (up to 20 s of 100 000 devices
#: on a busy machine) it stays below 300 s.
TOLD_EVERY_S = 270

_SECOND_NS = 1_000_000_000


class Teller:
    """Puts rows into the intake; without room there they are due again next time."""

    def __init__(self, intake: GroupIntake, roster: Roster, noted: Downtimes, events: Events) -> None:
        self._intake = intake
        self._roster = roster
        self._noted = noted
        self._events = events
        self._past: Iterator[list[bytes]] | None = None  #: rows of a downtime of ours
        self._past_lines: list[bytes] | None = None  #: those that found no room

    def tell(self, judged: Iterable[tuple[Known, State]], now_ns: int) -> None:
        """Tell of those devices whose state is another one, or whose turn has come."""
        turn_s = now_ns // _SECOND_NS
        due: list[tuple[Known, int]] = []
        lines: list[bytes] = []
        for known, state in judged:
            self._roster.settle(known, state)
            turn = (turn_s + known.phase) // TOLD_EVERY_S
            if state is not known.told or turn != known.told_in:
                due.append((known, turn))
                lines.append(self._row(known, state, now_ns))
        if lines and self._put(lines):
            for known, turn in due:
                known.told, known.told_in = known.state, turn

    def tell_again(self, devices: Iterable[Known]) -> None:
        """Let the rows of these devices be due at the next look."""
        for known in devices:
            known.told_in = -1

    def tell_past(self) -> bool:
        """Tell the next rows of a downtime of ours; false when that must wait, or none is left."""
        noted = self._noted
        if self._past is None:
            if not noted.untold or not len(self._roster):
                return False
            devices = list(self._roster)
            self._past = past.lines(noted.untold[0], devices, self._intake.registry, self._roster.gateway_of)
        lines = self._past_lines or next(self._past, None)
        if lines is None:
            self._past = None
            noted.told = [*noted.told, *noted.untold[:1]][-downtimes.TOLD :]
            del noted.untold[:1]
            self.tell_again(self._roster)  # else the past would be the newest that was told
            return bool(noted.untold)
        taken = self._put(lines)
        self._past_lines = None if taken else lines
        return taken

    def give_up_past(self) -> None:
        """A fault of ours: it costs the rows of this downtime only."""
        self._past = self._past_lines = None
        del self._noted.untold[:1]

    def set_back(self, now_ns: int) -> None:
        """The clock was set back: rows of a downtime that lie ahead now are due when their moments come."""
        noted = self._noted
        begun = noted.untold[:1] if self._past is not None else []
        noted.ahead = past.ahead([*noted.told, *begun, *noted.ahead], now_ns)
        noted.told = [span for span in noted.told if span[1] <= now_ns]
        self._past = self._past_lines = None  # what is left of it is told from its begin

    def tell_over(self, devices: Sequence[Known], now_ns: int) -> Iterator[None]:
        """Write over rows of a downtime that lay ahead and have come; without room the next look does it."""
        ahead = self._noted.ahead
        due = [at_ns for begin, end in ahead for at_ns in range(begin, min(end, now_ns + 1), past.EVERY_NS)]
        for at_ns in due:
            for begin in range(0, len(devices), SLICE):
                some = devices[begin : begin + SLICE]
                lines = [self._row(known, known.state, at_ns) for known in some if known.state is not None]
                if not self._put(lines):
                    return
                yield
        if due and self._noted.ahead is ahead:
            self._noted.ahead = past.ahead(ahead, now_ns + 1)

    def _row(self, known: Known, state: State, time_ns: int) -> bytes:
        roster = self._roster
        headline = shown(known, roster.memory(known))
        gateway, registered = roster.gateway_of(known), roster.is_behind_registered(known)
        return row(known, state, time_ns, headline, gateway, registered=registered)

    def _put(self, lines: list[bytes]) -> bool:
        taken = self._intake.try_add(lines)
        if taken:
            self._events.status_told(len(lines))
        return taken
