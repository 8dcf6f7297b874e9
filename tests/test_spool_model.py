"""The spool against a model of lists and dicts, through generated histories with restarts and crashes."""

import asyncio
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from unittest import mock

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from devices.state import DeviceState
from ingest.group import DeadLetter, Group, Kept
from ingest.seams import RefusedLine
from ingest.settings import Spool as Limits
from ingest.spool import DeadFilter, KeptFilter, open_spool
from ingest.spool import states as states_module
from ingest.spool.budget import ROW_BYTES
from tests.spool_rows import dead_letter, kept_row

ALL = 10**9
DAY_NS = 86_400 * 10**9
LIMITS = Limits(
    waiting_bytes=65536,
    quarantine_bytes=65536,
    dead_letter_bytes=65536,
    refusals_days=2,
    refusals_per_device=3,
)

addresses = st.sampled_from(["", "a", "b", "c"])
times = st.integers(0, 5 * DAY_NS)
payloads = st.sampled_from([0, 2, 9_000, 30_000, 70_000]).map(lambda size: b"\n" * size)
lines = st.lists(st.binary(max_size=5).map(lambda line: line.replace(b"\n", b"")), max_size=4)
kept_rows = st.builds(
    kept_row,
    addresses,
    time_ns=times,
    payload=payloads,
    outcome=st.sampled_from(["rejected", "quarantined"]),
    topic=st.sampled_from(["t/1", "t/2"]),
)
dead_letters = st.builds(dead_letter, payloads, device=addresses, arrival_ns=times)
states = st.dictionaries(
    st.sampled_from(["a|1", "b|2", "c|3"]),
    st.builds(DeviceState, st.integers(0, 9), keys=st.binary(max_size=8)),
)
kept_filters = st.builds(
    KeptFilter,
    id=st.none(),
    reason=st.none(),
    address=st.none() | addresses,
    outcome=st.sampled_from([None, "rejected"]),
    since_ns=st.none() | times,
)
dead_filters = st.builds(
    DeadFilter, id=st.none(), device=st.none() | addresses, kind=st.sampled_from([None, "refused"])
)


class Shelf:
    """One table of refusals as a list, oldest first, with the budgets said in the plainest way."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.rows: list[Kept | DeadLetter] = []
        self.last_id = 0

    def put(self, rows: list[Kept] | list[DeadLetter]) -> Counter[str]:
        for row in rows:
            self.last_id += 1
            self.rows.append(msgspec.structs.replace(row, id=self.last_id))
        dropped: Counter[str] = Counter()
        for name in {holder(row) for row in rows}:
            while len(mine := [row for row in self.rows if holder(row) == name]) > LIMITS.refusals_per_device:
                self.rows.remove(mine[0])
                dropped["device"] += 1
        while self.size() > self.budget:
            _, most = max((self.size(name), name) for name in {holder(row) for row in self.rows})
            self.rows.remove(next(row for row in self.rows if holder(row) == most))
            dropped["bytes"] += 1
        return dropped

    def size(self, name: str | None = None) -> int:
        return sum(size(row) for row in self.rows if name is None or holder(row) == name)

    def take(self, chosen: list[Kept] | list[DeadLetter]) -> int:
        self.rows = [row for row in self.rows if row not in chosen]
        return len(chosen)


def holder(row: Kept | DeadLetter) -> str:
    return row.device if isinstance(row, DeadLetter) else row.address or row.topic


def size(row: Kept | DeadLetter) -> int:
    fields = [value for value in msgspec.structs.astuple(row) if isinstance(value, str | bytes)]
    return ROW_BYTES + sum(map(len, fields))


class SpoolMachine(RuleBasedStateMachine):
    """Every rule does the same to the spool and to the model; the invariants compare what they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.short_log = mock.patch.object(states_module, "LOG_BYTES", 60)  # a fold every few states
        self.short_log.start()
        self.folder = Path(tempfile.mkdtemp(prefix="messnetz-spool-"))
        self.runner = asyncio.Runner()
        self.generation = 0
        self.groups: list[list[bytes]] = []
        self.quarantine = Shelf(LIMITS.quarantine_bytes)
        self.dead = Shelf(LIMITS.dead_letter_bytes)
        self.states: dict[str, DeviceState] = {}
        self.spool = open_spool(self.folder / "0", LIMITS)

    def teardown(self) -> None:
        self.spool.close()
        self.runner.close()
        shutil.rmtree(self.folder)
        self.short_log.stop()

    # --- the service's life ---

    @rule()
    def restart(self) -> None:
        self.spool.close()
        self.spool = open_spool(self.folder / str(self.generation), LIMITS)

    @rule()
    def crash(self) -> None:
        """Go on with the files as they lie at this moment, as after a kill."""
        old = self.folder / str(self.generation)
        self.generation += 1
        new = self.folder / str(self.generation)
        new.mkdir()
        for suffix in ("", "-wal"):
            if (source := Path(f"{old}/spool.db{suffix}")).exists():
                shutil.copyfile(source, f"{new}/spool.db{suffix}")
        self.spool.close()
        self.spool = open_spool(new, LIMITS)

    # --- the pipeline's and the writer's work ---

    @rule(
        lines=lines,
        dead=st.lists(dead_letters, max_size=3),
        kept=st.lists(kept_rows, max_size=5),
        states=states,
        released=st.lists(st.integers(1, 12), max_size=3),
    )
    def commit(
        self,
        lines: list[bytes],
        dead: list[DeadLetter],
        kept: list[Kept],
        states: dict[str, DeviceState],
        released: list[int],
    ) -> None:
        committed = self.runner.run(self.spool.commit(Group(lines, dead, kept, states, released)))
        if lines:
            self.groups.append(lines)
        self.quarantine.take([row for row in self.quarantine.rows if row.id in released])  # type: ignore[arg-type]
        dropped = {f"dead_letters.{name}": n for name, n in self.dead.put(dead).items()}
        dropped |= {f"quarantine.{name}": n for name, n in self.quarantine.put(kept).items()}
        self.states |= states
        assert committed.dropped == dropped

    @rule(limit=st.integers(1, 6), refuse=st.sets(st.integers(0, 3)), at_ns=times)
    def write(self, limit: int, refuse: set[int], at_ns: int) -> None:
        waiting = self.runner.run(self.spool.read(limit, ALL))
        expected: list[bytes] = []
        taken = 0
        for group in self.groups:
            if expected and len(expected) + len(group) > limit:
                break
            expected += group
            taken += 1
        assert (waiting.lines if waiting else []) == expected
        if waiting:
            refused = [RefusedLine(index, "no") for index in sorted(refuse) if index < len(expected)]
            dead = [dead_letter(expected[one.index], arrival_ns=at_ns) for one in refused]
            self.runner.run(self.spool.settle(waiting, refused, dead))
            del self.groups[:taken]
            self.dead.put(dead)

    # --- what operators and time do ---

    @rule(now_ns=times)
    def expire(self, now_ns: int) -> None:
        dropped = self.runner.run(self.spool.expire(now_ns))
        begin = now_ns - LIMITS.refusals_days * DAY_NS
        for name, shelf in (("quarantine", self.quarantine), ("dead_letters", self.dead)):
            old = [row for row in shelf.rows if row.arrival_ns < begin]
            assert dropped[f"{name}.age"] == shelf.take(old)  # type: ignore[arg-type]

    @rule(chosen=kept_filters)
    def drop_kept(self, chosen: KeptFilter) -> None:
        assert self.runner.run(self.spool.drop_kept(chosen)) == self.quarantine.take(self.matching(chosen))

    @rule(chosen=dead_filters)
    def drop_dead(self, chosen: DeadFilter) -> None:
        assert self.runner.run(self.spool.drop_dead(chosen)) == self.dead.take(self.matching_dead(chosen))

    @rule(chosen=dead_filters)
    def requeue_dead(self, chosen: DeadFilter) -> None:
        found = self.matching_dead(chosen)
        told: list[int] = []
        assert self.runner.run(self.spool.requeue_dead(chosen, told.append)) == self.dead.take(found)
        assert sum(told) == len(found)
        if found:
            self.groups.append([row.line.replace(b"\n", b" ") for row in found])

    def matching(self, chosen: KeptFilter) -> list[Kept]:
        return [
            row
            for row in self.quarantine.rows
            if isinstance(row, Kept)
            and chosen.address in (None, row.address)
            and chosen.outcome in (None, row.outcome)
            and (chosen.since_ns is None or row.time_ns >= chosen.since_ns)
        ]

    def matching_dead(self, chosen: DeadFilter) -> list[DeadLetter]:
        return [
            row
            for row in self.dead.rows
            if isinstance(row, DeadLetter) and chosen.device in (None, row.device)
        ]

    # --- what is always true ---

    @invariant()
    def figures_are_true(self) -> None:
        figures = self.spool.figures
        assert figures.waiting_rows == len(self.groups)
        assert figures.waiting_lines == sum(map(len, self.groups))
        assert figures.waiting_bytes == sum(len(b"\n".join(group)) for group in self.groups)
        assert (figures.quarantine_rows, figures.quarantine_bytes) == (
            len(self.quarantine.rows),
            self.quarantine.size(),
        )
        assert (figures.dead_letters_rows, figures.dead_letters_bytes) == (
            len(self.dead.rows),
            self.dead.size(),
        )
        assert (figures.oldest_waiting_ns is None) == (not self.groups)
        assert not self.spool.damaged

    @invariant()
    def everything_is_there(self) -> None:
        waiting = self.runner.run(self.spool.read(ALL, ALL))
        assert (waiting.lines if waiting else []) == [line for group in self.groups for line in group]
        kept = self.runner.run(self.spool.kept(KeptFilter(), limit=ALL))
        assert kept == sorted(self.matching(KeptFilter()), key=lambda row: (row.time_ns, row.id))
        assert self.runner.run(self.spool.states()) == self.states
        unknown = {row.address for row in self.matching(KeptFilter()) if row.outcome == "quarantined"}
        assert self.runner.run(self.spool.quarantined_addresses()) == unknown - {""}


TestSpool = SpoolMachine.TestCase
TestSpool.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
