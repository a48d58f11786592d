"""Who is alive, told by a Postgres server: a process's lock outlives neither the process nor, for long, its connection."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from smallprint.jobs.liveness import PostgresLiveness
from tests.integration.databases import POSTGRES_URL

pytestmark = pytest.mark.skipif(not POSTGRES_URL, reason="TEST_POSTGRES_URL is not set")

HOLDER = """
import sys, time
from smallprint.jobs.liveness import PostgresLiveness
PostgresLiveness(sys.argv[1]).hold(sys.argv[2])
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def mine() -> Iterator[PostgresLiveness]:
    mine = PostgresLiveness(POSTGRES_URL)
    yield mine
    mine.release()


@pytest.fixture
def other() -> Iterator[PostgresLiveness]:
    other = PostgresLiveness(POSTGRES_URL)
    yield other
    other.release()


def test_a_process_is_alive_as_long_as_it_holds_its_lock(mine, other) -> None:
    mine.hold("a process")
    assert mine.keep()
    assert not other.is_dead("a process")
    mine.release()
    assert other.is_dead("a process")


def test_looking_does_not_take_the_lock(mine, other) -> None:
    assert mine.is_dead("nobody heard of it")
    assert other.is_dead("nobody heard of it")


def test_a_killed_process_is_dead_at_once(other) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, POSTGRES_URL, "killed"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert not other.is_dead("killed")
        process.kill()
    until = time.monotonic() + 5
    while not other.is_dead("killed"):
        assert time.monotonic() < until


def test_a_lock_that_the_server_lost_is_taken_again(mine, other) -> None:
    mine.hold("cut off")
    _cut_off(mine)
    assert not mine.keep()
    assert mine.keep()
    assert not other.is_dead("cut off")


def _cut_off(liveness: PostgresLiveness) -> None:
    """As a restart of the server does."""
    assert liveness._held is not None
    pid = liveness._held.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    engine = sa.create_engine(sa.make_url(POSTGRES_URL).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    engine.dispose()
