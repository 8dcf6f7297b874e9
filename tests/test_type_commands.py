"""`messnetz types`, as a technician types it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from devices import language
from devices.type_file import SHIPPED_TYPES, read
from ingest.cli import app
from ingest.errors import CommandFailed
from ingest.group import Group
from ingest.settings import Spool as Limits
from ingest.spool import open_spool
from tests.spool_rows import kept_row

UPLINKS = Path(__file__).parent / "golden" / "lns"
DECODED = {"temperature": 21.5, "co2_ppm": 420, "NO2": 13, "battery": 92, "odd": 5}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever the machine speaks."""
    before = language.current()
    language.use("en")
    yield
    language.use(before)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with settings, and room for types and codecs."""
    for folder in ("codecs", "devices", "types"):
        (tmp_path / folder).mkdir()
    settings = {
        "devices": str(tmp_path / "devices"),
        "types": str(tmp_path / "types"),
        "codecs": str(tmp_path / "codecs"),
        "state": str(tmp_path / "state"),
        "brokers": [{"name": "town", "format": "chirpstack", "host": "localhost"}],
        "store": "embedded",
    }
    (tmp_path / "messnetz.yaml").write_text(json.dumps(settings))
    return tmp_path


def types(town: Path, *words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, ["types", *words, "-c", str(town / "messnetz.yaml")], input=said)


def done(result: Result) -> str:
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def as_json(result: Result) -> Any:
    return json.loads(done(result))


def failure(result: Result) -> CommandFailed:
    assert isinstance(result.exception, CommandFailed), result.output
    return result.exception


def test_types_are_listed_by_maker_model_and_category(town: Path) -> None:
    shown = done(types(town, "list", "--category", "soil"))
    assert "Decentlab" in shown
    assert "DL-TRS12" in shown
    assert "DL-PM" not in shown
    listed = {one["type"]: one for one in as_json(types(town, "list", "--json"))}
    assert listed.keys() == {path.stem for path in SHIPPED_TYPES.glob("*.yaml")}
    assert listed["milesight-em500-udl"] | {"file": ""} == {
        "type": "milesight-em500-udl",
        "manufacturer": "Milesight",
        "model": "EM500-UDL",
        "category": "water",
        "datasheet": "https://www.milesight.com/iot/product/lorawan-sensor/em500-udl",
        "version": 1,
        "codec": "milesight-em500-udl",
        "measures": {"distance": "cm", "battery": "%"},
        "by_calibration": {"fill_level": "%", "water_level": "cm"},
        "interval_s": 600,
        "heartbeat_s": None,
        "battery": {"reports": "battery", "low": 10.0},
        "verified": True,
        "examples": 3,
        "shipped": True,
        "file": "",
        "complaints": [],
    }


def test_a_category_that_there_is_not_is_refused_with_those_there_are(town: Path) -> None:
    assert "air, noise, parking" in str(failure(types(town, "list", "--category", "wetter")))


def test_a_type_is_shown_with_what_it_measures_and_its_examples(town: Path) -> None:
    shown = done(types(town, "show", "keller-adt1"))
    for part in (
        "Keller",
        "every 30min",
        "water_level",
        "Pd (P1-PBaro)",
        "published examples",
        "keller-codec.yaml",
    ):
        assert part in shown
    said = as_json(types(town, "show", "keller-adt1", "--json"))
    assert said["examples"][1]["payload"] == "0c011300132f0000000c27e3928b40a2b00d2f3a"
    assert said["readings"][2]["values"]["battery_voltage"] == {"from": "battery_voltage", "unit": "V"}


def test_a_type_that_there_is_not_is_named_with_the_nearest(town: Path) -> None:
    assert str(failure(types(town, "show", "keller-adt2"))) == (
        "there is no device type keller-adt2 (did you mean keller-adt1?)"
    )
    assert str(failure(types(town, "show", "nowhere/acme.yaml"))) == "there is no file nowhere/acme.yaml"


def test_every_shipped_type_passes_its_examples(town: Path) -> None:
    said = as_json(types(town, "test", "--json"))
    assert {one["type"] for one in said} == {path.stem for path in SHIPPED_TYPES.glob("*.yaml")}
    assert all(example["passed"] for one in said for example in one["examples"])
    assert "types with faults: 0" in done(types(town, "test"))


def test_a_field_that_differs_is_shown_with_what_was_expected(town: Path) -> None:
    file = town / "acme-x1.yaml"
    source = (SHIPPED_TYPES / "milesight-em500-udl.yaml").read_text(encoding="utf-8")
    file.write_text(source.replace("decoded: {battery: 92,", "decoded: {battery: 93,"))
    result = types(town, "test", str(file))
    assert result.exit_code == 1
    [line] = [line for line in result.stdout.splitlines() if "decoded.battery" in line and "differs" in line]
    assert line.split() == ["decoded.battery", "93", "92", "differs"]
    [said] = json.loads(types(town, "test", str(file), "--json").stdout)
    assert said["examples"][0]["mismatches"] == [{"field": "decoded.battery", "expected": 93, "got": 92}]
    assert "1" in result.stdout.splitlines()[-1]


def test_a_type_file_that_is_wrong_fails_its_test_with_its_line(town: Path) -> None:
    file = town / "acme-x1.yaml"
    file.write_text("manufacturer: Acme\nmodell: X1\n")
    result = types(town, "test", str(file))
    assert result.exit_code == 1
    assert "acme-x1.yaml:2: acme-x1: modell: no such key (did you mean model?)" in result.output


def test_a_payload_is_decoded_to_readings_with_units(town: Path) -> None:
    shown = done(types(town, "decode", "milesight-em500-udl", "--port", "85", "01", "75 5c", "03821e00"))
    assert '"distance": 30' in shown
    [line] = [line for line in shown.splitlines() if line.split()[:1] == ["level"]]
    assert line.split()[:5] == ["level", "distance", "3.0", "cm", "plausible"]


def test_a_decoded_object_is_read_as_well_and_variables_go_to_the_codec(town: Path) -> None:
    said = as_json(types(town, "decode", "ellenex-pls2-l", "--decoded", '{"level": 214}', "--json"))
    assert said["readings"][0]["values"] == {"water_level": {"value": 21.4, "unit": "cm", "flag": 1}}
    pressure = ("decode", "decentlab-dl-pr26", "--port", "1", "02016700038000601b0c7f", "--json")
    said = as_json(types(town, *pressure, "--variable", "Pmax=3"))
    assert said["decoded"]["pressure"]["value"] == 1.5


def test_what_cannot_be_decoded_says_why_and_ends_with_1(town: Path) -> None:
    result = types(town, "decode", "milesight-em500-udl", "--port", "85", "0175")
    assert result.exit_code == 1
    assert "the payload ends too early" in result.output
    assert "decoded by the network server" in str(failure(types(town, "decode", "ellenex-pls2-l", "00")))
    assert "half a byte" in str(failure(types(town, "decode", "milesight-em500-udl", "017")))
    assert "either a payload" in str(failure(types(town, "decode", "milesight-em500-udl")))
    assert "no JSON" in str(failure(types(town, "decode", "ellenex-pls2-l", "--decoded", "{level: 1}")))


def test_a_draft_from_a_decoded_object_passes_its_test_as_it_is(town: Path) -> None:
    shown = done(types(town, "new", "acme-x1", "--decoded", "-", said=json.dumps(DECODED)))
    assert "recognised: temperature, co2_ppm, battery" in shown
    assert "left for you: NO2, odd" in shown
    file = town / "types" / "acme-x1.yaml"
    compiled, described, complaints = read(file)
    assert not complaints
    assert compiled is not None
    assert described is not None
    assert (described.manufacturer, described.model, described.category) == ("Acme", "X1", "air")
    assert described.examples[0].own
    assert described.examples[0].decoded == DECODED
    assert '#     no2: {from: NO2, unit: "?"}  # 13' in file.read_text()
    assert "types with faults: 0" in done(types(town, "test", "acme-x1"))
    assert done(types(town, "list", "--category", "air")).count("own only: unverified") == 1


def test_a_draft_never_overwrites_a_file(town: Path) -> None:
    for _ in range(2):
        result = types(town, "new", "acme-x1", "--decoded", "-", said='{"co2": 400}')
    assert "is there already" in str(failure(result))


def test_a_draft_is_made_of_an_object_on_the_command_line_as_decode_takes_it(town: Path) -> None:
    shown = done(types(town, "new", "acme-x1", "--decoded", '{"co2": 400}', "--output", "-"))
    assert "co2: {from: co2, unit: ppm}" in shown


def test_a_draft_can_be_printed(town: Path) -> None:
    shown = done(types(town, "new", "acme-x1", "--decoded", "-", "--output", "-", said='{"co2": 400}'))
    assert shown.startswith("# yaml-language-server")
    assert not list((town / "types").iterdir())


@pytest.mark.parametrize("server", ["chirpstack_v3_json_v3_up", "ttn_up"])
def test_a_draft_from_a_network_servers_message_takes_port_payload_and_object(
    town: Path, server: str
) -> None:
    done(types(town, "new", "acme-x1", "--from-uplink", str(UPLINKS / f"{server}.json")))
    _, described, _ = read(town / "types" / "acme-x1.yaml")
    assert described is not None
    assert described.examples[0].payload
    assert "air_temperature" in described.readings[0].values


def test_a_message_without_an_object_wants_a_codec(town: Path) -> None:
    result = types(town, "new", "acme-x1", "--from-uplink", str(UPLINKS / "kerlink_data_up.json"))
    assert "payload only" in str(failure(result))
    assert "--codec" in failure(result).hint


def test_a_draft_from_a_payload_is_decoded_by_the_makers_file(town: Path) -> None:
    (town / "codecs" / "acme.js").write_text(
        "function Decoder(bytes, port) { return {temperature: bytes[0] / 10, battery: bytes[1]}; }"
    )
    payload = ("new", "acme-x1", "--payload", "d7 5a", "--codec", "acme.js")
    assert "--port" in str(failure(types(town, *payload)))
    done(types(town, *payload, "--port", "3"))
    _, described, _ = read(town / "types" / "acme-x1.yaml", town / "codecs")
    assert described is not None
    assert (described.codec, described.examples[0].payload) == ("acme.js", "d75a")
    assert "types with faults: 0" in done(types(town, "test", "acme-x1"))
    said = as_json(types(town, "decode", "acme-x1", "--port", "3", "e15a", "--json"))
    assert said["decoded"] == {"temperature": 22.5, "battery": 90}


def test_a_draft_from_a_payload_may_name_a_codec_of_ours(town: Path) -> None:
    payload = ("new", "acme-x1", "--payload", "01755c03821e00", "--port", "85")
    done(types(town, *payload, "--codec", "milesight-em500-udl"))
    assert "types with faults: 0" in done(types(town, "test", "acme-x1"))
    assert "did you mean milesight-em500-udl" in str(
        failure(types(town, "new", "acme-x2", *payload[2:], "--codec", "milesight-em500-utl"))
    )


def test_a_draft_from_an_unknown_device_takes_its_newest_uplink(town: Path) -> None:
    event = {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": "2026-03-10T12:00:00Z",
        "deviceInfo": {"devEui": "70b3d57ba0000a1c"},
        "fPort": 9,
        "data": "AQI=",
    }
    rows = [
        kept_row(time_ns=number, payload=json.dumps({**event, "object": {"co2": 400 + number}}).encode())
        for number in (1, 2)
    ]

    async def keep() -> None:
        spool = open_spool(town / "state", Limits())
        await spool.commit(Group(kept=rows))
        spool.close()

    asyncio.run(keep())
    done(types(town, "new", "acme-x1", "--from-unknown", "70B3D57BA0000A1C"))
    _, described, _ = read(town / "types" / "acme-x1.yaml")
    assert described is not None
    [example] = described.examples
    assert (example.port, example.payload, example.decoded) == (9, "0102", {"co2": 402})
    assert "nothing is kept" in str(failure(types(town, "new", "acme-x2", "--from-unknown", "0" * 16)))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("Acme X1", "--decoded", "-"), "Acme X1 is no id"),
        (("acme-x1",), "say where the uplink is"),
        (("acme-x1", "--decoded", "-", "--payload", "00"), "say where the uplink is"),
        (("acme-x1", "--decoded", "nowhere.json"), "nowhere.json: is not there"),
        (("acme-x1", "--payload", "00", "--port", "1"), "a payload alone says nothing"),
        (("acme-x1", "--payload", "0g", "--port", "1", "--codec", "keller"), "is no hex"),
        (("acme-x1", "--payload", "00", "--port", "1", "--codec", "none.js"), "there is no file"),
        (("acme-x1", "--payload", "00", "--port", "1", "--codec", "keller"), "keller cannot read 00"),
        (("acme-x1", "--decoded", "-", "--codec", "magic"), "magic is no codec"),
    ],
)
def test_what_is_missing_for_a_draft_is_said(town: Path, words: tuple[str, ...], complaint: str) -> None:
    assert complaint in str(failure(types(town, "new", *words, said='{"co2": 400}')))


def test_help_and_complaints_are_german_too(town: Path) -> None:
    language.use("de")
    assert "Gerätetypen: 1; Beispiele: 3" in done(types(town, "test", "milesight-em500-udl"))
    assert str(failure(types(town, "show", "keller-adt2"))).startswith("es gibt keinen Gerätetyp keller-adt2")
