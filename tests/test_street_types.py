"""Parking, traffic and people sensors over several uplinks: counts, arrivals and stays out of payloads."""

import pytest

from devices.codecs import decode
from devices.device import Device, Installation
from devices.normalise import Normalised, normalise
from devices.reading import Reading
from devices.state import EMPTY
from devices.type_file import SHIPPED_TYPES, read
from devices.uplink import Kind, Uplink
from tests.street import HOUR, MINUTE, NOON, SECOND

#: The types of these sensors that others have published examples of.
OURS = {
    *("adeunis-pulse", "bosch-tps110", "dingtek-do200", "dingtek-do201", "dingtek-do202", "esp32-paxcounter"),
    *("imbuildings-people-counter", "libelium-smart-parking", "milesight-vs121", "milesight-vs132"),
    *("milesight-vs133", "milesight-vs135", "milesight-vs350", "milesight-vs360", "netvox-r719a"),
    *("nwave-ncc405", "nwave-nps310", "nwave-nps405", "parametric-pcr2", "parametric-tcr", "pmx-tcr"),
    *("pni-placepod", "tekzitel-tekzipark", "terabee-people-flow-l-xl", "terabee-people-flow-m"),
    "terabee-people-occupancy",
}


class Sensor:
    """One sensor of a type, and what is remembered of it."""

    def __init__(self, name: str) -> None:
        kind, _, complaints = read(SHIPPED_TYPES / f"{name}.yaml")
        assert kind is not None, complaints
        self._place = Installation(Device("place", "Site", "giessen"), "70b3d57ba0000a1c", kind)
        self._state = EMPTY

    def says(self, time_ns: int, payload: str, port: int = 85) -> list[Reading]:
        """The readings of an uplink, without what it says of itself."""
        uplink = Uplink(
            kind=Kind.DATA,
            address=self._place.address,
            time_ns=time_ns,
            dedup_key=f"{time_ns}",
            f_port=port,
            payload=bytes.fromhex(payload),
            snr=7.0,
        )
        meant: Normalised = normalise(
            uplink, decode(uplink, self._place).data, self._place, self._state, time_ns
        )
        assert meant.complaints == ()
        self._state = meant.state
        return [one for one in meant.readings if one.measurement != "device"]


def counted(readings: list[Reading]) -> list[tuple[dict[str, str], int, int | None, float]]:
    """Every count with its tags, begin and interval."""
    return [
        (dict(one.tags), one.time_ns, one.interval_s, value.value)
        for one in readings
        for value in one.values
        if value.field == "count"
    ]


def fields(readings: list[Reading]) -> dict[str, float]:
    return {value.field: value.value for one in readings for value in one.values}


def test_each_category_of_a_traffic_counter_counts_since_its_own_uplink_before() -> None:
    sensor = Sensor("pmx-tcr")
    first = "a20c00 0005 1e 0000 00 33"
    for port in (13, 14):
        sensor.says(NOON + port * SECOND, first, port)
    later = NOON + 10 * MINUTE
    all_of_them = sensor.says(later + 15 * SECOND, "a20c0a 0007 1e 0001 28 33", 13)
    bicycles = sensor.says(later + 21 * SECOND, "a20c0a 0002 0f 0000 00 33", 14)
    assert counted(all_of_them) == [
        ({"direction": "ltr", "vehicle_class": "all"}, NOON + 13 * SECOND, 602, 7),
        ({"direction": "rtl", "vehicle_class": "all"}, NOON + 13 * SECOND, 602, 1),
    ]
    assert counted(bicycles) == [
        ({"direction": "ltr", "vehicle_class": "cat1"}, NOON + 14 * SECOND, 607, 2),
        ({"direction": "rtl", "vehicle_class": "cat1"}, NOON + 14 * SECOND, 607, 0),
    ]
    speeds = [{value.field for value in one.values} for one in bicycles]
    assert speeds == [{"count", "speed"}, {"count"}]  # a mean speed of nobody is none


def test_each_line_of_a_people_counter_counts_by_itself() -> None:
    sensor = Sensor("milesight-vs135")
    sensor.says(NOON, "03d2f0ffffff 04d207000000 06d200000000")
    later = sensor.says(NOON + 10 * MINUTE, "03d205000000 04d209000000 06d201000000 05cc15000200")
    assert counted(later) == [
        ({"direction": "in", "lane": "1", "vehicle_class": "pedestrian"}, NOON, 600, 21),  # past 2 ** 32
        ({"direction": "out", "lane": "1", "vehicle_class": "pedestrian"}, NOON, 600, 2),
        ({"direction": "in", "lane": "2", "vehicle_class": "pedestrian"}, NOON, 600, 1),
    ]


def test_records_of_the_past_fill_what_was_lost_and_count_once() -> None:
    sensor = Sensor("milesight-vs350")
    noon_s = NOON // SECOND
    sensor.says(NOON, "04cc 0a00 0000")
    sensor.says(NOON + 3 * HOUR, "04cc 2800 0000")
    past = b"".join(
        bytes.fromhex("20ce")
        + (noon_s + hours * 3600).to_bytes(4, "little")
        + bytes.fromhex("01 0000 0000")
        + total.to_bytes(2, "little")
        + bytes(2)
        for hours, total in ((1, 20), (2, 30))
    )
    late = sensor.says(NOON + 3 * HOUR + MINUTE, past.hex())
    assert counted(late) == []
    assert [(one.time_ns, fields([one])) for one in late if ("direction", "in") in one.tags] == [
        (NOON + HOUR, {"count_total": 20}),
        (NOON + 2 * HOUR, {"count_total": 30}),
    ]


#: Of every type whose totals wrap: port, and uplinks with the last total but one and with the fourth.
WRAPS = {
    "adeunis-pulse": (1, "4601fffffffe00000000", "46010000000300000000"),
    "elsys-elt-2-pulse": (5, "0bfffffffe", "0b00000003"),
    "imbuildings-people-counter": (26, "0001000000000020fffe000001", "00010000000000200003000002"),
    "milesight-vs121": (85, "0dccfeff0000", "0dcc03000000"),
    "milesight-vs132": (85, "03d2feffffff", "03d203000000"),
    "milesight-vs133": (85, "03d2feffffff", "03d203000000"),
    "milesight-vs135": (85, "03d2feffffff", "03d203000000"),
    "milesight-vs350": (85, "04ccfeff0000", "04cc03000000"),
    "milesight-vs360": (85, "04ccfeff0000", "04cc03000000"),
    "nwave-ncc405": (1, "fffe", "0003"),
    "terabee-people-flow-l-xl": (1, "fffffffe0000000000", "000000030000000000"),
    "terabee-people-flow-m": (82, "fffffffe0000000000", "000000030000000000"),
}


@pytest.mark.parametrize("name", WRAPS)
def test_a_total_counts_on_over_its_last_bit(name: str) -> None:
    port, before, after = WRAPS[name]
    sensor = Sensor(name)
    sensor.says(NOON, before, port)
    assert sorted(value for *_, value in counted(sensor.says(NOON + HOUR, after, port)))[-1:] == [5]


def test_every_total_that_wraps_is_among_them() -> None:
    widths = {
        path.stem: {value.width for reading in kind.readings for value in reading.values} - {None}
        for path in SHIPPED_TYPES.glob("*.yaml")
        if (kind := read(path)[0])
    }
    assert {name for name, found in widths.items() if found} == set(WRAPS)


def test_a_car_counter_that_started_anew_counts_from_0() -> None:
    sensor = Sensor("nwave-ncc405")
    sensor.says(NOON, "fff0", 1)
    assert sensor.says(NOON + MINUTE, "010d0002", 3) == []
    assert [value for *_, value in counted(sensor.says(NOON + HOUR, "0005", 1))] == [5]


def test_a_bay_has_arrivals_and_stays() -> None:
    sensor = Sensor("bosch-tps110")
    assert fields(sensor.says(NOON, "00", 1)) == {"occupied": 0}
    assert fields(sensor.says(NOON + HOUR, "01", 1)) == {"occupied": 1, "arrivals": 1}
    assert fields(sensor.says(NOON + 2 * HOUR, "0105", 2)) == {"occupied": 1}
    assert fields(sensor.says(NOON + 3 * HOUR, "00", 1)) == {"occupied": 0, "stay": 7200}


def test_a_stay_whose_begin_was_lost_is_the_one_that_the_sensor_says() -> None:
    sensor = Sensor("nwave-nps405")
    sensor.says(NOON, "00", 1)
    assert fields(sensor.says(NOON + HOUR, f"{74 << 1:02x}", 1)) == {"occupied": 0, "stay": 74 * 60}


def test_a_stay_that_was_seen_is_known_to_the_second() -> None:
    sensor = Sensor("nwave-nps405")
    sensor.says(NOON, "00", 1)
    assert fields(sensor.says(NOON + HOUR, "01", 1)) == {"occupied": 1, "arrivals": 1}
    left = NOON + HOUR + 30 * MINUTE + 20 * SECOND
    assert fields(sensor.says(left, f"{30 << 1:02x}", 1)) == {"occupied": 0, "stay": 1820}


@pytest.mark.parametrize(
    ("name", "port", "payload"),
    [
        ("netvox-r719a", 6, "015900640b202004240000"),
        ("libelium-smart-parking", 3, "04001e0e7cf2d9f91e0ddf"),
        ("dingtek-do200", 3, "8000020311000b18020a05a0003c000081"),
        ("milesight-vs133", 85, "ff166614c39694870000ff090102"),
        ("adeunis-pulse", 1, "20400101"),
    ],
)
def test_a_message_that_says_nothing_we_keep_is_heard(name: str, port: int, payload: str) -> None:
    assert Sensor(name).says(NOON, payload, port) == []


def test_every_type_has_an_example_that_others_published() -> None:
    for name in OURS:
        _, described, complaints = read(SHIPPED_TYPES / f"{name}.yaml")
        assert described is not None, complaints
        assert described.category in {"parking", "traffic", "people"}
        assert described.interval or described.heartbeat
        assert described.battery is not None
        assert any(not example.own for example in described.examples), name
