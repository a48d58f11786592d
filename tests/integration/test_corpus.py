"""Every document of the corpus ends as a Document or as one of our errors; the corpus is not part of the product."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from smallprint.documents.reader import DocumentReader, ReadingLimits
from smallprint.errors import DocumentError
from smallprint.models.domain import Document

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
READ_WHOLE = (
    *("contracts", "email", "forms", "html", "images", "multicolumn", "policies", "rfp", "rtl_cjk"),
    *("scanned", "slides", "spreadsheets", "tables", "text", "word"),
)
REFUSED = {
    "testEXCEL.xlsb": "CorruptDocument",  # in a shape that calamine gives up on, and other parsers too
    "empty.eml": "EmptyDocument",
    "fake-encrypted.eml": "EncryptedDocument",
}

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")]


async def outcome(reader: DocumentReader, path: Path) -> str:
    """The kind, or the error's class."""
    try:
        document = await reader.read(path.name, path.read_bytes())  # noqa: ASYNC240 - nothing else runs
    except DocumentError as refusal:
        assert refusal.user_message  # noqa: PT017 - both ways are right
        return type(refusal).__name__
    check(document)
    return document.kind.value


def check(document: Document) -> None:
    assert document.passages or document.pictures
    assert all(document.text[passage.start : passage.end] == passage.text for passage in document.passages)
    assert all(1 <= (passage.page or 1) <= (document.receipt.pages or 1) for passage in document.passages)
    assert "\x00" not in document.text


async def test_every_document_of_the_corpus_is_read_or_refused_in_time() -> None:
    limits = ReadingLimits()
    reader = DocumentReader(limits, children=2)
    files = sorted(CORPUS.glob("*/*"))
    started = time.monotonic()
    async with asyncio.timeout(limits.wall_s + 10):
        outcomes = await asyncio.gather(*(outcome(reader, path) for path in files))
    by_folder: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path, result in zip(files, outcomes, strict=True):
        by_folder[path.parent.name][result] += 1
    print(f"{len(files)} files in {time.monotonic() - started:.1f} s")  # noqa: T201 - shown with -s
    for folder, counts in sorted(by_folder.items()):
        print(f"{folder:14} {dict(counts)}")  # noqa: T201
    refused = {
        path.name: result
        for path, result in zip(files, outcomes, strict=True)
        if path.parent.name in READ_WHOLE and result[0].isupper()
    }
    assert refused == REFUSED
    assert "DocumentTooComplex" not in by_folder["contracts"]
