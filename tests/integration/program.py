"""`smallprint` as a person and as another program use it: real processes, real files.

`run` starts each command as a fork of a process that is loaded already (tests/integration/forks.py), which takes a tenth
of the time; `run_anew` starts the installed program, for what is about starting and ending it.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
AGREEMENT = EXAMPLES / "services-agreement.pdf"
POLICY = EXAMPLES / "remote-work-policy.docx"
PROGRAM = Path(sys.executable).with_name("smallprint")
TIMEOUT_S = 60

Done = subprocess.CompletedProcess[str]


def run(folder: Path, *arguments: str, stdin: bytes = b"", **settings: str) -> Done:
    """What the command printed and its status, with no setting but these."""
    return _loaded().run(folder, arguments, stdin, environment(settings))


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


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Nothing of the developer's own settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | settings


class Loaded:
    """The process that commands are forked from."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.forks"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._turn = Lock()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def run(self, folder: Path, arguments: tuple[str, ...], stdin: bytes, settings: dict[str, str]) -> Done:
        with tempfile.TemporaryDirectory() as scratch:
            streams = [Path(scratch) / name for name in ("in", "out", "err")]
            for stream, content in zip(streams, (stdin, b"", b""), strict=True):
                stream.write_bytes(content)
            status = self._ask(
                {
                    "folder": str(folder),
                    "arguments": arguments,
                    "settings": settings,
                    "streams": [str(stream) for stream in streams],
                    "timeout_s": TIMEOUT_S,
                }
            )
            out, err = [stream.read_text(encoding="utf-8") for stream in streams[1:]]
        return Done(arguments, status, out, err)

    def _ask(self, command: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


@cache
def _loaded() -> Loaded:
    """One for all tests of this worker."""
    loaded = Loaded()
    atexit.register(loaded.close)
    return loaded
