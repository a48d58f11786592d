"""Two versions of one small contract, and what differs between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from smallprint.documents.changes import changes_between
from smallprint.models.domain import (
    AgentRun,
    ChangeExplanation,
    ChangeKind,
    Direction,
    Document,
    DocumentChanges,
    DocumentKind,
    FindingMove,
    PassageChange,
    PassageChanges,
    Piece,
    PieceKind,
    RiskLevel,
    RiskMove,
    Stretch,
    Usage,
    VersionName,
)
from tests.fakes.passages import document_of

OLD = (
    "Services agreement",
    "1. Term. This agreement runs for 12 months and renews automatically unless terminated with 30 days notice.",
    "2. Liability. The total liability of the Supplier shall not exceed the fees paid in the year before the claim.",
    "3. Confidentiality. Each party keeps the other party's information secret as set out in Section 2 above.",
    "4. Governing law. This agreement is governed by the laws of England.",
)
NEW = (
    "Services agreement",
    "1. Payment. The Customer pays every invoice within 14 days of its receipt.",
    "2. Term. This agreement runs for 24 months and renews automatically unless terminated with 90 days notice.",
    "3. Liability. The total liability of the Supplier shall not exceed the fees paid in the year before the claim.",
    "4. Confidentiality. Each party keeps the other party's information secret as set out in Section 3 above.",
    "5. Governing law. This contract is governed by the laws of England.",
)


def old_version() -> Document:
    return document_of(*OLD, name="contract v1.pdf")


def new_version() -> Document:
    return document_of(*NEW, name="contract v2.pdf")


def a_change(number: int = 1, kind: ChangeKind = ChangeKind.CHANGED, **changes: Any) -> PassageChange:
    """On page 1 in the old document and page 2 in the new one: 30 days became 90."""
    before = None if kind is ChangeKind.ADDED else Stretch((number,), "within 30 days", "p. 1", 1)
    after = None if kind is ChangeKind.REMOVED else Stretch((number,), "within 90 days", "p. 2", 2)
    pieces = (
        Piece(PieceKind.KEPT, "within "),
        Piece(PieceKind.GONE, "30"),
        Piece(PieceKind.COME, "90"),
        Piece(PieceKind.KEPT, " days"),
    )
    made = PassageChange(f"C{number}", kind, before, after, pieces)
    return replace(made, **changes)


def an_explanation(change_id: str = "C1", **changes: Any) -> ChangeExplanation:
    told = ChangeExplanation(change_id, "You have 90 days instead of 30.", Direction.WORSE, RiskLevel.HIGH)
    return replace(told, **changes)


def some_changes(*found: PassageChange, **changes: Any) -> DocumentChanges:
    """Explained, with the risk moved from medium to high."""
    made = DocumentChanges(
        id="chg-1",
        before=VersionName("contract v1.pdf", DocumentKind.PDF, "a" * 64),
        after=VersionName("contract v2.pdf", DocumentKind.PDF, "b" * 64),
        found=PassageChanges(0.9, 12, found or (a_change(),)),
        created_at=datetime(2026, 11, 26, 9, 48, tzinfo=UTC),
        seconds=4.2,
        risk=RiskMove(
            RiskLevel.MEDIUM,
            RiskLevel.HIGH,
            new=(FindingMove("Long notice", "term.notice", None, RiskLevel.HIGH),),
        ),
        summary="The notice period is three times as long.",
        explanations=(an_explanation(),),
        side="the Customer",
        agents=(AgentRun("document_changes", "claude-sonnet-5-5", 1, Usage(), 12_000_000, 3.0),),
    )
    return replace(made, **changes)


def computed_changes(**changes: Any) -> DocumentChanges:
    """Those between the two versions above, as a program sees them."""
    before, after = old_version(), new_version()
    return some_changes(
        found=changes_between(before, after), explanations=(), summary="", offline=True, **changes
    )
