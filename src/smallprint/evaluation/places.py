"""Where the words of a report stand in the text that the labels refer to. Pure.

The two texts differ when a report was made from a PDF and the labels from its plain text: line breaks, ligatures, page
numbers in the middle of a sentence. So both are folded to letters and digits, and found places mapped back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from smallprint.documents.quotes.folding import Flow, fold
from smallprint.evaluation.values import Span
from smallprint.models.domain import Evidence, Passage

MIN_OVERLAP = 0.5
"""Of the shorter of two spans: a short quotation inside a long clause counts, a touch at the edge does not."""

_ELLIPSIS = re.compile(r"\s*…\s*|\s*\.{3}\s*")
_ANCHOR = 24
"""Folded characters at either end of a quotation that are enough to know it by; about five words."""
_STRETCH = 1.5
"""How much longer the labels' text may be between the two ends: a page's foot and head."""


class Places:
    """One labelled text."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._flow = Flow((Passage(1, text, 0, len(text)),))

    def locate(self, evidence: Evidence, characters: int = 0) -> tuple[Span, ...]:
        """The spans of the labelled text that the evidence's words cover; empty when they are not in it.

        Of several places it is the one nearest to where the words stood in the document that was read, which had
        so many `characters`; the first when that is not known.
        """
        share = 0.0 if evidence.start is None or not characters else evidence.start / characters
        whole = self._place(fold(evidence.text), share)
        if whole:
            return (whole,)
        parts = [self._place(fold(part), share) for part in _ELLIPSIS.split(evidence.text)]
        found = tuple(part for part in parts if part)
        if found:
            return found
        between = self._between_its_ends(fold(evidence.text), share)
        return (between,) if between else ()

    def _place(self, folded: str, share: float) -> Span | None:
        if not folded:
            return None
        near = share * len(self._flow.text)
        start = min(self._flow.occurrences(folded), key=lambda at: abs(at - near), default=None)
        return None if start is None else self._span(start, start + len(folded))

    def _between_its_ends(self, folded: str, share: float) -> Span | None:
        """From its first words to its last, when what stands between differs."""
        if len(folded) < 2 * _ANCHOR:
            return None
        near = share * len(self._flow.text)
        first = min(self._flow.occurrences(folded[:_ANCHOR]), key=lambda at: abs(at - near), default=None)
        if first is None:
            return None
        limit = first + int(len(folded) * _STRETCH)
        last = next(self._flow.occurrences(folded[-_ANCHOR:], first + _ANCHOR, limit), None)
        return None if last is None else self._span(first, last + _ANCHOR)

    def _span(self, start: int, end: int) -> Span:
        _, first, last = self._flow.span(start, end)[0]
        return first, last


def overlap(spans: Iterable[Span], others: Sequence[Span]) -> bool:
    """True if one of `spans` shares half of the shorter with one of `others`."""
    return any(
        min(end, other_end) - max(start, other_start)
        >= MIN_OVERLAP * min(end - start, other_end - other_start)
        for start, end in spans
        for other_start, other_end in others
    )
