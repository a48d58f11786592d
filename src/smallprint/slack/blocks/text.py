"""Text for Slack that cannot mention, link or format, whatever the document or the model says.

Nothing in a `rich_text` text element or a `plain_text` object is parsed, so untrusted text goes there.
The fallback `text` of a message has no such form: it is escaped.
https://docs.slack.dev/messaging/formatting-message-text#escaping
"""

from __future__ import annotations

import re

from smallprint.reports.text import ELLIPSIS, length, plain, plain_lines, shorten, shorten_name

__all__ = [
    "ELLIPSIS",
    "carriable",
    "escape_mrkdwn",
    "length",
    "plain",
    "plain_lines",
    "shorten",
    "shorten_name",
]

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
"""Slack has no escape for its formatting characters."""
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""Only an underscore at the edge of a word makes italics; those inside file names stay."""
_LINK = re.compile(r"://|(?<=\w)@(?=\w)|(?<=\bwww)\.|(?<=\bmailto):|(?<=\btel):", re.IGNORECASE)
_MENTION = re.compile(r"@(?=(?:channel|here|everyone)\b)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def carriable(value: str, most: int) -> bool:
    """True if a button or an entry brings it back as it is: ids of ours are plain ASCII, of 1 to `most` characters."""
    return 1 <= len(value) <= most and value.isascii() and plain(value) == value


def escape_mrkdwn(text: str) -> str:
    """`text` as literal words: no entity, no formatting, and no address that Slack would make a link of."""
    shown = _EDGE_UNDERSCORE.sub("ˍ", text.translate(_LOOKALIKES))
    unlinked = _LINK.sub(lambda found: found[0][0] + _WORD_JOINER + found[0][1:], shown)
    return _MENTION.sub("@" + _WORD_JOINER, unlinked).translate(_ENTITIES)
