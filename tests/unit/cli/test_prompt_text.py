from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.cli.prompt_text import changed_lines, history_lines, shown_lines, what
from smallprint.models.domain import Activation, ActivationAction, Gate, PromptRecord, Scope
from smallprint.prompts.listing import History, ShownVersion, list_version
from smallprint.reports.text import plain
from tests.fakes.prompt_files import prompt

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CHANGE = Activation(
    "document_analysis", 2, 3, ActivationAction.SET, "U1", "better", NOW, "r1", id=7, gate=Gate.PASSED
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (CHANGE, "v2 → v3"),
        (replace(CHANGE, from_version=None), "nothing → v3"),
        (
            replace(CHANGE, action=ActivationAction.CANARY, scope=Scope.CANARY, percent=10),
            "v3 on 10 % of the documents",
        ),
        (replace(CHANGE, action=ActivationAction.PROMOTE, scope=Scope.CANARY), "trial of v3 ended"),
        (replace(CHANGE, action=ActivationAction.ABORT, scope=Scope.CANARY), "trial of v3 ended"),
        (replace(CHANGE, action=ActivationAction.PIN, scope=Scope.CHANNEL, scope_id="C1"), "v3 in C1"),
        (
            replace(CHANGE, action=ActivationAction.UNPIN, scope=Scope.CHANNEL, scope_id="C1"),
            "v3 no more in C1",
        ),
    ],
)
def test_every_kind_of_change_is_said_in_few_words(change, told):
    assert what(change) == told


@pytest.mark.parametrize(
    ("gate", "told"),
    [(Gate.NONE, ""), (Gate.PASSED, ""), (Gate.WARNED, "No evaluation"), (Gate.OVERRIDDEN, "overridden")],
)
def test_a_change_that_no_evaluation_speaks_for_is_told_as_such(gate, told):
    lines = [*changed_lines(replace(CHANGE, gate=gate))]
    assert len(lines) == (2 if told else 1)
    assert told in lines[-1]


def test_a_history_has_a_line_for_each_change_and_says_how_to_go_on():
    overridden = replace(CHANGE, gate=Gate.OVERRIDDEN)
    assert [*history_lines(History((CHANGE, overridden), older=6), "analyst")] == [
        "2026-11-26 12:00  document_analysis: v2 → v3, set by U1: better, gate passed",
        "2026-11-26 12:00  document_analysis: v2 → v3, set by U1: better, GATE OVERRIDDEN",
        "Older: smallprint prompts history analyst --before 6",
    ]
    assert [*history_lines(History(()), None)] == ["Nothing has happened yet."]


@given(st.text(max_size=80))
def test_what_people_write_can_not_steer_the_terminal(reason):
    (line,) = history_lines(History((replace(CHANGE, reason=reason, actor=f"U1{reason}"),)), None)
    assert plain(line.replace("  ", " ")) == line.replace("  ", " ")


def test_a_version_is_shown_with_its_settings_and_its_text_as_it_is():
    kept = prompt(2, body="Look for:\n  - penalties\n")
    listed = list_version(
        PromptRecord(kept, "smallprint 0.1.0", NOW), live=2, contracts=frozenset({"analysis/1"})
    )
    lines = [*shown_lines(ShownVersion(listed, kept, ()), NOW)]
    assert lines[:3] == [
        "document_analysis v2 way-2: Note of 2.",
        "live",
        "no evaluation of exactly this version",
    ]
    assert lines[-1] == "Look for:\n  - penalties"
