"""Whose words a passage holds: a quotation may run on from one passage into the next only within one voice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smallprint.documents.quotes.folding import Flow
from smallprint.models.domain import Passage, PassageKind

FLOWING = frozenset({PassageKind.BODY, PassageKind.TABLE})
"""The document's own text, which goes on from one passage to the next."""


def one_voice(passages: Sequence[Passage]) -> bool:
    """True if passages that follow one another belong together: the text itself, or pieces of one comment or note."""
    first = passages[0]
    return all(_joined(first, passage) for passage in passages[1:])


def within_voice(flow: Flow, index: int, start: int, end: int) -> tuple[int, int]:
    """A folded range around the passage at `index`, cut where another voice begins."""
    first = last = index
    voice = flow.passages[index]
    while flow.bounds(first)[0] > start and _joined(voice, flow.passages[first - 1]):
        first -= 1
    while flow.bounds(last)[1] < end and _joined(voice, flow.passages[last + 1]):
        last += 1
    return max(start, flow.bounds(first)[0]), min(end, flow.bounds(last)[1])


def text_first(passages: Sequence[Passage], positions: Iterator[tuple[int, int]]) -> Iterator[int]:
    """Of (position, index of its passage), the positions in the document's own text before all others."""
    others = []
    for position, index in positions:
        if passages[index].kind in FLOWING:
            yield position
        else:
            others.append(position)
    yield from others


def _joined(first: Passage, passage: Passage) -> bool:
    if first.kind in FLOWING:
        return passage.kind in FLOWING
    return (passage.kind, passage.place, passage.section) == (first.kind, first.place, first.section)
