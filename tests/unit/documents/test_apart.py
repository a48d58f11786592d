"""Work in a process of its own: whatever becomes of it, this process goes on."""

import os
import signal
import time

import pytest

from smallprint.documents.apart import MAX_ANSWER_BYTES, apart

# Python 3.12 warns of forks beside threads; the child process, where this runs, has none of its own.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def hang() -> bytes:
    time.sleep(60)
    return b""


def fail() -> bytes:
    raise ValueError("secret words of the document")


def crash() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)  # as a segmentation fault, but pytest prints no stack
    return b""


def leave() -> bytes:
    os._exit(3)


def test_an_answer_comes_back_whole():
    assert apart(lambda: b"x" * 3_000_000, 10) == b"x" * 3_000_000
    assert apart(lambda: b"", 10) == b""


@pytest.mark.parametrize("work", [fail, crash, leave])
def test_work_that_fails_or_crashes_gives_nothing_and_hurts_nobody(work):
    assert apart(work, 10) is None


def test_work_that_hangs_is_ended():
    started = time.monotonic()

    assert apart(hang, 0.2) is None
    assert time.monotonic() - started < 5


def test_an_answer_without_end_is_not_taken():
    assert apart(lambda: bytes(MAX_ANSWER_BYTES + 1), 20) is None


def test_what_went_wrong_is_named_by_its_type_and_never_by_its_words(capfd):
    apart(fail, 10)

    assert capfd.readouterr().err == "ValueError\n"


def test_no_process_and_no_pipe_is_left_behind():
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0  # noqa: PTH112, PTH208 - counts only

    for work in (fail, crash, lambda: b"x"):
        apart(work, 10)

    after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0  # noqa: PTH112, PTH208
    assert after == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
