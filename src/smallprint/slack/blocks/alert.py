"""Those are told of a high risk whom the channel's settings name."""

from __future__ import annotations

import re

from smallprint.models.domain import Report
from smallprint.reports import wording
from smallprint.slack.blocks.elements import bold, link, rich_text, section, words
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten_name

FOR_GROUP = ", please have a look: "
ELSEWHERE = "⚠️ "
SEE = "See what I found"
_GROUP_ID = re.compile(r"S[A-Z0-9]{2,30}")
_NAME, _FALLBACK = 100, 700


def is_group(alert: str) -> bool:
    """True for the id of a user group, False for that of a channel."""
    return _GROUP_ID.fullmatch(alert) is not None


def group_alert(group_id: str, report: Report) -> Message:
    """Under the result. Mentions the group, by an element of ours that nothing in the document can make."""
    told = _told(report)
    mention: Block = {"type": "usergroup", "usergroup_id": group_id}
    return Message(
        escape_mrkdwn(f"{ELSEWHERE}{told}"),
        [rich_text(section(mention, words(FOR_GROUP), bold(told)))],
    )


def channel_alert(report: Report, address: str) -> Message:
    """In another channel: the document's name, its level, and the way to the result where Slack told it."""
    told = _told(report)
    way = [words("\n"), link(address, SEE)] if address else []
    return Message(
        escape_mrkdwn(f"{ELSEWHERE}{told}"), [rich_text(section(words(ELSEWHERE), bold(told), *way))]
    )


def _told(report: Report) -> str:
    name = shorten_name(plain(wording.document_name(report)), _NAME)
    return f"{wording.EMOJI[report.risk_level]} {wording.level_name(report.risk_level)}: {name}"
