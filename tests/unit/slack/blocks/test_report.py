from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smallprint.models.domain import (
    Decision,
    EarlierAnalysis,
    FactKind,
    Match,
    Report,
    RiskLevel,
)
from smallprint.slack.blocks import report as blocks_report
from smallprint.slack.blocks.limits import MAX_FALLBACK, json_size, validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.repeat import AGAIN_ACTION, pressed
from smallprint.slack.blocks.report import LINES, report_message
from smallprint.slack.blocks.sentences import FULL, MORE
from tests.fakes.reports import (
    NOW,
    critical_report,
    decision,
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
LIVE_TYPES = {"mrkdwn", "markdown", "link", "channel", "usergroup", "broadcast", "emoji"}


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
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_fits_into_one_message_and_nothing_in_it_is_live(report: Report):
    message = report_message(report)
    asker = report.earlier.user if report.earlier else ""
    for sent in (message, message.instead):
        assert sent is not None
        assert validate_blocks(sent.blocks) == []
        assert not types_of(sent.blocks) & LIVE_TYPES
        assert people_in(sent.blocks) == ([asker] if PERSON.fullmatch(asker) else [])
        assert 0 < len(sent.text) <= MAX_FALLBACK
        assert not LIVE.search(sent.text)
        json.dumps(sent.blocks, ensure_ascii=False).encode()


@given(reports)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_finding_is_shown_listed_or_counted_and_what_is_shortened_stands_elsewhere(report: Report):
    message = report_message(replace(report, analysis_id="doc-1"))
    told = shown(message)
    numbered = [
        number
        for number in range(1, len(report.findings) + 1)
        if re.search(rf"(^|[🟢🟡🟠🔴] ){number}\. ", told, re.MULTILINE)
    ]
    left = max(len(report.findings) - FULL - LINES, 0)
    assert len(numbered) + left == len(report.findings)
    assert not left or MORE.format(count=left) in told
    assert not message.overflow
    assert buttons(message)["all_findings"] == "doc-1"


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
        "What matters most",
        "🟡 Medium",
        "1. Renews for three years unless cancelled half a year ahead",
        "p. 4 · ✓ verified",
        "p. 7 · ≈ close match",
        "Lowered from high by the reviewer: Audits cover this service’s records only.",
        "Added by the reviewer",
        "(p. 6)\n · the reviewer could not check this",
        "Set aside by the reviewer: Customer may terminate without notice (Clause 12.1 gives thirty days.)",
        "1 finding is not shown: its quotation isn't in the document.",
        "12 of 14 pages; there is no text on pages 13–14, so no finding covers them.",
        "⚠️ Page 9 has 2 lines of hidden text; it was read.",
        "Analyst claude-sonnet-5-5 (prompt v2) · Reviewer claude-haiku-5-5 (prompt v1) · 27 s · $0.04",
        "AI-generated, verify before you rely on it",
    ):
        assert expected in told


def test_of_thirty_findings_three_are_shown_in_full_ten_in_a_line_and_the_rest_is_on_demand():
    message = report_message(critical_report())
    told = shown(message)
    assert told.count("“") == 3 + told.count("“All findings”")
    assert [number for number in range(1, 31) if f" {number}. " in told] == list(range(4, 14))
    assert "… and 17 more under “All findings”." in told
    assert labels(message)["all_findings"] == "All findings (30)"
    assert json_size(message.blocks) < 10_000


def test_only_a_private_result_can_be_shared():
    assert "share_result" in buttons(report_message(medium_report(), private=True))
    assert "share_result" not in buttons(report_message(medium_report()))


def test_a_result_that_shows_every_finding_in_full_offers_its_details():
    two = replace(medium_report(), findings=medium_report().findings[:2])
    for report in (low_report(), two):
        assert labels(report_message(report))["all_findings"] == "Details"
    assert labels(report_message(medium_report()))["all_findings"] == "All findings (4)"


def test_the_document_s_words_stand_in_a_quote_and_are_cut_visibly():
    long = evidence("The Supplier shall indemnify the Customer. " * 40, 2)
    message = report_message(replace(low_report(), findings=(finding(1, quotations=(long, long, long)),)))
    quotes = [
        part
        for block in message.blocks
        for part in block.get("elements", [])
        if part["type"] == "rich_text_quote"
    ]
    assert len(quotes) == 1
    assert quotes[0]["elements"][0]["text"].endswith("…”")
    assert "p. 2 · ✓ verified · 2 more quotations under “Details”" in shown(message)
    assert blocks_report.SHORTENED_DETAILS in shown(message)


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
        "Supplier",
        "180 days before the end of a term (p. 4)",
        "The reviewer finds this overstated: Such terms are common in payroll.",
        "Adjudicator: supported, high: Common, but not with half a year’s notice.",
        "Lowered from high. Adjudicator: overstated, medium",
        "Adjudicator claude-sonnet-5-5 instead of claude-opus-5-5 (prompt v1)",
        "thorough profile",
    ):
        assert expected in told
    assert "run_again" not in json.dumps(message.blocks)


def test_key_facts_are_a_small_table_and_bullets_where_slack_takes_no_table():
    message = report_message(thorough_report())
    (table,) = [block for block in message.blocks if block["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[0] == ["Key facts", "In the document"]
    assert ["Notice to end it", "180 days before the end of a term (p. 4)"] in rows
    assert message.instead is not None
    assert not types_of(message.instead.blocks) & {"table", "context_actions"}
    assert "180 days before the end of a term (p. 4)" in shown(message.instead)


def test_a_few_facts_are_shown_and_the_rest_stands_under_all_findings():
    facts = tuple(fact(FactKind.DATE, f"Date {number}", "1 May 2027") for number in range(1, 12))
    told = shown(report_message(replace(medium_report(), facts=facts)))
    assert "Date 8" in told
    assert "Date 9" not in told
    assert "… and 3 more under “All findings”." in told
    assert "… and 3 more under “Details”." in shown(report_message(replace(low_report(), facts=facts)))


def test_a_report_that_is_shown_again_says_since_when_and_whose_and_can_be_made_anew():
    message = report_message(earlier_report())
    assert "This document was analysed before: 20 Nov 2026, 09:48 UTC" in shown(message)
    assert people_in(message.blocks) == ["U02ANN7"]
    assert set(buttons(message)) == {"all_findings", "run_again", "export"}
    assert set(buttons(message).values()) == {"doc-5b4c3d2e1f000f6b"}
    assert people_in(report_message(earlier_report("")).blocks) == []


def test_the_menu_of_a_result_runs_it_again_with_other_versions_and_says_what_was_read():
    report = replace(medium_report(), analysis_id="doc-1")
    assert menu_of(report_message(report)) == ["again doc-1", "with doc-1", "compare doc-1", "read doc-1"]
    offline = replace(offline_report(), analysis_id="doc-1")
    assert menu_of(report_message(offline)) == ["again doc-1", "compare doc-1", "read doc-1"]
    earlier = replace(earlier_report(), analysis_id="doc-1")
    assert menu_of(report_message(earlier)) == ["with doc-1", "compare doc-1", "read doc-1"]


@pytest.mark.parametrize("unusable", ["", "x" * 2_001, "日本"])
def test_a_result_whose_id_slack_cannot_carry_has_nothing_to_press(unusable: str):
    message = report_message(replace(medium_report(), analysis_id=unusable))
    assert not types_of(message.blocks) & {"overflow", "button", "feedback_buttons", "actions"}


def test_what_people_decided_stands_at_the_finding_and_can_be_undone():
    decisions = {
        "F1": decision("F1", Decision.ACCEPTED),
        "F2": decision("F2", Decision.DISMISSED, "The annex <!channel> allows it"),
        "F4": decision("F4", Decision.DISMISSED),
    }
    report = replace(medium_report(), analysis_id="doc-1")
    message = report_message(report, decisions)
    told = shown(message)
    assert people_in(message.blocks) == ["U02ANN7", "U02ANN7"]
    assert "Accepted\n by " in told
    assert ": The annex <!channel> allows it" in told
    assert "could not check this\n ✖️" in told
    assert [values_of(block) for block in message.blocks if block["type"] == "section"] == [
        ["dismissed F1 doc-1", "undone F1 doc-1"],
        ["accepted F2 doc-1", "undone F2 doc-1"],
        ["accepted F3 doc-1", "dismissed F3 doc-1"],
    ]
    assert report.risk_level.value in message.text.casefold()


def test_a_title_that_was_dismissed_is_struck_through():
    blocks = report_message(medium_report(), {"F2": decision("F2", Decision.DISMISSED)}).blocks
    struck = [text for text, style in styled(blocks) if style.get("strike")]
    assert struck == ["2. Audits at any time on one day’s notice"]


def test_a_long_reason_of_somebody_who_was_forgotten_still_fits():
    long = decision("F1", Decision.DISMISSED, "x" * 10_000, user="")
    message = report_message(medium_report(), {"F1": long})
    assert validate_blocks(message.blocks) == []
    assert people_in(message.blocks) == []


def test_everybody_can_say_whether_it_was_useful():
    message = report_message(replace(medium_report(), analysis_id="doc-1"))
    (thumbs,) = [block for block in message.blocks if block["type"] == "context_actions"]
    (element,) = thumbs["elements"]
    values = [element[name]["value"] for name in ("positive_button", "negative_button")]
    assert values == ["up doc-1", "down doc-1"]


def styled(node: Any) -> list[tuple[str, dict[str, Any]]]:
    """Every text of rich text with its style."""
    if isinstance(node, dict):
        own = [(node["text"], node.get("style", {}))] if isinstance(node.get("text"), str) else []
        return own + [found for value in node.values() for found in styled(value)]
    return [found for item in node for found in styled(item)] if isinstance(node, list) else []


def values_of(block: dict[str, Any]) -> list[str]:
    return [option["value"] for option in block["accessory"]["options"]]


def menu_of(message: Message) -> list[str]:
    """The entries of the ⋯ menu in the row of buttons."""
    return [
        option["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for item in block["elements"]
        if item["type"] == "overflow"
        for option in item["options"]
    ]


def labels(message: Message) -> dict[str, str]:
    """Action to what stands on the button."""
    return {
        item["action_id"]: item["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for item in block["elements"]
        if item["type"] == "button"
    }


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
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_who_pressed_run_again_always_has_room_in_the_message(report: Report, user: str):
    earlier = EarlierAnalysis("doc-1", NOW, "U02ANN7")
    message = report_message(replace(report, analysis_id="doc-2", earlier=earlier))
    blocks = pressed(message.blocks, AGAIN_ACTION, user)
    assert validate_blocks(blocks) == []
    assert people_in(blocks)[-1] == user
    assert buttons(replace(message, blocks=blocks)) == {"all_findings": "doc-2", "export": "doc-2"}


def test_made_anew_from_what_is_stored_a_result_still_says_who_pressed_run_again():
    message = report_message(earlier_report())
    again = report_message(earlier_report(), again_by="U02BOB7")
    assert again.blocks == pressed(message.blocks, AGAIN_ACTION, "U02BOB7")


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
    assert len([text for text, style in styled(message.blocks) if style and re.match(r"[123]\. ", text)]) == 3
    assert json_size(message.blocks) > 6_000
