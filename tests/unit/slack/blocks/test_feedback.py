from __future__ import annotations

import pytest
from slack_sdk.models.blocks import Block as SdkBlock

from smallprint.models.domain import Thumb
from smallprint.slack.blocks.feedback import feedback_buttons, read_thumb, reason_modal, thanks_message
from smallprint.slack.blocks.limits import validate_blocks, validate_view


def test_the_thumbs_are_slack_s_own_and_bring_the_analysis_back():
    (block,) = feedback_buttons("doc-1")
    assert validate_blocks([block]) == []
    parsed = SdkBlock.parse(block)
    assert parsed is not None
    parsed.validate_json()
    up, down = (block["elements"][0][name]["value"] for name in ("positive_button", "negative_button"))
    assert (read_thumb(up), read_thumb(down)) == ((Thumb.UP, "doc-1"), (Thumb.DOWN, "doc-1"))


@pytest.mark.parametrize("unusable", ["", "x" * 200, "\u200b"])
def test_an_id_that_slack_cannot_carry_gets_no_thumbs(unusable: str):
    assert list(feedback_buttons(unusable)) == []


@pytest.mark.parametrize("value", ["", "up", "up ", "sideways doc-1"])
def test_what_is_none_of_ours_is_not_read(value: str):
    assert read_thumb(value) is None


@pytest.mark.parametrize("given", Thumb)
def test_thanks_fit(given: Thumb):
    assert validate_blocks(thanks_message(given).blocks) == []


def test_the_reason_is_optional_and_the_modal_says_that_the_thumb_counts_without_it():
    view = reason_modal("{}").view()
    assert validate_view(view) == []
    assert "Your 👎 is counted" in str(view)
    assert [block["optional"] for block in view["blocks"] if block["type"] == "input"] == [True]
