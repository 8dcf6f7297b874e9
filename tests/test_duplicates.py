"""The memory of stored frames."""

from hypothesis import given
from hypothesis import strategies as st

from devices.duplicates import MEMORY, WINDOW_NS, frame, is_duplicate, remember, remembering
from devices.state import EMPTY, DeviceState, pack, unpack
from tests.street import HOUR, NOON, uplink


def test_nothing_is_a_duplicate_at_first() -> None:
    assert not is_duplicate(uplink(dedup_key="a"), EMPTY)


def test_a_remembered_frame_is_a_duplicate_at_any_distance() -> None:
    state = remembering(uplink(NOON, dedup_key="a"), EMPTY)
    assert is_duplicate(uplink(NOON, dedup_key="a"), state)
    assert is_duplicate(uplink(NOON + 24 * HOUR, dedup_key="a"), state)
    assert not is_duplicate(uplink(NOON, dedup_key="b"), state)


def test_a_key_made_of_a_hash_holds_within_the_window_only() -> None:
    state = remembering(uplink(NOON, dedup_key="~a"), EMPTY)
    assert is_duplicate(uplink(NOON + WINDOW_NS, dedup_key="~a"), state)
    assert is_duplicate(uplink(NOON - WINDOW_NS, dedup_key="~a"), state)
    assert not is_duplicate(uplink(NOON + WINDOW_NS + 1, dedup_key="~a"), state)
    assert not is_duplicate(uplink(NOON - WINDOW_NS - 1, dedup_key="~a"), state)


def test_the_same_content_said_again_is_compared_with_every_time_it_was_said() -> None:
    state = remembering(uplink(NOON, dedup_key="~a"), EMPTY)
    state = remembering(uplink(NOON + HOUR, dedup_key="~a"), state)
    assert is_duplicate(uplink(NOON + 1, dedup_key="~a"), state)
    assert is_duplicate(uplink(NOON + HOUR + 1, dedup_key="~a"), state)
    assert not is_duplicate(uplink(NOON + HOUR // 2, dedup_key="~a"), state)


def test_the_memory_survives_the_spool() -> None:
    state = unpack(pack(remembering(uplink(NOON, dedup_key="a"), EMPTY)))
    assert is_duplicate(uplink(NOON, dedup_key="a"), state)


def test_a_time_that_looks_like_a_hash_is_none() -> None:
    digest = remember(uplink(dedup_key="a"), EMPTY)[:8]
    assert not is_duplicate(uplink(dedup_key="a"), DeviceState(keys=bytes(8) + digest))
    assert is_duplicate(uplink(dedup_key="a"), DeviceState(keys=bytes(8) + digest + digest + bytes(8)))


def test_times_before_1970_and_keys_with_lone_surrogates_are_remembered_too() -> None:
    odd = uplink(-5, dedup_key="~\ud800")
    assert is_duplicate(odd, remembering(odd, EMPTY))


@given(st.lists(st.integers(0, 99), max_size=80))
def test_the_memory_is_the_last_32_frames(stored: list[int]) -> None:
    state = EMPTY
    for number in stored:
        state = DeviceState(keys=remember(uplink(NOON + number, dedup_key=f"key {number}"), state))
    assert len(state.keys) == 16 * min(len(stored), MEMORY)
    for number in range(100):
        expected = number in stored[-MEMORY:]
        assert is_duplicate(uplink(NOON, dedup_key=f"key {number}"), state) is expected


def test_a_frame_is_one_of_an_installation_a_key_and_a_time() -> None:
    different = [
        frame(key, uplink(time_ns, dedup_key=dedup_key))
        for key in ("luft|1", "luft|2")
        for time_ns in (NOON, NOON + 1, -NOON)
        for dedup_key in ("a", "~a", "")
    ]
    assert len(set(different)) == len(different)
    assert {len(one) for one in different} == {8}
    assert frame("luft|1", uplink(NOON, dedup_key="a")) == different[0]
