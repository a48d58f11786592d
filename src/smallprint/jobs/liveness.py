"""Which processes are alive: each holds a lock that the kernel, or the database server, frees at its death.

No heartbeat and no clock. DBOS itself leaves the jobs of a dead process lying until a process with the same
name comes back; here every process tries the locks of the others and takes over from those that are free.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa


class Liveness(Protocol):
    """Locks named after processes. All methods block shortly: call them in a thread."""

    def hold(self, name: str) -> None:
        """Show that the process `name` is alive until `release` or its death."""
        ...

    def keep(self) -> bool:
        """Take the lock again where it was lost although the process lives. False if it was: others may have lost theirs."""
        ...

    def is_dead(self, name: str) -> bool: ...

    def release(self) -> None: ...


class FileLiveness:
    """A locked file per process, for processes that share a local disk. Not for network file systems."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: tuple[Path, int] | None = None

    def hold(self, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        path = self._path(name)
        while True:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_at(descriptor, path):
                self._held = (path, descriptor)
                return
            os.close(descriptor)  # another process swept the file between our open and our lock

    def keep(self) -> bool:
        return True  # the kernel loses none

    def is_dead(self, name: str) -> bool:
        path = self._path(name)
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(descriptor)

    def release(self) -> None:
        if self._held is None:
            return
        path, descriptor = self._held
        self._held = None
        path.unlink(missing_ok=True)
        os.close(descriptor)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"

    def _sweep(self) -> None:
        """Remove the files of processes that were killed. A file is unlinked only by whoever holds its lock."""
        for path in self._folder.glob("*.lock"):
            try:
                descriptor = os.open(path, os.O_RDWR)
            except FileNotFoundError:
                continue
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(descriptor, path):
                    path.unlink(missing_ok=True)
            except BlockingIOError:
                continue
            finally:
                os.close(descriptor)


class PostgresLiveness:
    """A session advisory lock per process.

    Needs a direct connection (not a pooler in transaction mode). The keepalives free the lock of a vanished
    host in about 11 seconds, and let a process notice as soon that its own is lost; the defaults are two hours.
    """

    _SERVER = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
    _CLIENT: Mapping[str, Any] = {
        "connect_timeout": 10,  # seconds
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,  # milliseconds
    }

    def __init__(self, url: str) -> None:
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
        self._engine = sa.create_engine(
            address,
            poolclass=sa.NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"options": self._SERVER, **self._CLIENT},
        )
        self._name = ""
        self._held: sa.Connection | None = None

    def hold(self, name: str) -> None:
        self._name = name
        self._held = self._engine.connect()
        self._held.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _key(name)})

    def keep(self) -> bool:
        """The server loses every lock when it restarts, and one when its connection breaks."""
        if self._held is not None:
            try:
                self._held.execute(sa.text("SELECT 1"))
            except sa.exc.DBAPIError:
                self._drop()
            else:
                return True
        self.hold(self._name)
        return False

    def is_dead(self, name: str) -> bool:
        with self._engine.connect() as connection:
            # Closing the connection frees the lock again.
            free = connection.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(name)})
            return bool(free.scalar_one())

    def release(self) -> None:
        self._drop()
        self._engine.dispose()

    def _drop(self) -> None:
        if self._held is not None:
            self._held.invalidate()
            self._held.close()
            self._held = None


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.fstat(descriptor).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
