"""A report on a terminal: colours where there are any, the same words where there are none.

Everything is printed as `Text`, so nothing in a document is read as rich's markup; `plain` has taken out
escape sequences before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from smallprint.models.domain import Evidence, Report, ReportFinding, RiskLevel
from smallprint.reports import comparison_wording, receipt, verdicts, wording
from smallprint.reports.comparison import ReportComparison
from smallprint.reports.facts import KEY_FACTS, FactLine, fact_lines
from smallprint.reports.text import plain

LOOKED_FOR = "Looked for, not found"
SET_ASIDE = "Set aside by the reviewer"
REAL_ANALYSIS = "For an analysis by AI, with a second one as reviewer, set ANTHROPIC_API_KEY."

_STYLES = {
    RiskLevel.LOW: "green",
    RiskLevel.MEDIUM: "yellow",
    RiskLevel.HIGH: "bold dark_orange",
    RiskLevel.CRITICAL: "bold red",
}
_INDENT, _QUOTE, _NARROWEST = "  ", "  │ ", 20
_LABEL, _QUIET, _WARNING = "bold", "dim", "yellow"


def print_report(report: Report, console: Console) -> None:
    """Name, level, summary, what was read, key facts, findings with verified quotations, and how it was made."""
    _print_head(report, console)
    _print_facts(fact_lines(report), console)
    for number, finding in enumerate(report.findings, 1):
        _print_finding(number, finding, console, reviewed=report.reviewed)
    if not report.findings:
        console.print()
        console.print(Text(wording.NOTHING_FOUND))
    _print_list(console, SET_ASIDE, [verdicts.rejection(finding) for finding in report.rejected])
    _print_list(console, LOOKED_FOR, wording.looked_for(report))
    _print_foot(report, console)


def print_comparison(comparison: ReportComparison, console: Console) -> None:
    """Both levels, what was counted, and a line per finding and fact."""
    console.print()
    console.print(Text(comparison_wording.title(comparison), style="bold underline"))
    level = comparison.after.risk_level
    console.print(Text(comparison_wording.headline(comparison), style=_STYLES[level]))
    console.print(Text(comparison_wording.counts_line(comparison)))
    for caution in comparison_wording.cautions(comparison):
        console.print(Text(f"! {caution}", style=_WARNING))
    for group in comparison_wording.groups(comparison):
        _print_list(console, group.label, group.lines)
    console.print()
    console.print(Text(" · ".join(comparison_wording.made_line(comparison)), style=_QUIET))


def _print_head(report: Report, console: Console) -> None:
    console.print(Text(wording.document_name(report), style="bold underline"))
    level = _level(report.risk_level, wording.headline(report))
    console.print(Text.assemble(level, f"  ({wording.counts_line(report)})"))
    if about := wording.about(report):
        console.print(Text(" · ".join(about), style=_QUIET))
    if again := wording.earlier_sentence(report):
        console.print(Text(again, style=_WARNING))
    for note in wording.notes(report):
        console.print(Text(f"! {note}", style=_WARNING))
    if report.offline:
        console.print(Text(f"{wording.OFFLINE_NOTICE}. {REAL_ANALYSIS}", style=_WARNING))
    console.print()
    console.print(Text(wording.summary(report)))
    console.print()
    what, *warnings = receipt.receipt_sentences(report.receipt)
    console.print(Text(what))
    dropped = wording.ungrounded_sentence(report)
    for warning in [*warnings, dropped] if dropped else warnings:
        console.print(Text(f"! {warning}", style=_WARNING))
    console.print(Text(verdicts.review_line(report), style="" if report.reviewed else _WARNING))


def _print_facts(lines: Sequence[FactLine], console: Console) -> None:
    if not lines:
        return
    console.print()
    console.print(Text(KEY_FACTS, style=_LABEL))
    for line in lines:
        _print_indented(
            console, Text.assemble((f"{line.label}: ", _LABEL), line.value, (f" ({line.where})", _QUIET))
        )


def _print_finding(number: int, finding: ReportFinding, console: Console, *, reviewed: bool) -> None:
    console.print()
    heading = Text.assemble(
        _level(finding.severity, wording.level_name(finding.severity)),
        f"  {number}. ",
        (wording.title(finding), _LABEL),
    )
    console.print(heading)
    for prefix, text in _details(finding, reviewed=reviewed):
        _print_indented(console, text, prefix)


def _details(finding: ReportFinding, *, reviewed: bool) -> Iterator[tuple[str, Text]]:
    """Each with what stands before its lines."""
    if statement := plain(finding.finding.statement):
        yield _INDENT, Text(statement)
    for evidence in finding.evidence:
        if evidence.match.shown and plain(evidence.text):
            yield _QUOTE, _quotation(evidence)
    if why := plain(finding.finding.why_it_matters):
        yield _INDENT, _labelled("Why it matters", why)
    if ask := plain(finding.finding.recommendation):
        yield _INDENT, _labelled("Ask for", ask)
    for note in (verdicts.review_note(finding, reviewed=reviewed), verdicts.ruling_note(finding)):
        if note:
            yield _INDENT, Text(note, style="italic")


def _quotation(evidence: Evidence) -> Text:
    mark = f"({wording.locator(evidence)} · {wording.verification(evidence)})"
    return Text.assemble((f"“{plain(evidence.text)}”", "cyan"), " ", (mark, _QUIET))


def _print_list(console: Console, label: str, items: Iterable[str]) -> None:
    shown = list(items)
    if not shown:
        return
    console.print()
    console.print(Text(label, style=_LABEL))
    for item in shown:
        _print_indented(console, Text(f"- {item}"))


def _print_foot(report: Report, console: Console) -> None:
    console.print()
    console.print(Text(" · ".join(wording.made_by(report)), style=_QUIET))


def _print_indented(console: Console, words: Text, prefix: str = _INDENT) -> None:
    """Every line after `prefix`, and no spaces at its end: rich's own Padding leaves them in piped output."""
    for line in words.wrap(console, max(console.width - len(prefix), _NARROWEST)):
        line.rstrip()
        console.print(Text.assemble((prefix, _QUIET), line))


def _level(level: RiskLevel, words: str) -> Text:
    return Text(f"{wording.EMOJI[level]} {words}", style=_STYLES[level])


def _labelled(label: str, words: str) -> Text:
    return Text.assemble((f"{label}: ", _LABEL), words)
