"""The registry: precise about every mistake, partial, and right about who was where and when."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.device import Calibration
from devices.errors import RegistryUnreadable
from devices.registry import SHIPPED_TYPES, Registry, changed_addresses, load, removed_devices
from devices.words import dev_eui, tag_prefix

CONFIG = Path(__file__).parents[1] / "config" / "sample"
HEAD = """municipality: {id: giessen, ags: "06531005"}
publisher: {name: Stadt Gießen, contact: smartcity@example.org, licence: dl-de/by-2-0}
devices:
"""
WHOSE = "municipality: {id: giessen}\n"
MARKT = """  - id: luft-markt
    site: Marktplatz
    dev_eui: 70b3d57ba0000a1c
    type: decentlab-dl-pm
"""
BAHNHOF = """  - id: luft-bahnhof
    site: Bahnhof
    dev_eui: 70b3d57ba0000a1d
    type: decentlab-dl-pm
"""
ACME = """manufacturer: Acme
model: Dust
codec: lns
interval: 10min
readings:
  - values:
      pm1: {from: pm1_0_mass_concentration.value, unit: ug/m3}
      pm2_5: {from: pm2_5, unit: ug/m3}
examples:
  - source: made up
    decoded: {pm2_5: 3.1}
    readings: [{measurement: air_quality, values: {pm2_5: 3.1}}]
"""
SWAP = """  - id: verkehr-ring
    site: Ring
    installations:
      - {from: 2025-11-03 09:30, until: 2026-03-10 14:00, dev_eui: 0004a30b00f1c702, type: parametric-pcr2}
      - {from: 2026-03-10 14:15, dev_eui: 24e124600d142337, type: milesight-vs135}
"""
MARKT_EUI, BAHNHOF_EUI = "70b3d57ba0000a1c", "70b3d57ba0000a1d"
OLD_EUI, NEW_EUI = "0004a30b00f1c702", "24e124600d142337"


def ns(text: str, zone: str = "Europe/Berlin") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000_000


class City:
    """A folder of device files that a technician edits."""

    def __init__(self, folder: Path) -> None:
        self.devices, self.types, self.codecs = folder / "devices", folder / "types", folder / "codecs"
        for each in (self.devices, self.types, self.codecs):
            each.mkdir()

    def write(self, entries: str, name: str = "giessen.yaml", head: str = HEAD) -> None:
        (self.devices / name).write_text(head + entries, encoding="utf-8")

    def load(self, previous: Registry | None = None) -> Registry:
        types = (SHIPPED_TYPES, self.types)
        return load(self.devices, types, previous=previous, codecs_dir=self.codecs)

    def said(self, registry: Registry) -> list[str]:
        return [str(one).removeprefix(f"{self.devices}/") for one in registry.complaints]


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def test_the_sample_registry_is_without_complaint_and_shows_everything() -> None:
    registry = load(CONFIG / "devices", (SHIPPED_TYPES, CONFIG / "types"))
    assert registry.complaints == ()
    types = {one.type.id for device in registry.devices.values() for one in device.installations}
    assert types <= set(registry.types)
    assert len({device.lot for device in registry.devices.values() if device.lot}) == 2
    assert any(len(device.installations) == 2 for device in registry.devices.values())
    assert any(one.calibration for device in registry.devices.values() for one in device.installations)


def test_an_entry_becomes_a_device_with_its_installation(city: City) -> None:
    city.write(
        """  - id: luft-markt
    site: Marktplatz, Ecke A=B
    district: Innenstadt
    location: {lat: 50.5841, lon: 8.6784, height: 3.5}
    interval: 10min
    publish: partners
    labels: {inventar: 0042, mast: A 7}
    dev_eui: 70-B3-D5-7B-A0-00-0A-1C
    type: decentlab-dl-pm
    calibration: {pm2_5: {factor: 0.92, offset: 0.4}}
"""
    )
    registry = city.load()
    assert registry.complaints == ()
    device = registry.devices["luft-markt"]
    assert (device.lat, device.lon, device.height_m, device.interval_s) == (50.5841, 8.6784, 3.5, 600)
    assert (device.publish, dict(device.labels), device.line) == (
        "partners",
        {"inventar": "0042", "mast": "A 7"},
        4,
    )
    [installation] = registry.installations(MARKT_EUI)
    assert installation.device is device
    assert device.installations == (installation,)
    assert installation.calibration == {"pm2_5": Calibration(0.92, 0.4)}
    assert installation.tag_prefix == (
        r",device=luft-markt,district=Innenstadt,municipality=giessen,site=Marktplatz\,\ Ecke\ A\=B"
    )


@pytest.mark.parametrize(
    "written",
    [
        "24e1241234567890",
        "0012345678901234",
        "1234567890123456",
        "70B3D57BA0000A1C",
        "70-b3-d5-7b-a0-00-0a-1c",
        "00:12:34:56:78:90:12:34",
        "'24e1241234567890'",
        '"0012345678901234"',
        "24e1241234567890 # as on the label",
    ],
)
def test_a_dev_eui_is_taken_as_it_is_written(city: City, written: str) -> None:
    city.write(MARKT.replace(MARKT_EUI, written))
    registry = city.load()
    assert registry.complaints == ()
    expected = dev_eui(written.partition(" #")[0].strip("'\""))
    assert list(registry.by_address) == [expected]


def test_numbers_that_are_texts_keep_their_zeros(city: City) -> None:
    city.write(MARKT + "    lot: 007\n    bay: 1.10\n    lane: 1e3\n    labels: {a: 00, b: true, c: 1e5}\n")
    device = city.load().devices["luft-markt"]
    assert (device.lot, device.bay, device.lane) == ("007", "1.10", "1e3")
    assert dict(device.labels) == {"a": "00", "b": "true", "c": "1e5"}


OLD_NUMBER, NEW_NUMBER = "24e1241234567898", "24e1241234567896"  # both are infinite to YAML
NUMBERS = SWAP.replace(OLD_EUI, OLD_NUMBER).replace(NEW_EUI, NEW_NUMBER)


@pytest.mark.parametrize(
    "entry",
    [
        NUMBERS,
        NUMBERS.replace(
            "    site", f"    # dev_eui: {NEW_NUMBER}\n    # dev_eui: 24e1241234567899\n    site"
        ),
    ],
    ids=["two", "and remarks"],
)
def test_two_dev_euis_that_are_one_number_to_yaml_are_told_apart(city: City, entry: str) -> None:
    city.write(entry)
    registry = city.load()
    assert registry.complaints == ()
    [device] = registry.devices.values()
    assert [(one.address, one.type.id) for one in device.installations] == [
        (OLD_NUMBER, "parametric-pcr2"),
        (NEW_NUMBER, "milesight-vs135"),
    ]


def test_a_dev_eui_beside_an_old_one_in_a_remark_is_its_own(city: City) -> None:
    city.write(MARKT.replace(MARKT_EUI, f"{NEW_NUMBER} # was\n    # dev_eui: {OLD_NUMBER}"))
    registry = city.load()
    assert registry.complaints == ()
    assert list(registry.by_address) == [NEW_NUMBER]


def test_dev_euis_that_are_one_number_are_told_apart_in_a_registry_in_one_line(city: City) -> None:
    places = (("a", OLD_NUMBER), ("b", NEW_NUMBER))
    listed = ", ".join(f"{{id: {at}, site: A, dev_eui: {eui}, type: decentlab-dl-pm}}" for at, eui in places)
    city.write(f"[{listed}]\n", head=HEAD.replace("devices:\n", "devices: "))
    registry = city.load()
    assert registry.complaints == ()
    assert {eui: several[0].device.id for eui, several in registry.by_address.items()} == {
        OLD_NUMBER: "a",
        NEW_NUMBER: "b",
    }


def test_a_bad_entry_with_such_dev_euis_still_remembers_its_complaint_for_both(city: City) -> None:
    city.write(NUMBERS.replace("milesight-vs135", "milesight-vs13"))
    registry = city.load()
    assert set(registry.refused) == {OLD_NUMBER, NEW_NUMBER}


def test_other_texts_that_are_one_number_to_yaml_are_not_guessed(city: City) -> None:
    city.write(
        SWAP.replace("parametric-pcr2}", "parametric-pcr2, variables: {a: 1.1}}").replace(
            "milesight-vs135}", "milesight-vs135, variables: {a: 1.10}}"
        )
    )
    assert city.said(city.load()) == [
        "giessen.yaml:7: verkehr-ring: installations.0.variables: is a number to YAML: write it in quotes",
        "giessen.yaml:8: verkehr-ring: installations.1.variables: is a number to YAML: write it in quotes",
    ]


@pytest.mark.parametrize(
    ("address", "moment", "device", "kind"),
    [
        (OLD_EUI, "2025-11-03 09:29:59", None, ""),
        (OLD_EUI, "2025-11-03 09:30:00", "verkehr-ring", "parametric-pcr2"),
        (OLD_EUI, "2026-03-10 13:59:59", "verkehr-ring", "parametric-pcr2"),
        (OLD_EUI, "2026-03-10 14:00:00", None, ""),
        (NEW_EUI, "2026-03-10 14:14:59", None, ""),
        (NEW_EUI, "2026-03-10 14:15:00", "verkehr-ring", "milesight-vs135"),
        (NEW_EUI, "2031-01-01 00:00:00", "verkehr-ring", "milesight-vs135"),
        ("ffffffffffffffff", "2026-01-01 00:00:00", None, ""),
    ],
)
def test_windows_are_half_open_and_in_local_time(
    city: City, address: str, moment: str, device: str | None, kind: str
) -> None:
    city.write(SWAP)
    found = city.load().installation(address, ns(moment))
    assert (found.device.id if found else None, found.type.id if found else "") == (device, kind)


def test_a_file_may_name_another_time_zone(city: City) -> None:
    city.write(MARKT + "    from: 2026-07-01 12:00\n", head="timezone: Atlantic/Azores\n" + HEAD)
    [installation] = city.load().installations(MARKT_EUI)
    assert installation.begin_ns == ns("2026-07-01 12:00", "Atlantic/Azores")


@pytest.mark.parametrize(
    ("address", "moment", "why"),
    [
        (OLD_EUI, "2025-10-01 00:00", "verkehr-ring: before its installation on 2025-11-03 09:30"),
        (OLD_EUI, "2026-05-01 00:00", "verkehr-ring: after its removal on 2026-03-10 14:00"),
        ("ffffffffffffffff", "2026-05-01 00:00", "not registered"),
    ],
)
def test_why_an_uplink_has_no_installation_is_said(city: City, address: str, moment: str, why: str) -> None:
    city.write(SWAP)
    assert city.load().why_not(address, ns(moment)) == why


def test_the_address_of_a_bad_entry_remembers_its_complaint(city: City) -> None:
    city.write(MARKT.replace("decentlab-dl-pm", "decentlab-dlpm") + BAHNHOF)
    registry = city.load()
    assert set(registry.devices) == {"luft-bahnhof"}
    why = registry.why_not(MARKT_EUI, ns("2026-05-01 00:00"))
    wrong = "luft-markt: there is no device type decentlab-dlpm (did you mean decentlab-dl-pm?)"
    assert why.endswith(f"giessen.yaml:7: {wrong}: messnetz types list shows all")


def complaint_about(city: City, entry: str) -> str:
    """The one complaint about this entry beside a good one; the good one must be there."""
    city.write(entry + BAHNHOF)
    registry = city.load()
    assert set(registry.devices) == {"luft-bahnhof"}
    [said] = city.said(registry)
    return said


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("type: ", "typ: ", "7: luft-markt: typ: no such key (did you mean type?)"),
        ("    type: decentlab-dl-pm\n", "", "4: luft-markt: type is missing: write the name of"),
        ("    dev_eui: 70b3d57ba0000a1c\n", "", "4: luft-markt: dev_eui is missing"),
        ("    site: Marktplatz\n", "", "4: luft-markt: site: is missing. What people call the place"),
        ("site: Marktplatz", 'site: ""', "5: luft-markt: site: is empty. What people call the place"),
        (
            "site: Marktplatz",
            "site: |\n      Markt\n      platz",
            r"5: luft-markt: site: Markt\nplatz\n does not fit",
        ),
        ("site: Marktplatz", "site: [Markt]", "5: luft-markt: site: [Markt] is no text. What people"),
        ("id: luft-markt", "id: Luft_Markt", "4: Luft_Markt: id: Luft_Markt does not fit. The place"),
        ("7ba0000a1c", "7ba0000a1", "6: luft-markt: dev_eui: 70b3d57ba0000a1 has 15 digits: a DevEUI has 16"),
    ],
)
def test_a_bad_entry_costs_only_itself_and_says_where_and_what(
    city: City, old: str, new: str, complaint: str
) -> None:
    assert old in MARKT
    assert complaint_about(city, MARKT.replace(old, new)).startswith(f"giessen.yaml:{complaint}")


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        (
            "calibration: {pm2_5: {factor: '0,92'}}",
            "8: luft-markt: calibration.pm2_5.factor: 0,92 is no number",
        ),
        (
            "calibration: {no2: {factor: 2}}",
            "8: luft-markt: decentlab-dl-pm does not measure no2; allowed: pm1",
        ),
        (
            "calibration: {pm25: {}}",
            "8: luft-markt: decentlab-dl-pm does not measure pm25 (did you mean pm2_5?)",
        ),
        ("calibration: {pm10: {factor: .nan}}", "8: luft-markt: calibration.pm10.factor: NaN is no number"),
        (
            "location: {lat: 8.67, lon: 508.5}",
            "8: luft-markt: location.lon: 508.5 is too large: at most 180",
        ),
        (
            "location: {lat: -90.1, lon: 8}",
            "8: luft-markt: location.lat: -90.1 is too small: at least -90",
        ),
        ("publish: all", "8: luft-markt: publish: all is not allowed: none, partners, open"),
        ("interval: 10", "8: luft-markt: interval: 10 is no text. How often it should speak, as `10min`"),
        ("from: 3.11.2025", "8: luft-markt: 3.11.2025 is no date and time: write it as 2025-11-03"),
        ("from: 2026-03-29 02:30", "8: luft-markt: 2026-03-29 02:30 does not exist in Europe/Berlin"),
        ("until: 2026-01-01\n    from: 2026-01-02", "8: luft-markt: until 2026-01-01 is not after from"),
        ("direction: {ltr: in}", "8: luft-markt: its type has no direction ltr; allowed: nothing"),
        ("address: x", "4: luft-markt: dev_eui and address exclude each other"),
        ("type: bosch-tps110", "8: luft-markt: type stands twice: keep one"),
        ("installations: []", "8: luft-markt: installations: is empty"),
        (
            "installations: [{dev_eui: 70b3d57ba0000a1c, type: decentlab-dl-pm}]",
            "4: luft-markt: dev_eui, type and",
        ),
    ],
)
def test_what_is_wrong_in_a_line_is_said_with_that_line(city: City, added: str, complaint: str) -> None:
    assert complaint_about(city, f"{MARKT}    {added}\n").startswith(f"giessen.yaml:{complaint}")


@pytest.mark.parametrize("entry", ["7", "Marktplatz", "[a]", ""])
def test_an_entry_without_keys_is_said_what_it_takes(city: City, entry: str) -> None:
    said = complaint_about(city, f"  - {entry}\n")
    assert said.startswith("giessen.yaml:4: ")
    assert "has no keys of its own. It takes: " in said
    assert "dev_eui" in said


@pytest.mark.parametrize("zero", ["0", "0.0", "-0.0"])
def test_a_calibration_that_makes_every_value_the_same_is_refused(city: City, zero: str) -> None:
    said = complaint_about(city, f"{MARKT}    calibration: {{pm2_5: {{factor: {zero}, offset: 4}}}}\n")
    assert said.startswith("giessen.yaml:8: luft-markt: ")
    assert "factor 0 makes every value the offset: write the factor that was measured" in said


def test_a_distance_sensor_may_be_calibrated_to_a_level(city: City) -> None:
    source = ACME
    (city.types / "acme.yaml").write_text(
        source.replace(
            "pm1: {from: pm1_0_mass_concentration.value, unit: ug/m3}", "distance: {from: d, unit: mm}"
        )
    )
    entry = MARKT.replace("decentlab-dl-pm", "acme")
    city.write(f"{entry}    calibration: {{water_level: {{factor: -1, offset: 312}}}}\n")
    assert list(city.load().complaints) == []
    assert "allowed: distance, " in complaint_about(city, f"{entry}    calibration: {{no2: {{factor: 2}}}}\n")
    assert "fill_level, water_level" in complaint_about(
        city, f"{entry}    calibration: {{no2: {{factor: 2}}}}\n"
    )


def test_a_calibration_without_keys_is_said_how_it_is_written(city: City) -> None:
    said = complaint_about(city, f"{MARKT}    calibration: 0.92\n")
    assert "calibration: 0.92 has no keys of its own. Calibration by quantity, as `pm2_5: {factor" in said


def test_a_complaint_is_one_line_whatever_stands_in_the_file(city: City) -> None:
    said = complaint_about(city, MARKT.replace("Marktplatz", r'"a\nb\e[2J\u2028c"'))
    assert said.startswith(r"giessen.yaml:5: luft-markt: site: a\nb\x1b[2J\u2028c does not fit. ")
    assert said.isprintable()


def test_a_type_whose_file_has_a_fault_is_not_called_unknown(city: City) -> None:
    source = ACME
    (city.types / "acme.yaml").write_text(source.replace("codec: lns", "codec: lsn"))
    city.write(MARKT.replace("decentlab-dl-pm", "acme") + BAHNHOF)
    registry = city.load()
    assert set(registry.devices) == {"luft-bahnhof"}
    [fault] = [one for one in registry.complaints if one.device == "acme"]
    assert fault.line == source[: source.index("codec: lns")].count("\n") + 1
    wrong = f"luft-markt: the file of its device type acme has a fault at {fault.place}: mend that first"
    assert registry.refused[MARKT_EUI].endswith(f"giessen.yaml:7: {wrong}")


def test_hardware_that_overlaps_at_one_place_is_refused(city: City) -> None:
    city.write(SWAP.replace("until: 2026-03-10 14:00, ", ""))
    both = f"{NEW_EUI} and {OLD_EUI} hang here at the same time"
    assert city.said(city.load()) == [f"giessen.yaml:8: verkehr-ring: {both}: end one with until"]


def test_two_entries_with_one_id_are_both_bad(city: City) -> None:
    city.write(MARKT + BAHNHOF.replace("luft-bahnhof", "luft-markt"))
    registry = city.load()
    assert dict(registry.devices) == {}
    assert city.said(registry) == [
        "giessen.yaml:4: luft-markt: 2 entries have this id: give each place its own",
        "giessen.yaml:8: luft-markt: 2 entries have this id: give each place its own",
    ]
    assert "2 entries have this id" in registry.why_not(BAHNHOF_EUI, 0)


def test_one_dev_eui_at_two_places_at_one_time_makes_both_bad(city: City) -> None:
    city.write(MARKT)
    city.write(BAHNHOF.replace(BAHNHOF_EUI, MARKT_EUI.upper()), "wetzlar.yaml")
    registry = city.load()
    assert dict(registry.devices) == {}
    first, second = city.said(registry)
    assert first.startswith(f"giessen.yaml:4: luft-markt: {MARKT_EUI} is also at luft-bahnhof (")
    assert second.startswith(f"wetzlar.yaml:4: luft-bahnhof: {MARKT_EUI} is also at luft-markt (")


def test_a_sensor_that_moved_is_at_each_place_in_its_time(city: City) -> None:
    city.write(
        MARKT + "    until: 2026-03-01\n" + BAHNHOF.replace(BAHNHOF_EUI, MARKT_EUI) + "    from: 2026-03-01\n"
    )
    registry = city.load()
    assert registry.complaints == ()
    before = registry.installation(MARKT_EUI, ns("2026-02-28 23:59"))
    after = registry.installation(MARKT_EUI, ns("2026-03-01 00:00"))
    assert before is not None
    assert after is not None
    assert (before.device.id, after.device.id) == ("luft-markt", "luft-bahnhof")


def test_a_sensor_without_lorawan_has_its_own_name(city: City) -> None:
    city.write(MARKT.replace(f"dev_eui: {MARKT_EUI}", "address: Wetter Dach"))
    registry = city.load()
    assert registry.complaints == ()
    assert registry.installation("Wetter Dach", 0) is not None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("devices: [\n", "giessen.yaml:1: [ is not closed: ] is missing"),
        ("", "giessen.yaml:1: is no device file"),
        ("- id: x\n", "giessen.yaml:1: is no device file"),
        (f"{WHOSE}", "giessen.yaml:1: has no list `devices:`"),
        (f"{WHOSE}devices: {{}}\n", "giessen.yaml:1: has no list `devices:`"),
        ("devices: []\n", "giessen.yaml:1: municipality: is missing. Whose devices these are."),
        (
            "municipality: {id: x, agz: 1}\ndevices:\n",
            "giessen.yaml:1: municipality.agz: no such key (did you",
        ),
        (f"timezone: CEST\n{WHOSE}devices:\n", "giessen.yaml:1: timezone: CEST is no time zone"),
        (f"{WHOSE}devices:\n  - id: a\ndevices:\n  - id: b\n", "giessen.yaml:4: devices stands twice"),
        (f"{WHOSE}devices:\n" + "- " * 100_000, "giessen.yaml: is nested too deeply"),
    ],
)
def test_an_unreadable_file_costs_only_itself(city: City, text: str, complaint: str) -> None:
    city.write(text, head="")
    city.write(BAHNHOF, "other.yaml")
    registry = city.load()
    assert set(registry.devices) == {"luft-bahnhof"}
    [said] = city.said(registry)
    assert said.startswith(complaint)


def test_a_file_in_another_encoding_is_named_with_its_line(city: City) -> None:
    (city.devices / "giessen.yaml").write_bytes((HEAD + MARKT).encode("latin-1"))
    assert city.said(city.load()) == [
        "giessen.yaml:2: is not in UTF-8: save it again with the encoding UTF-8"
    ]


def test_a_file_from_windows_reads_like_any_other(city: City) -> None:
    text = "\ufeff" + (HEAD + MARKT + BAHNHOF.replace("type", "typ")).replace("\n", "\r\n")
    (city.devices / "giessen.yaml").write_bytes(text.encode())
    registry = city.load()
    assert set(registry.devices) == {"luft-markt"}
    [said] = city.said(registry)
    assert said.startswith("giessen.yaml:11: luft-bahnhof: typ: no such key")


def test_a_file_that_only_looks_read_is_complained_about(city: City) -> None:
    city.write(MARKT, "giessen.yml")
    assert city.said(city.load()) == ["giessen.yml: is not read: name it *.yaml"]


def test_a_registry_in_one_line_is_read_with_lines_all_the_same(city: City) -> None:
    city.write(
        f"""[{{id: luft-markt, site: Markt, dev_eui: {MARKT_EUI}, type: decentlab-dl-pm}},
  {{id: luft-bahnhof, site: Bahnhof, dev_eui: {BAHNHOF_EUI}, type: unknown}}]
""",
        head=HEAD.replace("devices:\n", "devices: "),
    )
    registry = city.load()
    assert set(registry.devices) == {"luft-markt"}
    assert city.said(registry)[0].startswith("giessen.yaml:4: luft-bahnhof: there is no device type unknown")


def test_without_a_folder_there_is_no_registry(tmp_path: Path) -> None:
    with pytest.raises(RegistryUnreadable, match="is no folder") as unreadable:
        load(tmp_path / "absent", (SHIPPED_TYPES,))
    assert "messnetz.yaml" in unreadable.value.hint


def test_a_reload_keeps_the_last_good_entry_of_a_device(city: City) -> None:
    city.write(MARKT + BAHNHOF)
    before = city.load()
    city.write(MARKT.replace("type: ", "typ: ") + BAHNHOF.replace("Bahnhof", "Hauptbahnhof"))
    after = city.load(before)
    assert after.devices["luft-markt"] is before.devices["luft-markt"]
    assert after.installation(MARKT_EUI, 0) is before.installation(MARKT_EUI, 0)
    assert after.devices["luft-bahnhof"].site == "Hauptbahnhof"
    assert len(after.complaints) == 1
    assert changed_addresses(before, after) == {BAHNHOF_EUI}
    assert removed_devices(before, after) == frozenset()


def test_a_reload_keeps_a_device_whose_id_was_mistyped(city: City) -> None:
    city.write(MARKT + BAHNHOF)
    before = city.load()
    city.write(MARKT.replace("luft-markt", "Luft markt") + BAHNHOF)
    assert set(city.load(before).devices) == {"luft-markt", "luft-bahnhof"}


def test_a_reload_keeps_the_last_good_content_of_an_unreadable_file(city: City) -> None:
    city.write(MARKT)
    city.write(BAHNHOF, "other.yaml")
    before = city.load()
    city.write("\t- [", "giessen.yaml")
    after = city.load(before)
    assert set(after.devices) == {"luft-markt", "luft-bahnhof"}
    assert len(after.complaints) == 1


def test_a_kept_entry_yields_to_a_good_one_with_its_address(city: City) -> None:
    city.write(MARKT)
    before = city.load()
    city.write(MARKT.replace("type: ", "typ: ") + BAHNHOF.replace(BAHNHOF_EUI, MARKT_EUI))
    after = city.load(before)
    assert set(after.devices) == {"luft-bahnhof"}


def test_an_entry_taken_out_is_removed_and_one_put_in_is_added(city: City) -> None:
    city.write(MARKT)
    before = city.load()
    city.write(BAHNHOF)
    after = city.load(before)
    assert removed_devices(before, after) == {"luft-markt"}
    assert changed_addresses(before, after) == {BAHNHOF_EUI}


def test_an_unchanged_registry_changes_no_address_wherever_its_lines_are(city: City) -> None:
    city.write(MARKT + SWAP)
    before = city.load()
    city.write("  # a remark\n" + SWAP + MARKT)
    assert changed_addresses(before, city.load(before)) == frozenset()


def test_a_changed_type_changes_the_addresses_of_its_devices_only(city: City) -> None:
    source = ACME
    city.write(MARKT + SWAP)
    before = city.load()
    (city.types / "decentlab-dl-pm.yaml").write_text(source.replace("interval: 10min", "interval: 5min"))
    after = city.load(before)
    assert changed_addresses(before, after) == {MARKT_EUI}
    assert after.types["decentlab-dl-pm"].interval_s == 300


def test_a_type_that_went_wrong_stays_as_it_was(city: City) -> None:
    source = ACME
    (city.types / "acme.yaml").write_text(source)
    city.write(MARKT.replace("decentlab-dl-pm", "acme"))
    before = city.load()
    (city.types / "acme.yaml").write_text(source.replace("codec: lns", "codec: none"))
    after = city.load(before)
    assert after.types["acme"] is before.types["acme"]
    assert changed_addresses(before, after) == frozenset()
    assert len(after.complaints) == 1


def test_a_changed_codec_file_changes_the_addresses_of_its_devices_only(city: City) -> None:
    source = ACME
    (city.types / "acme.yaml").write_text(source.replace("codec: lns", "codec: acme.js"))
    (city.codecs / "acme.js").write_text("function decodeUplink(input) { return {data: {}}; }")
    city.write(MARKT.replace("decentlab-dl-pm", "acme") + SWAP)
    before = city.load()
    assert city.load(before).types["acme"] is before.types["acme"]
    (city.codecs / "acme.js").write_text("function decodeUplink(input) { return {data: {pm2_5: 1}}; }")
    after = city.load(before)
    assert changed_addresses(before, after) == {MARKT_EUI}
    assert after.types["acme"].script != before.types["acme"].script
    (city.codecs / "acme.js").unlink()
    last = city.load(after)
    assert last.types["acme"] is after.types["acme"]
    [complaint] = last.complaints
    assert complaint.device == "acme"


def test_tags_without_a_value_are_left_out() -> None:
    assert tag_prefix(site="A", device="b", district=None) == ",device=b,site=A"


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_garbled_at_random_never_costs_another_file(city: City, data: st.DataObject) -> None:
    text = HEAD + MARKT + SWAP
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 20))
        text = (
            text[:at]
            + data.draw(st.text(max_size=8, alphabet=" \t\n-:,#'\"[]{}&*!|>%@?x0é\0"))
            + text[at + cut :]
        )
    city.write(text, head="")
    city.write(BAHNHOF, "other.yaml")
    registry = city.load()
    assert "luft-bahnhof" in registry.devices
    assert all(str(complaint) for complaint in registry.complaints)
