from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings

from smallprint.models.domain import Decision, Report
from smallprint.slack.blocks.all_findings import MORE, PER_PAGE, all_findings_modal, pages
from smallprint.slack.blocks.limits import MAX_VIEW_JSON, json_size, validate_view
from tests.fakes.reports import (
    critical_report,
    decision,
    evidence,
    finding,
    hostile_report,
    low_report,
    medium_report,
    thorough_report,
)
from tests.unit.reports.strategies import reports


def shown(report: Report, page: int = 0, **more: Any) -> str:
    return json.dumps(all_findings_modal(report, {}, page, "{}", **more).view(), ensure_ascii=False)


def buttons(report: Report, page: int) -> dict[str, str]:
    """Of the last row: action to value."""
    return {
        item["action_id"]: item["value"]
        for item in all_findings_modal(report, {}, page, "{}").blocks[-1]["elements"]
    }


@given(reports)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_page_of_any_report_is_a_modal_that_slack_takes_and_nothing_in_it_is_live(report: Report):
    for page in range(pages(report)):
        view = all_findings_modal(report, {}, page, "{}").view()
        assert validate_view(view) == []
        assert json_size(view["blocks"]) <= MAX_VIEW_JSON
        assert '"mrkdwn"' not in json.dumps(view)
        assert '"user_id"' not in json.dumps(view)


def test_the_pages_hold_every_finding_once_and_then_what_else_the_report_says():
    report = critical_report()
    assert pages(report) == 5
    titles = [
        part["elements"][0]["text"]
        for page in range(pages(report))
        for block in all_findings_modal(report, {}, page, "{}").blocks
        if block["type"] == "rich_text"
        for part in block["elements"][:1]
    ]
    numbers = [int(title.split(".")[0]) for title in titles if title.split(".")[0].isdecimal()]
    assert numbers == list(range(1, 31))
    assert "Findings 25–30 of 30 · page 4 of 5" in shown(report, 3)
    assert "What else the report says · page 5 of 5" in shown(report, 4)


def test_each_finding_has_all_its_quotations_and_what_the_reviewer_thinks():
    three = tuple(evidence(f"Words number {number}.", number) for number in range(1, 4))
    text = shown(replace(low_report(), findings=(finding(1, quotations=three, verdict=None),)))
    for number in range(1, 4):
        assert f"“Words number {number}.”" in text
        assert f"p. {number} · ✓ verified" in text
    assert "No verdict from the reviewer" in text


def test_a_finding_of_ordinary_length_is_not_shortened():
    long = "The Supplier shall indemnify the Customer. " * 40
    told = shown(replace(low_report(), findings=(finding(1, quotations=(evidence(long, 2),)),)))
    assert long.strip() in told
    assert "What ends in" not in told


def test_what_is_cut_even_here_is_said_to_stand_in_the_file():
    long = evidence("word " * 5_000, 2)
    told = shown(replace(low_report(), findings=(finding(1, quotations=(long,)),)))
    assert "What ends in “…” stands complete in the file: “Post in the thread”." in told


def test_the_last_page_has_facts_what_was_set_aside_and_what_was_looked_for():
    told = shown(thorough_report(), 1)
    for expected in (
        "Governing law: ",
        "Set aside by the reviewer: ",
        "Cap on liability",
        "⚠️ Claude Opus was",
    ):
        assert expected in told


def test_a_list_that_is_too_long_even_here_says_where_the_rest_is():
    rejected = tuple(replace(medium_report().rejected[0]) for _ in range(60))
    told = shown(replace(low_report(), rejected=rejected))
    assert MORE.format(count=20) in told


def test_pages_are_turned_one_by_one_and_the_nearest_one_is_shown_for_a_number_that_is_none():
    report = critical_report()
    assert buttons(report, 0) == {"findings_page_next": "1", "post_findings": report.analysis_id}
    middle = buttons(report, 2)
    assert (middle["findings_page_previous"], middle["findings_page_next"]) == ("1", "3")
    assert set(buttons(report, 4)) == {"findings_page_previous", "post_findings"}
    assert shown(report, 99) == shown(report, 4)
    assert shown(report, -1) == shown(report, 0)


def test_each_finding_can_be_accepted_and_dismissed_and_a_decision_undone():
    report = replace(medium_report(), analysis_id="doc-1")
    blocks = all_findings_modal(report, {"F2": decision("F2", Decision.ACCEPTED)}, 0, "{}").blocks
    rows = [block for block in blocks if block["type"] == "actions"][:-1]
    assert [[item["value"] for item in row["elements"]] for row in rows] == [
        ["accepted F1 doc-1", "dismissed F1 doc-1"],
        ["dismissed F2 doc-1", "undone F2 doc-1"],
        ["accepted F3 doc-1", "dismissed F3 doc-1"],
        ["accepted F4 doc-1", "dismissed F4 doc-1"],
    ]
    assert "Accepted" in json.dumps(blocks)


def test_a_notice_stands_above_the_list():
    assert "✅ Posted in the thread." in shown(hostile_report(), notice="✅ Posted in the thread.")


def test_a_full_page_is_well_below_the_number_of_blocks_that_a_modal_may_have():
    assert len(all_findings_modal(critical_report(), {}, 0, "{}").blocks) <= 4 * PER_PAGE + 8
