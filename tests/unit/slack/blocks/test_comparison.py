"""Two reports beside each other as a message."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from smallprint.models.domain import Report, RiskLevel
from smallprint.reports import comparison_wording as told
from smallprint.reports.comparison import compare_reports
from smallprint.slack.blocks.comparison import comparison_message, nothing_to_compare_message
from smallprint.slack.blocks.limits import MAX_FALLBACK, validate_blocks
from smallprint.slack.blocks.message import Message
from tests.fakes.reports import evidence, finding, hostile_report, low_report, medium_report
from tests.fakes.slack import block_rules
from tests.unit.reports.strategies import reports
from tests.unit.reports.test_comparison import SENTENCES, two
from tests.unit.slack.blocks.test_report import LIVE, shown, types_of

PARSED = {"mrkdwn", "markdown", "link", "channel", "usergroup", "broadcast", "user", "emoji"}


def assert_harmless(message: Message) -> None:
    assert validate_blocks(message.blocks) == []
    assert block_rules.problems(message.blocks) == []
    assert not block_rules.total_too_long(message.blocks)
    assert not types_of(message.blocks) & PARSED
    assert 0 < len(message.text) <= MAX_FALLBACK
    assert not LIVE.search(message.text)


@given(reports, reports)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_two_reports_fit_into_one_message_and_nothing_in_it_is_live(one: Report, other: Report):
    assert_harmless(comparison_message(compare_reports(one, other)))


def many(count: int, title: str, offset: int = 0) -> Report:
    """Findings in different places, titled as they like."""
    found = tuple(
        finding(
            number, RiskLevel.HIGH, title=f"{title} {number}", quotations=(evidence(f"words {number}", 3),)
        )
        for number in range(offset, offset + count)
    )
    return replace(medium_report(), findings=found, rejected=(), facts=())


@pytest.mark.parametrize("title", ["契約の更新" * 40, "\\\"'<!channel>" * 60, "🧨" * 90, "renews " * 60])
def test_sixty_hostile_titles_on_each_side_fit_and_the_rest_is_in_a_file(title):
    message = comparison_message(compare_reports(many(60, title), many(60, title[::-1], 100)))
    assert_harmless(message)
    assert message.overflow
    assert "in the file below" in shown(message)


def test_an_attack_in_both_reports_stays_words():
    message = comparison_message(compare_reports(hostile_report(), replace(hostile_report(), findings=())))
    assert_harmless(message)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_slack_says_what_terminal_and_markdown_say(sentence):
    message = comparison_message(two())
    assert sentence in shown(message).replace("\n", " ")
    assert not message.overflow


def test_the_notification_says_the_levels_and_the_counts():
    text = comparison_message(two()).text
    assert "High risk → 🟡 Medium risk" in text
    assert "1 of another severity" in text


def test_nothing_to_compare_with_is_said():
    message = nothing_to_compare_message()
    assert_harmless(message)
    assert told.NOTHING_LEFT in shown(message)


def test_two_reports_without_findings_need_no_list():
    message = comparison_message(compare_reports(low_report(), low_report()))
    assert_harmless(message)
    assert told.NO_FINDINGS in shown(message)
