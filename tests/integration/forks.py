"""Runs commands of `smallprint` in forks of one process that has imported everything: `python -m tests.integration.forks`.

Each command is a process of its own, with its own folder, environment, streams and status; what it is spared is the
second that imports take. A line of JSON in for each command, a line with its status out.
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
from typing import Any

LOADED_LATE = (
    "anthropic.types.beta",
    "smallprint.agents.budget_words",
    "smallprint.bootstrap.checkup",
    "smallprint.bootstrap.evaluation",
    "smallprint.bootstrap.product",
    "smallprint.bootstrap.spending",
    "smallprint.cli.evaluating",
    "smallprint.services.ai_client",
    "smallprint.services.database.retention",
    "smallprint.services.database.usage",
)
"""What commands import when they need it."""


def serve(program: Callable[[], None]) -> None:
    """Until standard input ends."""
    gc.collect()
    gc.freeze()
    for line in sys.stdin.buffer:
        pid = os.fork()
        if pid == 0:
            _become(program, json.loads(line))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(program: Callable[[], None], command: dict[str, Any]) -> None:
    """The command, in a fork; never returns."""
    signal.alarm(command["timeout_s"])
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["settings"])
    sys.argv = ["smallprint", *command["arguments"]]
    for number, mode in enumerate((os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)):
        os.dup2(os.open(command["streams"][number], mode), number)
    sys.stdin, sys.stdout, sys.stderr = (_stream(number, "rww"[number]) for number in range(3))
    status = _status(program)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _stream(number: int, mode: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(open(number, f"{mode}b", closefd=False), encoding="utf-8")  # noqa: PTH123, SIM115 - a descriptor


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
