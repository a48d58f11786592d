"""What an evaluation says to people: Markdown, an HTML page with plots, a table for the terminal.

Titles, ids, categories and quotations come from outside: all of it is escaped, and the page loads and runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from rich import box
from rich.table import Table as RichTable
from rich.text import Text

from smallprint.errors import EvaluationError
from smallprint.evaluation import plots
from smallprint.evaluation.comparison import Comparison, Judgement
from smallprint.evaluation.metrics import Metrics
from smallprint.evaluation.scores import DocumentScore
from smallprint.evaluation.tables import Table, comparison_tables, quality, run_tables
from smallprint.reports.markdown import escape_markdown
from smallprint.reports.text import plain

VERDICTS = {
    Judgement.NOT_WORSE: "Not worse",
    Judgement.WORSE: "Worse",
    Judgement.UNDECIDED: "Undecided",
}
EXTENT = "{documents} documents, {runs} runs."
COMPARED = "{documents} documents that both were run on."
UNPAIRED = "Left out, because only one of the two was run on them: {documents}."
COMPARISON = "Against the base"

_FIGURE = re.compile(r"[-+]?\d[\d.,–]*(?: ?%| points| of \d+| to [-+]?[\d.]+)?")


def markdown_report(
    run_title: str,
    metrics: Metrics,
    scores: Sequence[DocumentScore],
    comparison: Comparison | None = None,
) -> str:
    """The run, after the verdict on it where there is one: tables only."""
    return "\n".join(_markdown(run_title, metrics, scores, comparison)).rstrip() + "\n"


def html_report(
    run_title: str,
    metrics: Metrics,
    scores: Sequence[DocumentScore],
    comparison: Comparison | None = None,
    runs: Mapping[str, Metrics] | None = None,
) -> str:
    """The same as one file that needs nothing else, with plots where matplotlib is installed.

    `runs`: other runs by their titles, to plot what they cost against what they find.
    """
    everything = {**(runs or {}), run_title: metrics}
    body = "\n".join(_html_body(run_title, metrics, scores, comparison, everything))
    return _PAGE.format(title=escape(plain(run_title)), style=_STYLE, body=body)


def metrics_table(metrics: Metrics) -> RichTable:
    """Quality in figures, for the terminal."""
    figures = quality(metrics)
    table = RichTable(box=box.SIMPLE_HEAD, title=_extent(metrics), title_justify="left")
    for place, header in enumerate(figures.header):
        table.add_column(header, justify="left" if place == 0 else "right")
    for row in figures.rows:
        table.add_row(*map(Text, row))
    return table


def _extent(metrics: Metrics) -> str:
    return EXTENT.format(documents=metrics.documents, runs=metrics.failures.total)


def _verdict(comparison: Comparison) -> Iterator[str]:
    """Sentences, unescaped."""
    yield COMPARED.format(documents=comparison.documents)
    if comparison.unpaired:
        yield UNPAIRED.format(documents=", ".join(comparison.unpaired))
    yield from comparison.reasons


# --- Markdown ----------------------------------------------------------------------------------------------


def _markdown(
    run_title: str,
    metrics: Metrics,
    scores: Sequence[DocumentScore],
    comparison: Comparison | None,
) -> Iterator[str]:
    yield f"# {escape_markdown(run_title)}"
    yield ""
    yield _extent(metrics)
    yield ""
    if comparison:
        yield f"## {COMPARISON}: {VERDICTS[comparison.judgement].lower()}"
        yield ""
        yield from (f"- {escape_markdown(sentence)}" for sentence in _verdict(comparison))
        yield ""
        for table in comparison_tables(comparison):
            yield from _markdown_table(table, "###")
    for table in run_tables(metrics, scores):
        yield from _markdown_table(table, "##")


def _markdown_table(table: Table, heading: str) -> Iterator[str]:
    yield f"{heading} {escape_markdown(table.title)}"
    yield ""
    yield _markdown_row(table.header)
    yield "|" + " --- |" * len(table.header)
    yield from map(_markdown_row, table.rows)
    yield ""
    for note in table.notes:
        yield escape_markdown(note)
        yield ""


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_markdown_cell, cells))} |"


def _markdown_cell(text: str) -> str:
    """A figure needs no escaping, and reads better in the source without."""
    return text if _FIGURE.fullmatch(text) else escape_markdown(text)


# --- HTML --------------------------------------------------------------------------------------------------


def _html_body(
    run_title: str,
    metrics: Metrics,
    scores: Sequence[DocumentScore],
    comparison: Comparison | None,
    runs: Mapping[str, Metrics],
) -> Iterator[str]:
    yield f"<h1>{_words(run_title)}</h1>"
    yield f"<p>{_words(_extent(metrics))}</p>"
    if comparison:
        kind = comparison.judgement.name.lower()
        yield f'<h2>{COMPARISON}: <span class="{kind}">{VERDICTS[comparison.judgement].lower()}</span></h2>'
        yield f"<ul>{''.join(f'<li>{_words(sentence)}</li>' for sentence in _verdict(comparison))}</ul>"
        yield from map(_html_table, comparison_tables(comparison))
    drawn = dict(_drawn(metrics, runs))
    if missing := drawn.pop("", None):
        yield missing
    for table in run_tables(metrics, scores):
        yield _html_table(table, drawn.get(table.title, ""))


def _drawn(metrics: Metrics, runs: Mapping[str, Metrics]) -> Iterator[tuple[str, str]]:
    """Title of the table that it belongs to, and the figure; under "" why there are none."""
    try:
        for title, figure in plots.figures(metrics, runs):
            yield title, f"<figure>{figure}</figure>"
    except EvaluationError as error:
        yield "", f"<p>{_words(error.user_message)}</p>"


def _html_table(table: Table, figure: str = "") -> str:
    head = "".join(f"<th>{_words(cell)}</th>" for cell in table.header)
    rows = "".join(f"<tr>{''.join(f'<td>{_words(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    notes = "".join(f"<p>{_words(note)}</p>" for note in table.notes)
    return (
        f"<section><h3>{_words(table.title)}</h3>{figure}<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{notes}</section>"
    )


def _words(text: str) -> str:
    return escape(plain(text))


_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; margin: 2rem 0 .6rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #dde2e8; }
th { color: #5a6675; font-weight: 600; }
td:not(:last-child) { white-space: nowrap; }
section { overflow-x: auto; }
section p { color: #5a6675; font-size: .9em; margin: .4rem 0; }
figure { margin: 1.2rem 0; }
figure svg { max-width: 100%; height: auto; }
.not_worse { color: #1a7f37; } .worse { color: #c0342b; } .undecided { color: #9a6700; }
"""
