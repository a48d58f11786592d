"""A private result that its asker shows to the channel."""

from __future__ import annotations

from collections.abc import Iterator

from smallprint.slack.blocks.elements import rich_text, safe_button, section, user, words
from smallprint.slack.blocks.message import Block

SHARE_ACTION = "share_result"
SHARE = "Share to channel"
SHARED_BY = " asked for this analysis and shares it here."


def share_button(job_id: str) -> Iterator[Block]:
    """Stands under a private result; nothing for an id that Slack could not carry back."""
    return safe_button(SHARE_ACTION, SHARE, job_id)


def shared_by(user_id: str) -> Block:
    """Stands above the result in the channel; the mention is of somebody who knows of it already."""
    return rich_text(section(user(user_id), words(SHARED_BY)))
