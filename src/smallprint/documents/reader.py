"""Bytes → Document: what kind is it, parse it in a child process, number the passages, write the receipt."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from typing import Annotated, Literal

import structlog
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from smallprint import errors
from smallprint.documents.kinds import detect_kind, mismatch_warning
from smallprint.documents.passages import number_passages
from smallprint.documents.sandbox import ChildLimits, Sandbox
from smallprint.models.domain import Document, DocumentKind, PassageKind, Picture, ReadingReceipt

log = structlog.get_logger()

TOO_LARGE = "This file has {size} MB; I read up to {limit} MB of this kind. Please split it or share the part that matters."

_MIB = 1024**2
_TEXT_KINDS = frozenset(
    {
        DocumentKind.CSV,
        DocumentKind.TSV,
        DocumentKind.EMAIL,
        DocumentKind.HTML,
        DocumentKind.MARKDOWN,
        DocumentKind.TEXT,
    }
)
_REFUSALS: dict[str, type[errors.DocumentError]] = {
    error.code: error
    for error in (
        errors.DocumentError,
        errors.EmptyDocument,
        errors.EncryptedDocument,
        errors.RightsManaged,
        errors.ScannedDocument,
        errors.CorruptDocument,
        errors.DocumentTooLarge,
        errors.TooManyPages,
        errors.UnsafeArchive,
        errors.DocumentTooComplex,
    )
}


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one document may cost. The slowest ordinary file measured, an annual report of 503 pages, took 2.7 s."""

    max_bytes: int = 32 * _MIB
    max_text_bytes: int = 10 * _MIB
    """Text, Markdown, HTML, CSV and e-mails: a parser ran out of 3 GiB on 60 MB of them in one line."""
    max_pages: int = 600
    """Claude's own limit for a PDF; 619 pages parse in 2.6 s."""
    cpu_s: int = 30
    wall_s: float = 45
    memory_bytes: int = 1024 * _MIB


class DocumentReader:
    """Reads files that nobody has vouched for."""

    def __init__(self, limits: ReadingLimits = ReadingLimits(), *, children: int | None = None) -> None:
        self._limits = limits
        self._sandbox = Sandbox(
            ChildLimits(limits.cpu_s, limits.wall_s, limits.memory_bytes, limits.max_pages),
            children=children or max(1, (os.cpu_count() or 1) - 1),
        )

    async def read(self, name: str, content: bytes) -> Document:
        """Raises DocumentError, and nothing else, for whatever the bytes are; OSError if no process can be started."""
        started = time.perf_counter()
        self._check_size(len(content), self._limits.max_bytes)
        kind = detect_kind(name, content)
        if kind in _TEXT_KINDS:
            self._check_size(len(content), self._limits.max_text_bytes)
        reading = _checked(await self._sandbox.parse(kind, content))
        document = _document(name, kind, content, reading)
        log.info(
            "document read",
            kind=kind.value,
            bytes=len(content),
            pages=document.receipt.pages,
            characters=document.receipt.characters,
            seconds=round(time.perf_counter() - started, 3),
        )
        return document

    def _check_size(self, size: int, limit: int) -> None:
        if size > limit:
            raise errors.DocumentTooLarge(TOO_LARGE.format(size=-(-size // _MIB), limit=limit // _MIB))


_Page = Annotated[int, Field(ge=1)]


_Kind = Annotated[PassageKind, Field(strict=False)]
_MediaType = Literal["image/png", "image/jpeg", "image/gif", "image/webp"]
_Texts = Annotated[tuple[str, ...], Field(strict=False)]


class _Notes(BaseModel):
    """Fields of the receipt that a reader fills by name."""

    model_config = ConfigDict(strict=True, extra="forbid")

    unit: str = "page"
    insertions: int = 0
    deletions: int = 0
    comments: int = 0
    hidden: _Texts = ()
    macros: bool = False
    external_links: int = 0
    attachments_read: _Texts = ()
    attachments_skipped: _Texts = ()


class _ChildAnswer(BaseModel):
    """What the child wrote: it ran a parser on hostile bytes, so it is checked like any outside data."""

    model_config = ConfigDict(strict=True, extra="forbid")

    blocks: list[tuple[Annotated[str, Field(min_length=1)], _Page | None, str, _Kind, str]] = []
    pages: _Page | None = None
    pages_without_text: list[_Page] = []
    warnings: list[str] = []
    notes: _Notes = Field(default_factory=_Notes)
    pictures: list[tuple[_Page | None, _MediaType, Base64Bytes]] = []
    refused: str | None = None
    fault: Annotated[str, Field(max_length=100)] | None = None
    """Type of an exception that no reader foresaw."""
    message: str | None = None


def _checked(answer: bytes) -> _ChildAnswer:
    try:
        reading = _ChildAnswer.model_validate_json(answer)
    except ValidationError as error:
        raise errors.DocumentTooComplex from error
    if reading.fault is not None:
        log.warning("reader raised", error=reading.fault, refused=reading.refused)
    if reading.refused is not None:
        raise _REFUSALS.get(reading.refused, errors.DocumentTooComplex)(reading.message)
    if not reading.blocks and not reading.pictures:
        raise errors.EmptyDocument
    return reading


def _document(name: str, kind: DocumentKind, content: bytes, reading: _ChildAnswer) -> Document:
    text, passages = number_passages(reading.blocks)
    mismatch = mismatch_warning(name, kind)
    receipt = ReadingReceipt(
        pages=reading.pages,
        pages_without_text=tuple(reading.pages_without_text),
        pages_as_pictures=tuple(page for page, _, _ in reading.pictures if page),
        characters=len(text),
        passages=len(passages),
        warnings=(*([mismatch] if mismatch else ()), *reading.warnings),
        **reading.notes.model_dump(),
    )
    pictures = tuple(Picture(media_type, data, page) for page, media_type, data in reading.pictures)
    return Document(name, kind, hashlib.sha256(content).hexdigest(), text, passages, receipt, pictures)
