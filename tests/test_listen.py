"""Who listens at the brokers beside a service is told in plain words why one is not reached."""

import asyncio
from pathlib import Path

import pytest

from devices import language
from devices.registry import Registry
from ingest.dial import CannotConnect
from ingest.listen import listen
from ingest.scripts import ScriptWorker
from ingest.settings import Settings
from ingest.setup.passwords import hash_for_mosquitto
from tests.conftest import StartMosquitto
from tests.servers.process import free_port


def why(**broker: object) -> str:
    """Why nobody is heard."""
    said = {"store": "embedded", "brokers": [{"name": "town", "format": "chirpstack", **broker}]}

    async def hear() -> None:
        scripts = ScriptWorker()
        try:
            async for _ in listen(Settings.model_validate(said), Registry(), scripts):
                pass
        finally:
            await scripts.close()

    with pytest.raises(CannotConnect) as failed:
        asyncio.run(asyncio.wait_for(hear(), 60))
    return str(failed.value)


def test_an_address_where_nobody_listens_and_a_name_that_nobody_has_are_told_apart() -> None:
    port = free_port()
    assert why(host="127.0.0.1", port=port) == f"nothing listens at 127.0.0.1:{port}"
    assert why(host="nobody.invalid") == "the name nobody.invalid cannot be resolved"
    language.use("de")
    try:
        assert why(host="nobody.invalid") == "der Name nobody.invalid lässt sich nicht auflösen"
    finally:
        language.use("en")


def test_a_broker_that_refuses_the_password_is_said_to(mosquitto: StartMosquitto, tmp_path: Path) -> None:
    (tmp_path / "passwords").write_text(f"anna:{hash_for_mosquitto('right')}\n")
    broker = mosquitto(f"password_file {tmp_path / 'passwords'}")
    (tmp_path / "credentials").write_text("anna\nwrong\n")
    said = why(host=broker.host, port=broker.port, credentials_file=tmp_path / "credentials")
    assert said == "the broker refuses user name or password"
