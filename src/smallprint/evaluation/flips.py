"""What two versions find differently in the same documents: the list that a person looks through. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from smallprint.evaluation.scores import DocumentScore
from smallprint.evaluation.values import LabelledDocument
from smallprint.models.domain import RiskLevel
from smallprint.reports.text import plain, shorten

Pairs = Mapping[str, tuple[Sequence[DocumentScore], Sequence[DocumentScore]]]
"""Document id → the scores of its repeats, base and candidate; neither is empty."""

MAX_QUOTE_CHARS = 240


@dataclass(frozen=True, slots=True)
class Flip:
    """A labelled finding that one version has in at least half of its repeats and the other has not."""

    document_id: str
    category: str
    risk: RiskLevel | None
    quote: str
    """The beginning of the label's first quotation; empty for something that is absent."""
    base_hits: int
    base_runs: int
    candidate_hits: int
    candidate_runs: int

    @property
    def is_miss(self) -> bool:
        """True: the candidate lost it; False: it gained it."""
        return self.base_hits * self.candidate_runs > self.candidate_hits * self.base_runs

    @property
    def is_severe_loss(self) -> bool:
        """High or critical, always there before and never now."""
        severe = self.risk is not None and self.risk.rank >= RiskLevel.HIGH.rank
        return severe and self.base_hits == self.base_runs and self.candidate_hits == 0


@dataclass(frozen=True, slots=True)
class AlarmFlip:
    """False alarms of one category in one document that one version raises in half of its repeats and the other does not."""

    document_id: str
    category: str
    is_new: bool


def flips(pairs: Pairs, documents: Mapping[str, LabelledDocument]) -> tuple[Flip, ...]:
    """New misses first, the most severe first, then by document."""
    found = [
        flip
        for document_id, (base, candidate) in pairs.items()
        for flip in _flips(documents[document_id], base, candidate)
    ]
    return tuple(sorted(found, key=_urgency))


def alarm_flips(pairs: Pairs) -> tuple[AlarmFlip, ...]:
    """New alarms first, then by document and category."""
    found = []
    for document_id, (base, candidate) in pairs.items():
        before, now = _usual_alarms(base), _usual_alarms(candidate)
        found += [AlarmFlip(document_id, category, is_new=True) for category in now - before]
        found += [AlarmFlip(document_id, category, is_new=False) for category in before - now]
    return tuple(sorted(found, key=lambda flip: (not flip.is_new, flip.document_id, flip.category)))


def usually(hits: int, runs: int) -> bool:
    """At least half of the time."""
    return 2 * hits >= runs


def _flips(
    document: LabelledDocument, base: Sequence[DocumentScore], candidate: Sequence[DocumentScore]
) -> Iterator[Flip]:
    for number, expected in enumerate(document.expected):
        before, now = _hits(base, number), _hits(candidate, number)
        if usually(before, len(base)) != usually(now, len(candidate)):
            quote = shorten(plain(expected.quotes[0]), MAX_QUOTE_CHARS) if expected.quotes else ""
            yield Flip(
                document.id, expected.category, expected.risk, quote, before, len(base), now, len(candidate)
            )


def _hits(scores: Sequence[DocumentScore], number: int) -> int:
    return sum(score.expected[number].hit for score in scores)


def _usual_alarms(scores: Sequence[DocumentScore]) -> set[str]:
    raised: Counter[str] = Counter()
    for score in scores:
        raised.update({each.category for each in score.predictions if each.kept and not each.right})
    return {category for category, runs in raised.items() if usually(runs, len(scores))}


def _urgency(flip: Flip) -> tuple[bool, int, str, str]:
    severity = -1 if flip.risk is None else flip.risk.rank
    return not flip.is_miss, -severity, flip.document_id, flip.category
