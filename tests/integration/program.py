"""`smallprint` as a person and as another program use it: real processes, real files.

`run` and `start` fork each command off a process that is loaded already (tests/integration/forks.py), in a tenth of the
time; `run_anew` and `start_anew` start the installed program, for what is about starting and ending it.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Protocol

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
AGREEMENT = EXAMPLES / "services-agreement.pdf"
POLICY = EXAMPLES / "remote-work-policy.docx"
PROGRAM = Path(sys.executable).with_name("smallprint")
TIMEOUT_S = 60
POLL_S = 0.005

Done = subprocess.CompletedProcess[str]


class Process(Protocol):
    """What runs."""

    pid: int

    def poll(self) -> int | None:
        """How it ended (minus a signal's number), or None while it runs."""


def run(folder: Path, *arguments: str, stdin: bytes = b"", **settings: str) -> Done:
    """What the command printed and its status, with no setting but these."""
    with tempfile.TemporaryDirectory() as scratch:
        streams = [Path(scratch) / name for name in ("in", "out", "err")]
        for stream, content in zip(streams, (stdin, b"", b""), strict=True):
            stream.write_bytes(content)
        forked = _loaded().fork(folder, arguments, settings, streams, timeout_s=TIMEOUT_S)
        while (status := forked.poll()) is None:
            time.sleep(POLL_S)
        out, err = [stream.read_text(encoding="utf-8") for stream in streams[1:]]
    return Done(arguments, status, out, err)


def run_anew(folder: Path, *arguments: str, stdin: bytes = b"", **settings: str) -> Done:
    """As `run`, from the start of the interpreter."""
    done = subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=environment(settings),
        input=stdin,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Done(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def start(folder: Path, *arguments: str, log: Path, **settings: str) -> Process:
    """A command that goes on until it is stopped; what it prints is added to the log."""
    log.touch()
    return _loaded().fork(folder, arguments, settings, [Path(os.devnull), log, log])


def start_anew(folder: Path, *arguments: str, log: Path, **settings: str) -> Process:
    """As `start`, from the start of the interpreter."""
    with log.open("ab") as told:
        return subprocess.Popen(
            [PROGRAM, *arguments],
            cwd=folder,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Nothing of the developer's own settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | settings


class Fork:
    """A command that was forked off."""

    def __init__(self, pid: int, ended: Path) -> None:
        self.pid = pid
        self._ended = ended

    def poll(self) -> int | None:
        return int(self._ended.read_text()) if self._ended.exists() else None


class Loaded:
    """The process that commands are forked off."""

    def __init__(self) -> None:
        self._scratch = tempfile.TemporaryDirectory()
        self._forks = 0
        self._turn = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.forks"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def close(self) -> None:
        self._process.communicate()
        self._scratch.cleanup()

    def fork(
        self,
        folder: Path,
        arguments: Sequence[str],
        settings: dict[str, str],
        streams: Sequence[Path],
        *,
        timeout_s: int = 0,
    ) -> Fork:
        """The command, running. Without a timeout it may run for ever."""
        with self._turn:
            self._forks += 1
            ended = Path(self._scratch.name) / f"{self._forks}.status"
            pid = self._ask(
                folder=str(folder),
                arguments=arguments,
                settings=environment(settings),
                streams=[str(stream) for stream in streams],
                timeout_s=timeout_s,
                ended=str(ended),
            )
        return Fork(pid, ended)

    def _ask(self, **command: object) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@cache
def _loaded() -> Loaded:
    """One for all tests of this worker."""
    loaded = Loaded()
    atexit.register(loaded.close)
    return loaded
