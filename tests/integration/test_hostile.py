"""Each kind of bomb, read for real: a typed refusal or a Document, in time, and nothing of it stays behind."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from pathlib import Path

import pytest

from smallprint import errors
from smallprint.documents.reader import DocumentReader, ReadingLimits
from smallprint.errors import DocumentError
from smallprint.models.domain import Document
from tests.fakes import bombs

MIB = 1024**2
FLAT = 50 * MIB
DEADLINE_S = 12.0
LIMITS = ReadingLimits(cpu_s=8, wall_s=DEADLINE_S)
"""The product's own limits, but for the time: a machine that is busy must not make the suite slow."""
REFUSED: dict[str, tuple[type[DocumentError], ...]] = {
    "zip ratio": (errors.UnsafeArchive,),
    "zip that lies about sizes": (errors.UnsafeArchive,),
    "5,001 entries": (errors.UnsafeArchive,),
    "billion laughs": (errors.UnsafeArchive,),
    "external entity": (errors.UnsafeArchive,),
    "external DTD": (errors.UnsafeArchive,),
    "deep nesting": (errors.UnsafeArchive,),
    "deep HTML": (errors.UnsafeArchive,),
    "giant sheet range": (errors.UnsafeArchive, errors.DocumentTooComplex),
    "shared strings": (errors.UnsafeArchive, errors.DocumentTooComplex),
    "one-line CSV": (errors.DocumentTooLarge,),
    "1 GiB Flate": (errors.DocumentTooComplex,),
    "1 GiB Flate, packed twice": (errors.DocumentTooComplex,),
    "XObject recursion": (errors.DocumentTooComplex,),
    "a form in itself": (errors.ScannedDocument, errors.EmptyDocument),
    "a page tree in itself": (errors.EmptyDocument, errors.CorruptDocument, errors.ScannedDocument),
    "300,000 pages": (errors.TooManyPages,),
    "giant picture": (errors.DocumentTooLarge,),
    "1,500 nested multiparts": (errors.DocumentTooComplex,),
}
"""What each may end in; those that aren't named may be read."""
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "hostile"


async def outcome(reader: DocumentReader, name: str, content: bytes) -> Document | DocumentError:
    try:
        return await reader.read(name, content)
    except DocumentError as refusal:
        return refusal


@pytest.mark.parametrize("bomb", bombs.BOMBS)
async def test_a_bomb_ends_in_its_own_refusal_or_is_read_in_time(bomb: str) -> None:
    name, build = bombs.BOMBS[bomb]
    content = build()
    started = time.monotonic()
    ended = await outcome(DocumentReader(LIMITS, children=1), name, content)
    assert time.monotonic() - started < 2 * DEADLINE_S
    assert children() == []
    assert isinstance(ended, REFUSED.get(bomb, Document)), repr(ended)
    if isinstance(ended, DocumentError):
        assert ended.user_message.rstrip(".").rsplit(". ", maxsplit=1)[-1].startswith("Please ")


async def test_no_secret_of_the_machine_comes_out_of_an_external_entity() -> None:
    ended = await outcome(DocumentReader(LIMITS, children=1), "a.docx", bombs.external_entity())
    assert not isinstance(ended, Document) or "root:" not in ended.text


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_bombs_leave_the_parent_as_small_as_it_was() -> None:
    reader = DocumentReader(LIMITS, children=2)
    quick = [bombs.BOMBS[bomb] for bomb in ("zip ratio", "billion laughs", "deep HTML", "300,000 pages", "giant sheet range")]  # fmt: skip
    await outcome(reader, *warm())
    before = resident_bytes()
    for name, build in quick:
        await asyncio.gather(*(outcome(reader, name, build()) for _ in range(2)))
    gc.collect()
    assert resident_bytes() - before < FLAT
    assert children() == []


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
async def test_every_public_hostile_file_is_read_or_refused_in_time() -> None:
    limits = ReadingLimits()
    reader = DocumentReader(limits, children=2)
    for path in sorted(CORPUS.iterdir()):
        content = path.read_bytes()
        started = time.monotonic()
        ended = await outcome(reader, path.name, content)
        assert time.monotonic() - started < limits.wall_s + 3, path.name
        assert isinstance(ended, Document) or ended.user_message
    assert children() == []


def warm() -> tuple[str, bytes]:
    return "a.txt", b"Whatever is imported at first use."


def children() -> list[int]:
    """Processes that this one started and that still run; empty where the system doesn't tell."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    found = [int(pid) for pid in listed.read_text().split()] if listed.exists() else []
    return [pid for pid in found if "smallprint.documents.child" in command_of(pid)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
