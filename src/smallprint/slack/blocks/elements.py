"""The few Block Kit shapes we use, each safe for untrusted text: it stands in `plain_text` or `rich_text` only.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from smallprint.slack.blocks.limits import MAX_BUTTON_VALUE
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.text import length, plain

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")


def divider() -> Block:
    return {"type": "divider"}


def header(text: str) -> Block:
    """Large and bold; at most 150 characters."""
    return {"type": "header", "text": _plain_text(text)}


def context(*texts: str) -> Block:
    """Small and grey; at most ten texts."""
    return {"type": "context", "elements": [_plain_text(text) for text in texts if text]}


def actions(*buttons: Block) -> Block:
    """A row of buttons, known to its listener by `block_id`; once in a message."""
    return {"type": "actions", "block_id": "actions", "elements": list(buttons)}


def button(action_id: str, text: str, value: str) -> Block:
    """`text` at most 75 characters, `value` at most 2,000."""
    return {"type": "button", "action_id": action_id, "text": _plain_text(text), "value": value}


def safe_button(action_id: str, text: str, value: str) -> Iterator[Block]:
    """The button; nothing for a value that Slack could not carry back."""
    if 1 <= length(value) <= MAX_BUTTON_VALUE and plain(value) == value:
        yield button(action_id, text, value)


def rich_text(*parts: Block | None) -> Block:
    """Sections, quotes and lists under each other in one block."""
    return {"type": "rich_text", "elements": [part for part in parts if part]}


def section(*words: Block | None) -> Block:
    return {"type": "rich_text_section", "elements": _without_empty(words)}


def quote(*words: Block | None) -> Block:
    """A bar at the side; for words of the document only."""
    return {"type": "rich_text_quote", "elements": _without_empty(words)}


def bullets(items: Iterable[Block], *, numbered: bool = False) -> Block:
    """`items` are sections."""
    style = "ordered" if numbered else "bullet"
    return {"type": "rich_text_list", "style": style, "elements": list(items)}


def preformatted(text: str) -> Block:
    """A grey box in a fixed-width font; `text` must not be empty."""
    return {"type": "rich_text_preformatted", "elements": [words(text)]}


def words(text: str) -> Block:
    return {"type": "text", "text": text}


def bold(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}}


def italic(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"italic": True}}


def code(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"code": True}}


def known_user(user_id: str) -> Block | None:
    """As `user`; None for what is no id of a person, which Slack would refuse the whole message for."""
    return user(user_id) if _USER_ID.fullmatch(user_id) else None


def user(user_id: str) -> Block:
    """A mention by id: shows the person's name. In an ephemeral answer it notifies nobody."""
    return {"type": "user", "user_id": user_id}


def _plain_text(text: str) -> Block:
    # emoji=False: ":white_check_mark:" in a document stays what it is
    return {"type": "plain_text", "text": text, "emoji": False}


def _without_empty(words: Sequence[Block | None]) -> list[Block]:
    """Slack refuses empty text elements."""
    return [word for word in words if word and word.get("text", word["type"])]
