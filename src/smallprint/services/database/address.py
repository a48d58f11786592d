"""DATABASE_URL: what it may name, and whether that can work."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from smallprint.errors import ConfigurationError

UNKNOWN_URL = (
    "DATABASE_URL must look like sqlite+aiosqlite:///smallprint.db (a file) or postgresql://user@host/name."
)
IN_MEMORY = "DATABASE_URL must name a file: a database in memory would forget its jobs with the process."
NO_FOLDER = 'DATABASE_URL: the folder "{folder}" does not exist. Create it, or choose another place.'
NO_ACCESS = 'DATABASE_URL: "{path}" cannot be written. Change its permissions, or choose another place.'

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse(url: str) -> URL:
    """With the driver that we use. Raises ConfigurationError for what names no database, or one in memory."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # not chained: the message of theirs repeats the URL, which may hold a password
        raise ConfigurationError(UNKNOWN_URL) from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise ConfigurationError(UNKNOWN_URL)
    if driver == "sqlite+aiosqlite" and (parsed.database or ":memory:") == ":memory:":
        raise ConfigurationError(IN_MEMORY)
    return parsed.set(drivername=driver)


def exists(url: URL) -> bool:
    """True if SQLite's file is there; makes none. Raises ConfigurationError where it could not be made or written."""
    path = Path(url.database or "")
    if path.exists():
        prepare_file(url)
        return True
    if not path.parent.is_dir():
        raise ConfigurationError(NO_FOLDER.format(folder=path.parent))
    if not os.access(path.parent, os.W_OK):
        raise ConfigurationError(NO_ACCESS.format(path=path))
    return False


def prepare_file(url: URL) -> None:
    """Make SQLite's file if it is not there, for nobody else to read. Raises ConfigurationError."""
    path = Path(url.database or "")
    if not path.parent.is_dir():
        raise ConfigurationError(NO_FOLDER.format(folder=path.parent))
    try:
        path.touch(mode=0o600)  # reports quote confidential documents; -wal and -shm inherit the mode
    except OSError as error:
        raise ConfigurationError(NO_ACCESS.format(path=path)) from error
    if not (path.is_file() and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise ConfigurationError(NO_ACCESS.format(path=path))
