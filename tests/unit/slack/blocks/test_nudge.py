from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.nudge import failure_nudge, result_nudge
from tests.fakes.reports import low_report


def test_the_asker_is_mentioned_once_and_by_id():
    message = result_nudge("U0ANN", replace(low_report(), document_name="lease.pdf"))
    user, told = message.blocks[0]["elements"][0]["elements"]
    assert user == {"type": "user", "user_id": "U0ANN"}
    assert told["text"] == " the analysis of lease.pdf is there: 🟢 Low"
    assert message.text == "The analysis of lease.pdf is there: 🟢 Low"


def test_whoever_is_no_person_is_not_mentioned():
    message = failure_nudge("<!channel>")
    (told,) = message.blocks[0]["elements"][0]["elements"]
    assert told["text"] == "There is no result for your document. What to do stands above."


@pytest.mark.parametrize("name", ["", "x" * 10_000, "<!channel> *a* `b`", "\u202egnp.exe"])
def test_hostile_names_change_nothing(name: str):
    message = result_nudge("U0ANN", replace(low_report(), document_name=name))
    assert validate_blocks(message.blocks) == []
    assert "<" not in message.text


@given(st.text(), st.text())
def test_anything_makes_a_message_that_slack_accepts(user, name):
    for message in (result_nudge(user, replace(low_report(), document_name=name)), failure_nudge(user)):
        assert validate_blocks(message.blocks) == []
        assert "<" not in message.text
