from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from smallprint.models.domain import Report
from smallprint.reports.markdown import escape_markdown, report_markdown
from smallprint.reports.text import plain
from tests.fakes.reports import (
    critical_report,
    earlier_report,
    hostile_report,
    low_report,
    medium_report,
    offline_report,
    thorough_report,
)
from tests.unit.reports.strategies import reports

OURS = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "blockquote_open", "blockquote_close",
    "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "inline", "text", "text_special",
    "strong_open", "strong_close",
}  # fmt: skip
_WORD_JOINER = "\u2060"


def tokens(markdown: str) -> list[Token]:
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    return [part for token in parsed for part in (token, *(token.children or ()))]


def words(markdown: str) -> str:
    return "".join(
        token.content for token in tokens(markdown) if token.type in {"text", "text_special"}
    ).replace(_WORD_JOINER, "")


@given(reports)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_in_a_report_makes_markup_that_is_not_ours(report: Report):
    assert {token.type for token in tokens(report_markdown(report))} <= OURS


@given(st.text() | st.text("\\`*_[]<>&~|#$-+=.):/@w1 a\n"))
def test_escaped_text_reads_as_it_was_written(text: str):
    escaped = escape_markdown(text)
    assert {token.type for token in tokens(escaped)} <= OURS
    assert words(escaped) == plain(text)
    assert "://" not in escaped


def test_hostile_text_stays_text():
    markdown = report_markdown(hostile_report())
    assert {token.type for token in tokens(markdown)} <= OURS
    assert "<script>alert(1)</script>" in words(markdown)
    assert "https://" not in markdown


def test_the_complete_report_has_every_finding_with_its_quotation():
    markdown = report_markdown(critical_report())
    assert markdown.count("\n> “") == 31  # and that of the rejected one
    assert "### 30. " in markdown
    assert "## 🔴 Critical" in markdown


def test_it_tells_what_the_reviewer_did_and_how_it_was_made():
    markdown = report_markdown(medium_report())
    for expected in (
        "**Review:** Confirmed. The clause says so.",
        "**Review:** Lowered from high by the reviewer: Audits cover this service’s records only.",
        "> — p. 7 · ≈ close match",
        "## Set aside by the reviewer",
        "- Cap on liability",
        "- **Pages read:** 12 of 14; 41,220 characters of text in 212 passages.",
        "- Analyst claude-sonnet-5-5 (prompt v2)",
        "- AI-generated, verify before you rely on it",
    ):
        assert expected in markdown


def test_it_has_every_key_fact_the_side_the_notes_and_the_rulings():
    markdown = report_markdown(thorough_report())
    for expected in (
        "Contract in English · Judged for: Dogwood plc, the customer · Read in 7 parts",
        "⚠️ Claude Opus was overloaded",
        "## Key facts",
        "- **Notice to end it:** 180 days before the end of a term (p. 4)",
        "**Review:** The reviewer finds this overstated: Such terms are common in payroll.",
        "**Ruling:** Adjudicator: supported, high: Common, but not with half a year’s notice.",
        "- 1 finding found its quotation only after the analyst was asked again.",
        "- Adjudicator claude-sonnet-5-5 instead of claude-opus-5-5 (prompt v1)",
    ):
        assert expected in markdown
    again = report_markdown(earlier_report())
    assert "This document was analysed before: 20 Nov 2026, 09:48 UTC. This is that report" in again
    assert "U02ANN7" not in again


def test_a_report_without_findings_and_one_without_ai_say_so():
    assert "Nothing to flag. That is no guarantee" in report_markdown(low_report())
    assert "**Made by offline rules, not an AI.**" in report_markdown(offline_report())
