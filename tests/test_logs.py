"""What a log line never shows."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from ingest import logs
from ingest.settings import Log


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_shows_neither_local_variables_nor_logins(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(Log.model_validate({"format": form}))
    password = "geheim-4711"  # noqa: S105  it is the test's
    try:
        raise ValueError(f"cannot use mqtt://messnetz:{password}@broker")
    except ValueError as error:
        structlog.get_logger("messnetz").error("source_failed", exc_info=error)
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert "test_logs.py" in shown
    assert password not in shown
