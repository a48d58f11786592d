"""Which passages of two documents resemble each other: compared only where they share rarer words."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import Indel

from smallprint.documents.changes.chain import Pair
from smallprint.documents.changes.texts import Text

ALIKE_FROM = 0.6
"""Of 1: share of letters and digits that two passages have in common, in order, to be one passage that changed."""

_CANDIDATES = 6
_MOST_HOLDERS = 40
_COMPARED = 3_000
"""Letters and digits of a passage that are compared; a table can have a million."""
_WORD = re.compile(r"\w+")


def likeness(one: str, other: str) -> float:
    """0 to 1, of folded texts."""
    return Indel.normalized_similarity(one[:_COMPARED], other[:_COMPARED])


def alike(
    old: Sequence[Text], new: Sequence[Text], old_left: Iterable[int], new_left: Sequence[int]
) -> Iterator[Pair]:
    """Pairs of places that resemble each other, out of those that are left; weighed by what they share.

    A few candidates for each, however long the documents are.
    """
    holders = _holders(new, new_left)
    for place in old_left:
        for candidate in _candidates(old[place], holders):
            one, other = old[place].key, new[candidate].key
            if one[0] == other[0]:
                share = Indel.normalized_similarity(
                    one[1][:_COMPARED], other[1][:_COMPARED], score_cutoff=ALIKE_FROM
                )
                if share:
                    yield Pair(place, candidate, share * min(len(one[1]), len(other[1])))


def _holders(texts: Sequence[Text], places: Sequence[int]) -> dict[str, list[int]]:
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place in places:
        for word in _words(texts[place]):
            holders[word].append(place)
    return holders


def _candidates(text: Text, holders: dict[str, list[int]]) -> list[int]:
    scores: Counter[int] = Counter()
    for word in _words(text):
        places = holders.get(word, [])
        if len(places) <= _MOST_HOLDERS:
            for place in places:
                scores[place] += 1
    return [place for place, _ in scores.most_common(_CANDIDATES)]


def _words(text: Text) -> set[str]:
    """Single words, and pairs of them: in a contract words repeat, pairs less."""
    found = _WORD.findall(text.body[:_COMPARED].lower())
    return {*found, *(f"{one} {other}" for one, other in itertools.pairwise(found))}
