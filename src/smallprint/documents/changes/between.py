"""What differs between two versions of a document, passage by passage. Pure and quick: no AI, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from smallprint.documents.changes.alignment import Alignment, Group
from smallprint.documents.changes.likeness import likeness
from smallprint.documents.changes.meaning import means_the_same, renumbered
from smallprint.documents.changes.pieces import pieces_between
from smallprint.documents.changes.segments import in_same_pieces
from smallprint.documents.changes.texts import Text, texts_of
from smallprint.documents.quotes.contradictions import same_figures
from smallprint.documents.quotes.folding import fold
from smallprint.models.domain import (
    ChangeKind,
    Document,
    PassageChange,
    PassageChanges,
    Piece,
    PieceKind,
    Stretch,
)

VERSION_OF = 0.5
"""From this similarity on, two documents are versions of one.

Measured (benchmarks/document_changes.py) on 55 contracts, policies, slides and sheets: two different ones are at most
0.38 alike; with a fifth of its passages edited a document is at least 0.65 its own version, with half of them 0.63.
"""

_LONGEST_HEADING = 80


def changes_between(before: Document, after: Document) -> PassageChanges:
    """The changes in the order of the new document; the same for the same documents."""
    aligned = _Aligned(*in_same_pieces(texts_of(before), texts_of(after)))
    changes = [change for group in aligned.groups if (change := aligned.change(group))]
    told = {number for change in changes if change.after for number in change.after.passages}
    return PassageChanges(
        similarity=aligned.similarity(),
        unchanged=len({text.passage.number for text in aligned.new} - told),
        changes=tuple(replace(change, id=f"C{number}") for number, change in enumerate(_in_runs(changes), 1)),
        spans=aligned.spans(),
    )


def similarity(before: Document, after: Document) -> float:
    """0 to 1: the share of both documents' letters and digits that stands in both, wherever.

    0 where one has no text that can be compared.
    """
    return _Aligned(*in_same_pieces(texts_of(before), texts_of(after))).similarity()


@dataclass(frozen=True)
class _Aligned:
    """Two documents' texts, and which of them belong together."""

    old: Sequence[Text]
    new: Sequence[Text]

    @cached_property
    def groups(self) -> Sequence[Group]:
        return Alignment(self.old, self.new).groups()

    def same(self, group: Group) -> bool:
        """True if both sides say the same: typography, numbering and the breaks between paragraphs don't count."""
        if not group.old or not group.new:
            return False
        old, new = self._texts(group)
        if len(old) == len(new) == 1 and old[0].says_the_same(new[0]):
            return True
        one, other = renumbered(_body(old), self._new_numbers), _body(new)
        voices = {text.key[0] for text in (*old, *new)}
        return len(voices) == 1 and fold(one) == fold(other) and same_figures(one, other)

    def change(self, group: Group) -> PassageChange | None:
        """None where nothing changed."""
        same = self.same(group)
        if same and not group.moved:
            return None
        before, after = (_stretch(texts) for texts in self._texts(group))
        kind = ChangeKind.MOVED if same else self._kind(group)
        return PassageChange("", kind, before, after, _pieces(kind, before, after), moved=group.moved)

    def similarity(self) -> float:
        whole = sum(len(text.folded) for text in (*self.old, *self.new))
        common = sum(self._size(group) * self._likeness(group) for group in self.groups)
        return common / whole if whole else 0.0

    def spans(self) -> Mapping[int, tuple[int, int]]:
        spans: dict[int, tuple[int, int]] = {}
        for group in self.groups:
            old, new = self._texts(group)
            for passage in [text.passage for text in old] if new else []:
                known = spans.get(passage.number, (new[0].passage.start, 0))
                first, last = (min(text.passage.start for text in new), max(text.passage.end for text in new))
                spans[passage.number] = min(known[0], first), max(known[1], last)
        return spans

    @cached_property
    def _new_numbers(self) -> Mapping[str, str]:
        """Old clause number → new one, where it is clear: for references to clauses that were only renumbered."""
        numbers: dict[str, set[str]] = {}
        for group in self.groups:
            old, new = self._texts(group)
            if old and new and old[0].label[:1].isdigit():
                numbers.setdefault(old[0].label, set()).add(new[0].label)
        return {number: found.pop() for number, found in numbers.items() if len(found) == 1 and any(found)}

    def _texts(self, group: Group) -> tuple[list[Text], list[Text]]:
        return [self.old[place] for place in group.old], [self.new[place] for place in group.new]

    def _kind(self, group: Group) -> ChangeKind:
        if not group.old:
            return ChangeKind.ADDED
        if not group.new:
            return ChangeKind.REMOVED
        old, new = self._texts(group)
        same = means_the_same(renumbered(_body(old), self._new_numbers), _body(new))
        return ChangeKind.REWORDED if same else ChangeKind.CHANGED

    def _size(self, group: Group) -> int:
        return sum(len(text.folded) for texts in self._texts(group) for text in texts)

    def _likeness(self, group: Group) -> float:
        old, new = self._texts(group)
        if not old or not new:
            return 0.0
        return 1.0 if self.same(group) else likeness(_folded(old), _folded(new))


def _body(texts: Sequence[Text]) -> str:
    return " ".join(text.body for text in texts)


def _folded(texts: Sequence[Text]) -> str:
    return "".join(text.folded for text in texts)


def _stretch(texts: Sequence[Text]) -> Stretch | None:
    if not texts:
        return None
    passages = [text.passage for text in texts]
    text = "\n".join(passage.text for passage in passages)
    return Stretch(tuple(passage.number for passage in passages), text, passages[0].locator, passages[0].page)


def _pieces(kind: ChangeKind, before: Stretch | None, after: Stretch | None) -> tuple[Piece, ...]:
    if kind is ChangeKind.MOVED and after:
        return (Piece(PieceKind.KEPT, after.text),)
    return pieces_between(before.text if before else "", after.text if after else "")


# --- neighbours that are one change ----------------------------------------------------------------------


def _in_runs(changes: Sequence[PassageChange]) -> list[PassageChange]:
    """A clause that moved or came as a whole is one change, not one for each of its paragraphs."""
    runs: list[PassageChange] = []
    for change in changes:
        if runs and _run_on(runs[-1], change):
            runs[-1] = _united(runs[-1], change)
        else:
            runs.append(change)
    return runs


def _run_on(one: PassageChange, other: PassageChange) -> bool:
    if one.kind is not other.kind:
        return False
    if one.kind is ChangeKind.MOVED:
        return _next(one.before, other.before) and _next(one.after, other.after)
    if one.kind is ChangeKind.ADDED:
        return _next(one.after, other.after) and _is_heading(one.after)
    return one.kind is ChangeKind.REMOVED and _next(one.before, other.before) and _is_heading(one.before)


def _next(one: Stretch | None, other: Stretch | None) -> bool:
    return one is not None and other is not None and other.passages[0] - one.passages[-1] in {0, 1}


def _is_heading(place: Stretch | None) -> bool:
    return place is not None and len(place.text) <= _LONGEST_HEADING and place.text[-1:] not in ".;:,"


def _united(one: PassageChange, other: PassageChange) -> PassageChange:
    before, after = _joined(one.before, other.before), _joined(one.after, other.after)
    return replace(one, before=before, after=after, pieces=_pieces(one.kind, before, after))


def _joined(one: Stretch | None, other: Stretch | None) -> Stretch | None:
    if one is None or other is None:
        return None
    passages = tuple(dict.fromkeys(one.passages + other.passages))
    return replace(one, passages=passages, text=f"{one.text}\n{other.text}")
