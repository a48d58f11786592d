"""One finding as blocks: in full, or as a line when there is no room for more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from smallprint.models.domain import Evidence, ReportFinding
from smallprint.reports import verdicts, wording
from smallprint.slack.blocks.elements import bold, italic, quote, rich_text, section, words
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.text import plain, shorten, shorten_name

WHY = "Why it matters: "
ASK = "Ask for: "
MORE_QUOTATIONS = "{count} in the full report below."

_QUOTATIONS = 2
_TITLE, _STATEMENT, _QUOTATION, _LOCATOR, _WHY, _ASK, _NOTE, _LINE = 140, 450, 420, 60, 320, 320, 260, 110
"""Characters shown before "…"; most texts are far below."""


class Scissors:
    """Shortens texts, all by the same scale, and remembers whether it had to: then the whole text goes elsewhere."""

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


def full_finding(number: int, finding: ReportFinding, *, reviewed: bool, scissors: Scissors) -> Block:
    """What the document says, in its own words, why it matters, what to ask for, what reviewer and adjudicator say."""
    shown = [evidence for evidence in finding.evidence if evidence.match.shown and plain(evidence.text)]
    statement = scissors.cut(plain(finding.finding.statement), _STATEMENT)
    return rich_text(
        section(bold(f"{number}. {scissors.cut(wording.title(finding), _TITLE)}"), _line(statement)),
        *(_quotation(evidence, scissors) for evidence in shown[:_QUOTATIONS]),
        _more_quotations(len(shown) - _QUOTATIONS, scissors),
        _advice(finding, scissors, reviewed=reviewed),
    )


def finding_line(number: int, finding: ReportFinding, scissors: Scissors) -> Block:
    """🟠 7. Title (p. 3)"""
    where = next((wording.locator(evidence) for evidence in finding.evidence), "")
    place = f" ({scissors.cut(where, _LOCATOR)})" if where else ""
    title = scissors.cut(wording.title(finding), _LINE)
    return section(words(f"{wording.EMOJI[finding.severity]} {number}. {title}{place}"))


def _quotation(evidence: Evidence, scissors: Scissors) -> Block:
    text = scissors.cut(plain(evidence.text), _QUOTATION)
    where = scissors.cut(wording.locator(evidence), _LOCATOR)
    return quote(words(f"“{text}”"), italic(f"\n{where} · {wording.verification(evidence)}"))


def _more_quotations(count: int, scissors: Scissors) -> Block | None:
    if count <= 0:
        return None
    scissors.used = True
    return section(italic(MORE_QUOTATIONS.format(count=wording.counted(count, "more quotation"))))


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
