"""What Smallprint says of itself when it comes into a channel, once."""

from __future__ import annotations

from collections.abc import Mapping

from smallprint.models.domain import Handling
from smallprint.slack.blocks.elements import bold, bullets, code, context, rich_text, section, words
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.text import escape_mrkdwn

HELLO = "👋 I'm Smallprint: I read the small print of documents."
WHEN: Mapping[Handling, str] = {
    Handling.AUTOMATIC: "Share a document here, and I answer in its thread: what it says, how risky that is, and what to ask for. Every quotation is looked up in the document.",
    Handling.ASK_FIRST: "When somebody shares a document here, I offer in its thread to read it, and begin when a member of the workspace presses the button. Every quotation is looked up in the document.",
    Handling.ON_REQUEST: "I read a document when somebody mentions me beside it. Every quotation is looked up in the document.",
}
CLOSED = "People of other organisations are in this channel, so I read nothing here until an admin allows it."
KEEPS = "I keep the result, what it cost and ids for a while; never the document itself."
SWITCH_OFF = ("Other wishes, or silence: ", "/smallprint settings", ". To see me go: ", "/remove @Smallprint")
AI = "The analysis is made by an AI: check it before you rely on it."


def introduction(handling: Handling, *, closed: bool = False) -> Message:
    """`closed`: strangers are in the channel, and nobody has allowed us to work there."""
    when = CLOSED if closed else WHEN[handling]
    wishes, settings, leaving, remove = SWITCH_OFF
    return Message(
        escape_mrkdwn(f"{HELLO} {when}"),
        [
            rich_text(
                section(bold(HELLO)),
                bullets(
                    [
                        section(words(when)),
                        section(words(KEEPS)),
                        section(words(wishes), code(settings), words(leaving), code(remove)),
                    ]
                ),
            ),
            context(AI),
        ],
    )
