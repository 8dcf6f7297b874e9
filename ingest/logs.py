"""Logging: one event a line, for people (`console`) or machines (`json`), on standard error.

Messnetz logs through structlog, its libraries through `logging`; both take the same way here. What comes
from outside (topics, a server's answer) cannot break a line or colour a terminal, and secrets are hidden
even where somebody logs one by mistake.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from ingest.settings import Log

#: Libraries that tell at `info` what only their authors want to know.
_TALKATIVE = ("aiohttp", "amqtt", "asyncio", "transitions", "uvicorn", "watchfiles")
_SECRET_KEYS = re.compile(r"password|passwd|token|secret|credential|authorization|api_?key", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"(?<=://)[^/@\s]+(?=@)")


def set_up(settings: Log) -> None:
    """Write everything from `settings.level` on to standard error; may be called again."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_common(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[*_common(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _common() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        tame,
    ]


def _renderers(settings: Log) -> list[Processor]:
    # As text, here: the console's own tracebacks show local variables, a password among them.
    traceback: list[Processor] = [structlog.processors.format_exc_info, tame_traceback]
    if settings.format == "json":
        return [*traceback, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [*traceback, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def tame_traceback(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what looks like a secret in the text of a traceback, and keep its lines."""
    if isinstance(text := event.get("exception"), str):
        event["exception"] = "\n".join(_tame_text(line) for line in text.splitlines())
    return event


def tame(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what looks like a secret and make control characters visible, in every text of the event."""
    for key, value in event.items():
        if _SECRET_KEYS.search(key):
            event[key] = "***"
        elif isinstance(value, str):
            event[key] = _tame_text(value)
        elif isinstance(value, list | tuple):
            event[key] = [_tame_text(item) if isinstance(item, str) else item for item in value]
    return event


def _tame_text(text: str) -> str:
    text = _SECRET_IN_URL.sub("***", text) if "://" in text else text
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
