import json
from typing import Any

import pytest

from smallprint.agents.reviewer import DocumentReviewer, blind_order
from smallprint.errors import InvalidAnswer, UnsupportedContract
from smallprint.models.domain import Agent, Finding, Quotation, RiskLevel, Verdict
from smallprint.prompts.templates import PromptTemplates
from tests.fakes.answers import a_finding, a_review, a_verdict
from tests.fakes.assignments import an_assignment
from tests.fakes.language_model import Answer, ScriptedModel
from tests.fakes.passages import document_of
from tests.fakes.prompts import a_prompt

DOCUMENT = document_of("The Supplier is liable without limit.", "Clause two.")
PROMPT = a_prompt(Agent.REVIEWER)
ASSIGNMENT = an_assignment(model="reviewer-model")


def finding(number: int) -> Finding:
    return Finding(
        id=f"F{number}",
        category="liability.uncapped",
        title=f"Title {number}",
        statement=f"Statement {number} says ${{today}}.",
        why_it_matters="REASON",
        recommendation="ADVICE",
        severity=RiskLevel.CRITICAL,
        quotations=(Quotation("liable without limit", 1),),
    )


FINDINGS = tuple(finding(number) for number in range(1, 9))


def reviewer(*answers: Answer) -> tuple[DocumentReviewer, ScriptedModel]:
    model = ScriptedModel(*answers)
    return DocumentReviewer(model), model


def shown(request) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(request.attachment)["findings_to_review"]
    return findings


def test_the_reviewer_sees_neither_severity_nor_reasons_nor_advice():
    reader, _ = reviewer()

    request = reader.build_prompt(DOCUMENT, FINDINGS, PROMPT, ASSIGNMENT)

    assert set(shown(request)[0]) == {"finding", "category", "title", "statement", "evidence"}
    for hint in ("critical", "REASON", "ADVICE"):
        assert hint not in (request.attachment or "")


def test_findings_are_shuffled_the_same_way_on_every_retry():
    order = [each.id for each in blind_order(FINDINGS, "an1")]

    assert order == [each.id for each in blind_order(FINDINGS, "an1")]
    assert order != [each.id for each in FINDINGS]
    assert order != [each.id for each in blind_order(FINDINGS, "an2")]
    assert sorted(order) == [each.id for each in FINDINGS]


def test_findings_are_renumbered_so_that_their_place_says_nothing():
    reader, _ = reviewer()

    request = reader.build_prompt(DOCUMENT, FINDINGS, PROMPT, ASSIGNMENT)

    assert [each["finding"] for each in shown(request)] == list(range(1, 9))
    assert [each["title"] for each in shown(request)] == [each.title for each in blind_order(FINDINGS, "an1")]


def test_what_findings_quote_never_passes_through_the_template():
    reader, _ = reviewer()

    request = reader.build_prompt(DOCUMENT, FINDINGS, PromptTemplates().latest(Agent.REVIEWER), ASSIGNMENT)

    assert "${today}" in shown(request)[0]["statement"]
    for trusted in (request.system, request.task):
        assert "Statement" not in trusted
        assert "liable without limit" not in trusted


async def test_verdicts_find_their_way_back_to_the_findings():
    order = blind_order(FINDINGS, "an1")
    reader, _ = reviewer(
        a_review(a_verdict(1, "unsupported"), a_verdict(8, "overstated", severity="Low", comment="Capped."))
    )

    review, _ = await reader.review(DOCUMENT, FINDINGS, PROMPT, ASSIGNMENT)

    assert [(each.finding_id, each.verdict) for each in review.verdicts] == [
        (order[0].id, Verdict.UNSUPPORTED),
        (order[7].id, Verdict.OVERSTATED),
    ]
    assert (review.verdicts[1].severity, review.verdicts[1].comment) == (RiskLevel.LOW, "Capped.")


async def test_a_verdict_on_a_finding_that_was_never_shown_is_ignored():
    reader, _ = reviewer(a_review(a_verdict(0), a_verdict(9), a_verdict(-1)))

    review, _ = await reader.review(DOCUMENT, FINDINGS, PROMPT, ASSIGNMENT)

    assert review.verdicts == ()


async def test_of_two_verdicts_on_the_same_finding_the_first_holds():
    reader, _ = reviewer(a_review(a_verdict(1, "supported"), a_verdict(1, "unsupported")))

    review, _ = await reader.review(DOCUMENT, FINDINGS, PROMPT, ASSIGNMENT)

    assert [each.verdict for each in review.verdicts] == [Verdict.SUPPORTED]


async def test_without_findings_the_reviewer_still_looks_for_missed_ones():
    reader, model = reviewer(a_review(missed=[a_finding("Clause two", passage=2)]))

    review, run = await reader.review(DOCUMENT, (), PROMPT, ASSIGNMENT)

    assert shown(model.asked) == []
    assert [each.id for each in review.missed] == ["M1"]
    assert (run.agent, run.model) == ("findings_review", "reviewer-model")


async def test_an_answer_that_does_not_hold_is_repaired_once_with_the_same_findings():
    reader, model = reviewer("garbage", a_review(a_verdict(1)))

    review, _ = await reader.review(DOCUMENT, FINDINGS, PROMPT, ASSIGNMENT)

    first, second = model.requests
    assert (second.purpose, second.attachment) == ("repair", first.attachment)
    assert len(review.verdicts) == 1


async def test_two_answers_that_do_not_hold_are_the_end():
    reader, _ = reviewer("garbage", "garbage")

    with pytest.raises(InvalidAnswer):
        await reader.review(DOCUMENT, FINDINGS, PROMPT, ASSIGNMENT)


def test_a_prompt_for_another_contract_is_refused():
    reader, _ = reviewer()

    with pytest.raises(UnsupportedContract):
        reader.build_prompt(DOCUMENT, FINDINGS, a_prompt(Agent.ANALYST), ASSIGNMENT)
