from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.errors import GateRefused, PromptError
from smallprint.models.evaluation import EvaluationVerdict
from smallprint.prompts.diff import diff_prompts
from smallprint.prompts.gate import GateOpinion
from smallprint.slack.blocks.modal import loading_modal, said_modal
from smallprint.slack.blocks.prompt_answers import prompt_changed, refusal
from smallprint.slack.blocks.prompt_modal import PromptChoice, change_modal
from smallprint.slack.blocks.rerun_modal import rerun_modal
from smallprint.slack.carried import Carried, CarriedRerun
from tests.fakes.listed_prompts import EVALUATED, activation, pin, prompt, two_agents, two_versions, version
from tests.fakes.reports import medium_report
from tests.unit.slack.blocks.prompt_words import ANY_WORDS, asked, said

SET = Carried("set", "document_analysis", 3, 41)


def test_it_says_from_where_to_where_what_the_evaluation_found_and_asks_why():
    modal = change_modal(PromptChoice(SET, two_versions(), EVALUATED, (pin(),)))
    words = said(list(modal.blocks))
    asked(modal)
    for expected in (
        "document_analysis: v2 → v3", "shorter quotations, one finding per clause",
        "✅ evaluated 3 days ago on house: not worse", "Pins stay: v1 in ", "+ effort: high",
    ):  # fmt: skip
        assert expected in words
    assert Carried.read(modal.carried) == SET
    assert "override" not in words.lower()


def test_a_gate_that_refused_can_be_overridden_by_ticking_a_box():
    choice = PromptChoice(SET, two_versions(), GateOpinion())
    assert "Override it" in asked(change_modal(choice, gate=GateRefused("Not proven.").user_message))


def test_modals_that_only_say_something_have_nothing_to_send():
    for modal in (
        loading_modal("Set a version live"),
        said_modal("Pin a version", prompt_changed(activation())),
    ):
        asked(modal)
        assert "submit" not in modal.view()


def test_a_rerun_offers_agents_with_a_choice_and_the_versions_of_the_report():
    analyst, reviewer = two_agents()
    modal = rerun_modal(medium_report(), [analyst, reviewer], str(CarriedRerun("doc-1", "1.0")))
    asked(modal)
    menus = [block for block in modal.blocks if block["type"] == "input"]
    assert [menu["block_id"] for menu in menus] == ["document_analysis"]
    assert [option["value"] for option in menus[0]["element"]["options"]] == ["3", "2", "1"]


@given(ANY_WORDS, st.sampled_from([None, *EvaluationVerdict]), st.booleans())
@settings(max_examples=20, deadline=None)
def test_any_words_make_modals_that_slack_accepts(words: str, verdict, refused):
    diff = diff_prompts(prompt(1, words, agent=words), prompt(2, "x", note=words, effort=words))
    choice = PromptChoice(
        replace(SET, channel="C0CONTRACT"),
        diff,
        GateOpinion(verdict, sentence=words),
        tuple(pin(1, words) for _ in range(9)),
    )
    asked(change_modal(choice, gate=words if refused else ""))
    asked(said_modal("Set a version live", refusal(PromptError(words))))
    many = tuple(version(number, words) for number in range(150, 0, -1))
    report = replace(medium_report(), document_name=words)
    asked(rerun_modal(report, [replace(two_agents()[0], versions=many)], str(CarriedRerun("doc-1", "1.0"))))
