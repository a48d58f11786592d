"""A document seen through windows: only the passages round certain places. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from smallprint.models.domain import Document

AROUND = 2
"""Passages before and after each place."""


def windows(document: Document, passages: Iterable[int], *, around: int = AROUND) -> Document:
    """The document with only the passages of these numbers and their neighbours, numbered as before, without pictures.

    Offsets keep referring to the whole text. Numbers that the document does not have are ignored.
    """
    wanted = {
        number + step
        for number in passages
        if 1 <= number <= len(document.passages)
        for step in range(-around, around + 1)
    }
    kept = tuple(passage for passage in document.passages if passage.number in wanted)
    return replace(document, passages=kept, pictures=())


def beginning(document: Document) -> Document:
    """A window on the first passages, for when nothing points to a place."""
    return windows(document, [1])
