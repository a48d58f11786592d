"""Which passages of two documents belong together: first the same text, then what resembles, then what moved."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel, LCSseq

from smallprint.documents.changes.chain import Pair, heaviest_chain
from smallprint.documents.changes.gaps import GapIndex, gaps, twins
from smallprint.documents.changes.likeness import alike
from smallprint.documents.changes.texts import Text

SURELY_ALIKE = 0.75
"""Of 1: what a passage must have in common with one in quite another place to be it, moved and changed."""
SHORTEST_MOVED = 30
"""Letters and digits; shorter text that stands elsewhere too ("Signature:") did not move, it recurs."""
PART_FROM = 0.8
"""Of 1: how much of a paragraph must be found again in another to have been split off it, or merged into it."""
LONGEST_JOINED = 20_000
"""Letters and digits, old and new together: what is longer (a table) is not looked at for splits and merges."""


@dataclass(frozen=True, slots=True)
class Group:
    """Places that belong together, old and new; one of the sides may be empty."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


class Alignment:
    """Grows in stages; every place is taken once at most."""

    def __init__(self, old: Sequence[Text], new: Sequence[Text]) -> None:
        self._old = old
        self._new = new
        self._in_place: dict[int, int] = {}
        """Old place → new place, rising."""
        self._moved: dict[int, int] = {}

    def groups(self) -> list[Group]:
        """All places, in the order of the new document; what is only old stands where it stood."""
        self._keep(heaviest_chain(twins(self._old, self._new)))
        self._keep(self._same_between())
        self._keep(self._resembling())
        self._find_moved()
        return self._joined(self._pieced())

    # --- the stages -----------------------------------------------------------------------------------------

    def _same_between(self) -> Iterator[Pair]:
        """Texts that recur, matched in order between those that are matched already."""
        for old, new in gaps(self._in_place, len(self._old), len(self._new)):
            keys = [self._old[place].key for place in old], [self._new[place].key for place in new]
            if keys[0] and keys[1]:
                for block in Indel.opcodes(*keys).as_matching_blocks():
                    for step in range(block.size):
                        yield Pair(old[block.a + step], new[block.b + step], 1)

    def _resembling(self) -> Iterator[Pair]:
        """Texts that changed, in the same gap between matched ones and in order."""
        by_gap: defaultdict[int, list[Pair]] = defaultdict(list)
        index = GapIndex(self._in_place)
        for pair in self._alike:
            if index.of_old(pair.old) == index.of_new(pair.new):
                by_gap[index.of_old(pair.old)].append(pair)
        for pairs in by_gap.values():
            yield from heaviest_chain(pairs)

    def _find_moved(self) -> None:
        """What is left and stands elsewhere: the same text first, then what is surely the same passage, changed."""
        self._move(self._same_elsewhere())
        surely = [pair for pair in self._alike if pair.weight >= SURELY_ALIKE * self._length(pair)]
        self._move(sorted(surely, key=lambda pair: -pair.weight))

    def _same_elsewhere(self) -> Iterator[Pair]:
        places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for place in self._left_new():
            places[self._new[place].key].append(place)
        for place in self._left_old():
            waiting = places[self._old[place].key]
            if waiting:
                yield Pair(place, waiting.pop(0), 1)

    @cached_property
    def _alike(self) -> Sequence[Pair]:
        """What resembles among what is left when it is first asked for: after the same texts were matched."""
        return tuple(alike(self._old, self._new, self._left_old(), self._left_new()))

    # --- bookkeeping ----------------------------------------------------------------------------------------

    def _keep(self, pairs: Iterable[Pair]) -> None:
        self._in_place |= {pair.old: pair.new for pair in list(pairs)}

    def _move(self, pairs: Iterable[Pair]) -> None:
        taken = {*self._in_place.values(), *self._moved.values()}
        for pair in pairs:
            if pair.old not in self._in_place and pair.old not in self._moved and pair.new not in taken:
                self._moved[pair.old] = pair.new
                taken.add(pair.new)

    def _left_old(self) -> list[int]:
        return [n for n in range(len(self._old)) if n not in self._in_place and n not in self._moved]

    def _left_new(self) -> list[int]:
        taken = {*self._in_place.values(), *self._moved.values()}
        return [n for n in range(len(self._new)) if n not in taken]

    def _length(self, pair: Pair) -> int:
        return max(len(self._old[pair.old].folded), len(self._new[pair.new].folded))

    # --- the result -----------------------------------------------------------------------------------------

    def _pieced(self) -> list[Group]:
        """One group for each pair and each place that is left, in the order of the new document."""
        placed: list[tuple[tuple[int, int], Group]] = []
        for old, new in self._in_place.items():
            placed.append(((new, 1), Group((old,), (new,))))
        for old, new in self._moved.items():
            placed.append(((new, 1), Group((old,), (new,), moved=self._too_long_to_recur(new))))
        placed += [((new, 1), Group((), (new,))) for new in self._left_new()]
        index = GapIndex(self._in_place)
        placed += [((index.new_before(old) + 1, 0), Group((old,), ())) for old in self._left_old()]
        return [group for _, group in sorted(placed, key=lambda entry: (entry[0], entry[1].old))]

    def _too_long_to_recur(self, new: int) -> bool:
        return len(self._new[new].folded) >= SHORTEST_MOVED

    def _joined(self, groups: Sequence[Group]) -> list[Group]:
        """Paragraphs that were split or merged are one group with those that they were part of."""
        joined: list[Group] = []
        for group in groups:
            together = _together(joined[-1], group) if joined else None
            if together and self._belongs(joined[-1], group, together):
                joined[-1] = together
            else:
                joined.append(group)
        return joined

    def _belongs(self, before: Group, after: Group, together: Group) -> bool:
        """True if the one that stands alone is found again, nearly whole, in what the other lacks."""
        texts = self._texts(together)
        if (
            len({text.key[0] for text in texts}) > 1
            or sum(len(text.folded) for text in texts) > LONGEST_JOINED
        ):
            return False
        apart = max(self._common(before), self._common(after))
        part = min(
            len("".join(self._sides(group))) for group in (before, after) if not group.old or not group.new
        )
        return self._common(together) - apart >= PART_FROM * part

    def _texts(self, group: Group) -> list[Text]:
        return [*(self._old[n] for n in group.old), *(self._new[n] for n in group.new)]

    def _common(self, group: Group) -> float:
        """Letters and digits that stand on both sides, in order."""
        return float(LCSseq.similarity(*self._sides(group)))

    def _sides(self, group: Group) -> tuple[str, str]:
        return "".join(self._old[n].folded for n in group.old), "".join(
            self._new[n].folded for n in group.new
        )


def _together(one: Group, other: Group) -> Group | None:
    """Two groups as one; None where both have a counterpart, or where nothing of one side is there."""
    alone = [group for group in (one, other) if not group.old or not group.new]
    if not alone or one.moved or other.moved:
        return None
    old, new = one.old + other.old, one.new + other.new
    follow = _follow(old) and _follow(new)
    return Group(old, new) if old and new and follow else None


def _follow(places: Sequence[int]) -> bool:
    return all(later == earlier + 1 for earlier, later in itertools.pairwise(places))
