"""So many of so many, and what is counted that way. Pure.

A Wilson interval takes the counted things for independent; findings of one document are not. So a rate that is counted
in findings carries an interval that was resampled over documents as well. With repeats a finding is counted once for
each, and only the second interval takes that into account. `Rate.interval` is the one to read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from smallprint.evaluation.intervals import Interval, Share, bootstrap_share, wilson
from smallprint.evaluation.scores import DocumentScore, Stage

Count = tuple[int, int]
"""Successes and total of one run of one document."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    successes: int
    total: int
    by_document: Interval | None = None
    """95 %, documents resampled; None where the unit is a document, or fewer than two had something to count."""

    @property
    def value(self) -> float | None:
        """None of nothing."""
        return self.successes / self.total if self.total else None

    @property
    def wilson(self) -> Interval:
        """95 %."""
        return wilson(self.successes, self.total)

    @property
    def interval(self) -> Interval | None:
        """95 %, from the lower of both lower ends to the higher of both higher ends; None of nothing.

        Resampling knows what belongs together, but of documents that are all alike it makes a point.
        """
        if not self.total:
            return None
        alone, together = self.wilson, self.by_document or self.wilson
        return Interval(min(alone.low, together.low), max(alone.high, together.high))


def rate_over(scores: Iterable[DocumentScore], count: Callable[[DocumentScore], Count]) -> Rate:
    """Pooled over all runs, with an interval that keeps the runs of a document together."""
    documents: defaultdict[str, Share] = defaultdict(lambda: (0, 0))
    successes = total = 0
    for score in scores:
        found, of = count(score)
        successes, total = successes + found, total + of
        before = documents[score.document_id]
        documents[score.document_id] = (before[0] + found, before[1] + of)
    counted = [share for share in documents.values() if share[1]]
    return Rate(successes, total, bootstrap_share(counted) if len(counted) > 1 else None)


def rate_of(outcomes: Iterable[bool]) -> Rate:
    counted = list(outcomes)
    return Rate(sum(counted), len(counted))


# --- what is counted ---------------------------------------------------------------------------------------


def recall_of(score: DocumentScore) -> Count:
    return sum(each.hit for each in score.expected), len(score.expected)


def precision_of(score: DocumentScore) -> Count:
    kept = [each for each in score.predictions if each.kept]
    return sum(each.right for each in kept), len(kept)


def located_of(score: DocumentScore) -> Count:
    return score.quotations.located, score.quotations.checkable


def missing_protections_of(score: DocumentScore) -> Count:
    absent = [each for each in score.expected if each.absent]
    return sum(each.hit for each in absent), len(absent)


def recall_before_review_of(score: DocumentScore) -> Count:
    return sum(each.hit_before_review for each in score.expected), len(score.expected)


def precision_before_review_of(score: DocumentScore) -> Count:
    stated = [each for each in score.predictions if each.stage is Stage.ANALYST]
    return sum(each.right for each in stated), len(stated)
