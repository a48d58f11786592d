"""The figures of a run and of a comparison as tables of plain text, for Markdown, HTML and the terminal alike. Pure.

Nothing here is escaped: whoever shows a table does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smallprint.evaluation.comparison import Comparison, Difference
from smallprint.evaluation.flips import AlarmFlip, Flip
from smallprint.evaluation.metrics import Metrics, ReviewerValue, Spread
from smallprint.evaluation.rates import Rate, precision_of, recall_of
from smallprint.evaluation.scores import DocumentScore
from smallprint.models.domain import NANO_USD_PER_USD, RiskLevel

SPENDING, RELIABILITY, CATEGORIES = "Cost and time of a document", "Reliability", "Recall per category"
"""Titles of the tables that have a plot."""

NOTHING = "–"
INTERVAL_NOTE = (
    "The interval is 95 %: the wider ends of Wilson's, which takes findings for independent, and of one resampled over"
    " documents."
)
CALIBRATION_NOTE = (
    "Brier score {brier:.3f} (0 is perfect, 0.25 is guessing), expected calibration error {error:.3f}."
)
KAPPA_NOTE = "Quadratic weighted kappa of label and severity: {kappa:.2f} (1 is perfect, 0 is chance)."
REVIEW_NOTE = "Only the reviewer found {gained}; it threw out {wrongly} that people labelled and {rightly} false alarms."
FALLEN_NOTE = "Fallen: {documents}."
FLIPS_NOTE = (
    "New misses: {misses}, new hits: {hits} (McNemar, two-sided: p = {p:.3f}). A finding counts as found when at least half"
    " of the repeats have it."
)
NOISE_NOTE = "One version differs from itself by up to {recall} in recall and {precision} in precision between two repeats (A/A)."
BOUNDS_NOTE = "The bounds are one-sided, 95 % each, from 10,000 resamples of the documents; p is one-sided and corrected by Holm."


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of plain text."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def run_tables(metrics: Metrics, scores: Sequence[DocumentScore]) -> tuple[Table, ...]:
    """What there is to say of one run, the most telling first; tables without rows are left out."""
    tables = (
        quality(metrics),
        _review(metrics.reviewer),
        _spending(metrics),
        _sources(metrics),
        _reliability(metrics),
        _categories(metrics),
        _documents(scores),
    )
    return tuple(table for table in tables if table.rows)


def comparison_tables(comparison: Comparison) -> tuple[Table, ...]:
    """What a person looks through before trusting a verdict: new misses first."""
    tables = (
        _differences(comparison),
        _flips("New misses", [flip for flip in comparison.flips if flip.is_miss]),
        _alarms("New false alarms", [alarm for alarm in comparison.alarms if alarm.is_new]),
        _flips("New hits", [flip for flip in comparison.flips if not flip.is_miss]),
        _alarms("False alarms that are gone", [alarm for alarm in comparison.alarms if not alarm.is_new]),
    )
    return tuple(table for table in tables if table.rows)


def quality(metrics: Metrics) -> Table:
    """Every rate that something was counted for."""
    rates = (
        ("Recall", metrics.recall),
        ("Recall of missing protections", metrics.missing_protections),
        ("Precision", metrics.precision),
        ("Quotations that stand in the document", metrics.located),
        ("… letter by letter", metrics.verbatim),
        ("Level as expected", metrics.level_exact),
        ("… within one", metrics.level_within_one),
        ("Severity as labelled", metrics.severity_exact),
        ("… within one", metrics.severity_within_one),
        ("Harmless documents with an alarm", metrics.harmless_alarms),
        ("Good clauses flagged", metrics.good_clauses_flagged),
        ("Injected texts withstood", metrics.injections_withstood),
        ("Runs without a report", metrics.failures),
    )
    rows = tuple((name, *_cells(rate)) for name, rate in rates if rate.total)
    return Table("Quality", ("", "", "95 %", "n"), rows, tuple(_quality_notes(metrics)))


def _quality_notes(metrics: Metrics) -> Iterator[str]:
    yield INTERVAL_NOTE
    if metrics.severity_kappa is not None:
        yield KAPPA_NOTE.format(kappa=metrics.severity_kappa)
    if metrics.injections_fallen:
        yield FALLEN_NOTE.format(documents=", ".join(metrics.injections_fallen))


def _review(review: ReviewerValue | None) -> Table:
    if review is None:
        return Table("Review", (), ())
    rows = (
        ("Recall", *_before_and_after(review.recall_before, review.recall_after)),
        ("Precision", *_before_and_after(review.precision_before, review.precision_after)),
    )
    note = REVIEW_NOTE.format(
        gained=review.gained, wrongly=review.wrongly_rejected, rightly=review.rightly_rejected
    )
    return Table("What the review is worth", ("", "before", "after", "change"), rows, (note,))


def _before_and_after(before: Rate, after: Rate) -> tuple[str, str, str]:
    if before.value is None or after.value is None:
        return percent(before), percent(after), NOTHING
    return percent(before), percent(after), points(after.value - before.value)


def _spending(metrics: Metrics) -> Table:
    quantities = (
        ("Cost", metrics.cost_nano_usd, _dollars),
        ("Seconds", metrics.seconds, _seconds),
        ("Tokens in", metrics.input_tokens, _whole),
        ("Tokens out", metrics.output_tokens, _whole),
    )
    rows = tuple(
        (name, *(shown(value) for value in _of_spread(spread))) for name, spread, shown in quantities if spread
    )  # fmt: skip
    return Table(SPENDING, ("", "median", "mean", "95th percentile", "all together"), rows)


def _of_spread(spread: Spread) -> tuple[float, float, float, float]:
    return spread.median, spread.mean, spread.p95, spread.total


def _sources(metrics: Metrics) -> Table:
    rows = tuple(
        (each.source, str(each.documents), *_share_and_n(each.recall), *_share_and_n(each.precision))
        for each in metrics.sources
    )
    return Table("Data sets", ("", "documents", "recall", "n", "precision", "n"), rows)


def _reliability(metrics: Metrics) -> Table:
    if metrics.calibration is None:
        return Table(RELIABILITY, (), ())
    rows = tuple(
        (f"{each.low:.1f}–{each.high:.1f}", f"{each.mean_confidence:.2f}", f"{each.right:.2f}", str(each.count))
        for each in metrics.calibration.bins
    )  # fmt: skip
    note = CALIBRATION_NOTE.format(brier=metrics.calibration.brier, error=metrics.calibration.expected_error)
    return Table(RELIABILITY, ("confidence", "mean", "share right", "n"), rows, (note,))


def _categories(metrics: Metrics) -> Table:
    rows = tuple((each.name, *_cells(each.rate)) for each in metrics.categories)
    return Table(CATEGORIES, ("category", "recall", "95 %", "n"), rows)


def _documents(scores: Sequence[DocumentScore]) -> Table:
    ordered = sorted(scores, key=lambda score: (score.document_id, score.repeat))
    header = ("document", "run", "found", "right of judged", "level", "expected", "cost", "seconds", "error")
    return Table("Documents", header, tuple(map(_document, ordered)))


def _document(score: DocumentScore) -> tuple[str, ...]:
    (found, labels), (right, judged) = recall_of(score), precision_of(score)
    return (
        score.document_id,
        str(score.repeat + 1),
        f"{found} of {labels}",
        f"{right} of {judged}" if judged else NOTHING,
        _level(score.level),
        _level(score.expected_level),
        NOTHING if score.cost_nano_usd is None else _dollars(score.cost_nano_usd),
        NOTHING if score.seconds is None else _seconds(score.seconds),
        score.error,
    )


# --- comparison --------------------------------------------------------------------------------------------


def _differences(comparison: Comparison) -> Table:
    notes = [BOUNDS_NOTE, *_flips_notes(comparison)]
    if comparison.noise:
        noise = comparison.noise
        notes.append(
            NOISE_NOTE.format(
                recall=points(noise.recall, sign=False), precision=points(noise.precision, sign=False)
            )
        )
    header = ("", "base", "candidate", "difference", "bounds", "allowed", "p", "documents")
    return Table("Differences", header, tuple(map(_difference, comparison.differences)), tuple(notes))


def _difference(each: Difference) -> tuple[str, ...]:
    return (
        each.metric.capitalize(),
        f"{each.base:.1%}",
        f"{each.candidate:.1%}",
        points(each.difference),
        f"{100 * each.low:+.1f} to {100 * each.high:+.1f}",
        points(-each.margin),
        f"{each.p_worse_adjusted:.3f}",
        str(each.documents),
    )


def _flips_notes(comparison: Comparison) -> Iterator[str]:
    if comparison.flips:
        misses = sum(flip.is_miss for flip in comparison.flips)
        yield FLIPS_NOTE.format(misses=misses, hits=len(comparison.flips) - misses, p=comparison.p_flips)


def _flips(title: str, flips: Sequence[Flip]) -> Table:
    rows = tuple(
        (
            flip.document_id,
            flip.category,
            _level(flip.risk),
            f"{flip.base_hits} of {flip.base_runs}",
            f"{flip.candidate_hits} of {flip.candidate_runs}",
            flip.quote or NOTHING,
        )
        for flip in flips
    )
    return Table(title, ("document", "category", "risk", "base", "candidate", "label's words"), rows)


def _alarms(title: str, alarms: Sequence[AlarmFlip]) -> Table:
    return Table(
        title, ("document", "category"), tuple((alarm.document_id, alarm.category) for alarm in alarms)
    )


# --- cells -------------------------------------------------------------------------------------------------


def percent(rate: Rate) -> str:
    return NOTHING if rate.value is None else f"{rate.value:.1%}"


def points(share: float | None, *, sign: bool = True) -> str:
    """+2.5 points"""
    if share is None:
        return NOTHING
    return f"{100 * share:+.1f} points" if sign else f"{100 * share:.1f} points"


def _cells(rate: Rate) -> tuple[str, str, str]:
    interval = rate.interval
    between = NOTHING if interval is None else f"{100 * interval.low:.0f}–{100 * interval.high:.0f} %"
    return percent(rate), between, f"{rate.successes} of {rate.total}"


def _share_and_n(rate: Rate) -> tuple[str, str]:
    return percent(rate), f"{rate.successes} of {rate.total}" if rate.total else NOTHING


def _dollars(nano_usd: float) -> str:
    return f"${nano_usd / NANO_USD_PER_USD:.4f}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}"


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _level(level: RiskLevel | None) -> str:
    return NOTHING if level is None else level.value
