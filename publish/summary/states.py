"""States over time: each holds until the next one, or until its device counts as silent."""

from collections.abc import Collection, Sequence
from itertools import pairwise

import msgspec

from publish.summary.sample import Sample
from publish.summary.window import Window


class Span(msgspec.Struct, frozen=True, gc=False):
    """A state that is known for `[begin_ns, end_ns)`, never empty."""

    begin_ns: int
    end_ns: int
    value: float | int
    suspect: bool = False


def spans(
    states: Sequence[Sample],
    window: Window,
    known_ns: int,
    ends: Collection[int] = (),
    later: Sequence[tuple[int, int]] = (),
) -> list[Span]:
    """The parts of the window in which the state is known, oldest first.

    `states` are of one series, oldest first, and may begin before the window: the last one before it is
    carried in. A state is known for `known_ns` at most (then the device is silent and nobody knows), and
    until the next one says something else; of several at one time the last counts. A failed one ends what
    was known, and so does the hardware's end at its place (`ends`, UTC nanoseconds). `later` says, oldest
    first, from when on states are known for how long instead (UTC nanoseconds, nanoseconds).
    """
    found = []
    end = Sample(max(window.end_ns, states[-1].time_ns) if states else window.end_ns, None)
    for state, following in pairwise([*states, end]):
        begin_ns = max(state.time_ns, window.begin_ns)
        held_ns = known_ns
        for since_ns, then_ns in later:
            if since_ns <= state.time_ns:
                held_ns = then_ns
        end_ns = min(following.time_ns, state.time_ns + held_ns, window.end_ns)
        if ends:
            end_ns = min([end_ns, *(gone_ns for gone_ns in ends if gone_ns > state.time_ns)])
        if state.value is not None and begin_ns < end_ns:
            found.append(Span(begin_ns, end_ns, state.value, state.suspect))
    return found
