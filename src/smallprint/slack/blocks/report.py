"""A report as one Slack message: what matters most in full, a line for what else was found, the rest on demand.

Everything that has no room here stands under “All findings” (“Details” where there are no more), so nothing is left out
without a way to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from smallprint.models.domain import Decisions, FindingDecision, Report
from smallprint.reports import receipt, verdicts, wording
from smallprint.reports.facts import KEY_FACTS, FactLine, fact_lines
from smallprint.slack.blocks.elements import (
    bold,
    context,
    divider,
    header,
    italic,
    known_user,
    rich_text,
    section,
    table,
    words,
)
from smallprint.slack.blocks.finding import (
    MORE_IN_DETAILS,
    MORE_QUOTATIONS,
    Scissors,
    finding_head,
    finding_line,
    full_finding,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, MAX_FALLBACK, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.repeat import AGAIN_ACTION, pressed
from smallprint.slack.blocks.result_row import result_row
from smallprint.slack.blocks.sentences import (
    FULL,
    MORE,
    MORE_DETAILS,
    fact_bullets,
    fact_cells,
    has_further,
    looked_for,
    not_counted,
    notes,
    sentences,
)
from smallprint.slack.blocks.text import escape_mrkdwn, shorten

OFFLINE = f"⚙️ {wording.OFFLINE_NOTICE}. "
EARLIER = "🗂️ "
BY = " by "
STOPPED_BY = "⏹️ Stopped by "
IN_THE_DOCUMENT = "In the document"
MATTERS_MOST = "What matters most"
ALSO_FOUND = "Also found"
WHAT_WAS_READ = "Read "
MORE_WARNINGS = "… and {count} more: ⋯ → What was read."
SHORTENED = "What ends in “…” stands complete under “All findings”."
SHORTENED_DETAILS = "What ends in “…” stands complete under “Details”."
NO_DECISIONS: Mapping[str, FindingDecision] = MappingProxyType({})

LINES = 10
"""Findings with a line."""
_NAME, _SUMMARY, _ABOUT, _REVIEW, _LOOKED_FOR, _READ, _MADE_BY = 110, 600, 220, 200, 360, 300, 600
_REJECTIONS, _WARNINGS, _NOTES, _FACTS = 3, 4, 4, 8
_SCALES = (1.0, 0.8, 0.6, 0.45, 0.35, 0.25, 0.2, 0.15, 0.1, 0.05)
"""Tried in turn. Only long texts, or scripts whose characters are many bytes in JSON, need the smaller ones."""
_ROOM = MAX_BLOCKS_JSON - 300
"""What is left is for who pressed "Run again"."""


def report_message(
    report: Report, decisions: Decisions = NO_DECISIONS, *, private: bool = False, again_by: str = ""
) -> Message:
    """The report within Slack's limits.

    `decisions`: what people decided on its findings. `private`: only the asker sees it, and may share it. `again_by`: who
    pressed "Run again" under it. Should Slack refuse the newest kinds of blocks, `instead` does without them.
    """
    message = _message(report, decisions, private=private, again_by=again_by, newest=True)
    plainer = _message(report, decisions, private=private, again_by=again_by, newest=False)
    return Message(message.text, message.blocks, instead=plainer)


def _message(report: Report, decisions: Decisions, *, private: bool, again_by: str, newest: bool) -> Message:
    blocks: list[Block] = []
    for scale in _SCALES:
        scissors = Scissors(scale)
        blocks = [
            *_head(report, scissors, newest=newest),
            *_findings(report, decisions, scissors),
            *_tail(report, scissors),
            *result_row(report, private=private, newest=newest),
        ]
        blocks.append(_last_line(report, scissors))
        if json_size(blocks) <= _ROOM:
            break
    text = _fallback(report)
    return Message(text, pressed(blocks, AGAIN_ACTION, again_by) if again_by else blocks)


def _fallback(report: Report) -> str:
    origin = f" ({wording.OFFLINE_NOTICE})" if report.offline else ""
    told = f"{_headline(report)}{origin}. {wording.summary(report)}"
    # escaping makes at most five characters of one
    return escape_mrkdwn(shorten(told, MAX_FALLBACK // 5))


def _headline(report: Report) -> str:
    name = Scissors().cut_name(wording.document_name(report), _NAME)
    return f"{wording.EMOJI[report.risk_level]} {wording.headline(report)}: {name}"


# --- above the findings ----------------------------------------------------------------------------------


def _head(report: Report, scissors: Scissors, *, newest: bool) -> list[Block]:
    about = scissors.cut(" · ".join(wording.about(report)), _ABOUT)
    return [
        header(_headline(report)),
        *([context(about)] if about else []),
        *_earlier(report),
        *_stopped(report),
        *([rich_text(section(bold(OFFLINE), words(wording.OFFLINE_EXPLANATION)))] if report.offline else []),
        *notes(report, _NOTES, scissors, _more(report)),
        rich_text(section(words(scissors.cut(wording.summary(report), _SUMMARY)))),
        *_facts(fact_lines(report), scissors, _more(report), newest=newest),
    ]


def _earlier(report: Report) -> list[Block]:
    if report.earlier is None:
        return []
    who = known_user(report.earlier.user)
    told = [words(f"{EARLIER}{wording.seen_before(report.earlier.at)}")]
    told += [words(BY), who] if who else []
    return [rich_text(section(*told, words(wording.SHOWN_AGAIN)))]


def _stopped(report: Report) -> list[Block]:
    who = known_user(report.stopped_by)
    return [rich_text(section(words(STOPPED_BY), who))] if who else []


def _facts(lines: Sequence[FactLine], scissors: Scissors, more: str, *, newest: bool) -> list[Block]:
    """A table of two columns, which a telephone has room for."""
    if not lines or not newest:
        return fact_bullets(lines, _FACTS, scissors, more)
    left = len(lines) - _FACTS
    rows = [(KEY_FACTS, IN_THE_DOCUMENT), *(fact_cells(line, scissors) for line in lines[:_FACTS])]
    return [table(rows), *([context(more.format(count=left))] if left > 0 else [])]


# --- the findings ----------------------------------------------------------------------------------------


def _findings(report: Report, decisions: Decisions, scissors: Scissors) -> list[Block]:
    review = scissors.cut(verdicts.review_line(report), _REVIEW)
    counted = f"{wording.counts_line(report)} · {'' if report.reviewed else '⚠️ '}{review}"
    if not report.findings:
        return [context(counted), rich_text(section(words(wording.NOTHING_FOUND)))]
    title = [rich_text(section(bold(MATTERS_MOST)))] if has_further(report) else []
    return [
        context(counted),
        divider(),
        *title,
        *_in_full(report, decisions, scissors),
        *_in_lines(report, decisions, scissors),
    ]


def _in_full(report: Report, decisions: Decisions, scissors: Scissors) -> list[Block]:
    blocks: list[Block] = []
    more = MORE_QUOTATIONS if has_further(report) else MORE_IN_DETAILS
    for number, finding in enumerate(report.findings[:FULL], 1):
        held = decisions.get(finding.finding.id)
        blocks += [
            *([divider()] if blocks else []),
            finding_head(finding, held, report.analysis_id),
            full_finding(number, finding, held, reviewed=report.reviewed, scissors=scissors, more=more),
        ]
    return blocks


def _in_lines(report: Report, decisions: Decisions, scissors: Scissors) -> list[Block]:
    rest = list(enumerate(report.findings, 1))[FULL : FULL + LINES]
    if not rest:
        return []
    lines = [
        finding_line(number, finding, scissors, decisions.get(finding.finding.id), reviewed=report.reviewed)
        for number, finding in rest
    ]
    left = len(report.findings) - FULL - LINES
    if left > 0:
        lines.append(section(italic(MORE.format(count=left))))
    return [divider(), rich_text(section(bold(ALSO_FOUND)), *lines)]


# --- below the findings ----------------------------------------------------------------------------------


def _tail(report: Report, scissors: Scissors) -> list[Block]:
    return [
        divider(),
        *not_counted(report, _REJECTIONS, scissors, _more(report)),
        *looked_for(report, _LOOKED_FOR, scissors),
        *_read(report, scissors),
    ]


def _read(report: Report, scissors: Scissors) -> list[Block]:
    what = scissors.cut(receipt.what_was_read(report.receipt), _READ)
    warnings = [f"⚠️ {warning}" for warning in receipt.warnings(report.receipt)]
    listed = sentences(warnings, _WARNINGS, scissors, MORE_WARNINGS) if warnings else None
    return [rich_text(section(bold(WHAT_WAS_READ), words(what)), listed)]


def _last_line(report: Report, scissors: Scissors) -> Block:
    made_by = scissors.cut(" · ".join(wording.made_by(report)), _MADE_BY)
    shortened = SHORTENED if has_further(report) else SHORTENED_DETAILS
    return context(made_by, shortened if scissors.used else "")


def _more(report: Report) -> str:
    """Where the rest is, as the button is called."""
    return MORE if has_further(report) else MORE_DETAILS
