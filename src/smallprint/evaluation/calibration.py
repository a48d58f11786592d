"""Whether confidence means what it says: Brier score, reliability, expected calibration error. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from smallprint.evaluation.scores import Prediction

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Predictions whose confidence lies in one tenth: of those at 0.8, do four of five prove right?"""

    low: float
    high: float
    count: int
    mean_confidence: float
    right: float
    """Share, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Over every judged finding, kept and rejected."""

    brier: float
    """Mean squared distance of confidence and truth: 0 is perfect, 0.25 is what always saying 0.5 gets."""
    expected_error: float
    """ECE: mean distance of confidence and share that is right over the bins, weighted by their counts."""
    bins: tuple[ReliabilityBin, ...]
    """Those with something in them, ascending."""


def calibration(predictions: Sequence[Prediction]) -> Calibration | None:
    """Brier score, expected calibration error and reliability in ten equal bins; None without predictions."""
    if not predictions:
        return None
    binned: defaultdict[int, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        binned[min(int(prediction.confidence * BINS), BINS - 1)].append(prediction)
    bins = tuple(_bin(number, inside) for number, inside in sorted(binned.items()))
    distances = [each.count * abs(each.mean_confidence - each.right) for each in bins]
    return Calibration(
        brier=fmean((each.confidence - each.right) ** 2 for each in predictions),
        expected_error=sum(distances) / len(predictions),
        bins=bins,
    )


def _bin(number: int, inside: Sequence[Prediction]) -> ReliabilityBin:
    return ReliabilityBin(
        low=number / BINS,
        high=(number + 1) / BINS,
        count=len(inside),
        mean_confidence=fmean(each.confidence for each in inside),
        right=fmean(each.right for each in inside),
    )
