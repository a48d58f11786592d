"""One finding as blocks: in full, or as a line when there is no room for more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from smallprint.models.domain import Decision, Evidence, FindingDecision, ReportFinding
from smallprint.reports import verdicts, wording
from smallprint.slack.blocks.decision import MARKS, decision_line, decision_menu
from smallprint.slack.blocks.elements import (
    bold,
    italic,
    line_with_menu,
    quote,
    rich_text,
    section,
    struck,
    words,
)
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.text import plain, shorten, shorten_name

WHY = "Why it matters: "
ASK = "Ask for: "
MORE_QUOTATIONS = "{count} under “All findings”"
MORE_IN_DETAILS = "{count} under “Details”"
MORE_IN_FILE = "{count} in the file"

_TITLE, _STATEMENT, _QUOTATION, _LOCATOR, _WHY, _ASK, _NOTE, _LINE = 140, 450, 420, 60, 320, 320, 260, 110
_REASON = 200
"""Characters shown before "…"; most texts are far below."""


class Scissors:
    """Shortens texts, all by the same scale, and remembers whether it had to: then the whole text stands elsewhere."""

    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale
        self.used = False

    def cut(self, text: str, limit: int) -> str:
        """`text` in at most `limit` (scaled) characters, "…" at its end if that meant leaving something out."""
        shown = shorten(text, self.room(limit))
        self.used = self.used or shown != text
        return shown

    def cut_name(self, name: str, limit: int) -> str:
        """As `cut`, but the ending stays and the scale has no part."""
        shown = shorten_name(name, limit)
        self.used = self.used or shown != name
        return shown

    def room(self, limit: int) -> int:
        """Characters that are left of `limit`."""
        return max(round(limit * self._scale), 12)


def finding_head(finding: ReportFinding, held: FindingDecision | None, analysis_id: str) -> Block:
    """🟠 High, and the menu to decide about it."""
    level = f"{wording.EMOJI[finding.severity]} {wording.level_name(finding.severity)}"
    return line_with_menu(level, decision_menu(finding.finding.id, held, analysis_id))


def full_finding(
    number: int,
    finding: ReportFinding,
    held: FindingDecision | None = None,
    *,
    reviewed: bool,
    scissors: Scissors,
    quotations: int = 1,
    more: str = MORE_QUOTATIONS,
) -> Block:
    """What the document says, in its own words, why it matters, what to ask for, what reviewer and adjudicator say.

    `held`: what somebody decided about it. Of its quotations the first few are shown; `more` says where the rest is.
    """
    shown = [evidence for evidence in finding.evidence if evidence.match.shown and plain(evidence.text)]
    left = len(shown) - quotations
    further = more.format(count=wording.counted(left, "more quotation")) if left > 0 else ""
    title, statement = (
        f"{number}. {scissors.cut(wording.title(finding), _TITLE)}",
        plain(finding.finding.statement),
    )
    dismissed = held is not None and held.decision is Decision.DISMISSED
    return rich_text(
        section(struck(title) if dismissed else bold(title), _line(scissors.cut(statement, _STATEMENT))),
        *(_quotation(evidence, scissors, further) for evidence in shown[:quotations]),
        _advice(finding, scissors, reviewed=reviewed),
        decision_line(held, reason_most=scissors.room(_REASON)),
    )


def finding_line(
    number: int,
    finding: ReportFinding,
    scissors: Scissors,
    held: FindingDecision | None = None,
    *,
    reviewed: bool = True,
) -> Block:
    """🟠 7. Title (p. 3) · lowered from critical by the reviewer ✅"""
    where = next((wording.locator(evidence) for evidence in finding.evidence), "")
    place = f" ({scissors.cut(where, _LOCATOR)})" if where else ""
    title = scissors.cut(wording.title(finding), _LINE)
    differs = verdicts.disagreement(finding, reviewed=reviewed)
    said = f" · {differs[0].lower()}{differs[1:]}" if differs else ""
    mark = f" {MARKS[held.decision]}" if held else ""
    told = words(f"{wording.EMOJI[finding.severity]} {number}. {title}{place}")
    return section(told, italic(said), words(mark))


def _quotation(evidence: Evidence, scissors: Scissors, more: str) -> Block:
    text = scissors.cut(plain(evidence.text), _QUOTATION)
    where = scissors.cut(wording.locator(evidence), _LOCATOR)
    told = " · ".join(part for part in (where, wording.verification(evidence), more) if part)
    return quote(words(f"“{text}”"), italic(f"\n{told}"))


def _advice(finding: ReportFinding, scissors: Scissors, *, reviewed: bool) -> Block | None:
    why = scissors.cut(plain(finding.finding.why_it_matters), _WHY)
    ask = scissors.cut(plain(finding.finding.recommendation), _ASK)
    notes = (verdicts.review_note(finding, reviewed=reviewed), verdicts.ruling_note(finding))
    lines = [
        [bold(WHY), words(why)] if why else [],
        [bold(ASK), words(ask)] if ask else [],
        *([italic(scissors.cut(note, _NOTE))] for note in notes if note),
    ]
    joined = list(chain.from_iterable(_on_own_lines([line for line in lines if line])))
    return section(*joined) if joined else None


def _on_own_lines(lines: list[list[Block]]) -> Iterator[list[Block]]:
    for position, line in enumerate(lines):
        yield line if position == 0 else [words("\n"), *line]


def _line(text: str) -> Block | None:
    return words(f"\n{text}") if text else None
