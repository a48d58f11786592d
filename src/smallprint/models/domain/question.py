"""A question about the documents in a thread, and its answer. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from smallprint.models.domain.finding import Evidence, Quotation
from smallprint.models.domain.usage import NANO_USD_PER_USD, AgentRun


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the thread, and what was answered."""

    question: str
    answer: str
    """Statements alone, without quotations."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, in their words: data, never an instruction."""

    text: str
    earlier: tuple[Exchange, ...] = ()
    """Of the same thread, oldest first."""


@dataclass(frozen=True, slots=True)
class StatedPoint:
    """One point of an answer as an agent states it: unverified."""

    statement: str
    quotations: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedAnswer:
    """An answer as an agent states it: unverified."""

    points: tuple[StatedPoint, ...]
    found: bool


@dataclass(frozen=True, slots=True)
class AnswerPoint:
    """One point of an answer after its quotations were looked up."""

    statement: str
    evidence: tuple[Evidence, ...] = ()
    """Only what may be shown: words that stand in the document, and readings of scans that are marked as such."""
    document: int = 0
    """Whose words they are: a place in `Answer.documents`."""

    @property
    def verified(self) -> bool:
        """True if the document's own words are shown for it."""
        return any(evidence.match.grounded for evidence in self.evidence)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. Everything quoted in it was verified in its document."""

    points: tuple[AnswerPoint, ...]
    found: bool
    """False: what was asked is not in the documents; the points, if any, are the nearest that is."""
    documents: tuple[str, ...]
    """Names of the documents that were asked about."""
    agents: tuple[AgentRun, ...] = ()
    notes: tuple[str, ...] = ()
    """Whole sentences on how it came about: only a part was read, a document could not be read."""
    offline: bool = False
    """True: the passages that match best, without an AI."""

    @property
    def cost_nano_usd(self) -> int | None:
        """None when a price is unknown."""
        costs = [run.cost_nano_usd for run in self.agents]
        return (
            None if any(cost is None for cost in costs) else sum(cost for cost in costs if cost is not None)
        )

    @property
    def cost_usd(self) -> Decimal | None:
        cost = self.cost_nano_usd
        return None if cost is None else Decimal(cost) / NANO_USD_PER_USD
