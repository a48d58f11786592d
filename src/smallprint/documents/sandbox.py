"""Works on one document in a one-shot child process: a crash, a hang or a bomb ends that child and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from smallprint.errors import DocumentTooComplex, ReadingTimedOut

log = structlog.get_logger()

_MAX_ANSWER_BYTES = 64 * 1024**2
_MAX_STDERR_BYTES = 4 * 1024
_CHUNK_BYTES = 256 * 1024
_COMMAND = (sys.executable, "-I", "-m", "smallprint.documents.child")
# Nothing of ours is inherited: no tokens, no proxies. SYSTEMROOT: Python on Windows does not start without it.
_KEPT_VARIABLES = ("SYSTEMROOT",)
_OUT_OF_CPU = -getattr(signal, "SIGXCPU", 0)  # absent on Windows


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use."""

    cpu_s: int
    wall_s: float
    memory_bytes: int
    max_pages: int


class Sandbox:
    """Runs at most `children` children at once; the others wait their turn, outside their own deadline."""

    def __init__(self, limits: ChildLimits, *, children: int, command: tuple[str, ...] = _COMMAND) -> None:
        self._limits = limits
        self._turn = asyncio.Semaphore(children)
        self._command = command

    async def parse(self, kind: str, content: bytes) -> bytes:
        """The reading child's answer; see `work`."""
        return await self.work({"kind": kind, "max_pages": self._limits.max_pages}, content)

    async def work(self, order: Mapping[str, object], content: bytes) -> bytes:
        """The child's answer, unchecked; `order` is JSON that says what to do with the document.

        Raises:
            DocumentTooComplex: it crashed or used too much.
            ReadingTimedOut: it hung.
        """
        header = {**order, "cpu_s": self._limits.cpu_s, "memory_bytes": self._limits.memory_bytes}
        async with self._turn:
            with tempfile.TemporaryDirectory(prefix="smallprint-") as empty:
                return await self._run(json.dumps(header).encode() + b"\n", content, empty)

    async def _run(self, header: bytes, content: bytes, directory: str) -> bytes:
        process = await self._start(directory)
        try:
            async with asyncio.timeout(self._limits.wall_s):
                answer, stderr = await _converse(process, header, content)
                code = await process.wait()
        except TimeoutError as error:
            log.warning(
                "reading child stopped", reason="deadline", seconds=self._limits.wall_s, bytes=len(content)
            )
            raise ReadingTimedOut from error
        finally:
            await _end(process)
        if code != 0:
            log.warning("reading child failed", exit_code=code, bytes=len(content), error=_type_name(stderr))
            raise ReadingTimedOut if code == _OUT_OF_CPU else DocumentTooComplex
        return answer

    async def _start(self, directory: str) -> asyncio.subprocess.Process:
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                cwd=directory,
                env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            )
        )
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            # asyncio itself, cancelled here, waits until the child ends by itself instead of killing it.
            await _end(await starting)
            raise


async def _converse(
    process: asyncio.subprocess.Process, header: bytes, content: bytes
) -> tuple[bytes, bytes]:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise DocumentTooComplex
    _, answer, stderr = await asyncio.gather(
        _feed(process.stdin, header, content),
        _read_answer(process, process.stdout),
        _read_start(process.stderr, _MAX_STDERR_BYTES),
    )
    return answer, stderr


async def _feed(stdin: asyncio.StreamWriter, header: bytes, content: bytes) -> None:
    with contextlib.suppress(
        BrokenPipeError, ConnectionResetError
    ):  # the child died first; its exit code tells
        stdin.write(header)
        view = memoryview(content)
        for start in range(0, len(content), _CHUNK_BYTES):
            stdin.write(view[start : start + _CHUNK_BYTES])
            await stdin.drain()
        stdin.close()
        await stdin.wait_closed()


async def _read_answer(process: asyncio.subprocess.Process, stdout: asyncio.StreamReader) -> bytes:
    answer = bytearray()
    while chunk := await stdout.read(_CHUNK_BYTES):
        answer += chunk
        if len(answer) > _MAX_ANSWER_BYTES:
            answer.clear()
            _kill(process)  # its exit code then says that the answer is worth nothing
    return bytes(answer)


async def _read_start(stream: asyncio.StreamReader, max_bytes: int) -> bytes:
    """Read to the end, keep the start."""
    kept = bytearray()
    while chunk := await stream.read(_CHUNK_BYTES):
        kept += chunk[: max_bytes - len(kept)]
    return bytes(kept)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill whatever is left of the child's group and wait until it and its pipes are gone, also when cancelled."""
    if process.returncode is None:
        _kill(process)
        await asyncio.shield(_bury(process))


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # the child leads a group of its own


async def _bury(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    streams = [stream for stream in (process.stdout, process.stderr) if stream is not None]
    await asyncio.gather(process.wait(), *(_read_start(stream, 0) for stream in streams))


def _type_name(stderr: bytes) -> str:
    """The last line's first word, if it looks like an exception's type: messages may hold document text."""
    lines = stderr[:_MAX_STDERR_BYTES].decode("ascii", "replace").strip().splitlines()
    word = lines[-1].partition(":")[0].strip() if lines else ""
    return word if word.replace(".", "").replace("_", "").isalnum() and len(word) <= 60 else ""  # noqa: PLR2004 - longer is no type name
