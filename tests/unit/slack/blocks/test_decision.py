from __future__ import annotations

import json

import pytest

from smallprint.models.domain import Decision
from smallprint.slack.blocks.decision import (
    MAX_REASON,
    Choice,
    decision_buttons,
    decision_line,
    decision_menu,
    dismiss_modal,
)
from smallprint.slack.blocks.limits import validate_view
from tests.fakes.reports import HOSTILE, decision, finding


@pytest.mark.parametrize("decided", Decision)
def test_what_a_button_carries_is_read_back(decided: Decision):
    choice = Choice(decided, "P2.F1", "doc-1-again")
    assert Choice.read(str(choice)) == choice


@pytest.mark.parametrize(
    "text", ["", "accepted", "accepted F1", "accepted  doc-1", "loved F1 doc-1", HOSTILE]
)
def test_what_is_none_of_ours_is_not_read(text: str):
    assert Choice.read(text) is None


@pytest.mark.parametrize(
    ("finding_id", "analysis_id"), [("F 1", "d"), ("", "d"), ("F1", ""), ("F1", "d" * 150), (HOSTILE, "d")]
)
def test_ids_that_slack_could_not_carry_get_nothing_to_press(finding_id: str, analysis_id: str):
    assert decision_menu(finding_id, None, analysis_id) is None
    assert list(decision_buttons(finding_id, None, analysis_id, block_id="b")) == []


def test_a_decision_says_who_and_why():
    line = decision_line(decision("F1", Decision.DISMISSED, "in the annex"))
    assert line is not None
    texts = [part.get("text", part.get("user_id")) for part in line["elements"]]
    assert texts == ["✖️ ", "Dismissed", " by ", "U02ANN7", ": in the annex"]
    assert decision_line(None) is None


@pytest.mark.parametrize("title", ["", "x" * 10_000, HOSTILE, "عقد " * 200])
def test_the_modal_that_asks_why_is_one_that_slack_takes(title: str):
    view = dismiss_modal(3, finding(1, title=title), "{}").view()
    assert validate_view(view) == []
    assert '"mrkdwn"' not in json.dumps(view)
    (why,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert (why["optional"], why["element"]["max_length"]) == (True, MAX_REASON)
