"""A report as one Slack message: the most severe findings in full, and nothing left out without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from smallprint.models.domain import Report, RiskLevel
from smallprint.reports import receipt, verdicts, wording
from smallprint.reports.facts import KEY_FACTS, FactLine, fact_lines
from smallprint.slack.blocks.elements import (
    actions,
    bold,
    bullets,
    context,
    divider,
    header,
    italic,
    known_user,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.finding import Scissors, finding_line, full_finding
from smallprint.slack.blocks.limits import MAX_BLOCKS, MAX_BLOCKS_JSON, MAX_FALLBACK, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.receipt import receipt_button
from smallprint.slack.blocks.repeat import again_button
from smallprint.slack.blocks.rerun_modal import other_version_menu
from smallprint.slack.blocks.text import escape_mrkdwn, shorten

OFFLINE = f"⚙️ {wording.OFFLINE_NOTICE}. "
EARLIER = "🗂️ "
BY = " by "
ALSO_FOUND = "Also found"
NOT_COUNTED = "Not counted in the risk level"
SET_ASIDE = "Set aside by the reviewer: "
LOOKED_FOR = "Looked for, not found: "
WHAT_WAS_READ = "Read "
MORE_FINDINGS = (
    "… and {missing} more. All {all} findings stand with their quotations in the full report below."
)
ONE_LINERS_ABOVE = "These findings stand with their quotations in the full report below."
SHORTENED = "What ends in “…” stands complete in the full report below."
MORE = "… and {count} more in the full report below."

_NAME, _SUMMARY, _REVIEW, _REJECTION, _LOOKED_FOR, _SENTENCE, _MADE_BY = 110, 900, 200, 240, 600, 300, 600
_ABOUT, _NOTE, _LABEL, _VALUE, _WHERE = 220, 300, 60, 160, 60
_REJECTIONS, _WARNINGS, _NOTES, _FACTS = 8, 6, 5, 8
_SCALES = (1.0, 0.6, 0.35, 0.2, 0.1, 0.05)
"""Tried in turn. Only long texts, or scripts whose characters are many bytes in JSON, need the smaller ones."""
_FULL_AT_LEAST = 3
_NOTE_ROOM = 300
"""Characters of JSON for the sentence that says what is missing."""
_LINES_SHARE = 4
"""One-liners get a quarter of the room: what they leave goes to findings in full."""


@dataclass(frozen=True, slots=True)
class _Body:
    """The findings as far as there is room."""

    blocks: list[Block]
    full: int
    note: str
    """What is missing, as a sentence; empty when nothing is."""


def report_message(report: Report) -> Message:
    """The report within Slack's limits; `overflow` when the complete one must be uploaded beside it."""
    for scale in _SCALES:
        message, full = _lay_out(report, Scissors(scale))
        if full >= min(_FULL_AT_LEAST, len(report.findings)) and _fits(message.blocks):
            return message
    return message


def _lay_out(report: Report, scissors: Scissors) -> tuple[Message, int]:
    head, tail = _head(report, scissors), _tail(report, scissors)
    body = _findings(report, head + tail, scissors)
    note = body.note or (SHORTENED if scissors.used else "")
    noted = [rich_text(section(italic(note)))] if note else []
    blocks = [*head, *body.blocks, *noted, *tail]
    return Message(_fallback(report, scissors), blocks, overflow=bool(note)), body.full


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= MAX_BLOCKS and json_size(blocks) <= MAX_BLOCKS_JSON


def _fallback(report: Report, scissors: Scissors) -> str:
    origin = f" ({wording.OFFLINE_NOTICE})" if report.offline else ""
    told = f"{_headline(report, scissors)}{origin}. {wording.summary(report)}"
    # escaping makes at most five characters of one
    return escape_mrkdwn(shorten(told, MAX_FALLBACK // 5))


def _headline(report: Report, scissors: Scissors) -> str:
    name = scissors.cut_name(wording.document_name(report), _NAME)
    return f"{wording.EMOJI[report.risk_level]} {wording.headline(report)}: {name}"


# --- above the findings ----------------------------------------------------------------------------------


def _head(report: Report, scissors: Scissors) -> list[Block]:
    review = scissors.cut(verdicts.review_line(report), _REVIEW)
    unreviewed = "" if report.reviewed else "⚠️ "
    about = scissors.cut(" · ".join(wording.about(report)), _ABOUT)
    return [
        header(_headline(report, scissors)),
        *([context(about)] if about else []),
        *_earlier(report),
        *([rich_text(section(bold(OFFLINE), words(wording.OFFLINE_EXPLANATION)))] if report.offline else []),
        *_notes(report, scissors),
        rich_text(section(words(scissors.cut(wording.summary(report), _SUMMARY)))),
        *_facts(fact_lines(report), scissors),
        context(f"{wording.counts_line(report)} · {unreviewed}{review}"),
    ]


def _earlier(report: Report) -> list[Block]:
    if report.earlier is None:
        return []
    who = known_user(report.earlier.user)
    told = [words(f"{EARLIER}{wording.seen_before(report.earlier.at)}")]
    told += [words(BY), who] if who else []
    return [rich_text(section(*told, words(wording.SHOWN_AGAIN)))]


def _notes(report: Report, scissors: Scissors) -> list[Block]:
    notes = wording.notes(report)
    shown = [section(words(f"⚠️ {scissors.cut(note, _NOTE)}")) for note in notes[:_NOTES]]
    if len(notes) > _NOTES:
        scissors.used = True
        shown.append(section(italic(MORE.format(count=len(notes) - _NOTES))))
    return [rich_text(*shown)] if shown else []


def _facts(lines: Sequence[FactLine], scissors: Scissors) -> list[Block]:
    if not lines:
        return []
    shown = [_fact(line, scissors) for line in lines[:_FACTS]]
    if len(lines) > _FACTS:
        scissors.used = True
        shown.append(section(italic(MORE.format(count=len(lines) - _FACTS))))
    return [rich_text(section(bold(KEY_FACTS)), bullets(shown))]


def _fact(line: FactLine, scissors: Scissors) -> Block:
    label, value = scissors.cut(line.label, _LABEL), scissors.cut(line.value, _VALUE)
    return section(bold(f"{label}: "), words(f"{value} ({scissors.cut(line.where, _WHERE)})"))


# --- the findings ----------------------------------------------------------------------------------------


def _findings(report: Report, around: list[Block], scissors: Scissors) -> _Body:
    if not report.findings:
        return _Body([rich_text(section(words(wording.NOTHING_FOUND)))], 0, "")
    room = MAX_BLOCKS_JSON - json_size(around) - _NOTE_ROOM
    # the divider and list of one-liners, the note, and who pressed "Run again"
    places = MAX_BLOCKS - len(around) - 4
    full = _full_findings(report, scissors)
    if _count_that_fit(full, room, places) == len(full):
        return _Body([block for blocks in full for block in blocks], len(full), "")
    return _some_in_full(report, full, room, places, scissors)


def _some_in_full(
    report: Report, full: list[list[Block]], room: int, places: int, scissors: Scissors
) -> _Body:
    lines = [finding_line(number, finding, scissors) for number, finding in enumerate(report.findings, 1)]
    lines_room = min(json_size(_line_blocks(lines)), room // _LINES_SHARE)
    shown = _count_that_fit(full, room - lines_room, places)
    blocks = [block for finding in full[:shown] for block in finding]
    rest = lines[shown:]
    left = room - json_size(blocks) - json_size(_line_blocks([]))
    listed = _count_that_fit([[line] for line in rest], left, len(rest))
    missing = len(rest) - listed
    note = MORE_FINDINGS.format(missing=missing, all=len(lines)) if missing else ONE_LINERS_ABOVE
    return _Body(blocks + (_line_blocks(rest[:listed]) if listed else []), shown, note)


def _full_findings(report: Report, scissors: Scissors) -> list[list[Block]]:
    """The blocks of each finding; the first of a severity brings the heading of its group."""
    counts, before = report.counts(), None
    blocks: list[list[Block]] = []
    for number, finding in enumerate(report.findings, 1):
        heading = (
            [] if finding.severity is before else _group_heading(finding.severity, counts[finding.severity])
        )
        body = full_finding(number, finding, reviewed=report.reviewed, scissors=scissors)
        blocks.append([*heading, body])
        before = finding.severity
    return blocks


def _group_heading(level: RiskLevel, count: int) -> list[Block]:
    told = f"{wording.EMOJI[level]} {wording.level_name(level)} ({count})"
    return [divider(), rich_text(section(bold(told)))]


def _line_blocks(lines: Sequence[Block]) -> list[Block]:
    return [divider(), rich_text(section(bold(ALSO_FOUND)), bullets(lines))]


def _count_that_fit(groups: Sequence[Sequence[Block]], room: int, places: int) -> int:
    """How many groups, from the first, take no more than `room` characters of JSON and `places` blocks."""
    sizes = accumulate(json_size(group) for group in groups)
    counts = accumulate(len(group) for group in groups)
    return sum(size <= room and count <= places for size, count in zip(sizes, counts, strict=True))


# --- below the findings ----------------------------------------------------------------------------------


def _tail(report: Report, scissors: Scissors) -> list[Block]:
    made_by = scissors.cut(" · ".join(wording.made_by(report)), _MADE_BY)
    return [
        divider(),
        *_set_aside(report, scissors),
        *_looked_for(report, scissors),
        *_read(report, scissors),
        *_buttons(report),
        context(made_by),
    ]


def _buttons(report: Report) -> list[Block]:
    again = again_button(report.analysis_id) if report.second_best else ()
    buttons = [*receipt_button(report.analysis_id), *again, *other_version_menu(report)]
    return [actions(*buttons)] if buttons else []


def _set_aside(report: Report, scissors: Scissors) -> list[Block]:
    rejections = [f"{SET_ASIDE}{verdicts.rejection(finding)}" for finding in report.rejected]
    dropped = wording.ungrounded_sentence(report)
    told = [dropped, *rejections] if dropped else rejections
    return (
        [rich_text(section(bold(NOT_COUNTED)), _list(told, _REJECTIONS, _REJECTION, scissors))]
        if told
        else []
    )


def _looked_for(report: Report, scissors: Scissors) -> list[Block]:
    items = scissors.cut(" · ".join(wording.looked_for(report)), _LOOKED_FOR)
    return [rich_text(section(bold(LOOKED_FOR), words(items)))] if items else []


def _read(report: Report, scissors: Scissors) -> list[Block]:
    what = receipt.what_was_read(report.receipt)
    warnings = receipt.warnings(report.receipt)
    listed = _list([f"⚠️ {warning}" for warning in warnings], _WARNINGS, _SENTENCE, scissors)
    return [
        rich_text(
            section(bold(WHAT_WAS_READ), words(scissors.cut(what, _SENTENCE))), listed if warnings else None
        )
    ]


def _list(sentences: Iterable[str], most: int, limit: int, scissors: Scissors) -> Block:
    """Bullets, the surplus as a count."""
    told = list(sentences)
    shown = [section(words(scissors.cut(sentence, limit))) for sentence in told[:most]]
    if len(told) > most:
        scissors.used = True
        shown.append(section(italic(MORE.format(count=len(told) - most))))
    return bullets(shown)
