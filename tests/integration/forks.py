"""Runs commands of `smallprint` in forks of one process that has imported everything: `python -m tests.integration.forks`.

Each command is a process of its own, with its own folder, environment, streams and status, and may be killed; what it
is spared is the three seconds that imports take. A line of JSON in for each command, a line with its process id out;
its status is in the file `ended` once it has ended.
"""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

LOADED_LATE = (
    "smallprint.bootstrap.checkup",
    "smallprint.bootstrap.evaluation",
    "smallprint.cli.evaluating",
    "smallprint.main",
    "smallprint.services.ai_client",
    "smallprint.services.database.usage",
)
"""What commands import when they need it."""


def serve(program: Callable[[], None]) -> None:
    """Until standard input ends."""
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a waiter ended
    for line in sys.stdin.buffer:
        if os.fork() == 0:
            _wait(program, json.loads(line))


def _wait(program: Callable[[], None], command: dict[str, Any]) -> None:
    """Starts the command, says its id and writes down how it ended; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        _become(program, command)
    os.write(1, f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    ended = Path(command["ended"])
    written = ended.with_suffix(".new")
    written.write_text(str(os.waitstatus_to_exitcode(status)))
    written.rename(ended)
    os._exit(0)


def _become(program: Callable[[], None], command: dict[str, Any]) -> None:
    """The command; never returns."""
    signal.alarm(command["timeout_s"])
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["settings"])
    sys.argv = ["smallprint", *command["arguments"]]
    for number, mode in enumerate((os.O_RDONLY, os.O_WRONLY | os.O_APPEND, os.O_WRONLY | os.O_APPEND)):
        os.dup2(os.open(command["streams"][number], mode), number)
    sys.stdin, sys.stdout, sys.stderr = _stream(0, "rb"), _stream(1, "wb"), _stream(2, "wb")
    status = _status(program)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _stream(number: int, mode: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(open(number, mode, closefd=False), encoding="utf-8", line_buffering=number == 2)


def _status(program: Callable[[], None]) -> int:
    """As the interpreter would end."""
    try:
        program()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it is, the interpreter would print it
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    for name in LOADED_LATE:
        import_module(name)
    serve(import_module("smallprint.cli").main)
