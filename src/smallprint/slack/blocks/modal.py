"""Modals: their frame, and the two that only say something.

https://docs.slack.dev/surfaces/modals
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smallprint.slack.blocks.elements import option, plain_text, rich_text, section, words
from smallprint.slack.blocks.message import Block, Message

LOADING = "One moment …"
CLOSE = "Close"
CANCEL = "Cancel"


@dataclass(frozen=True, slots=True)
class Modal:
    """A view for `views.open`, `views.update` and the ack of a submission."""

    title: str
    """At most 24 characters."""
    blocks: Sequence[Block]
    callback_id: str = "prompt_notice"
    submit: str = ""
    """Label of the button that sends it; empty for none."""
    carried: str = ""
    """What comes back with it; at most 3,000 characters."""

    def view(self) -> Block:
        made: Block = {
            "type": "modal",
            "callback_id": self.callback_id,
            "title": plain_text(self.title),
            "close": plain_text(CANCEL if self.submit else CLOSE),
            "blocks": list(self.blocks),
        }
        if self.submit:
            made["submit"] = plain_text(self.submit)
        return {**made, "private_metadata": self.carried} if self.carried else made


def loading_modal(title: str) -> Modal:
    return Modal(title, [rich_text(section(words(LOADING)))])


def said_modal(title: str, message: Message) -> Modal:
    """A message in a modal without a button that sends anything."""
    return Modal(title, [block for block in message.blocks if block["type"] != "actions"])


def optional_input(name: str, label: str, element: Block, *, hint: str = "") -> Block:
    """Any element; the block and it are called `name`."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label),
        "optional": True,
        "element": {**element, "action_id": name},
    }
    return {**block, "hint": plain_text(hint)} if hint else block


def text_input(
    block_id: str, label: str, *, hint: str = "", optional: bool = False, most: int = 1_000
) -> Block:
    """Several lines."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label),
        "optional": optional,
        "element": {"type": "plain_text_input", "action_id": block_id, "multiline": True, "max_length": most},
    }
    return {**block, "hint": plain_text(hint)} if hint else block


def tick(block_id: str, label: str, text: str) -> Block:
    """One box that must be ticked."""
    box = {"type": "checkboxes", "action_id": block_id, "options": [option(text, "yes")]}
    return {"type": "input", "block_id": block_id, "label": plain_text(label), "element": box}


def choice(block_id: str, label: str, options: Sequence[Block], chosen: Block) -> Block:
    """One of several; `chosen` is one of them."""
    menu = {
        "type": "static_select",
        "action_id": block_id,
        "options": list(options),
        "initial_option": chosen,
    }
    return {"type": "input", "block_id": block_id, "label": plain_text(label), "element": menu}
