"""Two documents cut into the same pieces, however each of them breaks its text into paragraphs.

One program's paragraph is another's two: Word beside PDF, a page that now ends elsewhere. Where the words on both sides
of a break are the same in the other document, the other is broken there too. Nothing is cut where the words differ.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel

from smallprint.documents.changes.chain import heaviest_chain
from smallprint.documents.changes.gaps import gaps, twins
from smallprint.documents.changes.texts import Text
from smallprint.documents.quotes.folding import fold

SURE_WORDS = 3
"""On each side of a break that must be the same in both documents."""
MOST_COMPARED = 400_000_000
"""Words of the one times words of the other, in bits of memory: 50 MB. Longer stretches stay as they are."""

_WORD = re.compile(r"\w+")

Cuts = dict[int, set[int]]
"""Place → offsets in its text where it is cut."""


def in_same_pieces(old: Sequence[Text], new: Sequence[Text]) -> tuple[list[Text], list[Text]]:
    """Both, cut where the other has a break; pieces keep the number, page and section of their passage."""
    in_place = {pair.old: pair.new for pair in heaviest_chain(twins(old, new))}
    cuts_old: Cuts = defaultdict(set)
    cuts_new: Cuts = defaultdict(set)
    for old_places, new_places in gaps(in_place, len(old), len(new)):
        one, other = _Words(old, old_places), _Words(new, new_places)
        if 0 < len(one.keys) * len(other.keys) <= MOST_COMPARED:
            for at_one, at_other in _breaks(one, other):
                one.cut(at_one, cuts_old)
                other.cut(at_other, cuts_new)
    return list(_cut(old, cuts_old)), list(_cut(new, cuts_new))


class _Start(NamedTuple):
    """Where a word begins."""

    place: int
    offset: int


class _Words:
    """The words of neighbouring passages in one row, and where passages begin among them."""

    def __init__(self, texts: Sequence[Text], places: Iterable[int]) -> None:
        self._texts = texts
        self.keys: list[str] = []
        self.breaks: list[int] = []
        """Rising; the first passage's is not among them."""
        self._starts: list[_Start] = []
        for place in places:
            if texts[place].flows:
                self._add(place)

    def cut(self, word: int, cuts: Cuts) -> None:
        """Cut before a word, and before the bracket or quotation mark that it begins with."""
        place, offset = self._starts[word]
        text = self._texts[place].passage.text
        while offset > 0 and not text[offset - 1].isspace():
            offset -= 1
        if text[:offset].strip():
            cuts[place].add(offset)

    def breaks_between(self, first: int, last: int) -> list[int]:
        return self.breaks[bisect_left(self.breaks, first) : bisect_right(self.breaks, last)]

    def _add(self, place: int) -> None:
        if self.keys:
            self.breaks.append(len(self.keys))
        for found in _WORD.finditer(self._texts[place].passage.text):
            self.keys.append(fold(found.group()))
            self._starts.append(_Start(place, found.start()))


def _breaks(one: _Words, other: _Words) -> Iterator[tuple[int, int]]:
    """Words before which one of the two has a break, where the words around it are the same in both."""
    for block in Indel.opcodes(one.keys, other.keys).as_matching_blocks():
        first, last = SURE_WORDS, block.size - SURE_WORDS
        for word in one.breaks_between(block.a + first, block.a + last):
            yield word, block.b + word - block.a
        for word in other.breaks_between(block.b + first, block.b + last):
            yield block.a + word - block.b, word


def _cut(texts: Sequence[Text], cuts: Cuts) -> Iterator[Text]:
    for place, text in enumerate(texts):
        if place not in cuts:
            yield text
            continue
        passage = text.passage
        bounds = [0, *sorted(cuts[place]), len(passage.text)]
        for start, end in pairwise(bounds):
            piece = passage.text[start:end].rstrip()
            begin = passage.start + start
            yield Text(replace(passage, text=piece, start=begin, end=begin + len(piece)))
