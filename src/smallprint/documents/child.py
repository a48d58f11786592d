"""What runs in the one-shot child process: limits first, then one document in, one answer out.

Input: a line of JSON (kind and limits), then the file's bytes. Output: one JSON document, a reading or a refusal.
Everything imported here is paid for every document: see documents/reading.py.
"""

from __future__ import annotations

import gc
import json
import os
import sys

_IDLE_NICENESS = 19
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_SIGKILL = 9
_GRACE_S = 2
_OPEN_FILES = 64


def main() -> None:
    """Read one document from standard input; never returns."""
    gc.disable()  # the process lives for milliseconds
    _step_back()
    header = json.loads(sys.stdin.buffer.readline())
    _limit(header["memory_bytes"], header["cpu_s"])
    _isolate()
    content = sys.stdin.buffer.read()
    _answer(_read(header["kind"], content, header["max_pages"]))


def _read(kind: str, content: bytes, max_pages: int) -> dict[str, object]:
    from smallprint.documents.formats import read_as  # noqa: PLC0415 - parsers are imported under the limits
    from smallprint.documents.reading import Refused  # noqa: PLC0415

    try:
        reading = read_as(kind, content, max_pages)
    except Refused as refusal:
        return {"refused": refusal.code, "message": refusal.message}
    except (MemoryError, RecursionError):
        return {"refused": "too_complex", "message": None}
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is a BaseException
        # The type only: messages may hold document text.
        return {"refused": _blame(error), "message": None, "fault": type(error).__name__}
    return {
        "blocks": [
            (block.text, block.page, block.section, block.kind, block.place) for block in reading.blocks
        ],
        "pages": reading.pages,
        "pages_without_text": reading.pages_without_text,
        "warnings": reading.warnings,
        "notes": reading.notes,
        "pictures": reading.pictures,
    }


def _blame(error: BaseException) -> str:
    """What a parser could not make sense of is the document's fault; a broken installation is ours."""
    if isinstance(error, (ImportError, NameError, SyntaxError)):
        return "unreadable"
    return "too_complex" if type(error).__name__ == "PanicException" else "corrupt"


def _answer(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # parsers crash in their destructors more often than in their work


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


if __name__ == "__main__":
    main()
