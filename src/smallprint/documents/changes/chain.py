"""The heaviest chain of pairs that keeps both documents' order: what stayed in place while the rest moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple


class Pair(NamedTuple):
    """A passage of the old document and its counterpart in the new one, by their places; heavier counts more."""

    old: int
    new: int
    weight: float


def heaviest_chain(pairs: Iterable[Pair]) -> list[Pair]:
    """Pairs that rise in both places, each place once, of the greatest weight in all. O(n log n).

    Weighing by length keeps the long text in place and lets the short one be what moved.
    """
    # Of pairs with the same old place the last new one comes first, so no two of them can follow each other.
    ordered = sorted(pairs, key=lambda pair: (pair.old, -pair.new))
    chains = _Chains(sorted({pair.new for pair in ordered}))
    came_from: list[int] = []
    best, best_weight = -1, 0.0
    for index, pair in enumerate(ordered):
        weight, before = chains.best_before(pair.new)
        came_from.append(before)
        total = weight + pair.weight
        chains.note(pair.new, total, index)
        if total > best_weight:
            best, best_weight = index, total
    chain = []
    while best >= 0:
        chain.append(ordered[best])
        best = came_from[best]
    return chain[::-1]


class _Chains:
    """The heaviest chain that ends before each new place: a Fenwick tree of maxima."""

    def __init__(self, places: list[int]) -> None:
        self._places = places
        self._tree: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)

    def best_before(self, place: int) -> tuple[float, int]:
        """Weight, and index of the last pair; (0.0, -1) when there is none."""
        best, node = (0.0, -1), bisect_left(self._places, place)
        while node > 0:
            best = max(best, self._tree[node], key=lambda entry: entry[0])
            node -= node & -node
        return best

    def note(self, place: int, weight: float, index: int) -> None:
        node = bisect_left(self._places, place) + 1
        while node < len(self._tree):
            if weight > self._tree[node][0]:
                self._tree[node] = (weight, index)
            node += node & -node
