from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from smallprint.models.domain import Match, Report, RiskLevel
from smallprint.slack.blocks import report as blocks_report
from smallprint.slack.blocks.limits import MAX_FALLBACK, json_size, validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.report import report_message
from tests.fakes.reports import (
    critical_report,
    evidence,
    finding,
    hostile_report,
    low_report,
    medium_report,
    offline_report,
    unreviewed_report,
)
from tests.unit.reports.strategies import reports

LIVE = re.compile(r"<[!@#]|<http|https?://", re.IGNORECASE)


def shown(message: Message) -> str:
    """Every text of the blocks, one a line."""
    return "\n".join(texts_of(message.blocks))


def texts_of(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in texts_of(value)]
    return [text for item in node for text in texts_of(item)] if isinstance(node, list) else []


def types_of(node: Any) -> set[str]:
    if isinstance(node, dict):
        return {str(node.get("type"))} | {kind for value in node.values() for kind in types_of(value)}
    return {kind for item in node for kind in types_of(item)} if isinstance(node, list) else set()


@given(reports)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_fits_into_one_message_and_nothing_in_it_is_live(report: Report):
    message = report_message(report)
    assert validate_blocks(message.blocks) == []
    assert not types_of(message.blocks) & {
        "mrkdwn",
        "markdown",
        "link",
        "user",
        "channel",
        "usergroup",
        "broadcast",
        "emoji",
    }
    assert 0 < len(message.text) <= MAX_FALLBACK
    assert not LIVE.search(message.text)
    json.dumps(message.blocks, ensure_ascii=False).encode()


@given(reports)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_left_out_or_shortened_is_said_and_sets_overflow(report: Report):
    message = report_message(report)
    told = shown(message)
    numbered = [
        number
        for number in range(1, len(report.findings) + 1)
        if re.search(rf"(^|[🟢🟡🟠🔴] ){number}\. ", told, re.MULTILINE)
    ]
    more = re.search(r"^… and (\d+) more\. All", told, re.MULTILINE)
    assert len(numbered) + (int(more[1]) if more else 0) == len(report.findings)
    assert message.overflow == ("full report below" in told)


def test_a_low_report_says_what_was_looked_for_and_needs_no_file():
    message = report_message(low_report())
    told = shown(message)
    assert message.text.startswith("🟢 Low risk: mutual-nda.pdf")
    assert "No findings" in told
    assert "Automatic renewal" in told
    assert "all 3 pages." in told
    assert not message.overflow


def test_a_report_shows_everything_about_a_finding():
    told = shown(report_message(medium_report()))
    for expected in (
        "🟠 High risk: services-agreement.pdf",
        "4 findings: 1 high, 2 medium, 1 low",
        "🟡 Medium (2)",
        "1. Renews for three years unless cancelled half a year ahead",
        "p. 4 · ✓ verified",
        "p. 7 · ≈ close match",
        "Lowered from high by the reviewer: Audits cover this service’s records only.",
        "Added by the reviewer",
        "The reviewer could not check this: ",
        "Set aside by the reviewer: Customer may terminate without notice (Clause 12.1 gives thirty days.)",
        "1 finding is not shown: its quotation isn't in the document.",
        "12 of 14 pages; there is no text on pages 13–14, so no finding covers them.",
        "⚠️ Page 9 has 2 lines of hidden text; it was read.",
        "Analyst claude-sonnet-5-5 (prompt v2) · Reviewer claude-haiku-5-5 (prompt v1) · 27 s · $0.04",
        "AI-generated, verify before you rely on it",
    ):
        assert expected in told


def test_thirty_findings_show_the_most_severe_in_full_and_count_the_rest():
    message = report_message(critical_report())
    told = shown(message)
    assert message.overflow
    assert "🔴 Critical (4)" in told
    assert told.count("“") >= 5
    assert re.search(
        r"… and \d+ more\. All 30 findings stand with their quotations in the full report below\.", told
    )


def test_the_document_s_words_stand_in_a_quote_and_are_cut_visibly():
    long = evidence("The Supplier shall indemnify the Customer. " * 40, 2)
    message = report_message(replace(low_report(), findings=(finding(1, quotations=(long,)),)))
    quotes = [
        part
        for block in message.blocks
        for part in block.get("elements", [])
        if part["type"] == "rich_text_quote"
    ]
    assert quotes[0]["elements"][0]["text"].endswith("…”")
    assert message.overflow
    assert blocks_report.SHORTENED in shown(message)


def test_a_quotation_that_was_not_found_is_never_shown_as_one():
    missing = evidence("invented words", 2, Match.MISSING)
    told = shown(report_message(replace(low_report(), findings=(finding(1, quotations=(missing,)),))))
    assert "invented words" not in told


def test_an_offline_report_says_so_in_its_headline_area_and_in_the_fallback():
    message = report_message(offline_report())
    assert "Made by offline rules, not an AI" in message.text
    assert "Made by offline rules, not an AI" in json.dumps(message.blocks[1])
    assert "AI-generated" not in shown(message)


def test_a_report_without_review_says_why_and_an_unknown_price_is_not_free():
    told = shown(report_message(unreviewed_report()))
    assert "⚠️ The second agent could not be reached" in told
    assert "cost unknown" in told


def test_hostile_text_keeps_its_words_but_loses_what_is_invisible():
    message = report_message(hostile_report())
    told = shown(message)
    assert "<!channel> <@U0EVIL>" in told  # literal in rich text, which Slack does not parse
    assert not re.search("[\u200b\u202c\u202e\x1b]", told + message.text)
    assert "&lt;!channel&gt;" in message.text


@pytest.mark.parametrize("words", ["契約の更新について、", "يتجدد هذا العقد تلقائيا ", "🧨"])
def test_scripts_that_are_long_in_json_still_get_findings_in_full(words: str):
    wide = tuple(
        finding(number, RiskLevel.HIGH, title=words * 3, statement=words * 8, why=words * 5, ask=words * 5)
        for number in range(1, 21)
    )
    message = report_message(replace(medium_report(), summary=words * 20, findings=wide))
    assert validate_blocks(message.blocks) == []
    assert (
        sum(
            block["elements"][0]["elements"][0]["text"][:2] in {"1.", "2.", "3."}
            for block in message.blocks
            if block["type"] == "rich_text"
        )
        >= 3
    )
    assert json_size(message.blocks) > 6_000
