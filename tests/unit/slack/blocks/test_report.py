from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smallprint.models.domain import EarlierAnalysis, FactKind, Match, Report, RiskLevel
from smallprint.slack.blocks import report as blocks_report
from smallprint.slack.blocks.limits import MAX_FALLBACK, json_size, validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.repeat import AGAIN_ACTION, pressed
from smallprint.slack.blocks.report import report_message
from tests.fakes.reports import (
    NOW,
    critical_report,
    earlier_report,
    evidence,
    fact,
    finding,
    hostile_report,
    low_report,
    medium_report,
    offline_report,
    thorough_report,
    unreviewed_report,
)
from tests.unit.reports.strategies import reports

LIVE = re.compile(r"<[!@#]|<http|https?://", re.IGNORECASE)
PERSON = re.compile(r"[UW][A-Z0-9]+")


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


def people_in(node: Any) -> list[str]:
    """The ids of everybody who is mentioned."""
    if isinstance(node, dict):
        own = [node["user_id"]] if node.get("type") == "user" else []
        return own + [person for value in node.values() for person in people_in(value)]
    return [person for item in node for person in people_in(item)] if isinstance(node, list) else []


@given(reports)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_fits_into_one_message_and_nothing_in_it_is_live(report: Report):
    message = report_message(report)
    assert validate_blocks(message.blocks) == []
    assert not types_of(message.blocks) & {
        "mrkdwn",
        "markdown",
        "link",
        "channel",
        "usergroup",
        "broadcast",
        "emoji",
    }
    asker = report.earlier.user if report.earlier else ""
    assert people_in(message.blocks) == ([asker] if PERSON.fullmatch(asker) else [])
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


def test_a_thorough_report_shows_facts_side_notes_and_rulings():
    message = report_message(thorough_report())
    told = shown(message)
    for expected in (
        "Contract in English · Judged for: Dogwood plc, the customer · Read in 7 parts",
        "⚠️ Claude Opus was overloaded, so another model settled",
        "Supplier: ",
        "180 days before the end of a term (p. 4)",
        "The reviewer finds this overstated: Such terms are common in payroll.",
        "Adjudicator: supported, high: Common, but not with half a year’s notice.",
        "Lowered from high. Adjudicator: overstated, medium",
        "Adjudicator claude-sonnet-5-5 instead of claude-opus-5-5 (prompt v1)",
        "thorough profile",
    ):
        assert expected in told
    assert not message.overflow
    assert "run_again" not in json.dumps(message.blocks)


def test_a_few_facts_are_shown_and_the_rest_stands_in_the_file():
    facts = tuple(fact(FactKind.DATE, f"Date {number}", "1 May 2027") for number in range(1, 12))
    message = report_message(replace(low_report(), facts=facts))
    told = shown(message)
    assert "Date 8: " in told
    assert "Date 9" not in told
    assert "… and 3 more in the full report below." in told
    assert message.overflow


def test_a_report_that_is_shown_again_says_since_when_and_whose_and_can_be_made_anew():
    message = report_message(earlier_report())
    assert "This document was analysed before: 20 Nov 2026, 09:48 UTC" in shown(message)
    assert people_in(message.blocks) == ["U02ANN7"]
    assert buttons(message) == {"receipt": "doc-5b4c3d2e1f000f6b", "run_again": "doc-5b4c3d2e1f000f6b"}
    assert people_in(report_message(earlier_report("")).blocks) == []


def test_the_menu_of_a_result_offers_another_version_unless_no_prompt_was_used():
    assert "Run with another version" in json.dumps(report_message(medium_report()).blocks)
    assert "Run with another version" not in json.dumps(report_message(offline_report()).blocks)
    assert "overflow" not in json.dumps(report_message(replace(low_report(), analysis_id="x" * 151)).blocks)


def buttons(message: Message) -> dict[str, str]:
    """Action to value."""
    return {
        item["action_id"]: item["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for item in block["elements"]
        if item["type"] == "button"
    }


@given(reports, st.sampled_from(["U02ANN7", "W0ENTERPRISE"]))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_who_pressed_run_again_always_has_room_in_the_message(report: Report, user: str):
    earlier = EarlierAnalysis("doc-1", NOW, "U02ANN7")
    message = report_message(replace(report, analysis_id="doc-2", earlier=earlier))
    blocks = pressed(message.blocks, AGAIN_ACTION, user)
    assert [problem for problem in validate_blocks(blocks) if "JSON" not in problem] == []
    assert json_size(blocks) <= 13_000
    assert people_in(blocks)[-1] == user
    assert buttons(replace(message, blocks=blocks)) == {"receipt": "doc-2"}


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
