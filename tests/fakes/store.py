"""A store that answers what it was told to, and remembers what it was asked."""

from collections.abc import Sequence

from ingest.seams import RefusedLine, Row, StoreUnavailable

#: What one `write` does: store all, refuse lines, or be unavailable.
Answer = None | Sequence[RefusedLine] | StoreUnavailable


class FakeStore:
    """Is `down` as long as told, takes `answers` one by one, then stores everything.

    `written` are the lines that it holds, in order.
    """

    name = "fake"

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.down: StoreUnavailable | None = None
        self.requests: list[list[bytes]] = []
        self.written: list[bytes] = []

    async def write(self, lines: Sequence[bytes]) -> Sequence[RefusedLine]:
        self.requests.append(list(lines))
        if self.down:
            raise self.down
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, StoreUnavailable):
            raise answer
        refused = answer or ()
        gone = {one.index for one in refused}
        self.written += [line for index, line in enumerate(lines) if index not in gone]
        return refused

    async def latest(
        self,
        measurement: str,  # noqa: ARG002  the seam's signature
        fields: Sequence[str],  # noqa: ARG002  the seam's signature
        since_ns: int,  # noqa: ARG002  the seam's signature
        before_ns: int | None = None,  # noqa: ARG002  the seam's signature
    ) -> Sequence[Row]:
        return ()

    async def window(
        self,
        measurement: str,  # noqa: ARG002  the seam's signature
        fields: Sequence[str],  # noqa: ARG002  the seam's signature
        begin_ns: int,  # noqa: ARG002  the seam's signature
        end_ns: int,  # noqa: ARG002  the seam's signature
        devices: Sequence[str] | None = None,  # noqa: ARG002  the seam's signature
    ) -> Sequence[Row]:
        return ()

    async def series(
        self,
        measurement: str,  # noqa: ARG002  the seam's signature
        fields: Sequence[str],  # noqa: ARG002  the seam's signature
        device: str,  # noqa: ARG002  the seam's signature
        begin_ns: int,  # noqa: ARG002  the seam's signature
        end_ns: int,  # noqa: ARG002  the seam's signature
    ) -> Sequence[Row]:
        return ()

    async def remove(self, measurement: str, device: str, begin_ns: int, end_ns: int) -> None:
        raise NotImplementedError

    async def check_removal(self) -> None:
        """Nothing hinders."""

    async def close(self) -> None:
        """Nothing to let go of."""
