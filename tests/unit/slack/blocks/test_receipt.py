from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from smallprint.models.domain import Report
from smallprint.slack.blocks.limits import MAX_FALLBACK, validate_blocks
from smallprint.slack.blocks.receipt import read_option, receipt_message
from tests.fakes.reports import hostile_report, low_report, rich_receipt_report
from tests.unit.reports.strategies import reports


@given(reports)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_receipt_fits_into_one_message(report: Report):
    message = receipt_message(report)
    assert validate_blocks(message.blocks) == []
    assert 0 < len(message.text) <= MAX_FALLBACK
    json.dumps(message.blocks, ensure_ascii=False).encode()


def test_the_receipt_tells_what_was_hidden_changed_skipped_and_not_run():
    message = receipt_message(rich_receipt_report())
    told = json.dumps(message.blocks, ensure_ascii=False)
    for expected in (
        "What was read: master-agreement-redline.docx",
        "11 of 12",
        "Page 11 had no text; no finding covers it.",
        "Pages 9–10 had no text and went to the AI as pictures",
        "Clause numbers may be off by one",
        "2 insertions, 1 deletion.",
        "white text on p. 2",
        "They were not run.",
        "They were not followed.",
        "prices.xlsx",
        "logo.heic (can't be read)",
    ):
        assert expected in told
    assert not message.overflow


def test_a_list_that_is_too_long_is_counted_and_sets_overflow():
    report = rich_receipt_report()
    receipt = replace(report.receipt, hidden=tuple(f"sheet {number}" for number in range(50)))
    message = receipt_message(replace(report, receipt=receipt))
    assert "… and 30 more" in json.dumps(message.blocks, ensure_ascii=False)
    assert message.overflow


def test_nothing_of_a_hostile_document_is_live_in_the_receipt():
    message = receipt_message(hostile_report())
    assert '"mrkdwn"' not in json.dumps(message.blocks)
    assert "&lt;!channel&gt;" in message.text


def test_the_receipt_is_an_entry_of_the_menu_unless_slack_cannot_carry_the_id():
    report = low_report()
    assert read_option(report) == {
        "text": {"type": "plain_text", "text": "What was read", "emoji": False},
        "value": f"read {report.analysis_id}",
    }
    for unusable in ("", "\u200b", "x" * 146):
        assert read_option(replace(report, analysis_id=unusable)) is None
