"""Whether a new version is worse than the one it would replace. Pure.

Both are measured on the same documents, paired, as means over their repeats. For recall and precision the difference
(candidate minus base, pooled over documents) is resampled over documents 10,000 times. `low` and `high` are the two
one-sided 95 % bounds. A version need not be better, it must not be worse (non-inferiority). The verdict:

worse       a hard rule (`hard_rules.py`) is broken that the base keeps; or for recall or precision the difference is
            below zero beyond chance (one-sided p ≤ 0.05 after Holm's correction over the two) and may exceed the
            margin (`low` < -margin).
not worse   no hard rule is broken and `low` ≥ -margin for recall and precision alike, as far as there are labels for
            them, on at least 5 documents each. A loss that is certain but within the margin counts as not worse.
undecided   neither: too few documents, too much noise, a hard rule that the base breaks as much, or nothing to compare.

The margin of recall is 8 points below 40 documents and 6 from 40 on, that of precision 10 points: it is counted on
fewer documents, and a false alarm costs a reader minutes where a miss costs him the finding. Simulated 150 times each
on the label counts of 26 real documents (and of 52), an equal version is not worse 91 % (96 %) of the time and worse
3 % (0 %); one that loses 10 points of recall passes 1 % (0 %), one that loses 10 points of precision 3 % (5 %).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from statistics import fmean

from smallprint.evaluation.flips import AlarmFlip, Flip, Pairs, alarm_flips, flips
from smallprint.evaluation.hard_rules import BrokenRule, broken_rules
from smallprint.evaluation.intervals import (
    Share,
    bootstrap_difference,
    holm,
    mcnemar,
    percentile,
    pooled,
    share_at_least,
)
from smallprint.evaluation.rates import Count, precision_of, recall_of
from smallprint.evaluation.scores import DocumentScore
from smallprint.evaluation.scoring import score
from smallprint.evaluation.values import DocumentRun, LabelledDocument

SIGNIFICANT = 0.05
MIN_DOCUMENTS = 5
"""Of fewer a bootstrap over documents knows nothing."""
MANY_DOCUMENTS = 40
RECALL_MARGIN, RECALL_MARGIN_OF_MANY, PRECISION_MARGIN = 0.08, 0.06, 0.10

NOTHING_TO_COMPARE = "The two have no labelled document in common."
TOO_FEW = "Only {documents} documents have something to count for {metric}; it takes {least}."
IS_WORSE = "{metric} fell by {points:.1f} points, which is more than chance and may exceed the {margin:.0f} that are allowed."
TOO_NOISY = "{metric} may have fallen by up to {points:.1f} points; {margin:.0f} are allowed."
HOLDS = "{metric} has not fallen by more than {margin:.0f} points (at worst {points:.1f})."
AS_BEFORE = "Not new: {sentence}"


class Judgement(StrEnum):
    NOT_WORSE = "not_worse"
    WORSE = "worse"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric of both versions; shares from 0 to 1, differences candidate minus base."""

    metric: str
    documents: int
    """With something to count for this metric."""
    base: float
    candidate: float
    low: float
    high: float
    margin: float
    """The loss that is allowed: 0.08 is 8 points."""
    p_worse: float
    """One-sided: how well the data go with a candidate that is no worse."""
    p_worse_adjusted: float
    """After Holm's correction over the metrics of the comparison."""

    @property
    def difference(self) -> float:
        return self.candidate - self.base

    @property
    def within_margin(self) -> bool:
        return self.low >= -self.margin

    @property
    def is_worse(self) -> bool:
        return self.p_worse_adjusted <= SIGNIFICANT and not self.within_margin


@dataclass(frozen=True, slots=True)
class Noise:
    """How much one version differs from itself: the largest difference between two of its repeats (A/A)."""

    recall: float | None
    precision: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate against the base that it would replace."""

    judgement: Judgement
    reasons: tuple[str, ...]
    """Whole sentences, what decided first."""
    documents: int
    """In both."""
    unpaired: tuple[str, ...]
    """Ids of documents that only one of the two was run on: left out."""
    differences: tuple[Difference, ...]
    """Recall, then precision; without those that nothing could be counted for."""
    flips: tuple[Flip, ...]
    """New misses first."""
    alarms: tuple[AlarmFlip, ...]
    """New false alarms first."""
    p_flips: float
    """McNemar, two-sided: whether new misses and new hits are out of balance by more than chance."""
    broken_rules: tuple[BrokenRule, ...]
    noise: Noise | None
    """None without repeats."""


def compare(
    documents: Sequence[LabelledDocument],
    base: Sequence[DocumentRun],
    candidate: Sequence[DocumentRun],
) -> Comparison:
    """See the table above. `documents` holds what the runs are of; the order of runs does not matter."""
    known = {document.id: document for document in documents}
    before, now = _scored(known, base), _scored(known, candidate)
    pairs = {
        document: (before[document], now[document])
        for document in known
        if document in before and document in now
    }
    flipped = flips(pairs, known)
    differences = _differences(pairs)
    rules = broken_rules(pairs, flipped)
    judgement, reasons = judge(differences, rules)
    missed = sum(flip.is_miss for flip in flipped)
    return Comparison(
        judgement=judgement,
        reasons=reasons,
        documents=len(pairs),
        unpaired=tuple(sorted(before.keys() ^ now.keys())),
        differences=differences,
        flips=flipped,
        alarms=alarm_flips(pairs),
        p_flips=mcnemar(missed, len(flipped) - missed),
        broken_rules=rules,
        noise=_noise(pairs),
    )  # fmt: skip


def judge(
    differences: Sequence[Difference], rules: Sequence[BrokenRule]
) -> tuple[Judgement, tuple[str, ...]]:
    """The verdict of the table above and the sentences that give its reasons."""
    new = [rule.sentence for rule in rules if not rule.as_before]
    fallen = [_told(IS_WORSE, each, -each.difference) for each in differences if each.is_worse]
    if new or fallen:
        return Judgement.WORSE, (*new, *fallen)
    doubts = [AS_BEFORE.format(sentence=rule.sentence) for rule in rules]
    doubts += [doubt for each in differences for doubt in _doubts(each)]
    if not differences:
        doubts.append(NOTHING_TO_COMPARE)
    if doubts:
        return Judgement.UNDECIDED, tuple(doubts)
    return Judgement.NOT_WORSE, tuple(_told(HOLDS, each, each.low) for each in differences)


def _doubts(difference: Difference) -> Iterator[str]:
    if difference.documents < MIN_DOCUMENTS:
        yield TOO_FEW.format(documents=difference.documents, metric=difference.metric, least=MIN_DOCUMENTS)
    elif not difference.within_margin:
        yield _told(TOO_NOISY, difference, -difference.low)


def _told(sentence: str, difference: Difference, share: float) -> str:
    metric = difference.metric.capitalize()
    return sentence.format(metric=metric, points=100 * share, margin=100 * difference.margin)


def _scored(
    documents: dict[str, LabelledDocument], runs: Sequence[DocumentRun]
) -> dict[str, list[DocumentScore]]:
    scored: defaultdict[str, list[DocumentScore]] = defaultdict(list)
    for run in runs:
        if run.document_id in documents:
            scored[run.document_id].append(score(documents[run.document_id], run))
    return dict(scored)


# --- differences -------------------------------------------------------------------------------------------


def _differences(pairs: Pairs) -> tuple[Difference, ...]:
    recall_margin = RECALL_MARGIN if len(pairs) < MANY_DOCUMENTS else RECALL_MARGIN_OF_MANY
    counted = (
        ("recall", recall_margin, _shares(pairs, recall_of)),
        ("precision", PRECISION_MARGIN, _shares(pairs, precision_of)),
    )
    raw = [
        difference
        for metric, margin, shares in counted
        if (difference := _difference(metric, margin, shares)) is not None
    ]
    adjusted = holm([each.p_worse for each in raw])
    return tuple(replace(each, p_worse_adjusted=p_value) for each, p_value in zip(raw, adjusted, strict=True))


def _shares(pairs: Pairs, count: Callable[[DocumentScore], Count]) -> list[tuple[Share, Share]]:
    """Means over the repeats, of documents where at least one side has something to count."""
    shares = [(_mean(base, count), _mean(candidate, count)) for base, candidate in pairs.values()]
    return [(before, now) for before, now in shares if before[1] or now[1]]


def _mean(scores: Sequence[DocumentScore], count: Callable[[DocumentScore], Count]) -> Share:
    counts = [count(each) for each in scores]
    return fmean(found for found, _ in counts), fmean(of for _, of in counts)


def _difference(metric: str, margin: float, shares: Sequence[tuple[Share, Share]]) -> Difference | None:
    base, candidate = pooled([before for before, _ in shares]), pooled([now for _, now in shares])
    resampled = bootstrap_difference(shares)
    if base is None or candidate is None or not resampled:
        return None
    p_worse = share_at_least(resampled, 0.0)
    return Difference(
        metric=metric,
        documents=len(shares),
        base=base,
        candidate=candidate,
        low=percentile(resampled, SIGNIFICANT),
        high=percentile(resampled, 1 - SIGNIFICANT),
        margin=margin,
        p_worse=p_worse,
        p_worse_adjusted=p_worse,
    )


# --- noise -------------------------------------------------------------------------------------------------


def _noise(pairs: Pairs) -> Noise | None:
    repeats = [
        of_version
        for side in (0, 1)
        if len(of_version := _by_repeat([pair[side] for pair in pairs.values()])) > 1
    ]
    if not repeats:
        return None
    return Noise(_largest(repeats, recall_of), _largest(repeats, precision_of))


def _by_repeat(documents: Sequence[Sequence[DocumentScore]]) -> list[list[DocumentScore]]:
    """Only the repeats that every document has: otherwise their documents would differ, not their luck."""
    common = min((len(scores) for scores in documents), default=0)
    ordered = [sorted(scores, key=lambda each: each.repeat) for scores in documents]
    return [[scores[repeat] for scores in ordered] for repeat in range(common)]


def _largest(
    versions: Sequence[Sequence[Sequence[DocumentScore]]], count: Callable[[DocumentScore], Count]
) -> float | None:
    gaps = []
    for repeats in versions:
        shares = [pooled([count(each) for each in scores]) for scores in repeats]
        gaps += [
            abs(one - other)
            for one, other in combinations(shares, 2)
            if one is not None and other is not None
        ]
    return max(gaps, default=None)
