"""The offer to analyse what was shared, what stands in its place once somebody took it, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping

from smallprint.models.domain import Against
from smallprint.slack.blocks.elements import actions, known_user, rich_text, safe_button, section, words
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.text import escape_mrkdwn

OFFER_ACTION = "read_the_small_print"

OFFER = "Shall I read the small print? I begin when somebody presses the button."
READ = "Read the small print"
TAKEN = " asked me to read the small print. The answer comes in this thread."
SOMEBODY = "Somebody"
DECLINED: Mapping[str, str] = {
    Against.ASKED_IN_SHARED_CHANNEL: (
        "People of other organisations are in this channel, so I don't read documents here."
        " An admin can allow it with /smallprint settings; in another channel I'm glad to read it right away."
    ),
    Against.ASKED_BY_GUEST: (
        "I start an analysis here when a full member of this workspace asks for it."
        " Please ask one of them to mention me here."
    ),
}
"""Sentences for who asked in vain."""


def offer_message(job_id: str) -> Message:
    """A button that carries the job's id."""
    return Message(
        escape_mrkdwn(OFFER),
        [
            rich_text(section(words(OFFER))),
            *(actions(each) for each in safe_button(OFFER_ACTION, READ, job_id)),
        ],
    )


def taken_message(user_id: str) -> Message:
    """In the offer's place; names who was first without a sound."""
    who = known_user(user_id) or words(SOMEBODY)
    return Message(escape_mrkdwn(SOMEBODY + TAKEN), [rich_text(section(who, words(TAKEN)))])


def declined_message(code: str) -> Message:
    """Why what was asked for is not done; `code` is one of DECLINED."""
    return answer_message(DECLINED[code])
