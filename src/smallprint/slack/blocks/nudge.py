"""One short reply after a long run: an update of a message notifies nobody, a new one does."""

from __future__ import annotations

from smallprint.models.domain import Report
from smallprint.reports import wording
from smallprint.slack.blocks.elements import known_user, rich_text, section, words
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.text import escape_mrkdwn, shorten_name

IS_THERE = "the analysis of {name} is there: {level}"
NO_RESULT = "there is no result for your document. What to do stands above."

_NAME = 100


def result_nudge(user: str, report: Report) -> Message:
    """Mentions the asker by id; the fallback mentions nobody."""
    name = shorten_name(wording.document_name(report), _NAME)
    level = f"{wording.EMOJI[report.risk_level]} {wording.level_name(report.risk_level)}"
    return _nudge(user, IS_THERE.format(name=name, level=level))


def failure_nudge(user: str) -> Message:
    """As `result_nudge`, for a run that ended without a result."""
    return _nudge(user, NO_RESULT)


def _nudge(user: str, told: str) -> Message:
    who = known_user(user)
    begun = told[0].upper() + told[1:]
    shown = section(who, words(f" {told}")) if who else section(words(begun))
    return Message(escape_mrkdwn(begun), [rich_text(shown)])
