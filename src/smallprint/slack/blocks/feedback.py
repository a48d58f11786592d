"""👍 and 👎 under a result, and what is said to them."""

from __future__ import annotations

from collections.abc import Iterator

from smallprint.models.domain import Thumb
from smallprint.slack.blocks.elements import context, rich_text, section, thumb, thumbs, words
from smallprint.slack.blocks.limits import MAX_OPTION_VALUE
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.modal import Modal, text_input
from smallprint.slack.blocks.text import carriable

FEEDBACK_ACTION = "feedback"
CALLBACK = "feedback_reason"
REASON = "reason"
MAX_REASON = 1_000

USEFUL, NOT_USEFUL = "Useful", "Not useful"
THANKS = "Thank you. Your {thumb} is counted with the prompt versions that made this report."
SIGNS = {Thumb.UP: "👍", Thumb.DOWN: "👎"}
TITLE = "What went wrong?"
COUNTED = "Your 👎 is counted. A word on why helps those who write the prompts; you may also just close this."
WHY = "What was wrong or missing?"
WHY_HINT = "Please name no persons and no secrets of the document."
SEND = "Send"
NOTED = "Thank you. That goes to the people who write the prompts."


def feedback_buttons(analysis_id: str) -> Iterator[Block]:
    """The two; nothing for an id that Slack could not carry back. Both have one action, so the value says which it was."""
    values = [f"{each.value} {analysis_id}" for each in Thumb]
    if analysis_id and all(carriable(value, MAX_OPTION_VALUE) for value in values):
        up, down = values
        yield thumbs(FEEDBACK_ACTION, thumb(USEFUL, up), thumb(NOT_USEFUL, down))


def read_thumb(value: str) -> tuple[Thumb, str] | None:
    """The thumb and the analysis's id; None for what is none of ours."""
    said, _, analysis_id = value.partition(" ")
    return (Thumb(said), analysis_id) if said in set(Thumb) and analysis_id else None


def thanks_message(given: Thumb) -> Message:
    told = THANKS.format(thumb=SIGNS[given])
    return Message(told, [rich_text(section(words(told)))])


def reason_modal(carried: str) -> Modal:
    """Opens once the 👎 is written down; `carried` comes back with the reason."""
    return Modal(
        title=TITLE,
        blocks=[
            context(COUNTED),
            text_input(REASON, WHY, hint=WHY_HINT, optional=True, most=MAX_REASON),
        ],
        callback_id=CALLBACK,
        submit=SEND,
        carried=carried,
    )
