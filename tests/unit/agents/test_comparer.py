from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from decimal import Decimal

import pytest

from smallprint.agents.budgets import Budgets
from smallprint.agents.changes import ChangesExplainer
from smallprint.agents.comparer import TOO_DIFFERENT, TRACKED, DocumentComparer, Version
from smallprint.agents.profiles import Models, staffings
from smallprint.documents.changes import changes_between
from smallprint.errors import ModelOverloaded, ModelRefused
from smallprint.models.domain import (
    AnalysisRequest,
    Brief,
    ChangeKind,
    DocumentChanges,
    Profile,
    RiskLevel,
)
from tests.fakes.answers import an_explained_change, an_explanation_of_changes
from tests.fakes.budget_books import ScriptedBooks
from tests.fakes.language_model import SCRIPTED_COST_NANO_USD, Answer, ScriptedModel
from tests.fakes.passages import document_of
from tests.fakes.prompts import PromptShelf
from tests.fakes.reports import low_report, medium_report
from tests.fakes.versions import new_version, old_version

MODELS = Models("analyst-model", "reviewer-model", "adjudicator-model")
REQUEST = AnalysisRequest("chg-1", channel="C1", brief=Brief(side="the tenant"))


def comparer(model: ScriptedModel | None, budgets: Budgets | None = None) -> DocumentComparer:
    return DocumentComparer(
        prompts=PromptShelf(),
        staffings=staffings(MODELS),
        profile=Profile.BALANCED,
        price=lambda *_: (1_000, "a table"),
        explainer=None if model is None else ChangesExplainer(model),
        budgets=budgets,
    )


async def compare(*answers: Answer, last_try: bool = True) -> tuple[DocumentChanges, ScriptedModel]:
    model = ScriptedModel(*answers)
    changes = await comparer(model).compare(
        Version(old_version()), Version(new_version()), REQUEST, last_try=last_try
    )
    return changes, model


async def test_changes_are_computed_explained_and_paid_for_once():
    changes, model = await compare(an_explanation_of_changes(an_explained_change("C2")))

    assert [change.kind for change in changes.found.changes] == [
        ChangeKind.ADDED,
        ChangeKind.CHANGED,
        ChangeKind.REWORDED,
    ]
    assert changes.explanation("C2") is not None
    assert changes.explanation("C1") is None
    assert (model.asked.key, model.asked.model) == ("chg-1/document_changes/main", "analyst-model")
    assert changes.cost_usd == Decimal(SCRIPTED_COST_NANO_USD) / 10**9
    assert (changes.offline, changes.note, changes.side) == (False, "", "the tenant")


async def test_without_an_ai_what_was_computed_stands_alone():
    changes = await comparer(None).compare(Version(old_version()), Version(new_version()), REQUEST)
    assert len(changes.found.changes) == 3
    assert (changes.offline, changes.summary, changes.explanations, changes.cost_nano_usd) == (
        True,
        "",
        (),
        0,
    )


async def test_a_model_that_gives_no_answer_leaves_the_changes_unexplained_and_says_so():
    changes, _ = await compare(ModelRefused())
    assert len(changes.found.changes) == 3
    assert changes.note.startswith("The changes were computed, but not explained: ")


async def test_a_passing_fault_is_tried_again_as_long_as_somebody_will():
    with pytest.raises(ModelOverloaded):
        await compare(ModelOverloaded(), last_try=False)
    changes, _ = await compare(ModelOverloaded(), last_try=True)
    assert changes.note


async def test_nothing_is_asked_where_nothing_changed():
    model = ScriptedModel()
    changes = await comparer(model).compare(Version(old_version()), Version(old_version()), REQUEST)
    assert (model.requests, changes.identical) == ([], True)


async def test_two_documents_without_text_in_common_are_not_explained_change_by_change():
    model = ScriptedModel()
    other = document_of("Völlig anders ist dieses Schriftstück über Bienen.")
    changes = await comparer(model).compare(Version(old_version()), Version(other), REQUEST)
    assert (model.requests, changes.note) == ([], TOO_DIFFERENT)


async def test_the_risk_moved_as_far_as_both_have_a_report():
    before, after = medium_report(), low_report()
    with_both = await comparer(None).compare(
        Version(old_version(), before), Version(new_version(), after), REQUEST
    )
    with_one = await comparer(None).compare(Version(old_version(), before), Version(new_version()), REQUEST)
    assert with_both.risk is not None
    assert (with_both.risk.before, with_both.risk.after) == (RiskLevel.HIGH, RiskLevel.LOW)
    assert with_one.risk is None


async def test_a_budget_that_has_no_room_leaves_the_changes_unexplained_and_spends_nothing():
    model, books = ScriptedModel(), ScriptedBooks(generous=False)
    budgets = Budgets(books, lambda *_: (1_000, "a table"))
    changes = await comparer(model, budgets).compare(Version(old_version()), Version(new_version()), REQUEST)
    assert len(changes.found.changes) == 3
    assert changes.note
    assert model.requests == []


async def test_what_is_held_for_an_explanation_is_free_when_it_has_ended():
    model, books = ScriptedModel(an_explanation_of_changes()), ScriptedBooks()
    budgets = Budgets(books, lambda *_: (1_000, "a table"))
    await comparer(model, budgets).compare(Version(old_version()), Version(new_version()), REQUEST)
    assert books.settled == ["chg-1"]


async def test_tracked_changes_that_nobody_settled_are_said():
    marked = replace(new_version(), receipt=replace(new_version().receipt, insertions=2))
    changes = await comparer(None).compare(Version(old_version()), Version(marked), REQUEST)
    assert changes.note == TRACKED.format(which="The new version")


async def test_pairs_are_laid_beside_each_other_one_at_a_time(monkeypatch):
    at_work, most = 0, 0

    def slowly(before, after):
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        time.sleep(0.005)
        at_work -= 1
        return changes_between(before, after)

    monkeypatch.setattr("smallprint.agents.comparer.changes_between", slowly)
    one = comparer(None)
    old, new = document_of("The rent is due."), document_of("The fee is due.")
    await asyncio.gather(*(one.found(old, new) for _ in range(6)))
    assert most == 1
