"""Logs tell where an error came from, never what it said."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from smallprint.logging import HELD_AT_WARNING, configure_logging

SECRET = "the secret clause"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What goes to standard error; logging is as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in HELD_AT_WARNING}
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logging("DEBUG", json=True)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def written(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_step_is_one_line_of_json_with_its_values(lines: io.StringIO) -> None:
    structlog.get_logger().info("document read", job="doc-1", pages=3)
    (line,) = written(lines)
    assert (line["event"], line["job"], line["pages"], line["level"]) == ("document read", "doc-1", 3, "info")


def look_up() -> object:
    held: dict[str, object] = {}
    return held[SECRET]


def fail() -> None:
    try:
        look_up()
    except KeyError as error:
        raise ValueError(SECRET) from error


@pytest.mark.parametrize("through", ["structlog", "logging"])
def test_an_exception_is_told_by_its_type_and_place_only(lines: io.StringIO, through: str) -> None:
    try:
        fail()
    except ValueError:
        if through == "structlog":
            structlog.get_logger().exception("failed")
        else:
            logging.getLogger("a.library").exception("failed")
    assert SECRET not in lines.getvalue()
    assert "ValueError at" in lines.getvalue()
    assert "from KeyError" in lines.getvalue()


@pytest.mark.parametrize("name", HELD_AT_WARNING)
def test_libraries_that_print_requests_are_held_back_even_at_debug(lines: io.StringIO, name: str) -> None:
    logging.getLogger(f"{name}.client").debug(SECRET)
    logging.getLogger(name).info(SECRET)
    assert lines.getvalue() == ""
