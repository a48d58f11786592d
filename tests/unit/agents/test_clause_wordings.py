"""The offline rules know the usual ways of wording a clause, and tell them from what only looks like one.

The sentences stand in `clause_wordings.yaml`; they are our own, written from knowledge of contracts.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from smallprint.agents.clauses import ClauseAnalyst
from smallprint.models.domain import PassageKind
from tests.fakes.passages import document_of

Wordings = Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]

WORDINGS: Wordings = yaml.safe_load((Path(__file__).parent / "clause_wordings.yaml").read_text("utf-8"))
"""By kind of document, category, and whether the category is to be found."""

OPENINGS = {
    "contract": "SERVICES AGREEMENT\n\nThis Agreement is made between the parties. Each party accepts this Agreement.",
    "nda": "NON-DISCLOSURE AGREEMENT\n\nThe receiving party shall hold the confidential information of the disclosing party. Confidential information includes every disclosure.",
    "terms": "TERMS OF SERVICE\n\nYou agree to these words when you use our service. Our services and your account are described here.",
    "privacy": "PRIVACY POLICY\n\nYour personal data and your information: your data, your information, the personal data.",
    "questionnaire": "Vendor security questionnaire\n\nIs there a policy? | Yes |\n\nIs there a chief? | Yes | Are there two?",
    "incident": "Post-incident report\n\nAn incident and outage affected the service: alarms, a failure, the root cause.",
    "proposal": "Paper for the board: for decision\n\nThe board is asked to approve the purchase; the proposal and its benefits are recommended.",
}


EVERY_CATEGORY = [(kind, category) for kind, categories in WORDINGS.items() for category in categories]


@pytest.fixture(scope="module")
def analyst() -> ClauseAnalyst:
    return ClauseAnalyst()


def _categories(analyst: ClauseAnalyst, kind: str, sentence: str) -> set[str]:
    row_or_prose = (
        (PassageKind.TABLE, sentence) if " | " in sentence else f"First, something else. {sentence} And more."
    )
    document = document_of(OPENINGS[kind], "1. Terms", row_or_prose)
    return {finding.category for finding in analyst.read(document).findings}


@pytest.mark.parametrize(("kind", "category"), EVERY_CATEGORY)
def test_the_usual_wordings_are_found(analyst, kind, category):
    sentences = WORDINGS[kind][category]["found"]
    assert sentences
    assert not [each for each in sentences if category not in _categories(analyst, kind, each)]


@pytest.mark.parametrize(("kind", "category"), EVERY_CATEGORY)
def test_near_misses_are_not_taken_for_the_clause(analyst, kind, category):
    sentences = WORDINGS[kind][category]["not_found"]
    assert sentences
    assert not [each for each in sentences if category in _categories(analyst, kind, each)]
