"""What a child process gives up before it touches a document: priority, memory, files, the network. Child process only."""

from __future__ import annotations

import os
import sys

_IDLE_NICENESS = 19
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_SIGKILL = 9
_GRACE_S = 2
_OPEN_FILES = 64


def confine(memory_bytes: int, cpu_s: int) -> None:
    """All of it, as far as the system knows it."""
    _step_back()
    _limit(memory_bytes, cpu_s)
    _isolate()


def _step_back() -> None:
    """Run only when nobody else wants the processor: acknowledgements to Slack come first."""
    try:
        with open("/proc/self/autogroup", "w") as autogroup:  # noqa: PTH123 - pathlib costs 3 ms; a session has its own share otherwise
            autogroup.write(str(_IDLE_NICENESS))
    except OSError:
        pass
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except (AttributeError, OSError):  # not Linux, or not allowed
        os.nice(_IDLE_NICENESS)


def _limit(memory_bytes: int, cpu_s: int) -> None:
    import resource  # noqa: PLC0415 - absent on Windows

    _set_limit(resource.RLIMIT_AS, memory_bytes, memory_bytes)
    _set_limit(resource.RLIMIT_CPU, cpu_s, cpu_s + _GRACE_S)
    _set_limit(resource.RLIMIT_FSIZE, 0, 0)
    _set_limit(resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES)
    _set_limit(resource.RLIMIT_CORE, 0, 0)


def _set_limit(which: int, soft: int, hard: int) -> None:
    import resource  # noqa: PLC0415

    _, allowed = resource.getrlimit(which)
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    try:
        resource.setrlimit(which, (soft, hard))
    except (OSError, ValueError):  # macOS knows no address space limit
        print("limit refused", which, file=sys.stderr)  # noqa: T201


def _isolate() -> None:
    """No network, no new privileges, and no life after the parent: best effort, Linux only."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415

    libc = ctypes.CDLL(None)
    libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # After unshare, which clears it: a process that changes its credentials loses its parent-death signal.
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
