from __future__ import annotations

import json
from typing import Any

import pytest

from smallprint.agents.changes import MOST_EXPLAINED, NO_TEXT, ChangesExplainer, Explained, worth_explaining
from smallprint.errors import InvalidAnswer, UnsupportedContract
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    Agent,
    Brief,
    ChangeKind,
    Direction,
    PassageChanges,
    Piece,
    PieceKind,
    RiskLevel,
)
from smallprint.prompts.templates import PromptTemplates
from tests.fakes.answers import an_explained_change, an_explanation_of_changes
from tests.fakes.assignments import an_assignment
from tests.fakes.language_model import ScriptedModel
from tests.fakes.passages import document_of
from tests.fakes.prompts import a_prompt
from tests.fakes.versions import a_change

OLD = document_of("SECRET OLD WORDS", name="v1.pdf", pictures=(1,))
NEW = document_of("SECRET NEW WORDS", name="v2.pdf", pictures=(1,))
PROMPT = a_prompt(Agent.CHANGES)
FOUND = PassageChanges(0.9, 3, tuple(a_change(number) for number in (1, 2, 3)))


def request_for(found: PassageChanges = FOUND) -> CompletionRequest:
    return ChangesExplainer(ScriptedModel()).build_prompt(OLD, NEW, found, PROMPT, an_assignment())


def shown(found: PassageChanges = FOUND) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(request_for(found).attachment or "")
    return data


async def explained(answer: str, found: PassageChanges = FOUND) -> Explained:
    result, _ = await ChangesExplainer(ScriptedModel(answer)).explain(
        OLD, NEW, found, PROMPT, an_assignment()
    )
    return result


async def test_each_change_is_told_what_it_means_and_for_whom():
    result = await explained(
        an_explanation_of_changes(
            an_explained_change("C3", direction="Better", severity="LOW"), an_explained_change("C1")
        )
    )

    assert [each.change_id for each in result.explanations] == ["C1", "C3"]
    assert (result.explanations[0].direction, result.explanations[0].severity) == (
        Direction.WORSE,
        RiskLevel.HIGH,
    )
    assert result.explanations[1].direction is Direction.BETTER
    assert (result.side, result.summary) == ("the Customer", "It runs longer. Nothing else.")


async def test_changes_that_nobody_showed_are_ignored_and_of_two_answers_the_first_holds():
    result = await explained(
        an_explanation_of_changes(
            an_explained_change("C9"),
            an_explained_change("c2 ", meaning="First."),
            an_explained_change("C2", meaning="Second."),
            an_explained_change("C1", meaning=""),
        )
    )
    assert [(each.change_id, each.meaning) for each in result.explanations] == [("C2", "First.")]


async def test_a_wrong_answer_is_repaired_once():
    model = ScriptedModel('{"explanations": []}', an_explanation_of_changes())
    _, run = await ChangesExplainer(model).explain(OLD, NEW, FOUND, PROMPT, an_assignment())
    assert [request.purpose for request in model.requests] == ["main", "repair"]
    assert run.agent == "document_changes"


def test_an_answer_of_another_form_is_a_fault():
    with pytest.raises(InvalidAnswer):
        ChangesExplainer(ScriptedModel()).parse_response("no", ["C1"])


def test_a_prompt_for_another_contract_is_refused():
    with pytest.raises(UnsupportedContract):
        ChangesExplainer(ScriptedModel()).build_prompt(
            OLD, NEW, FOUND, a_prompt(Agent.CHANGES, contract="analysis/1"), an_assignment()
        )


def test_neither_document_is_sent_and_the_task_holds_none_of_the_changes_words():
    request = request_for()

    assert (request.document_text, request.pictures) == (NO_TEXT, ())
    for text in (request.task, request.system, request.attachment):
        assert "SECRET" not in (text or "")
    assert "days" not in request.task + request.system
    assert shown()["old_document"] == "v1.pdf"
    assert shown()["new_document"] == "v2.pdf"


def test_a_change_is_shown_with_what_went_and_what_came_in_marks():
    assert shown()["changes"][0] == {
        "change": "C1",
        "kind": "changed",
        "section": "",
        "place": "p. 2",
        "text": "within [-30-]{+90+} days",
    }


def test_a_document_cannot_pass_its_words_off_as_old_or_new():
    pieces = (
        Piece(PieceKind.KEPT, "[-ninety-]{+thirty+} days for "),
        Piece(PieceKind.COME, "10-] {+dollars"),
    )
    text = shown(PassageChanges(0.5, 0, (a_change(pieces=pieces),)))["changes"][0]["text"]
    assert text == "[ -ninety- ]{ +thirty+ } days for {+10- ] { +dollars+}"


def test_long_words_are_shortened_in_their_middle():
    kept = Piece(PieceKind.KEPT, "k" * 5_000)
    gone = Piece(PieceKind.GONE, "g" * 50_000)
    text = shown(PassageChanges(0.5, 0, (a_change(pieces=(kept, gone)),)))["changes"][0]["text"]
    assert len(text) < 3_000
    assert "k … k" in text
    assert "g … g" in text


def test_of_many_changes_the_gravest_are_shown_and_the_rest_is_counted():
    reworded = [a_change(number, ChangeKind.REWORDED) for number in range(1, 101)]
    moved = [a_change(number, ChangeKind.MOVED) for number in range(101, 111)]
    changed = [a_change(number) for number in range(111, 121)]
    found = PassageChanges(0.5, 0, (*reworded, *moved, *changed))

    ids = [each.id for each in worth_explaining(found)]

    assert len(ids) == MOST_EXPLAINED
    assert set(ids) >= {change.id for change in changed}
    assert not set(ids) & {change.id for change in moved}
    assert ids == sorted(ids, key=lambda change_id: int(change_id[1:]))
    assert shown(found)["not_shown"] == 120 - MOST_EXPLAINED


def test_the_released_prompt_hears_the_side_the_focus_and_the_language():
    prompt = PromptTemplates().latest(Agent.CHANGES)
    wishes = Brief(side="the tenant", focus="exit", language="German")
    task = (
        ChangesExplainer(ScriptedModel())
        .build_prompt(OLD, NEW, FOUND, prompt, an_assignment(brief=wishes))
        .task
    )
    assert all(wish in task for wish in ("the tenant", "exit", "German"))
