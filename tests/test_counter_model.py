"""Counters against a model: true histories with wraps, restarts, lost, late and repeated frames.

The model knows what was truly counted. A total that has not gone down, and one that has wrapped by at most a
quarter of the range, tell it exactly; a restart that is known of tells what was counted since. Everything
else cannot be known from totals, but must never be counted as more than the truth.
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
PLACE = installation(ReadingSpec((value("count", "total", counter="total", width=WIDTH),)))


@dataclass
class Frame:
    """An uplink and what was true when it was sent."""

    uplink: Uplink
    total: int = 0
    truth: int = 0  #: counted since the beginning of time
    since_restart: int = 0  #: counted since the device last started
    restarts: int = 0


@dataclass
class Street:
    """A device that counts, and the network that carries its frames."""

    truth: int = 0
    since_restart: int = 0
    restarts: int = 0
    f_cnt: int = 0
    now_ns: int = NOON
    late: list[tuple[int, Frame]] = field(default_factory=list)
    delivered: list[Frame] = field(default_factory=list)

    def count(self, vehicles: int) -> None:
        self.truth += vehicles
        self.since_restart += vehicles

    def send(self, fate: str) -> None:
        said = uplink(self.now_ns, f_cnt=self.f_cnt)
        frame = Frame(said, self.since_restart % MODULUS, self.truth, self.since_restart, self.restarts)
        self.f_cnt += 1
        self._carry(frame, fate)

    def restart(self, fate: str) -> None:
        self.since_restart = self.f_cnt = 0
        self.restarts += 1
        self._carry(Frame(uplink(self.now_ns, kind=Kind.JOIN)), fate)

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


FATES = st.sampled_from(["arrives", "arrives", "arrives", "lost", "arrives late", "arrives twice"])
STEPS = st.one_of(
    st.tuples(st.just("count"), st.integers(0, 100)),
    st.tuples(st.just("send"), FATES),
    st.tuples(st.just("send"), FATES),
    st.tuples(st.just("restart"), FATES),
)


def live(steps: list[tuple[str, int | str]]) -> list[Frame]:
    street = Street()
    for what, how in steps:
        getattr(street, what)(how)
    return street.end()


def store(frames: list[Frame]) -> tuple[dict[int, dict[str, float | int]], list[tuple[Frame, Frame, bool]]]:
    """The points that are stored, by time, and every step of the newest total: from, to, restart known."""
    points: dict[int, dict[str, float | int]] = {}
    moves: list[tuple[Frame, Frame, bool]] = []
    state: DeviceState = EMPTY
    newest: Frame | None = None
    for frame in frames:
        if is_duplicate(frame.uplink, state):
            continue
        if frame.uplink.kind is Kind.JOIN:
            state = advance(frame.uplink, PLACE, state)
            continue
        before = state
        normalised = normalise(
            frame.uplink, {"total": frame.total}, PLACE, state, frame.uplink.time_ns + SECOND
        )
        state = normalised.state
        for reading in normalised.readings:
            if reading.measurement == "traffic":
                point = points.setdefault(reading.time_ns, {})
                point.update(fields(reading))
                if reading.interval_s is not None:
                    point["interval"] = reading.interval_s
        if newest is None or frame.uplink.time_ns > newest.uplink.time_ns:
            if newest is not None:
                moves.append((newest, frame, _restart_known(before, newest, frame)))
            newest = frame
    return points, moves


def _restart_known(before: DeviceState, old: Frame, new: Frame) -> bool:
    joined = old.uplink.time_ns < before.restarted_ns <= new.uplink.time_ns
    back = before.f_cnt is not None and new.uplink.f_cnt is not None and new.uplink.f_cnt < before.f_cnt
    return joined or back


@given(st.lists(STEPS, max_size=60))
def test_what_can_be_known_is_counted_exactly_and_nothing_is_invented(
    steps: list[tuple[str, int | str]],
) -> None:
    points, moves = store(live(steps))
    for old, new, restart_known in moves:
        counted = points[old.uplink.time_ns]["count"]
        truly = new.truth - old.truth
        went_down = new.total < old.total
        wrapped = went_down and (new.total - old.total) % MODULUS <= MODULUS // 4
        restarted = new.restarts > old.restarts
        if not restarted and (truly < MODULUS - old.total or (wrapped and truly <= MODULUS // 4)):
            assert counted == truly
        elif restarted and restart_known and went_down and new.since_restart < MODULUS:
            assert counted == new.since_restart
        elif restarted and wrapped and not restart_known:
            continue  # neither a join nor the frame counter told: nobody can tell it from a wrap
        else:
            assert 0 <= counted <= truly


@given(st.lists(STEPS, max_size=60))
def test_counts_cover_the_time_between_the_first_and_the_newest_total_without_gap_or_overlap(
    steps: list[tuple[str, int | str]],
) -> None:
    points, moves = store(live(steps))
    assert sorted(time_ns for time_ns, point in points.items() if "count" in point) == [
        old.uplink.time_ns for old, _, _ in moves
    ]
    for old, new, _ in moves:
        assert points[old.uplink.time_ns]["interval"] * SECOND == new.uplink.time_ns - old.uplink.time_ns


@given(st.lists(STEPS, max_size=60))
def test_every_total_that_arrives_is_written_at_its_own_time(steps: list[tuple[str, int | str]]) -> None:
    frames = live(steps)
    points, _ = store(frames)
    said = {frame.uplink.time_ns: frame.total for frame in frames if frame.uplink.kind is Kind.DATA}
    assert {at: point["count_total"] for at, point in points.items() if "count_total" in point} == said


@given(st.lists(st.tuples(st.integers(0, MODULUS // 4), FATES), min_size=2, max_size=60))
def test_frames_that_are_late_or_repeated_or_lost_lose_no_vehicle(street: list[tuple[int, str]]) -> None:
    """As long as what was counted over the lost ones stays below a quarter of the range."""
    steps: list[tuple[str, int | str]] = []
    for vehicles, fate in street:
        steps += [
            ("count", vehicles if fate.startswith("arrives") and "late" not in fate else 0),
            ("send", fate),
        ]
    points, moves = store(live(steps))
    counted = sum(point.get("count", 0) for point in points.values())
    assert counted == (moves[-1][1].truth - moves[0][0].truth if moves else 0)
