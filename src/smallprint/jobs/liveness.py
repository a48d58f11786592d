"""Which processes are alive: each holds a lock that the kernel, or the database server, frees at its death.

No heartbeat and no clock. DBOS itself leaves the jobs of a dead process lying until a process with the same
name comes back; here every process tries the locks of the others and takes over from those that are free.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa


class Liveness(Protocol):
    """Locks named after processes. All methods block shortly: call them in a thread."""

    def hold(self, name: str) -> None:
        """Show that the process `name` is alive until `release` or its death."""
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
    host in about 11 seconds; the server's default is two hours.
    """

    _KEEPALIVE = (
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"  # server side
    )

    def __init__(self, url: str) -> None:
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
        self._engine = sa.create_engine(
            address,
            poolclass=sa.NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"options": self._KEEPALIVE},
        )
        self._held: sa.Connection | None = None

    def hold(self, name: str) -> None:
        self._held = self._engine.connect()
        self._held.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _key(name)})

    def is_dead(self, name: str) -> bool:
        with self._engine.connect() as connection:
            # Closing the connection frees the lock again.
            free = connection.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(name)})
            return bool(free.scalar_one())

    def release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
        self._engine.dispose()


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.fstat(descriptor).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
