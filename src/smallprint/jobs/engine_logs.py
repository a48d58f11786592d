"""DBOS's own log lines, turned into ours: no advert, no traceback, no word of an exception's message."""

from __future__ import annotations

import logging

import structlog

log = structlog.get_logger()

MAX_CHARACTERS = 200


def quiet_engine_logs() -> None:
    """Route the logger "dbos" through structlog, warnings and worse only. May be called again."""
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.handlers[:] = [_EngineLog()]  # DBOS adds a console handler only where it finds none


class _EngineLog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("Asyncio task cancelled"):
            return  # that is how we stop
        error = record.exc_info[1] if record.exc_info else None
        log.log(
            record.levelno,
            "job engine",
            at=f"{record.filename}:{record.lineno}",
            says=_safe(record.getMessage()),
            error=type(error).__name__ if error else None,
        )


def _safe(message: str) -> str:
    """The first line, without the statement and parameters that SQLAlchemy appends."""
    first = message.splitlines()[0] if message else ""
    return first.split("[SQL:")[0][:MAX_CHARACTERS].rstrip()
