"""The most similar stretch of a document, for quotations that do not stand in it letter by letter."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz

from smallprint.documents.quotes.folding import Flow
from smallprint.documents.quotes.voices import within_voice

_WORD = re.compile(r"\w{3,}")
_CANDIDATES = 8
_COMMON_SHARE = 0.1
_COMMON_FROM = 20
_SHORTEST_SHARE = 0.9


class SimilarText:
    """Compares only where the quotation's rarer words stand: a few milliseconds, however long the document is."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for index, passage in enumerate(flow.passages):
            for word in set(_WORD.findall(passage.text.lower())):
                holders[word].append(index)
        self._holders = holders

    def find(self, text: str, folded: str, score_from: float, passage: int | None) -> tuple[int, int] | None:
        """The folded range that resembles most; `score_from` is a rapidfuzz partial ratio, 0 to 100."""
        best = None
        for start, end in self._windows(text, len(folded), passage):
            if end - start < len(folded) * _SHORTEST_SHARE:
                continue
            found = fuzz.partial_ratio_alignment(folded, self._flow.text[start:end], score_cutoff=score_from)
            if found and found.dest_end > found.dest_start and (best is None or found.score > score_from):
                best, score_from = (start + found.dest_start, start + found.dest_end), found.score
        return best

    def _windows(self, text: str, length: int, passage: int | None) -> Iterator[tuple[int, int]]:
        for index in self._candidates(text, passage):
            start, end = self._flow.bounds(index)
            yield within_voice(
                self._flow, index, max(0, start - length), min(len(self._flow.text), end + length)
            )

    def _candidates(self, text: str, passage: int | None) -> list[int]:
        index = self._flow.index_of_number(passage)
        named = [] if index is None else [index]
        scores: Counter[int] = Counter()
        for word in set(_WORD.findall(text.lower())):
            holders = self._holders.get(word, [])
            if len(holders) <= max(_COMMON_FROM, _COMMON_SHARE * len(self._flow.passages)):
                scores.update(dict.fromkeys(holders, 1))
        return [*named, *(index for index, _ in scores.most_common(_CANDIDATES) if index not in named)]
