"""The statistics of a prompt version in words: what is told, in which order, and how numbers are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from smallprint.models.domain import NANO_USD_PER_USD
from smallprint.models.statistics import THIN_BELOW, Figures, Spread
from smallprint.reports import wording
from smallprint.reports.text import plain, shorten

NONE = "–"
THIN = f"too few to conclude anything (under {THIN_BELOW})"
UNUSED = "No analysis used it in that time."
NO_READERS = "nobody has said anything yet"
FOOT = (
    "Cost and time are this agent's own part of an analysis."
    " Canary and pinned analyses see other documents than live ones."
)

_FAILURES = 3
_CODE = 40


@dataclass(frozen=True, slots=True)
class Fact:
    """Findings per document: 4.2"""

    label: str
    value: str


def facts(figures: Figures) -> Iterator[Fact]:
    """Everything but n, which every form shows first."""
    rejected, lowered, raised = (
        share(figures.share_of_judged(count)) for count in (figures.rejected, figures.lowered, figures.raised)
    )
    yield Fact("Risk", _risk(figures))
    yield Fact("Findings per document", _rate(figures.findings_per_document))
    yield Fact(
        "Reviewer", f"rejected {rejected}, lowered {lowered}, raised {raised}; added {figures.added:,}"
    )
    yield Fact("Dropped, not in the document", f"{_rate(figures.ungrounded_per_document)} per document")
    yield Fact("Readers", readers(figures))
    yield Fact("Cost", _cost(figures))
    yield Fact("Time", _spread(figures.milliseconds, lambda number: wording.duration(number / 1000)))
    yield Fact("Failures", _failures(figures))


def readers(figures: Figures) -> str:
    """👍 12 👎 3; findings accepted 40 (80 %), dismissed 10"""
    if not any((figures.thumbs_up, figures.thumbs_down, figures.accepted, figures.dismissed)):
        return NO_READERS
    decided = f"findings accepted {figures.accepted:,} ({share(figures.accepted_share)}), dismissed {figures.dismissed:,}"
    return f"👍 {figures.thumbs_up:,} 👎 {figures.thumbs_down:,}; {decided}"


def share(part: float | None) -> str:
    """12 %"""
    return NONE if part is None else f"{100 * part:.0f} %"


def _risk(figures: Figures) -> str:
    """🔴 2 critical (3 %), 🟠 20 high (30 %)"""
    told = (
        f"{wording.EMOJI[level]} {count:,} {level.value} ({share(count / figures.n)})"
        for level, count in figures.levels.items()
    )
    return ", ".join(told) or NONE


def _cost(figures: Figures) -> str:
    unknown = f", unknown for {figures.cost_unknown:,}" if figures.cost_unknown else ""
    return _spread(figures.cost_nano_usd, _usd) + unknown


def _spread(spread: Spread | None, told: Callable[[int], str]) -> str:
    return NONE if spread is None else f"{told(spread.median)} median, {told(spread.p95)} p95"


def _usd(nano_usd: int) -> str:
    """Tenths of a cent matter here: $0.042"""
    return f"${nano_usd / NANO_USD_PER_USD:,.3f}"


def _failures(figures: Figures) -> str:
    if not figures.failures:
        return "none"
    shown = list(figures.failures.items())[:_FAILURES]
    more = ", …" if len(figures.failures) > len(shown) else ""
    codes = ", ".join(f"{shorten(plain(code), _CODE)} {count:,}" for code, count in shown)
    return f"{figures.failed:,} ({codes}{more})"


def _rate(rate: float | None) -> str:
    return NONE if rate is None else f"{rate:.1f}"
