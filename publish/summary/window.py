"""The time that a summary is about."""

import msgspec


class Window(msgspec.Struct, frozen=True, gc=False):
    """`[begin_ns, end_ns)`, UTC nanoseconds; of any length, so that days may have 23 or 25 hours."""

    begin_ns: int
    end_ns: int

    @property
    def length_ns(self) -> int:
        """How long it is."""
        return self.end_ns - self.begin_ns

    def share(self, covered_ns: int) -> float:
        """Percent that so much of it is: one decimal, cut and not rounded, so that 100.0 is all of it."""
        return min(covered_ns * 1000 // self.length_ns, 1000) / 10
