import json
from typing import Any

import pytest

from smallprint.agents.adjudicator import FindingsAdjudicator
from smallprint.errors import InvalidAnswer, UnsupportedContract
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    Agent,
    Brief,
    Document,
    Evidence,
    Finding,
    FindingReview,
    Match,
    Outcome,
    ReportFinding,
    RiskLevel,
    Ruling,
    Verdict,
)
from smallprint.prompts.templates import PromptTemplates
from tests.fakes.answers import a_ruling, an_adjudication
from tests.fakes.assignments import an_assignment
from tests.fakes.language_model import Answer, ScriptedModel
from tests.fakes.passages import document_of
from tests.fakes.prompts import a_prompt

DOCUMENT = document_of(*(f"Clause {number}." for number in range(1, 61)))
PROMPT = a_prompt(Agent.ADJUDICATOR)
ASSIGNMENT = an_assignment(model="adjudicator-model")
OPINIONS = {"opinion_A", "opinion_B"}


def disputed(number: int, *evidence: Evidence, reviewed: bool = True) -> ReportFinding:
    finding_id = f"F{number}"
    finding = Finding(
        finding_id,
        "liability.uncapped",
        f"Title {number}",
        f"Statement {number} ${{today}}",
        "First view.",
        "ADVICE",
        RiskLevel.CRITICAL,
    )
    review = FindingReview(finding_id, Verdict.OVERSTATED, RiskLevel.LOW, "Other view.") if reviewed else None
    place = evidence or (Evidence(Match.EXACT, f"Clause {number}.", number, page=3),)
    return ReportFinding(finding, RiskLevel.LOW, Outcome.LOWERED, place, review)


DISPUTED = tuple(disputed(number) for number in range(1, 13))


def adjudicator(*answers: Answer, sees: bool = True) -> tuple[FindingsAdjudicator, ScriptedModel]:
    model = ScriptedModel(*answers, sees=sees)
    return FindingsAdjudicator(model), model


def request_for(
    *findings: ReportFinding, analysis_id: str = "an1", document: Document = DOCUMENT, sees: bool = True
) -> CompletionRequest:
    assignment = an_assignment(analysis_id)
    return adjudicator(sees=sees)[0].build_prompt(document, findings, PROMPT, assignment)


def shown(request: CompletionRequest) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(request.attachment or "")["disputed_findings"]
    return findings


async def test_rulings_find_their_way_back_to_the_findings():
    order = [int(each["title"].split()[1]) for each in shown(request_for(*DISPUTED))]
    reader, _ = adjudicator(
        an_adjudication(
            a_ruling(1, "unsupported", comment="It says the opposite."), a_ruling(12, severity="High")
        )
    )

    rulings, run = await reader.adjudicate(DOCUMENT, DISPUTED, PROMPT, ASSIGNMENT)

    assert rulings == (
        Ruling(f"F{order[0]}", Verdict.UNSUPPORTED, RiskLevel.HIGH, "It says the opposite."),
        Ruling(f"F{order[11]}", Verdict.SUPPORTED, RiskLevel.HIGH, "Clause 7 says so."),
    )
    assert (run.agent, run.model) == ("findings_adjudication", "adjudicator-model")


async def test_rulings_on_what_was_never_shown_are_ignored_and_of_two_the_first_holds():
    answers = [a_ruling(0), a_ruling(2), a_ruling(-1), a_ruling(1, "overstated"), a_ruling(1)]
    reader, _ = adjudicator(an_adjudication(*answers))

    rulings, _ = await reader.adjudicate(DOCUMENT, DISPUTED[:1], PROMPT, ASSIGNMENT)

    assert [(each.finding_id, each.verdict) for each in rulings] == [("F1", Verdict.OVERSTATED)]


def test_both_opinions_are_shown_and_nothing_says_whose_they_are():
    request = request_for(*DISPUTED)

    for each in shown(request):
        assert set(each) - OPINIONS == {"finding", "category", "title", "statement", "evidence"}
        assert sorted(each[name]["comment"] for name in OPINIONS) == ["First view.", "Other view."]
        assert {each[name]["severity"] for name in OPINIONS} == {"critical", "low"}
    for hint in ("overstated", "lowered", "ADVICE", "analyst", "reviewer"):
        assert hint not in (request.attachment or "")


def test_who_speaks_first_changes_from_finding_to_finding_and_is_the_same_on_every_retry():
    def firsts(analysis_id: str) -> list[str]:
        return [
            each["opinion_A"]["comment"] for each in shown(request_for(*DISPUTED, analysis_id=analysis_id))
        ]

    assert set(firsts("an1")) == {"First view.", "Other view."}
    assert firsts("an1") == firsts("an1")
    assert firsts("an1") != firsts("an2")


def test_findings_come_in_an_order_that_says_nothing_of_their_severity():
    titles = [each["title"] for each in shown(request_for(*DISPUTED))]

    assert titles != [each.finding.title for each in DISPUTED]
    assert sorted(titles) == sorted(each.finding.title for each in DISPUTED)
    assert [each["finding"] for each in shown(request_for(*DISPUTED))] == list(range(1, 13))


def test_a_finding_that_only_one_has_seen_comes_with_one_opinion():
    [only] = shown(request_for(disputed(1, reviewed=False)))

    assert only["opinion_A"] == {"severity": "critical", "comment": "First view."}
    assert "opinion_B" not in only


def test_only_windows_round_the_evidence_are_shown():
    text = request_for(disputed(20), disputed(40)).document_text

    assert [line.split()[0] for line in text.split("\n\n")] == [
        f"[P{number}" for number in (18, 19, 20, 21, 22, 38, 39, 40, 41, 42)
    ]


def test_words_read_off_a_picture_bring_their_picture_along():
    mixed = document_of("Clause 1.", "Clause 2.", pictures=(7, 8))
    scanned = disputed(1, Evidence(Match.UNVERIFIED, "a stamp", page=8))

    request = request_for(scanned, document=mixed)

    assert [picture.page for picture in request.pictures] == [8]
    assert shown(request)[0]["evidence"] == [{"passage": 0, "page": 8, "quotation": "a stamp"}]
    assert request_for(disputed(2), document=mixed).pictures == ()
    assert request_for(scanned, document=mixed, sees=False).pictures == ()


def test_without_a_place_to_look_at_the_beginning_is_shown():
    nowhere = disputed(1, Evidence(Match.EXACT, "words"))

    assert request_for(nowhere).document_text.startswith("[P1 ")


def test_what_findings_say_never_passes_through_the_template_and_the_side_does():
    prompt = PromptTemplates().latest(Agent.ADJUDICATOR)
    assignment = an_assignment(brief=Brief(side="the tenant", language="French"))

    request = adjudicator()[0].build_prompt(DOCUMENT, DISPUTED, prompt, assignment)

    assert "${today}" in shown(request)[0]["statement"]
    assert "Statement" not in request.task
    assert "Side of the people who asked: the tenant." in request.task
    assert "Write comments in French." in request.task


async def test_two_answers_that_do_not_hold_are_the_end():
    reader, model = adjudicator("no", "no")

    with pytest.raises(InvalidAnswer):
        await reader.adjudicate(DOCUMENT, DISPUTED, PROMPT, ASSIGNMENT)

    assert len(model.requests) == 2


def test_a_prompt_for_another_contract_is_refused():
    with pytest.raises(UnsupportedContract):
        adjudicator()[0].build_prompt(DOCUMENT, DISPUTED, a_prompt(Agent.REVIEWER), ASSIGNMENT)
