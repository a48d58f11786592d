"""What a reviewer or an adjudicator of a given temperament would answer, knowing the labels. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smallprint.agents.answers.fields import MAX_MISSED
from smallprint.evaluation.scripted_analyst import (
    ADDRESSES_AI,
    OVERSTATED,
    Answer,
    Known,
    Reading,
    finding,
    known,
    quotation,
)
from smallprint.evaluation.shown import overlap
from smallprint.models.domain import RiskLevel, Verdict

SUPPORTED = "The words say so."
EXAGGERATED = "The words say less than that."
UNSUPPORTED = "The words quoted are harmless."

_COMMENTS = {
    Verdict.SUPPORTED: SUPPORTED,
    Verdict.OVERSTATED: EXAGGERATED,
    Verdict.UNSUPPORTED: UNSUPPORTED,
}

_SAME = {"document.may_address_ai": ADDRESSES_AI}
"""What triage suspects under a name of its own."""

Item = Mapping[str, Any]


def review(reading: Reading, items: Sequence[Item]) -> Answer:
    """A verdict on each finding shown, and the labels that none of them states."""
    labels = known(reading)
    stated = {each.number for item in items for each in _truths(reading, labels, item)}
    return {
        "verdicts": [_verdict(reading, labels, item) for item in items],
        "missed": [finding(reading, each) for each in _missed(reading, labels, stated)],
    }


def rulings(reading: Reading, items: Sequence[Item]) -> Answer:
    labels = known(reading)
    return {"rulings": [_verdict(reading, labels, item) for item in items]}


def _verdict(reading: Reading, labels: Sequence[Known], item: Item) -> Answer:
    truths = _truths(reading, labels, item)
    verdict, severity = _judged(reading, item, truths)
    return {
        "finding": item["finding"],
        "evidence": [quotation(truths[0].evidence)] if truths else [],
        "comment": _COMMENTS[verdict],
        "verdict": verdict.value,
        "severity": severity.value,
    }


def _judged(reading: Reading, item: Item, truths: Sequence[Known]) -> tuple[Verdict, RiskLevel]:
    temperament = reading.temperament
    if temperament.bows:
        return Verdict.UNSUPPORTED, RiskLevel.LOW
    wrong = reading.dice.hits(temperament.misreviews, "misreviews", item["category"], item["statement"])
    if bool(truths) is wrong:
        return Verdict.UNSUPPORTED, RiskLevel.LOW
    severity = max((each.severity for each in truths), key=lambda level: level.rank, default=RiskLevel.MEDIUM)
    exaggerated = OVERSTATED in item["statement"]
    return Verdict.OVERSTATED if exaggerated else Verdict.SUPPORTED, severity


def _truths(reading: Reading, labels: Sequence[Known], item: Item) -> list[Known]:
    """The labels that a finding states: of its category, and resting on the same words where there are words."""
    quoted = [
        evidence
        for each in item["evidence"]
        if (evidence := reading.shown.find(each["quotation"], each["passage"])) is not None
    ]
    return [
        each
        for each in labels
        if each.label.category == _SAME.get(item["category"], item["category"])
        and (each.label.absent or any(overlap(evidence, each.evidence) for evidence in quoted))
    ]


def _missed(reading: Reading, labels: Sequence[Known], stated: set[int]) -> list[Known]:
    """The most severe first; only so many are asked for."""
    if reading.temperament.bows:
        return []
    missed = [
        each
        for each in labels
        if each.number not in stated
        and not reading.dice.hits(reading.temperament.misses, "adds", each.number)
    ]
    return sorted(missed, key=lambda each: -each.severity.rank)[:MAX_MISSED]
