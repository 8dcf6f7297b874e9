"""`messnetz alarms`: shows the rules, writes them where they belong, and says why it cannot."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from devices import language
from ingest import cli
from ingest.errors import CommandFailed
from tests.grafana_rules import load

SETTINGS = """
store: influx
influx: {url: "http://localhost:8086", bucket: messnetz}
brokers: [{name: lorawan, format: chirpstack, host: localhost}]
alarms: {air_class: 3}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "city" / "config" / "messnetz.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(SETTINGS)
    return file


def run(*words: str | Path) -> str:
    done = CliRunner().invoke(cli.app, ["alarms", *map(str, words)])
    if done.exception is not None:
        raise done.exception
    return done.output


def test_without_options_both_files_are_shown(config: Path) -> None:
    shown = run("-c", config)
    assert "title: Luft eine Stunde lang nur mäßig" in shown
    assert "alert: MessnetzStopped" in shown
    assert list(config.parent.iterdir()) == [config]


def test_write_puts_both_where_they_belong(config: Path) -> None:
    said = run("-c", config, "--write")
    grafana = config.parent / "grafana/messnetz-rules.yaml"
    prometheus = config.parent / "prometheus/messnetz.rules.yml"
    assert said.count("is written") == 2
    assert len(load(grafana.read_text(encoding="utf-8"))) == 16
    assert "MessnetzStopped" in prometheus.read_text(encoding="utf-8")


def test_a_file_that_is_named_is_the_only_one_written(config: Path, tmp_path: Path) -> None:
    run("-c", config, "--prometheus", tmp_path / "own.yml")
    assert "MessnetzStopped" in (tmp_path / "own.yml").read_text(encoding="utf-8")
    assert list(config.parent.iterdir()) == [config]


def test_a_place_that_cannot_be_written_is_named_in_the_language_in_force(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "_current", ["de"])
    (config.parent / "prometheus").write_text("a file, not a folder")
    with pytest.raises(CommandFailed, match=r"messnetz\.rules\.yml lässt sich nicht schreiben") as failed:
        run("-c", config, "--write")
    assert "--grafana" in failed.value.hint
