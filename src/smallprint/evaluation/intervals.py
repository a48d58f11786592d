"""The statistics of the evaluation: intervals, tests, agreement. Pure, standard library only.

(Named so that it does not hide the standard library's `statistics`.)
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

RESAMPLES = 10_000
SEED = 20_261_123
"""Fixed, so that the same runs give the same figures."""
LEVEL = 0.95

Share = tuple[float, float]
"""Successes and total of one document; with repeats their means, so not always whole."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends belong to it."""

    low: float
    high: float


def wilson(successes: float, total: float, level: float = LEVEL) -> Interval:
    """Two-sided interval of a proportion; 0 to 1 for a total of 0.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927). Unlike
    the textbook's p ± 1.96 s it stays within 0 and 1 and holds for few observations and for rates near the ends.
    """
    if total <= 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / total
    centre = share + z * z / (2 * total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    # Rounding must not put the share itself outside.
    low, high = min(share, (centre - half) / scale), max(share, (centre + half) / scale)
    return Interval(max(0.0, low), min(1.0, high))


def bootstrap_share(
    documents: Sequence[Share], level: float = LEVEL, resamples: int = RESAMPLES
) -> Interval | None:
    """Two-sided percentile interval of the pooled share; None when nothing is there to count.

    B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13. Whole documents are drawn
    with replacement, because the findings of one document are not independent of each other.
    """
    drawn = sorted(share for (share,) in _resampled([documents], resamples) if share is not None)
    if not drawn:
        return None
    return Interval(percentile(drawn, (1 - level) / 2), percentile(drawn, (1 + level) / 2))


def bootstrap_difference(pairs: Sequence[tuple[Share, Share]], resamples: int = RESAMPLES) -> list[float]:
    """Sorted resampled differences, second minus first, of the pooled shares of paired documents.

    A document is drawn with both its sides (Efron and Tibshirani 1993, chapter 8): what makes a document hard
    is hard for both and cancels out.
    """
    versions = [[pair[0] for pair in pairs], [pair[1] for pair in pairs]]
    return sorted(
        second - first
        for first, second in _resampled(versions, resamples)
        if first is not None and second is not None
    )


def pooled(documents: Sequence[Share]) -> float | None:
    """All successes by all totals; None for a total of 0."""
    return _share(sum(found for found, _ in documents), sum(total for _, total in documents))


def percentile(ordered: Sequence[float], share: float) -> float:
    """Of ascending values, with linear interpolation between neighbours (Hyndman and Fan 1996, type 7)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def share_at_least(ordered: Sequence[float], value: float) -> float:
    """How much of a bootstrap distribution is not below a value, counting the data itself: never 0.

    (Davison and Hinkley, "Bootstrap Methods and their Application" (1997), section 4.2.)
    """
    return (1 + sum(each >= value for each in ordered)) / (1 + len(ordered))


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p-value that two versions differ, from the findings that only one of them has.

    Q. McNemar, Psychometrika 12 (1947), in the exact binomial form for small counts.
    """
    total = only_first + only_second
    tail = sum(comb(total, count) for count in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / (1 << total))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p-values, in the order given: each may be held against the level as if it were alone.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979).
    """
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return tuple(adjusted)


def quadratic_kappa(pairs: Sequence[tuple[int, int]], levels: int) -> float | None:
    """Agreement of two judges on an ordered scale of ranks 0 to `levels` - 1: 1 is perfect, 0 is chance.

    J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968), with quadratic weights. None when chance alone
    would agree too: no pairs, or both judges always name the same rank.
    """
    if not pairs:
        return None
    firsts = [sum(first == level for first, _ in pairs) for level in range(levels)]
    seconds = [sum(second == level for _, second in pairs) for level in range(levels)]
    observed = sum((first - second) ** 2 for first, second in pairs)
    by_chance = sum(
        (first - second) ** 2 * firsts[first] * seconds[second]
        for first in range(levels)
        for second in range(levels)
    ) / len(pairs)
    return 1 - observed / by_chance if by_chance else None


def _resampled(versions: Sequence[Sequence[Share]], resamples: int) -> Iterator[list[float | None]]:
    """Again and again the pooled share of each version, all of them of the same drawn documents."""
    chance = random.Random(SEED)  # noqa: S311 - statistics, not secrets
    columns = [([found for found, _ in each], [total for _, total in each]) for each in versions]
    documents = range(len(versions[0]))
    for _ in range(resamples if documents else 0):
        drawn = chance.choices(documents, k=len(documents))
        # `map` with a bound method: this is where the time of an evaluation goes.
        yield [
            _share(sum(map(found.__getitem__, drawn)), sum(map(totals.__getitem__, drawn)))
            for found, totals in columns
        ]


def _share(found: float, total: float) -> float | None:
    return found / total if total else None
