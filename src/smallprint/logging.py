"""Logs tell the story of a job: one structured line per step, JSON when nobody watches a terminal.

Never document text, quotations, tokens or keys: the loggers of libraries that print requests are held at
INFO or above, whatever LOG_LEVEL says.
"""

from __future__ import annotations

import logging
import sys

import structlog

# These print request bodies (document text) or tokens at DEBUG.
HELD_AT_WARNING = (
    "anthropic",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "slack_sdk",
    "slack_bolt",
    "aiohttp",
    "sqlalchemy",
    "aiosqlite",
    "dbos",
)


def configure_logging(level: str = "INFO", *, json: bool | None = None) -> None:
    """Send every log line to standard error; `json` defaults to "not a terminal"."""
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    threshold = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*shared, _hide_messages_of_exceptions, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _route_standard_logging(shared, renderer, threshold)


def _route_standard_logging(
    shared: list[structlog.typing.Processor], renderer: structlog.typing.Processor, threshold: int
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _hide_messages_of_exceptions,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    for name in HELD_AT_WARNING:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))


def _hide_messages_of_exceptions(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Keep where an exception came from, drop what it says: a parser's message can hold document text."""
    trouble = event.pop("exc_info", None)
    if trouble is True:
        trouble = sys.exc_info()[1]
    elif isinstance(trouble, tuple):
        trouble = trouble[1]
    if isinstance(trouble, BaseException):
        event["exception"] = _outline(trouble)
    return event


def _outline(error: BaseException) -> str:
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(
            f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno} {trace.tb_frame.f_code.co_name}"
        )
        trace = trace.tb_next
    outline = f"{type(error).__name__} at " + " < ".join(reversed(frames[-8:]))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return outline if cause is None else f"{outline}; from {type(cause).__name__}"
