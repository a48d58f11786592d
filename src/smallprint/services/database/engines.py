"""How SQLite and Postgres are connected to: pools, durability, and when a transaction takes its lock."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from smallprint.models.database import metadata

BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another process's write."""
READERS = 4
"""Connections for reading (SQLite): each has a thread, and a read is over in a millisecond."""
LOG_TIMEOUT_S = 0.04
"""How long emptying the write-ahead log waits for readers: it holds up every writer meanwhile."""
POSTGRES_CONNECTIONS = 10


def sqlite_engine(url: URL, busy_timeout_s: float, *, reader: bool) -> AsyncEngine:
    """For reading several connections that cannot write, for writing one."""
    engine = create_async_engine(
        url,
        pool_size=READERS if reader else 1,
        max_overflow=0,
        hide_parameters=True,  # an error's text must not repeat what a document says
        connect_args={"timeout": busy_timeout_s},
    )
    _configure_sqlite(engine.sync_engine, reader=reader)
    return engine


def express_engine(url: URL, busy_timeout_s: float) -> Engine:
    """One connection for `Database.transact`, used from one thread at a time."""
    engine = create_engine(
        url.set(drivername="sqlite"),
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"timeout": busy_timeout_s, "check_same_thread": False},
    )
    _configure_sqlite(engine, reader=False)
    return engine


def glance_connection(url: URL) -> sqlite3.Connection:
    """For `Database.glance`: reads alone, outside of any transaction, and never waits for a lock."""
    connection = sqlite3.connect(url.database or "", timeout=0, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only=ON")
    return connection


def truncate_log(file: str) -> bool:
    """Write everything to the database file and empty the write-ahead log; False where readers keep it from that.

    On a connection of its own: it cannot be done inside a transaction.
    """
    with closing(sqlite3.connect(file, timeout=LOG_TIMEOUT_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # most of the work, and nobody waits for it
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


def rewrite(file: str) -> None:
    """Write the whole database file anew, without what stands in unused bytes of its pages: about 7 s for 370 MB.

    Nobody can write meanwhile. Raises sqlite3.OperationalError when somebody else is writing all the time.
    """
    with closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as connection:
        connection.execute("VACUUM")


def postgres_engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """For reading and for writing, on the same connections. What a reader sees is one moment, as on SQLite."""
    writer = create_async_engine(
        url,
        pool_size=POSTGRES_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": int(BUSY_TIMEOUT_S)},
    )
    return writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), writer


async def vacuum(engine: AsyncEngine) -> None:
    """What was erased leaves Postgres's tables now, and not when a fifth of a table is dead. Nobody waits for it."""
    tables = ", ".join(metadata.tables)
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.exec_driver_sql(f"VACUUM {tables}")


def _configure_sqlite(engine: Engine, *, reader: bool) -> None:
    # Python's sqlite3 begins transactions by itself and never for DDL or SELECT; we say BEGIN ourselves:
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=FULL")  # acknowledged means on disk, also after a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # erased means overwritten
        cursor.execute("PRAGMA query_only=ON" if reader else "PRAGMA journal_mode=WAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # IMMEDIATE takes the write lock first: a transaction that upgrades later fails instead of waiting
        connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")
