"""What somebody is told who asks for a document that was read in this thread before."""

from __future__ import annotations

from smallprint.slack.blocks.elements import actions, rich_text, section, words
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.repeat import again_button

ALREADY_READ = (
    "I've read this here already: the result stands in the thread. A new analysis would cost again."
)


def already_read(job_id: str) -> Message:
    """With a button for a new analysis all the same."""
    return Message(
        ALREADY_READ,
        [rich_text(section(words(ALREADY_READ))), *(actions(each) for each in again_button(job_id))],
    )
