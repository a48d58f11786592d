"""Work that may crash, in a process of its own beside the child's: what it was for is lost, the document is not.

Child process only. The limits that the child set for itself hold for each of these too.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ANSWER_BYTES = 48 * 1024**2
_CHUNK_BYTES = 1024 * 1024
_PR_SET_PDEATHSIG = 1


def apart(work: Callable[[], bytes], seconds: float) -> bytes | None:
    """What `work` returns; None if it raised, crashed, said too much or took longer than `seconds`."""
    if not hasattr(os, "fork"):  # Windows: the child itself is all the isolation there is
        return _attempt(work)
    receiving, sending = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(receiving)
        _work(work, sending)
    os.close(sending)
    answer = _receive(receiving, time.monotonic() + seconds)
    os.close(receiving)
    if answer is None:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return None if status else answer


def _work(work: Callable[[], bytes], sending: int) -> None:
    """In the new process; never returns."""
    _end_with_parent()
    answer = _attempt(work)
    if answer is None:
        os._exit(1)
    view = memoryview(answer)
    while view:
        view = view[os.write(sending, view) :]
    os._exit(0)


def _attempt(work: Callable[[], bytes]) -> bytes | None:
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is a BaseException
        print(type(error).__name__, file=sys.stderr)  # noqa: T201 - the type only: messages may hold document text
        return None


def _receive(receiving: int, deadline: float) -> bytes | None:
    answer = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([receiving], [], [], left)[0]:
            return None
        chunk = os.read(receiving, _CHUNK_BYTES)
        if not chunk:
            return bytes(answer)
        answer += chunk
        if len(answer) > MAX_ANSWER_BYTES:
            return None


def _end_with_parent() -> None:
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - the child has loaded it already

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a fork does not inherit it
