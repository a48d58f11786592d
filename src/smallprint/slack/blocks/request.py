"""The root of the thread that a command opens."""

from __future__ import annotations

from smallprint.models.domain import Brief
from smallprint.slack.blocks.elements import context, rich_text, section, user, words
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.text import shorten
from smallprint.slack.blocks.wishes import wishes_line

REQUESTED = " asked me to read the small print. The answer is in this thread."

_WISHES = 500


def request_message(user_id: str, brief: Brief) -> Message:
    """Names the asker without a sound: the mention stands in rich text of our own, the fallback names nobody."""
    asked = rich_text(section(user(user_id), words(REQUESTED)))
    wishes = shorten(wishes_line(brief), _WISHES)
    return Message(f"Somebody{REQUESTED}", [asked, context(wishes)] if wishes else [asked])
