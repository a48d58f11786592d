import json

import pytest

from smallprint.agents.evidence_repair import EvidenceRepairer
from smallprint.errors import InvalidAnswer, UnsupportedContract
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import Agent, Document, Finding, Quotation, RiskLevel
from smallprint.prompts.templates import PromptTemplates
from tests.fakes.answers import a_repair, a_repaired_finding, some_evidence
from tests.fakes.assignments import an_assignment
from tests.fakes.language_model import Answer, ScriptedModel
from tests.fakes.passages import document_of
from tests.fakes.prompts import a_prompt

FILLER = [f"Clause {number} deals with matters of the garden." for number in range(1, 61)]
CAP = "The aggregate liability of the Supplier is limited to the fees paid in the preceding twelve months."
DOCUMENT = document_of(*FILLER[:30], CAP, *FILLER[30:])
PROMPT = a_prompt(Agent.REPAIR)
ASSIGNMENT = an_assignment()


def finding(finding_id: str = "F1", *quotations: Quotation, statement: str = "${today}") -> Finding:
    return Finding(finding_id, "liability.cap", "A cap", statement, "WHY", "ASK", RiskLevel.HIGH, quotations)


PARAPHRASE = finding(
    "F1", Quotation("Supplier's aggregate liability is limited to fees paid in twelve months")
)
NAMED = finding("F2", Quotation("The pond is deep", 5))


def repairer(*answers: Answer, sees: bool = True) -> tuple[EvidenceRepairer, ScriptedModel]:
    model = ScriptedModel(*answers, sees=sees)
    return EvidenceRepairer(model), model


def request_for(*findings: Finding, document: Document = DOCUMENT, sees: bool = True) -> CompletionRequest:
    return repairer(sees=sees)[0].build_prompt(document, findings, PROMPT, ASSIGNMENT)


async def test_a_finding_comes_back_under_its_id_with_words_that_carry_it():
    reader, _ = repairer(
        a_repair(a_repaired_finding(1, CAP, statement="Liability is capped at a year's fees."))
    )

    repaired, run = await reader.repair(DOCUMENT, [PARAPHRASE], PROMPT, ASSIGNMENT)

    [only] = repaired
    assert (only.id, only.severity, only.recommendation) == ("F1", RiskLevel.HIGH, "ASK")
    assert only.quotations == (Quotation(CAP, 1),)
    assert only.statement == "Liability is capped at a year's fees."
    assert run.agent == "evidence_repair"


async def test_what_nothing_supports_is_left_out():
    blank = a_repaired_finding(2)
    blank["evidence"] = [some_evidence("  ")]
    reader, _ = repairer(a_repair(a_repaired_finding(1), blank))

    repaired, _ = await reader.repair(DOCUMENT, [PARAPHRASE, NAMED], PROMPT, ASSIGNMENT)

    assert repaired == ()


async def test_the_order_is_that_of_the_findings_and_strange_numbers_are_ignored():
    answers = [a_repaired_finding(number, f"words {number}") for number in (2, 0, -1, 3, 1)]
    reader, _ = repairer(a_repair(*answers, a_repaired_finding(1, "again")))

    repaired, _ = await reader.repair(DOCUMENT, [PARAPHRASE, NAMED], PROMPT, ASSIGNMENT)

    assert [(each.id, each.quotations[0].text) for each in repaired] == [("F1", "words 1"), ("F2", "words 2")]


def test_only_the_passages_round_the_most_similar_text_are_shown():
    text = request_for(PARAPHRASE).document_text

    assert f"[P31 p.16] {CAP}" in text
    assert "[P29 " in text
    assert "[P33 " in text
    assert "[P20 " not in text


def test_the_passages_round_a_named_place_are_shown_too():
    text = request_for(NAMED).document_text

    assert all(f"[P{number} " in text for number in (3, 4, 5, 6, 7))


def test_a_finding_without_any_quotation_is_looked_up_by_what_it_states():
    stated = finding(statement="The liability of the Supplier is limited to fees paid in the twelve months.")

    assert CAP in request_for(stated).document_text


@pytest.mark.parametrize("passage", [None, 0, 999])
def test_where_nothing_is_similar_the_beginning_is_shown(passage):
    nowhere = finding("F1", Quotation("Qwrtzp", passage), statement="Xyzzy")

    assert request_for(nowhere).document_text.startswith("[P1 ")


def test_the_findings_travel_as_data_without_severity_and_never_in_the_instructions():
    request = repairer()[0].build_prompt(
        DOCUMENT, [PARAPHRASE, NAMED], PromptTemplates().latest(Agent.REPAIR), ASSIGNMENT
    )

    shown = json.loads(request.attachment or "")["findings_to_support"]
    assert [each["finding"] for each in shown] == [1, 2]
    assert shown[0]["statement"] == "${today}"
    assert shown[1]["not_found"] == [{"passage": 5, "page": 0, "quotation": "The pond is deep"}]
    assert "high" not in (request.attachment or "")
    for trusted in (request.system, request.task):
        assert "aggregate liability" not in trusted


def test_the_pictures_that_a_finding_names_are_shown_and_no_others():
    mixed = document_of(*FILLER, pictures=(40, 41))
    read = finding("F1", Quotation("a stamp", page=41))

    assert [picture.page for picture in request_for(read, document=mixed).pictures] == [41]
    assert request_for(read, document=mixed, sees=False).pictures == ()
    assert request_for(NAMED, document=mixed).pictures == ()


def test_a_document_of_pictures_alone_is_shown_whole():
    scan = document_of(pictures=(1, 2))

    assert [picture.page for picture in request_for(finding(), document=scan).pictures] == [1, 2]
    assert request_for(finding(), document=scan).document_text


async def test_an_answer_that_does_not_hold_is_repaired_once():
    reader, model = repairer("no", "no")

    with pytest.raises(InvalidAnswer):
        await reader.repair(DOCUMENT, [NAMED], PROMPT, an_assignment(purpose="part 2 of 5"))

    assert [request.purpose for request in model.requests] == ["part 2 of 5", "part 2 of 5, repair"]


async def test_a_prompt_for_another_contract_is_refused_before_anything_is_asked():
    reader, model = repairer()

    with pytest.raises(UnsupportedContract):
        await reader.repair(DOCUMENT, [NAMED], a_prompt(Agent.ANALYST), ASSIGNMENT)

    assert model.requests == []
