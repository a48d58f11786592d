"""The root of the thread that a command opens."""

from __future__ import annotations

from smallprint.slack.blocks.elements import rich_text, section, user, words
from smallprint.slack.blocks.message import Message

REQUESTED = " asked me to read the small print. The answer is in this thread."


def request_message(user_id: str) -> Message:
    """Names the asker without a sound: the mention stands in rich text of our own, the fallback names nobody."""
    return Message(f"Somebody{REQUESTED}", [rich_text(section(user(user_id), words(REQUESTED)))])
