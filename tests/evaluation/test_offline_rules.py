"""What the rules without AI find in our own labelled documents, measured as the evaluation does: by the place of the words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from smallprint.agents.clauses import ClauseAnalyst
from smallprint.agents.screen import screen
from smallprint.documents.reader import DocumentReader
from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.places import Places, overlap
from smallprint.evaluation.values import ExpectedFinding, LabelledDocument
from smallprint.models.domain import Evidence, Finding, Match, RiskLevel

HOUSE = Path(__file__).parents[2] / "evaluation/datasets/house"
EXAMPLES = Path(__file__).parents[2] / "examples"
FEWEST_FOUND = 0.78
"""A floor against steps backwards, not a promise: whoever extended the rules had read these documents."""

Found = Mapping[str, tuple[Finding, ...]]


@pytest.fixture(scope="module")
def labelled() -> tuple[LabelledDocument, ...]:
    return load_dataset(HOUSE)


@pytest.fixture(scope="module")
def found(labelled: tuple[LabelledDocument, ...]) -> Found:
    """By the id of the document."""
    return asyncio.run(_found({document.id: document.file for document in labelled}))


async def _found(files: Mapping[str, Path]) -> Found:
    reader, analyst = DocumentReader(children=2), ClauseAnalyst()
    findings = {}
    for name, file in files.items():
        document = await reader.read(file.name, file.read_bytes())
        findings[name] = (*analyst.read(document).findings, *screen(document))
    return findings


def _hits(expected: ExpectedFinding, finding: Finding, places: Places) -> bool:
    spans = [
        span
        for quotation in finding.quotations
        for span in places.locate(Evidence(Match.EXACT, text=quotation.text))
    ]
    return finding.category == expected.category and (expected.absent or overlap(spans, expected.spans))


def test_most_risks_of_the_house_set_are_found_where_they_stand(labelled, found):
    hits = [
        any(_hits(expected, finding, places) for finding in found[document.id])
        for document in labelled
        for places in [Places(document.text)]
        for expected in document.expected
    ]
    assert sum(hits) / len(hits) >= FEWEST_FOUND


def test_a_harmless_letter_raises_no_alarm(labelled, found):
    harmless = [document.id for document in labelled if not document.expected and not document.injected]
    assert harmless
    assert all(finding.severity.rank < RiskLevel.HIGH.rank for name in harmless for finding in found[name])


def test_a_harmless_policy_raises_no_alarm():
    findings = asyncio.run(_found({"policy": EXAMPLES / "remote-work-policy.docx"}))["policy"]
    assert all(finding.severity.rank < RiskLevel.HIGH.rank for finding in findings)
