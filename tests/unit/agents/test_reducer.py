import json
from dataclasses import replace
from typing import Any

import pytest

from smallprint.agents.reducer import NO_TEXT, FindingsReducer
from smallprint.errors import InvalidAnswer, UnsupportedContract
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    Agent,
    Analysis,
    DocumentType,
    FactKind,
    Finding,
    KeyFact,
    Quotation,
    Reduction,
    RiskLevel,
)
from smallprint.prompts.templates import PromptTemplates
from tests.fakes.answers import a_reduction
from tests.fakes.assignments import an_assignment
from tests.fakes.language_model import Answer, ScriptedModel
from tests.fakes.passages import document_of
from tests.fakes.prompts import a_prompt

DOCUMENT = document_of("SECRET WORDS of the document", pictures=(2,))
PROMPT = a_prompt(Agent.REDUCER)
ASSIGNMENT = an_assignment()


def part(number: int, findings: int) -> Analysis:
    return Analysis(
        summary=f"Part {number}.",
        findings=tuple(finding(f"P{number}.F{n}") for n in range(1, findings + 1)),
        looked_for_not_found=("a cap",),
        document_type=DocumentType.CONTRACT,
        facts=(KeyFact(FactKind.PARTY, "Supplier", "Acme ${today}"),),
    )


def finding(finding_id: str) -> Finding:
    return Finding(
        finding_id,
        "term.auto_renewal",
        f"Title of {finding_id}",
        f"Statement of {finding_id}",
        "WHY",
        "ASK",
        RiskLevel.CRITICAL,
        (Quotation("QUOTED", 7), Quotation("QUOTED")),
    )


PARTS = (part(1, 2), part(2, 0), part(3, 3))


def reducer(*answers: Answer) -> tuple[FindingsReducer, ScriptedModel]:
    model = ScriptedModel(*answers)
    return FindingsReducer(model), model


def request_for(*parts: Analysis) -> CompletionRequest:
    return reducer()[0].build_prompt(DOCUMENT, parts, PROMPT, ASSIGNMENT)


async def reduced(answer: str) -> Reduction:
    reader, _ = reducer(answer)
    reduction, _ = await reader.reduce(DOCUMENT, PARTS, PROMPT, ASSIGNMENT)
    return reduction


async def test_findings_of_the_same_matter_are_named_by_their_ids_the_best_worded_first():
    assert await reduced(a_reduction([4, 1], [2, 5])) == Reduction(
        same_matter=(("P3.F2", "P1.F1"), ("P1.F2", "P3.F3")),
        looked_for_not_found=("a notice period",),
        document_type=DocumentType.CONTRACT,
        summary="A long agreement between A and B.",
    )


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([[1]], ()),
        ([[1, 1]], ()),
        ([[]], ()),
        ([[0, 6, -1, 2]], ()),
        ([[1, 99, 3]], (("P1.F1", "P3.F1"),)),
        ([[1, 2], [2, 3]], (("P1.F1", "P1.F2"),)),
        ([[1, 2], [2, 3, 4]], (("P1.F1", "P1.F2"), ("P3.F1", "P3.F2"))),
    ],
)
async def test_no_finding_is_in_two_groups_and_no_group_has_a_single_one(groups, expected):
    assert (await reduced(a_reduction(*groups))).same_matter == expected


async def test_joining_nothing_is_an_answer():
    assert (await reduced(a_reduction())).same_matter == ()


def test_no_word_and_no_picture_of_the_document_is_sent():
    request = request_for(*PARTS)

    assert (request.document_text, request.pictures) == (NO_TEXT, ())
    for text in (request.attachment, request.task, request.system):
        assert "SECRET" not in (text or "")
        assert "QUOTED" not in (text or "")


def test_findings_are_numbered_through_all_parts_and_come_without_severity_and_advice():
    request = request_for(*PARTS)

    parts: list[dict[str, Any]] = json.loads(request.attachment or "")["parts"]
    assert [[each["finding"] for each in part["findings"]] for part in parts] == [[1, 2], [], [3, 4, 5]]
    assert parts[0]["findings"][0] == {
        "finding": 1,
        "category": "term.auto_renewal",
        "title": "Title of P1.F1",
        "statement": "Statement of P1.F1",
        "passages": [7],
    }
    assert parts[2]["looked_for_and_not_found"] == ["a cap"]
    for hint in ("critical", "WHY", "ASK"):
        assert hint not in (request.attachment or "")


def test_what_was_found_never_passes_through_the_template():
    prompt = PromptTemplates().latest(Agent.REDUCER)
    request = reducer()[0].build_prompt(DOCUMENT, PARTS, prompt, ASSIGNMENT)

    assert "Acme ${today}" in (request.attachment or "")
    assert "Statement of" not in request.task


async def test_parts_without_a_finding_are_summed_up_all_the_same():
    reader, model = reducer(a_reduction([1, 2]))
    nothing = tuple(replace(each, findings=()) for each in PARTS)

    reduction, run = await reader.reduce(DOCUMENT, nothing, PROMPT, ASSIGNMENT)

    assert reduction.same_matter == ()
    assert (run.agent, model.asked.key) == ("findings_reduction", "an1/findings_reduction/main")


async def test_two_answers_that_do_not_hold_are_the_end():
    reader, model = reducer("no", "no")

    with pytest.raises(InvalidAnswer):
        await reader.reduce(DOCUMENT, PARTS, PROMPT, ASSIGNMENT)

    assert len(model.requests) == 2


def test_a_prompt_for_another_contract_is_refused():
    with pytest.raises(UnsupportedContract):
        reducer()[0].build_prompt(DOCUMENT, PARTS, a_prompt(Agent.ANALYST), ASSIGNMENT)
