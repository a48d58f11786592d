"""Tracked changes that nobody has accepted or rejected yet: found by rules."""

from __future__ import annotations

from smallprint.agents.hidden_text import quotation_of
from smallprint.models.domain import Document, Finding, PassageKind, RiskLevel

CATEGORY = "document.tracked_changes"

_TITLE = "The document has changes that are not agreed yet"
_STATEMENT = "It carries {changes} as tracked changes that nobody has accepted or rejected."
_WHY = "What the parties finally agree may differ from what the document seems to say."
_ASK = "Settle every change with the other side, and sign only a clean copy."

MAX_QUOTATIONS = 3

_CHANGED = frozenset({PassageKind.INSERTION, PassageKind.DELETION})


def find_tracked_changes(document: Document) -> tuple[Finding, ...]:
    """One finding, T1, low, with up to three of the changes; none in a clean document. Pure."""
    receipt = document.receipt
    changed = [passage for passage in document.passages if passage.kind in _CHANGED]
    if not changed and not receipt.insertions + receipt.deletions:
        return ()
    kinds = [passage.kind for passage in changed]
    inserted = max(receipt.insertions, kinds.count(PassageKind.INSERTION))
    deleted = max(receipt.deletions, kinds.count(PassageKind.DELETION))
    statement = _STATEMENT.format(changes=_counted(inserted, deleted))
    quotations = tuple(quotation_of(passage) for passage in changed[:MAX_QUOTATIONS])
    return (Finding("T1", CATEGORY, _TITLE, statement, _WHY, _ASK, RiskLevel.LOW, quotations),)


def _counted(insertions: int, deletions: int) -> str:
    counts = ((insertions, "insertion"), (deletions, "deletion"))
    return " and ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)
