"""Between which neighbours, matched in both documents, a passage lies."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from smallprint.documents.changes.chain import Pair
from smallprint.documents.changes.texts import Text

InPlace = Mapping[int, int]
"""Old place → new place of what stands in both documents; they rise together."""


def twins(old: Sequence[Text], new: Sequence[Text]) -> Iterator[Pair]:
    """Texts that stand once in each document: they can't be mistaken for each other."""
    counts = Counter(text.key for text in old), Counter(text.key for text in new)
    places = {text.key: place for place, text in enumerate(new)}
    for place, text in enumerate(old):
        if counts[0][text.key] == counts[1][text.key] == 1:
            yield Pair(place, places[text.key], len(text.folded))


def gaps(in_place: InPlace, old_count: int, new_count: int) -> Iterator[tuple[range, range]]:
    """The places between two neighbours that are matched, before the first and after the last."""
    before = (-1, -1)
    for old, new in [*sorted(in_place.items()), (old_count, new_count)]:
        yield range(before[0] + 1, old), range(before[1] + 1, new)
        before = (old, new)


class GapIndex:
    """Finds the gap of a place; gaps are counted from 0 in both documents."""

    def __init__(self, in_place: InPlace) -> None:
        pairs = sorted(in_place.items())
        self._old = [old for old, _ in pairs]
        self._new = [new for _, new in pairs]

    def of_old(self, place: int) -> int:
        return bisect_left(self._old, place)

    def of_new(self, place: int) -> int:
        return bisect_left(self._new, place)

    def new_before(self, old: int) -> int:
        """The new place that stands before what stood at an old one; -1 for the beginning."""
        gap = self.of_old(old)
        return self._new[gap - 1] if gap else -1
