"""What differs between two versions of a document. Frozen, plain, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from smallprint.models.domain.document import DocumentKind
from smallprint.models.domain.risk import RiskLevel
from smallprint.models.domain.usage import NANO_USD_PER_USD, AgentRun


class ChangeKind(StrEnum):
    """What became of a passage. Passages that say the same in the same place are only counted."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """It may say something else: a number, a date, a name, a duty or a negation differs, or much of the text."""
    REWORDED = "reworded"
    """Other words; nothing that usually turns a meaning is among them."""
    MOVED = "moved"
    """The same text in another place, not only pushed down by what was put before it."""

    @property
    def real(self) -> bool:
        """True if what the document says may have changed."""
        return self in {ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED}


class PieceKind(StrEnum):
    """What became of some words of a passage."""

    KEPT = "kept"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a passage, with the spaces between them; `GONE` ones stand in the old version only."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Passages of one of the two documents that follow one another, mostly a single one."""

    passages: tuple[int, ...]
    """Their numbers, as in `Passage.number`."""
    text: str
    """As the document has it; several passages are joined by a line break."""
    locator: str
    """Where a reader finds the first: "p. 3", "slide 2", a section."""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class PassageChange:
    """One change: where it stood, where it stands, and which words went and came."""

    id: str
    """C1, C2, … in the order of the new document."""
    kind: ChangeKind
    before: Stretch | None
    """None for what was added."""
    after: Stretch | None
    """None for what was removed."""
    pieces: tuple[Piece, ...]
    """Joined without the `GONE` ones they are the new text, without the `COME` ones the old one, but for typography."""
    moved: bool = False
    """It also stands in another place; always so for `MOVED`."""

    @property
    def characters(self) -> int:
        """How many went and came; of a text that moved, its length."""
        if self.kind is ChangeKind.MOVED:
            return len(self.after.text) if self.after else 0
        return sum(len(piece.text) for piece in self.pieces if piece.kind is not PieceKind.KEPT)


@dataclass(frozen=True, slots=True)
class PassageChanges:
    """What a program sees when it lays two documents beside each other."""

    similarity: float
    """0 to 1: the share of both documents' characters that stands in both, moved text included."""
    unchanged: int
    """Passages of the new document that say the same in the same place."""
    changes: tuple[PassageChange, ...]
    """In the order of the new document; what was removed comes where it stood."""
    spans: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Number of an old passage → where its counterpart stands in the new document's text."""

    def counts(self) -> Mapping[ChangeKind, int]:
        """Changes of each kind, in the order of the kinds, zeros left out."""
        counted = dict.fromkeys(ChangeKind, 0)
        for change in self.changes:
            counted[change.kind] += 1
        return {kind: count for kind, count in counted.items() if count}


class Direction(StrEnum):
    """What a change does for the side that the reader stands on."""

    WORSE = "worse"
    BETTER = "better"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class ChangeExplanation:
    """What the model makes of one change."""

    change_id: str
    meaning: str
    """One or two sentences for the reader."""
    direction: Direction
    severity: RiskLevel


@dataclass(frozen=True, slots=True)
class FindingMove:
    """A finding that one of the two reports has, or both."""

    title: str
    category: str
    before: RiskLevel | None
    """Its severity in the old document; None for a new one."""
    after: RiskLevel | None
    """None for one that is gone."""


@dataclass(frozen=True, slots=True)
class RiskMove:
    """Whether the risk moved: both reports' levels, and their findings side by side."""

    before: RiskLevel
    after: RiskLevel
    gone: tuple[FindingMove, ...] = ()
    new: tuple[FindingMove, ...] = ()
    stayed: tuple[FindingMove, ...] = ()
    """Of the same or another severity."""


@dataclass(frozen=True, slots=True)
class VersionName:
    """One of the two documents, as far as a reader must know it."""

    name: str
    kind: DocumentKind
    sha256: str
    """Of the file's bytes, hexadecimal."""


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """The result of comparing two documents. Every word quoted in it stands in one of them."""

    id: str
    """The job's, or that of the comparison on the command line: answers that were paid for are found under it."""
    before: VersionName
    after: VersionName
    found: PassageChanges
    created_at: datetime
    seconds: float
    risk: RiskMove | None = None
    """None where one of the documents was never analysed."""
    summary: str = ""
    """The model's, in two sentences; empty when there is none."""
    explanations: tuple[ChangeExplanation, ...] = ()
    """At most one for each change; some may have none."""
    side: str = ""
    """Whose side `Direction` is judged for; empty when nobody said."""
    agents: tuple[AgentRun, ...] = ()
    offline: bool = False
    """True: computed only, no AI was asked."""
    note: str = ""
    """Why the changes are not explained, or not all of them, as a sentence; empty when they are."""

    @property
    def identical(self) -> bool:
        """True if the two files are the same, byte for byte."""
        return self.before.sha256 == self.after.sha256

    @property
    def cost_nano_usd(self) -> int | None:
        """Of all agents; None when a price is unknown."""
        costs = [run.cost_nano_usd for run in self.agents]
        return None if None in costs else sum(cost for cost in costs if cost is not None)

    @property
    def cost_usd(self) -> Decimal | None:
        """None when a price is unknown."""
        cost = self.cost_nano_usd
        return None if cost is None else Decimal(cost) / NANO_USD_PER_USD

    def explanation(self, change_id: str) -> ChangeExplanation | None:
        """What the model says of a change, if it said something."""
        return next((each for each in self.explanations if each.change_id == change_id), None)
