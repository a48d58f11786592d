"""A PDF with its quotations highlighted: made in a child process, like everything that opens a document."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from smallprint.documents.sandbox import ChildLimits, Sandbox
from smallprint.errors import DocumentTooComplex

CPU_S, WALL_S, MEMORY_BYTES = 30, 45.0, 1024 * 1024**2
MOST = 400
"""Marks in one document; a report has 30 findings with a few quotations each."""

_COMMAND = (sys.executable, "-I", "-m", "smallprint.documents.highlighting_child")


@dataclass(frozen=True, slots=True)
class Highlight:
    """Words to be marked on a page, and the comment that stands beside them."""

    page: int
    """From 1."""
    text: str
    note: str
    colour: tuple[int, int, int]
    """Red, green, blue, each from 0 to 255."""


@dataclass(frozen=True, slots=True)
class HighlightedPdf:
    """The marked copy; the original is not touched."""

    content: bytes
    placed: int
    """Highlights that found their words; the others have none on that page that a program can find."""


class PdfHighlighter:
    """One document at a time: people ask for this now and then."""

    def __init__(self) -> None:
        self._sandbox = Sandbox(
            ChildLimits(CPU_S, WALL_S, MEMORY_BYTES, max_pages=0), children=1, command=_COMMAND
        )

    async def highlight(self, content: bytes, marks: Sequence[Highlight]) -> HighlightedPdf:
        """The first `MOST` of the marks.

        Raises:
            DocumentTooComplex, ReadingTimedOut: no copy could be made of this PDF.
        """
        order = [[mark.page, mark.text, mark.note, mark.colour] for mark in marks[:MOST]]
        answer = await self._sandbox.work({"marks": order}, content)
        head, _, copy = answer.partition(b"\n")
        try:
            placed = len(json.loads(head)["placed"])
        except (ValueError, KeyError, TypeError) as error:
            raise DocumentTooComplex from error
        if not copy.startswith(b"%PDF"):
            raise DocumentTooComplex
        return HighlightedPdf(copy, placed)
