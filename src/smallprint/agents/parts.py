"""A long document in parts that a model reads one by one. Pure.

A part ends where a section ends, if there is such a place in its last third, and begins with the last passages of
the part before, so that a sentence that refers to the one before it is not torn off. Passages keep their numbers:
what a part's analyst quotes is looked up in the whole document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from smallprint.agents.document_text import CHARACTERS_PER_TOKEN, TOKENS_PER_PICTURE, estimated_tokens
from smallprint.errors import DocumentTooLong
from smallprint.models.domain import Document, Passage

PART_TOKENS = 60_000
"""Small enough for a model's full attention, and below the 100,000 from which Haiku costs five times as much."""
OVERLAP = 2
"""Passages that stand in two parts at most …"""
OVERLAP_TOKENS = 2_000
"""… and tokens: a huge passage is not read twice."""
MAX_PARTS = 60
LATEST = 2 / 3
"""A section's end is taken as the end of a part from here on."""


def parts_of(document: Document, *, long_from: int, part_tokens: int = PART_TOKENS) -> tuple[Document, ...]:
    """The document itself, or its parts if it has more than `long_from` tokens.

    Raises:
        DocumentTooLong: it would be more than `MAX_PARTS`.
    """
    if estimated_tokens(document) <= long_from or len(document.passages) <= OVERLAP + 1:
        return (document,)
    runs = list(_runs(document, part_tokens))
    if len(runs) > MAX_PARTS:
        raise DocumentTooLong
    starts = [0, *(run[0].page or 0 for run in runs[1:])]
    return tuple(
        replace(
            document,
            passages=(*_overlap(document, run[0]), *run),
            pictures=tuple(
                picture
                for picture in document.pictures
                if _part_of_picture(starts, picture.page or 1) == place
            ),
        )
        for place, run in enumerate(runs)
    )


def part_of(parts: Sequence[Document], passage: int | None) -> int:
    """0-based: the first part that holds the passage; 0 when none does."""
    held = (place for place, part in enumerate(parts) if any(p.number == passage for p in part.passages))
    return next(held, 0)


def _runs(document: Document, part_tokens: int) -> Iterator[Sequence[Passage]]:
    passages, begin = document.passages, 0
    while begin < len(passages):
        end = _end(document, begin, part_tokens)
        yield passages[begin:end]
        begin = end


def _overlap(document: Document, first: Passage) -> tuple[Passage, ...]:
    """What stands right before a part's first passage, as far as it is short."""
    before = document.passages[max(0, first.number - 1 - OVERLAP) : first.number - 1]
    while before and sum(len(passage.text) for passage in before) > OVERLAP_TOKENS * CHARACTERS_PER_TOKEN:
        before = before[1:]
    return before


def _end(document: Document, begin: int, part_tokens: int) -> int:
    """Index after the part's last passage: at least one passage, at most `part_tokens`, at a section's end if possible."""
    passages, pictures = document.passages, _pictures_per_page(document)
    tokens, end, good = 0.0, begin, 0
    pages: set[int] = set()
    while end < len(passages):
        passage = passages[end]
        tokens += len(passage.text) / CHARACTERS_PER_TOKEN
        if passage.page is not None and passage.page not in pages:
            pages.add(passage.page)
            tokens += TOKENS_PER_PICTURE * pictures.get(passage.page, 0)
        if tokens > part_tokens and end > begin:
            return good or end
        end += 1
        begins_section = end < len(passages) and passages[end].section != passage.section
        if begins_section and tokens >= part_tokens * LATEST:
            good = end
    return end


def _pictures_per_page(document: Document) -> dict[int, int]:
    counts: dict[int, int] = {}
    for picture in document.pictures:
        counts[picture.page or 1] = counts.get(picture.page or 1, 0) + 1
    return counts


def _part_of_picture(starts: Sequence[int], page: int) -> int:
    """The last part that begins on this page or before it, so that every picture is in exactly one."""
    return max((place for place, start in enumerate(starts) if start <= page), default=0)
