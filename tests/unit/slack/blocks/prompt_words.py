"""What the tests of prompt blocks read of a message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from smallprint.slack.blocks.limits import validate_blocks, validate_view
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.modal import Modal
from tests.fakes.reports import HOSTILE
from tests.fakes.slack import block_rules
from tests.fakes.slack.views import checked_modal

ANY_WORDS = st.text() | st.sampled_from(
    [HOSTILE, HOSTILE * 40, "契" * 10_000, "x" * 10_000, "\u202e" * 50, "``` `"]
)
"""Of a person: a note, a reason, a name."""


def told(message: Message) -> str:
    """The blocks as text, once our rules and the fake's, written apart from each other, find nothing wrong."""
    assert validate_blocks(message.blocks) == []
    assert block_rules.problems(message.blocks) == []
    assert not block_rules.total_too_long(message.blocks)
    assert message.text
    assert len(message.text) <= 4_000
    assert "<" not in message.text
    assert '"mrkdwn"' not in json.dumps(message.blocks)
    return json.dumps(message.blocks, ensure_ascii=False)


def asked(modal: Modal) -> str:
    """As `told`, of a modal."""
    view = modal.view()
    assert validate_view(view) == []
    assert checked_modal(view) == view
    return json.dumps(view["blocks"], ensure_ascii=False)


def said(blocks: Any) -> str:
    """The words alone, in their order."""
    if isinstance(blocks, Mapping):
        own = blocks["text"].replace("\u00a0", " ") if isinstance(blocks.get("text"), str) else ""
        return own + "".join(said(value) for value in blocks.values() if not isinstance(value, str))
    return "".join(map(said, blocks)) if isinstance(blocks, list) else ""
