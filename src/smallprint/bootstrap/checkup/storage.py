"""The database, its migrations, and the disk they are on."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from smallprint.bootstrap.checkup.checked import Checked, absent, fault, note, ok
from smallprint.config import Settings
from smallprint.errors import ConfigurationError, DatabaseError, DatabaseUnavailable
from smallprint.services.database.connection import Database

DATABASE, DISK = "database", "disk"

UP_TO_DATE = "can be opened and is up to date"
NO_DATABASE = "there is none yet; the first start makes it"
PENDING = "{count} to be applied: {names}"
PENDING_REMEDY = (
    "The next start applies them by itself. Back up the database first if you may want to go back."
)
UNAVAILABLE = "can't be reached at the moment"
UNAVAILABLE_REMEDY = (
    "Check that the server of DATABASE_URL runs, that the database is there and lets this name in,"
    " or that no other program holds the file."
)
SEE_SENTENCE = "Do what the sentence says, then run smallprint doctor again."
ROOM = "{free:,.1f} GB free beside the database"
TOO_FULL = "only {free:,.1f} GB free beside the database"
TOO_FULL_REMEDY = "Make room: without it jobs can't be kept, and nothing is accepted any more."
NO_TEMPORARY_FOLDER = "no temporary file can be written"
NO_TEMPORARY_REMEDY = (
    "Documents are read through temporary files: let TMPDIR name a folder that can be written."
)

GIGABYTE = 1024**3
SQLITE = "sqlite"


async def check_storage(settings: Settings) -> AsyncIterator[Checked]:
    """Opens the database for reading only, and applies nothing."""
    yield await _database(settings.database_url)
    for checked in await asyncio.to_thread(_disk, settings.database_url):
        yield checked


async def _database(url: str) -> Checked:
    try:
        pending = await Database.pending(url)
    except DatabaseUnavailable:
        return fault(DATABASE, UNAVAILABLE, UNAVAILABLE_REMEDY)
    except (ConfigurationError, DatabaseError) as error:
        return fault(DATABASE, error.user_message, SEE_SENTENCE)
    if pending is None:
        return absent(DATABASE, NO_DATABASE)
    if pending:
        says = PENDING.format(count=len(pending), names=", ".join(pending))
        return note("migrations", says, PENDING_REMEDY)
    return ok(DATABASE, UP_TO_DATE)


def _disk(url: str, least_free_bytes: int = GIGABYTE // 4) -> list[Checked]:
    found = []
    folder = _folder_of(url)
    if folder is not None:
        free = shutil.disk_usage(folder).free
        gigabytes = free / GIGABYTE
        if free < least_free_bytes:
            found.append(fault(DISK, TOO_FULL.format(free=gigabytes), TOO_FULL_REMEDY))
        else:
            found.append(ok(DISK, ROOM.format(free=gigabytes)))
    try:
        writable = os.access(tempfile.gettempdir(), os.W_OK)
    except FileNotFoundError:
        writable = False
    if not writable:
        found.append(fault(DISK, NO_TEMPORARY_FOLDER, NO_TEMPORARY_REMEDY))
    return found


def _folder_of(url: str) -> Path | None:
    """Where the database's file is; None for a server, and where there is no such folder."""
    if not url.startswith(SQLITE):
        return None
    folder = Path(url.partition("///")[2]).parent
    return folder if folder.is_dir() else None
