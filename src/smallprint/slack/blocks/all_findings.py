"""“All findings” as a modal: every finding in full with every quotation, to page through, to accept and to dismiss.

A modal, because it is private, opens at once and its pages replace each other: forty findings in the thread would bury
the talk. “Post in the thread” puts them there for all, as one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from smallprint.models.domain import Decisions, Report, ReportFinding
from smallprint.reports import wording
from smallprint.reports.facts import fact_lines
from smallprint.slack.blocks.decision import decision_buttons
from smallprint.slack.blocks.elements import (
    actions,
    bold,
    button,
    context,
    divider,
    header,
    line_with_menu,
    rich_text,
    safe_button,
    section,
    words,
)
from smallprint.slack.blocks.finding import MORE_IN_FILE, Scissors, full_finding
from smallprint.slack.blocks.limits import MAX_VIEW_JSON, json_size
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal
from smallprint.slack.blocks.sentences import fact_bullets, looked_for, not_counted, notes

TITLE = "All findings"
CALLBACK = "all_findings"
PAGE_ACTION = "findings_page"
"""Of the buttons; each adds where it leads."""
POST_ACTION = "post_findings"
PREVIOUS, NEXT, POST = "‹ Previous", "Next ›", "Post in the thread"
SHOWN = "Findings {first}–{last} of {all}"
FURTHER = "What else the report says"
PAGE = "page {page} of {pages}"
SHORTENED = "What ends in “…” stands complete in the file: “{post}”."
NOTHING_FURTHER = "There is nothing else."
MORE = "… and {count} more in the file: “Post in the thread”."

PER_PAGE = 8
_QUOTATIONS = 10
_SCALES = (6.0, 3.0, 1.5, 1.0, 0.6, 0.3, 0.1)
"""Of the lengths that texts have in a message."""
_NAME = 120
_LISTED, _NOTES, _FACTS, _LOOKED_FOR = 40, 10, 40, 600


def pages(report: Report) -> int:
    """How many there are: the findings', and a last one for what else the report says."""
    return ceil(len(report.findings) / PER_PAGE) + 1


def all_findings_modal(
    report: Report, decisions: Decisions, page: int, carried: str, *, notice: str = ""
) -> Modal:
    """One page, from 0; the nearest one there is. `carried`: what comes back with each press."""
    page = min(max(page, 0), pages(report) - 1)
    blocks: list[Block] = []
    for scale in _SCALES:
        scissors = Scissors(scale)
        body = list(_body(report, decisions, page, scissors))
        cut = [context(SHORTENED.format(post=POST))] if scissors.used else []
        blocks = [*_head(report, page, notice), *body, *cut, divider(), *_buttons(report, page)]
        if json_size(blocks) <= MAX_VIEW_JSON:
            break
    return Modal(TITLE, blocks, callback_id=CALLBACK, carried=carried)


def _head(report: Report, page: int, notice: str) -> Iterator[Block]:
    name = Scissors().cut_name(wording.document_name(report), _NAME)
    yield header(f"{wording.EMOJI[report.risk_level]} {name}")
    if notice:
        yield rich_text(section(bold(notice)))
    first, last = page * PER_PAGE + 1, min((page + 1) * PER_PAGE, len(report.findings))
    shown = SHOWN.format(first=first, last=last, all=len(report.findings)) if last >= first else FURTHER
    yield context(f"{shown} · {PAGE.format(page=page + 1, pages=pages(report))}")


def _body(report: Report, decisions: Decisions, page: int, scissors: Scissors) -> Iterator[Block]:
    first = page * PER_PAGE
    findings = report.findings[first : first + PER_PAGE]
    if not findings:
        yield from _further(report, scissors)
    for number, finding in enumerate(findings, first + 1):
        yield from _finding(number, finding, report, decisions, scissors)


def _finding(
    number: int, finding: ReportFinding, report: Report, decisions: Decisions, scissors: Scissors
) -> Iterator[Block]:
    held = decisions.get(finding.finding.id)
    yield divider()
    yield line_with_menu(f"{wording.EMOJI[finding.severity]} {wording.level_name(finding.severity)}", None)
    yield full_finding(
        number,
        finding,
        held,
        reviewed=report.reviewed,
        scissors=scissors,
        quotations=_QUOTATIONS,
        more=MORE_IN_FILE,
    )
    yield from decision_buttons(finding.finding.id, held, report.analysis_id, block_id=f"finding-{number}")


def _further(report: Report, scissors: Scissors) -> Iterator[Block]:
    """Lists that the message has only the beginning of."""
    listed = [
        *notes(report, _NOTES, scissors, MORE),
        *fact_bullets(fact_lines(report), _FACTS, scissors, MORE),
        *not_counted(report, _LISTED, scissors, MORE),
        *looked_for(report, _LOOKED_FOR, scissors),
    ]
    yield divider()
    yield from listed or [rich_text(section(words(NOTHING_FURTHER)))]


def _buttons(report: Report, page: int) -> Iterator[Block]:
    turning = []
    if page > 0:
        turning.append(button(f"{PAGE_ACTION}_previous", PREVIOUS, str(page - 1)))
    if page < pages(report) - 1:
        turning.append(button(f"{PAGE_ACTION}_next", NEXT, str(page + 1)))
    row = [*turning, *safe_button(POST_ACTION, POST, report.analysis_id)]
    if row:
        yield actions(*row)
