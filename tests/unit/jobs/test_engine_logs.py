from __future__ import annotations

import logging

import structlog

from smallprint.jobs.engine_logs import quiet_engine_logs


def test_the_engines_lines_become_ours_without_the_words_of_an_exception(capfd) -> None:
    quiet_engine_logs()
    quiet_engine_logs()
    with structlog.testing.capture_logs() as logged:
        try:
            raise ValueError("the secret clause")  # noqa: TRY301
        except ValueError:
            logging.getLogger("dbos").exception("Exception encountered in asynchronous workflow:")
    (line,) = logged
    assert line["says"] == "Exception encountered in asynchronous workflow:"
    assert line["error"] == "ValueError"
    assert "secret" not in f"{logged}{capfd.readouterr()}"


def test_advertisements_and_chatter_are_dropped() -> None:
    quiet_engine_logs()
    with structlog.testing.capture_logs() as logged:
        logging.getLogger("dbos").info("To view and manage workflows, connect to …")
        logging.getLogger("dbos").warning("Asyncio task cancelled for workflow or step …")
    assert not logged


def test_statements_and_their_parameters_are_cut_off() -> None:
    quiet_engine_logs()
    with structlog.testing.capture_logs() as logged:
        logging.getLogger("dbos").warning("database is locked [SQL: UPDATE …] [parameters: …]\nmore")
    assert logged[0]["says"] == "database is locked"
