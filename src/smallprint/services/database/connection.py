"""The database: opened, migrated, and handed out one transaction at a time.

SQLite by default, Postgres where several machines share the work; the stores write one SQL for both.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import (
    SQLITE_BUSY,
    SQLITE_BUSY_RECOVERY,
    SQLITE_CORRUPT,
    SQLITE_ERROR,
    SQLITE_LOCKED,
    SQLITE_NOTADB,
)
from time import monotonic
from typing import Any, Self, TypeVar

import structlog
from sqlalchemy import Connection, Engine, Insert, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from smallprint.errors import DatabaseError, DatabaseUnavailable
from smallprint.services.database.address import exists, parse, prepare_file
from smallprint.services.database.engines import (
    BUSY_TIMEOUT_S,
    POSTGRES_CONNECTIONS,
    express_engine,
    glance_connection,
    postgres_engines,
    rewrite,
    sqlite_engine,
    truncate_log,
    vacuum,
)
from smallprint.services.database.migrations import MIGRATIONS_FOLDER, Migrations

NOT_A_DATABASE = (
    "DATABASE_URL names a file that is damaged or not a database. Restore a backup, or choose another place."
)
MIGRATION_FAILED = (
    "The database could not be brought up to date, and nothing in it was changed; the log says why."
    " If it is not Smallprint's own, give DATABASE_URL another one."
)
UNAVAILABLE = "I can't reach my database right now. Please try again in a minute."

RETRY_S = 0.02
LOG_TRIES, LOG_RETRY_S = 10, 0.2

_BUSY = {SQLITE_BUSY, SQLITE_BUSY_RECOVERY, SQLITE_LOCKED}

log = structlog.get_logger()
T = TypeVar("T")


class Database:
    """One per process; stores share it. Made by `Database.open`, ended by `close`."""

    def __init__(
        self,
        reader: AsyncEngine,
        writer: AsyncEngine,
        express: Engine | None = None,
        quick: sqlite3.Connection | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._express = express
        self._quick = quick
        self._express_thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self.dialect = writer.dialect.name
        """"sqlite" or "postgresql"."""
        # SQLite has one writer at a time; waiting here costs nothing, waiting there is polling with sleeps.
        self._turns = asyncio.Semaphore(1 if self.dialect == "sqlite" else POSTGRES_CONNECTIONS)

    @classmethod
    async def open(
        cls, url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S, migrations_folder: Path = MIGRATIONS_FOLDER
    ) -> Self:
        """Connect and bring the schema up to date; several processes may do so at once.

        Raises ConfigurationError (a URL or place that cannot work), DatabaseNewer, MigrationChanged,
        DatabaseUnavailable.
        """
        parsed = parse(url)
        if parsed.get_backend_name() == "sqlite":
            prepare_file(parsed)
            database = cls(
                sqlite_engine(parsed, busy_timeout_s, reader=True),
                sqlite_engine(parsed, busy_timeout_s, reader=False),
                express_engine(parsed, busy_timeout_s),
                glance_connection(parsed),
            )
        else:
            database = cls(*postgres_engines(parsed))
        try:
            await database._migrate(Migrations(database.dialect, migrations_folder))
            await database.transact(
                lambda connection: connection.exec_driver_sql("SELECT 1")
            )  # connects before it matters
        except BaseException:
            await database.close()
            raise
        return database

    @classmethod
    async def pending(
        cls, url: str, *, migrations_folder: Path = MIGRATIONS_FOLDER
    ) -> tuple[str, ...] | None:
        """Names of the migrations that `open` would apply; None when it would make a new database. Changes nothing.

        Raises as `open`.
        """
        parsed = parse(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        if is_sqlite and not exists(parsed):
            return None
        engine = sqlite_engine(parsed, BUSY_TIMEOUT_S, reader=True) if is_sqlite else None
        database = cls(engine, engine) if engine else cls(*postgres_engines(parsed))
        try:
            async with database.read() as connection:
                steps = await Migrations(database.dialect, migrations_folder).pending(connection)
        finally:
            await database.close()
        return tuple(step.name for step in steps)

    async def close(self) -> None:
        """Close every connection; to be called once nothing is using the database."""
        await self._reader.dispose()
        await self._writer.dispose()
        if self._quick is not None:
            self._quick.close()
        if self._express is not None:
            await asyncio.get_running_loop().run_in_executor(self._express_thread, self._express.dispose)
        self._express_thread.shutdown(wait=False)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """Several reads that see one state of the database. Raises DatabaseUnavailable."""
        with _our_errors():
            async with self._reader.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """One transaction: committed at the end, rolled back by an exception. Raises DatabaseUnavailable.

        On SQLite one at a time: never open a second one inside it, and never wait for the network in it.
        """
        async with self._turns:
            with _our_errors():
                async with self._writer.begin() as connection:
                    yield connection

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """As `write`, for what Slack's ack waits for: the whole transaction is one trip to a thread.

        Through `write` every statement crosses to SQLite's thread and back several times, and each crossing
        waits for everything else in the event loop: 20 ms in a burst of 100 events. `work` must not block on
        anything but the database. Raises DatabaseUnavailable.
        """
        if self._express is None:
            async with self.write() as connection:
                return await connection.run_sync(work)
        express = self._express

        def run() -> T:
            with _our_errors(), express.begin() as connection:
                return work(connection)

        async with self._turns:
            return await asyncio.get_running_loop().run_in_executor(self._express_thread, run)

    async def glance(self, query: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """One SELECT of a few rows by their keys, ":name" for a parameter; for what is asked many times a second.

        On SQLite it runs right here: it is over in the time that it takes to wake a thread. It never waits for a
        lock; where there is one it becomes an ordinary `read`. Raises DatabaseUnavailable.
        """
        if self._quick is not None:
            try:
                return self._quick.execute(query, parameters).fetchall()
            except sqlite3.Error as error:
                log.debug("glance not possible", error=getattr(error, "sqlite_errorname", ""))
        async with self.read() as connection:
            return (await connection.execute(text(query), parameters)).all()

    async def forget_log(self) -> bool:
        """What was erased goes from SQLite's write-ahead log too, where copies of the old pages may stand.

        False where somebody has been reading all the time; then it is left to the next call. Postgres recycles its own.
        """
        if self._express is None:
            return True
        file, loop = self._express.url.database or "", asyncio.get_running_loop()
        for _ in range(LOG_TRIES):
            async with self._turns:
                if await loop.run_in_executor(self._express_thread, truncate_log, file):
                    return True
            await asyncio.sleep(LOG_RETRY_S)
        log.warning("write-ahead log in use, so it still holds what was erased")
        return False

    async def compact(self) -> None:
        """Write SQLite's file anew: rows that moved when their page was full leave copies that `secure_delete` does not
        know. Writers wait meanwhile, seconds where it has hundreds of megabytes. Postgres is vacuumed; nobody waits.
        """
        if self._express is None:
            with _our_errors():
                await vacuum(self._writer)
            return
        file, loop = self._express.url.database or "", asyncio.get_running_loop()
        async with self._turns:
            try:
                await loop.run_in_executor(self._express_thread, rewrite, file)
            except sqlite3.OperationalError as error:
                raise DatabaseUnavailable(UNAVAILABLE) from error
        await self.forget_log()

    def exclude_others(self, connection: Connection, subject: int) -> None:
        """Nobody else passes with this number before the transaction ends; SQLite's are alone anyway (BEGIN IMMEDIATE)."""
        if self.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:subject)"), {"subject": subject})

    def insert_or_keep(self, table: Table) -> Insert:
        """INSERT … ON CONFLICT DO NOTHING: a row that is there already stays as it is."""
        insert: Any = sqlite.insert if self.dialect == "sqlite" else postgresql.insert
        statement: Insert = insert(table).on_conflict_do_nothing()
        return statement

    async def _migrate(self, migrations: Migrations) -> None:
        with _our_errors():
            await _connect(self._writer)
        async with self.read() as connection:
            pending = await migrations.pending(connection)
        if pending:
            await self._apply(migrations)

    async def _apply(self, migrations: Migrations) -> None:
        try:
            async with self.write() as connection:
                applied = await migrations.apply(connection)
        except DBAPIError as error:
            raise DatabaseError(MIGRATION_FAILED) from error
        for step in applied:
            log.info("database migrated", number=step.number, name=step.name)


def to_iso(moment: datetime) -> str:
    """UTC ISO-8601 with microseconds and "Z": sorts as text. The moment must be timezone-aware."""
    if moment.tzinfo is None:
        msg = "a time without a timezone cannot be stored"
        raise ValueError(msg)
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """The moment that `to_iso` wrote, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


async def _connect(engine: AsyncEngine) -> None:
    """The first connection switches to the write-ahead log, for which SQLite does not wait for others."""
    deadline = monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            async with engine.connect():
                return
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) not in _BUSY or monotonic() > deadline:
                raise
            await asyncio.sleep(RETRY_S)


@contextmanager
def _our_errors() -> Generator[None]:
    """The one place where the driver's errors become ours. A conflict (IntegrityError) is the store's to judge."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable(UNAVAILABLE) from error
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code in {SQLITE_NOTADB, SQLITE_CORRUPT}:
            raise DatabaseError(NOT_A_DATABASE) from error
        # SQLite files a mistake in our SQL under OperationalError too: that one is a bug, not an outage
        if isinstance(error, OperationalError | InterfaceError) and code != SQLITE_ERROR:
            raise DatabaseUnavailable(UNAVAILABLE) from error
        raise
