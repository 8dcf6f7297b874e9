"""Counters against a model: true histories with wraps, resets, joins, start-ups, and all that radio does.

The model knows what truly passed. What is promised of the counts that are stored, in device time:

1. From the first total to the newest they cover the time without gap or overlap, whatever was lost, came late
   or came twice; each lies at the time of one total and reaches to the next that was newer when it came.
2. A count is **exact** where the counter was not reset in between and has not gone down (less than its whole
   range passed), or has gone down, no restart is known in between, and at most a quarter of its range passed.
3. After a reset that is known of (a join, a start-up message, a frame counter that went back: the newest of
   those that had come by then) and a total that has gone down, it is exactly what passed **since the reset**.
4. In all other cases but one it is **never more than the truth**.
5. The one: a counter that was cleared without a word, and whose total happens to look like a wrap. Nobody can
   tell those apart; at most a quarter of the range is invented.
"""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from devices.duplicates import is_duplicate
from devices.health import advance
from devices.normalise import normalise
from devices.state import EMPTY, DeviceState
from devices.type import ReadingSpec
from devices.uplink import Kind, Uplink
from tests.street import MINUTE, NOON, SECOND, fields, installation, uplink, value

WIDTH = 8
MODULUS = 2**WIDTH
START_UP = 3
PLACE = installation(
    ReadingSpec((value("count", "total", counter="total", width=WIDTH),), ports=frozenset({1})),
    restart_ports=[START_UP],
)


@dataclass
class Frame:
    """An uplink and what was true when it was sent."""

    uplink: Uplink
    total: int = 0
    truth: int = 0  #: counted since the beginning of time
    since_reset: int = 0  #: counted since the counter last began at 0
    resets: int = 0


@dataclass
class Street:
    """A device that counts, and the network that carries its frames."""

    truth: int = 0
    since_reset: int = 0
    resets: int = 0
    f_cnt: int = 0
    now_ns: int = NOON
    late: list[tuple[int, Frame]] = field(default_factory=list)
    delivered: list[Frame] = field(default_factory=list)

    def count(self, vehicles: int) -> None:
        self.truth += vehicles
        self.since_reset += vehicles

    def send(self, fate: str) -> None:
        self._carry(self._frame(uplink(self.now_ns, f_port=1, f_cnt=self.f_cnt)), fate)
        self.f_cnt += 1

    def clear(self, _fate: str) -> None:
        """A technician or a schedule sets it to 0, and nobody says so."""
        self.since_reset = 0
        self.resets += 1

    def lose_power(self, fate: str) -> None:
        """It begins anew, and joins."""
        self.clear(fate)
        self.rejoin(fate)

    def start_up(self, fate: str) -> None:
        """It begins anew, and says so in a message of its own."""
        self.clear(fate)
        self.f_cnt = 0
        self._carry(self._frame(uplink(self.now_ns, f_port=START_UP, f_cnt=0)), fate)
        self.f_cnt = 1

    def begin_silently(self, fate: str) -> None:
        """It begins anew, and only its frame counter shows it."""
        self.clear(fate)
        self.f_cnt = 0

    def rejoin(self, fate: str) -> None:
        """It keeps what it counted."""
        self.f_cnt = 0
        self._carry(self._frame(uplink(self.now_ns, kind=Kind.JOIN)), fate)

    def _frame(self, said: Uplink) -> Frame:
        return Frame(said, self.since_reset % MODULUS, self.truth, self.since_reset, self.resets)

    def _carry(self, frame: Frame, fate: str) -> None:
        self.late = [(wait - 1, waiting) for wait, waiting in self.late]
        due = [waiting for wait, waiting in self.late if wait <= 0]
        self.late = [(wait, waiting) for wait, waiting in self.late if wait > 0]
        if fate in {"arrives", "arrives twice"}:
            self.delivered.append(frame)
        if fate == "arrives twice":
            self.late.append((2, frame))
        if fate == "arrives late":
            self.late.append((3, frame))
        self.delivered += due
        self.now_ns += 10 * MINUTE

    def end(self) -> list[Frame]:
        return self.delivered + [waiting for _, waiting in self.late]


@dataclass
class Move:
    """A step of the newest total, and whether a restart in between was known when it came."""

    old: Frame
    new: Frame
    restart_known: bool


@dataclass
class Heard:
    """What can be known of restarts from the frames that came so far, in the order of their coming."""

    newest_ns: int = 0
    f_cnt: int | None = None
    restart_ns: int = 0

    def hear(self, said: Uplink) -> None:
        newer = said.time_ns > self.newest_ns
        back = newer and said.f_cnt is not None and self.f_cnt is not None and said.f_cnt < self.f_cnt
        if said.kind is Kind.JOIN or said.f_port == START_UP or back:
            self.restart_ns = max(self.restart_ns, said.time_ns)
        if newer:
            self.newest_ns = said.time_ns
            self.f_cnt = None if said.kind is Kind.JOIN else said.f_cnt


FATES = st.sampled_from(["arrives", "arrives", "arrives", "lost", "arrives late", "arrives twice"])
STEPS = st.one_of(
    st.tuples(st.just("count"), st.integers(0, 100)),
    st.tuples(st.just("send"), FATES),
    st.tuples(st.just("send"), FATES),
    st.tuples(st.sampled_from(["lose_power", "start_up", "begin_silently", "rejoin", "clear"]), FATES),
)

Steps = list[tuple[str, int | str]]
Points = dict[int, dict[str, float | int]]


def live(steps: Steps) -> list[Frame]:
    street = Street()
    for what, how in steps:
        getattr(street, what)(how)
    return street.end()


def store(frames: list[Frame]) -> tuple[Points, list[Move]]:
    """The points that are stored, by time, and every step of the newest total."""
    points: Points = {}
    moves: list[Move] = []
    state: DeviceState = EMPTY
    newest: Frame | None = None
    heard = Heard()
    for frame in frames:
        said = frame.uplink
        if is_duplicate(said, state):
            continue
        heard.hear(said)
        if said.kind is Kind.JOIN:
            state = advance(said, PLACE, state)
            continue
        decoded = {"reason": "power"} if said.f_port == START_UP else {"total": frame.total}
        normalised = normalise(said, decoded, PLACE, state, said.time_ns + SECOND)
        state = normalised.state
        for reading in normalised.readings:
            if reading.measurement == "traffic":
                point = points.setdefault(reading.time_ns, {})
                point.update(fields(reading))
                if reading.interval_s is not None:
                    point["interval"] = reading.interval_s
        if said.f_port == 1 and (newest is None or said.time_ns > newest.uplink.time_ns):
            if newest is not None:
                known = newest.uplink.time_ns < heard.restart_ns <= said.time_ns
                moves.append(Move(newest, frame, known))
            newest = frame
    return points, moves


@given(st.lists(STEPS, max_size=60))
def test_what_can_be_known_is_counted_exactly_and_nothing_is_invented(steps: Steps) -> None:
    points, moves = store(live(steps))
    for move in moves:
        old, new = move.old, move.new
        counted = points[old.uplink.time_ns]["count"]
        truly = new.truth - old.truth
        reset = new.resets > old.resets
        went_down = new.total < old.total
        like_a_wrap = went_down and (new.total - old.total) % MODULUS <= MODULUS // 4
        wrapped = went_down and not move.restart_known and truly <= MODULUS // 4
        if not reset and (wrapped or (not went_down and truly < MODULUS)):
            assert counted == truly
        elif reset and went_down and move.restart_known and new.since_reset < MODULUS:
            assert counted == new.since_reset
        elif reset and like_a_wrap and not move.restart_known:
            assert 0 <= counted <= MODULUS // 4
        else:
            assert 0 <= counted <= truly


@given(st.lists(STEPS, max_size=60))
def test_counts_cover_the_time_between_the_first_and_the_newest_total_without_gap_or_overlap(
    steps: Steps,
) -> None:
    points, moves = store(live(steps))
    assert sorted(time_ns for time_ns, point in points.items() if "count" in point) == [
        move.old.uplink.time_ns for move in moves
    ]
    for move in moves:
        old_ns, new_ns = move.old.uplink.time_ns, move.new.uplink.time_ns
        assert points[old_ns]["interval"] * SECOND == new_ns - old_ns


@given(st.lists(STEPS, max_size=60))
def test_every_total_that_arrives_is_written_at_its_own_time(steps: Steps) -> None:
    frames = live(steps)
    points, _ = store(frames)
    said = {frame.uplink.time_ns: frame.total for frame in frames if frame.uplink.f_port == 1}
    assert {at: point["count_total"] for at, point in points.items() if "count_total" in point} == said


@given(st.lists(STEPS, max_size=40))
def test_frames_that_come_again_change_nothing(steps: Steps) -> None:
    frames = live(steps)
    assert store(frames) == store([*frames, *frames[-32:]])


@given(st.lists(st.tuples(st.integers(0, MODULUS // 4), FATES), min_size=2, max_size=60))
def test_frames_that_are_late_or_repeated_or_lost_lose_no_vehicle(street: list[tuple[int, str]]) -> None:
    """As long as what was counted over the lost ones stays below a quarter of the range."""
    steps: Steps = []
    for vehicles, fate in street:
        steps += [
            ("count", vehicles if fate.startswith("arrives") and "late" not in fate else 0),
            ("send", fate),
        ]
    points, moves = store(live(steps))
    counted = sum(point.get("count", 0) for point in points.values())
    assert counted == (moves[-1].new.truth - moves[0].old.truth if moves else 0)
