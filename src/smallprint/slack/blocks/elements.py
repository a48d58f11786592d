"""The few Block Kit shapes we use, each safe for untrusted text: it stands in `plain_text` or `rich_text` only.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from smallprint.slack.blocks.limits import MAX_BUTTON_VALUE
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.text import carriable, plain, shorten

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{2,30}")
_MOST_ID = 40


def divider() -> Block:
    return {"type": "divider"}


def header(text: str) -> Block:
    """Large and bold; at most 150 characters."""
    return {"type": "header", "text": plain_text(text)}


def context(*texts: str) -> Block:
    """Small and grey; at most ten texts."""
    return {"type": "context", "elements": [plain_text(text) for text in texts if text]}


def actions(*buttons: Block, block_id: str = "actions") -> Block:
    """A row of buttons; several rows of a message need different ids."""
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}


def button(action_id: str, text: str, value: str, *, style: str = "", confirm: Block | None = None) -> Block:
    """`text` at most 75 characters, `value` at most 2,000; `style` is "primary" or "danger"."""
    made: Block = {"type": "button", "action_id": action_id, "text": plain_text(text), "value": value}
    if style:
        made["style"] = style
    return made if confirm is None else {**made, "confirm": confirm}


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """Slack's own "are you sure": at most 100, 300, 30 and 30 characters."""
    return {
        "title": plain_text(title),
        "text": plain_text(text),
        "confirm": plain_text(yes),
        "deny": plain_text(no),
    }


def option(text: str, value: str) -> Block:
    """Of a menu: at most 75 and 150 characters."""
    return {"text": plain_text(text), "value": value}


def menu(action_id: str, options: Iterable[Block]) -> Block:
    """The ⋯ menu: one to five options."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def line_with_menu(text: str, accessory: Block | None, *, block_id: str = "") -> Block:
    """One line of ordinary text, the menu at its end; `text` at most 3,000 characters."""
    made: Block = {"type": "section", "text": plain_text(text)}
    if block_id:
        made["block_id"] = block_id
    return {**made, "accessory": accessory} if accessory else made


def thumbs(action_id: str, up: Block, down: Block) -> Block:
    """Slack's own 👍 and 👎; `up` and `down` are made by `thumb`."""
    element = {
        "type": "feedback_buttons",
        "action_id": action_id,
        "positive_button": up,
        "negative_button": down,
    }
    return {"type": "context_actions", "elements": [element]}


def thumb(text: str, value: str) -> Block:
    """At most 75 and 2,000 characters."""
    return {"text": plain_text(text), "value": value}


def table(rows: Iterable[Sequence[str]]) -> Block:
    """Equally many cells in each row, none empty; the first row is shown as a heading. Long texts wrap."""
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in rows]
    columns = len(cells[0]) if cells else 0
    return {"type": "table", "rows": cells, "column_settings": [{"is_wrapped": True}] * columns}


def safe_button(action_id: str, text: str, value: str) -> Iterator[Block]:
    """The button; nothing for a value that Slack could not carry back."""
    if carriable(value, MAX_BUTTON_VALUE):
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


def struck(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True, "strike": True}}


def code(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"code": True}}


def link(url: str, text: str) -> Block:
    """`text` stands as it is and leads there; `url` is an address of ours or of Slack's."""
    return {"type": "link", "url": url, "text": text}


def known_user(user_id: str) -> Block | None:
    """As `user`; None for what is no id of a person, which Slack would refuse the whole message for."""
    return user(user_id) if _USER_ID.fullmatch(user_id) else None


def user(user_id: str) -> Block:
    """A mention by id: shows the person's name. In an ephemeral answer it notifies nobody."""
    return {"type": "user", "user_id": user_id}


def channel(channel_id: str) -> Block:
    """The channel's name for those who may know it; the words themselves for what is no id of a channel."""
    if _CHANNEL_ID.fullmatch(channel_id):
        return {"type": "channel", "channel_id": channel_id}
    return words(shorten(plain(channel_id), _MOST_ID) or "?")


def plain_text(text: str) -> Block:
    # emoji=False: ":white_check_mark:" in a document stays what it is
    return {"type": "plain_text", "text": text, "emoji": False}


def _without_empty(words: Sequence[Block | None]) -> list[Block]:
    """Slack refuses empty text elements."""
    return [word for word in words if word and word.get("text", word["type"])]
