"""What an evaluation says to people."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from smallprint.evaluation.calibration import calibration
from smallprint.evaluation.comparison import Judgement, compare
from smallprint.evaluation.metrics import Metrics, summarise
from smallprint.evaluation.plots import figures
from smallprint.evaluation.report import html_report, markdown_report, metrics_table
from smallprint.evaluation.scores import DocumentScore
from smallprint.evaluation.scoring import score
from smallprint.evaluation.values import LabelledDocument
from tests.fakes.judged import (
    HIGH,
    LIABILITY,
    PAYMENT,
    RENEWAL,
    RENEWS,
    UNLIMITED,
    document,
    expected,
    failed,
    found,
    predictions,
    run,
    scored,
)
from tests.fakes.reports import HOSTILE

DOCUMENTS = [
    document(
        expected(), expected(RENEWS, RENEWAL), id="first", level=HIGH, labelled_absent=frozenset({"a.b"})
    ),
    document(expected(), id="second"),
]
BASE = [run(found(UNLIMITED, LIABILITY), of=each.id, reviewed=True) for each in DOCUMENTS]
CANDIDATE = [run(found("a.b", PAYMENT), found(RENEWS, RENEWAL), of="first"), failed("second")]


def scores(runs=BASE) -> list[DocumentScore]:
    known: dict[str, LabelledDocument] = {each.id: each for each in DOCUMENTS}
    return [score(known[each.document_id], each) for each in runs]


def pages(title: str = "Offline rules") -> tuple[str, str]:
    comparison = compare(DOCUMENTS, BASE, CANDIDATE)
    metrics = summarise(scores(CANDIDATE))
    every = (title, metrics, scores(CANDIDATE), comparison)
    return markdown_report(*every), html_report(*every)


def test_both_begin_with_the_verdict_and_list_new_misses_before_everything_else():
    for page in pages():
        told = [
            page.index(words)
            for words in ("Against the base", "Differences", "New misses", "New hits", "Quality")
        ]
        assert told == sorted(told)
        assert "Against the base: " in page
        assert LIABILITY in page


def test_both_say_of_how_many():
    markdown, page = pages()
    assert "2 documents, 2 runs." in markdown
    assert "2 documents, 2 runs." in page
    assert re.search(r"\| Recall \| 33.3% \| \d+–\d+ % \| 1 of 3 \|", markdown)
    assert "<td>1 of 3</td>" in page


def test_both_name_what_failed_and_why():
    for page in pages():
        assert re.search(r"model\\?_overloaded", page)


def test_a_run_alone_has_no_verdict():
    metrics = summarise(scores())
    for page in (markdown_report("Run", metrics, scores()), html_report("Run", metrics, scores())):
        assert "Against the base" not in page
        assert "What the review is worth" in page


def test_a_run_of_nothing_is_told_too():
    assert "0 documents, 0 runs." in markdown_report("Run", summarise([]), [])
    assert "0 documents, 0 runs." in html_report("Run", summarise([]), [])


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


PLAIN = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "li", "span", "section", "table", "thead", "tbody", "tr", "th", "td", "figure"}  # fmt: skip
DRAWN = {"svg", "g", "path", "defs", "clippath", "rect", "text", "tspan", "use", "metadata"}


def hostile(words: str) -> tuple[str, str]:
    labelled = [document(expected(words or "a"), id=words, title=words, source=words)]
    base, candidate = [run(found(words or "a", LIABILITY), of=words)], [failed(words, words)]
    comparison = compare(labelled, base, candidate)
    judged = [score(labelled[0], candidate[0])]
    every = (words, summarise(judged), judged, comparison)
    return markdown_report(*every), html_report(*every)


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=40) | st.just(HOSTILE) | st.just("</title><script>alert(1)</script>$x^2$ {body}"))
def test_whatever_things_are_called_the_page_holds_our_elements_and_nothing_that_runs(words):
    seen = Seen()
    seen.feed(hostile(words)[1])
    assert {tag for tag in seen.tags if ":" not in tag} <= PLAIN | DRAWN
    assert not [
        name for name in seen.attributes if name.startswith("on") or name in {"src", "action", "formaction"}
    ]


def test_whatever_things_are_called_markdown_stays_a_table_without_links():
    page, _ = hostile(HOSTILE + "\n| a | b |\n# heading")
    assert "<script" not in page.replace("\\<", "")
    assert not re.search(r"(?<!\\)\[[^\]]*\]\(", page)
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert len([line for line in headings if "heading" in line]) == 1
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in page.splitlines() if line.startswith("| ")]
    assert set(widths) <= {3, 4, 5, 6, 7, 9, 10}


def test_the_page_loads_nothing():
    _, page = pages()
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert "@import" not in page


def priced() -> dict[str, Metrics]:
    cheap, dear = (
        summarise([scored("a", hits="x-", cost_nano_usd=cost)]) for cost in (1_000_000, 90_000_000)
    )
    return {"cheap $x$": cheap, "dear <b>": dear}


def test_every_plot_is_a_drawing_of_its_own_that_says_its_numbers():
    metrics = summarise([scored("a", hits="xx-", predictions=predictions("xx-"))])
    drawn = dict(figures(metrics, priced()))
    assert list(drawn) == ["Reliability", "Recall per category", "Cost and time of a document"]
    for svg in drawn.values():
        assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own drawing
    assert "n = 3 judged findings" in drawn["Reliability"]
    assert "2 of 3" in drawn["Recall per category"]
    assert "cheap $x$ (n = 1)" in drawn["Cost and time of a document"]
    assert "dear &lt;b&gt;" in drawn["Cost and time of a document"]


def test_drawings_in_one_page_do_not_share_their_ids():
    page = html_report(
        "Run", summarise([scored("a", hits="x-", predictions=predictions("x-"))]), [], runs=priced()
    )
    clips = re.findall(r'<clipPath id="(\w+)"', page)
    assert len(clips) > 2
    assert len(set(clips)) == len(clips)


def test_one_run_has_no_costs_to_compare():
    assert "Cost and time of a document" not in dict(
        figures(summarise([]), {"run": next(iter(priced().values()))})
    )


def test_without_matplotlib_the_page_has_its_tables_and_says_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    page = html_report("Run", summarise([scored("a", hits="x-", predictions=predictions("x-"))]), [])
    assert "<svg" not in page
    assert "need matplotlib" in page
    assert "Recall per category" in page


def test_the_terminal_gets_the_quality_in_figures():
    console = Console(width=100, record=True, file=None, quiet=False)
    with console.capture() as shown:
        console.print(metrics_table(summarise(scores())))
    assert "2 documents, 2 runs." in shown.get()
    assert re.search(r"Recall\s+66\.7%\s+\d+–\d+ %\s+2 of 3", shown.get())


def test_a_verdict_is_told_in_words():
    comparison = compare(DOCUMENTS, BASE, BASE)
    assert comparison.judgement is Judgement.UNDECIDED
    assert "## Against the base: undecided" in markdown_report(
        "Run", summarise(scores()), scores(), comparison
    )


def test_calibration_is_told_in_a_note_under_its_table():
    judged = [scored("a", predictions=predictions("x-"))]
    told = calibration(judged[0].predictions)
    assert told is not None
    assert f"Brier score {told.brier:.3f}" in markdown_report("Run", summarise(judged), judged)
