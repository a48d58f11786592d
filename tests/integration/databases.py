"""A fresh, migrated database for a test: SQLite always, Postgres where TEST_POSTGRES_URL names a server."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from smallprint.services.database.connection import Database

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "")
"""postgresql://user@127.0.0.1:port/postgres, of a user who may create databases."""

DIALECTS = [
    "sqlite",
    pytest.param(
        "postgresql", marks=pytest.mark.skipif(not POSTGRES_URL, reason="TEST_POSTGRES_URL is not set")
    ),
]


@asynccontextmanager
async def fresh_url(dialect: str, folder: Path) -> AsyncGenerator[str]:
    """The URL of a database that does not exist yet (SQLite) or is empty (Postgres)."""
    if dialect == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'smallprint.db'}"
        return
    name = f"smallprint_{uuid4().hex}"
    await _administer(f"CREATE DATABASE {name}")
    try:
        yield make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    finally:
        await _administer(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def fresh_database(dialect: str, folder: Path) -> AsyncGenerator[Database]:
    """Open, migrated, and closed at the end."""
    async with fresh_url(dialect, folder) as url:
        database = await Database.open(url)
        try:
            yield database
        finally:
            await database.close()


async def _administer(statement: str) -> None:
    url = make_url(POSTGRES_URL).set(drivername="postgresql+psycopg")
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
