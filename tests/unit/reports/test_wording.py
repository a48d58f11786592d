from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from smallprint.models.domain import DocumentType, Evidence, Match, PassageKind, Profile
from smallprint.reports import wording
from tests.fakes.reports import ANALYST, earlier_report, finding, low_report, thorough_report


@pytest.mark.parametrize(
    ("cost_usd", "expected"),
    [
        (None, "cost unknown"),
        ("0", "no cost"),
        ("0.004", "<$0.01"),
        ("0.01", "$0.01"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_costs_are_told_without_pretending(cost_usd: str | None, expected: str):
    assert wording.cost(None if cost_usd is None else Decimal(cost_usd)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (38.4, "38 s"), (125, "2 min 5 s"), (119.7, "2 min 0 s")],
)
def test_durations_are_told_as_people_say_them(seconds: float, expected: str):
    assert wording.duration(seconds) == expected


@pytest.mark.parametrize(
    ("pages", "expected"),
    [((), ""), ((3,), "3"), ((7, 3, 5, 6, 5), "3, 5–7"), ((1, 2, 4, 8, 9), "1–2, 4, 8–9")],
)
def test_pages_are_told_in_ranges(pages: tuple[int, ...], expected: str):
    assert wording.page_ranges(pages) == expected


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (Match.EXACT, "✓ verified"),
        (Match.APPROXIMATE, "≈ close match"),
        (Match.UNVERIFIED, "from a scan, not machine-verified"),
    ],
)
def test_a_quotation_says_how_well_it_was_found(match: Match, expected: str):
    assert wording.verification(Evidence(match, "words")) == expected


@pytest.mark.parametrize(
    ("where", "kind", "expected"),
    [
        ("p. 3", PassageKind.BODY, "p. 3"),
        ("p. 3", PassageKind.DELETION, "p. 3, deleted text"),
        ("Budget!A5:F5", PassageKind.TABLE, "Budget!A5:F5"),
        ("slide 7, notes", PassageKind.NOTES, "slide 7, notes"),
        ("slide 7", PassageKind.NOTES, "slide 7, speaker notes"),
        ("deletion by Ann · 14.2 Liability", PassageKind.DELETION, "deletion by Ann · 14.2 Liability"),
        ("14.2 Deletion of data", PassageKind.DELETION, "14.2 Deletion of data, deleted text"),
        ("p. 3, comment by Ann", PassageKind.COMMENT, "p. 3, comment by Ann"),
        ("page header", PassageKind.HEADER, "page header"),
        ("hidden sheet Old!A1", PassageKind.HIDDEN, "hidden sheet Old!A1"),
        ("", PassageKind.COMMENT, "in the document, comment"),
    ],
)
def test_a_quotation_says_where_it_stands_and_what_it_is(where: str, kind: PassageKind, expected: str):
    assert wording.locator(Evidence(Match.EXACT, "words", locator=where, kind=kind)) == expected


def test_every_kind_of_passage_but_the_text_itself_has_a_name():
    plain_text = Evidence(Match.EXACT, "words", locator="p. 1")
    named = {wording.locator(replace(plain_text, kind=kind)) for kind in PassageKind}
    assert len(named) == len(PassageKind) - 1  # a table is part of the text


def test_findings_that_could_not_be_quoted_are_counted():
    assert wording.ungrounded_sentence(low_report()) == ""
    assert wording.ungrounded_sentence(replace(low_report(), ungrounded=3)).startswith(
        "3 findings are not shown"
    )


def test_what_has_no_name_gets_one():
    nameless = finding(1, title="\u200b", category="")
    assert wording.title(nameless) == wording.UNTITLED_FINDING
    assert wording.document_name(replace(low_report(), document_name=" ")) == wording.UNTITLED_DOCUMENT


def test_what_was_read_and_for_whom_is_told_as_far_as_it_is_known():
    assert wording.about(low_report()) == ()
    assert wording.about(thorough_report()) == (
        "Contract in English",
        "Judged for: Dogwood plc, the customer",
        "Read in 7 parts",
    )
    assert wording.about(replace(low_report(), language="German")) == ("In German",)


def test_every_type_of_document_but_others_has_a_name():
    named = [wording.about(replace(low_report(), document_type=kind)) for kind in DocumentType]
    assert len(set(named)) == len(DocumentType)
    assert named[-1] == ()


def test_a_report_that_is_shown_again_says_since_when_and_that_it_is_free():
    assert wording.earlier_sentence(low_report()) == ""
    assert wording.earlier_sentence(earlier_report()) == (
        "This document was analysed before: 20 Nov 2026, 09:48 UTC. This is that report; nothing was spent."
    )
    assert "no cost" in wording.made_by(earlier_report())


def test_findings_whose_quotation_had_to_be_asked_for_again_are_counted():
    assert wording.repaired_sentence(low_report()) == ""
    assert wording.repaired_sentence(replace(low_report(), repaired=1)).startswith("1 finding found its")
    assert wording.repaired_sentence(replace(low_report(), repaired=3)).startswith("3 findings found their")


@pytest.mark.parametrize(
    ("arm", "told"),
    [
        ("live", "prompt v2)"),
        ("canary", "prompt v2, canary)"),
        ("pin", "prompt v2, pinned)"),
        ("asked", "prompt v2, asked for)"),
    ],
)
def test_the_last_line_says_when_a_prompt_version_is_not_the_live_one(arm, told):
    report = replace(low_report(), agents=(replace(ANALYST, prompt_arm=arm),))
    assert told in " ".join(wording.made_by(report))


def test_the_last_line_names_each_agent_once_and_who_stepped_in():
    stand_in = replace(ANALYST, model="claude-haiku-5-5", instead_of="claude-sonnet-5-5")
    report = replace(low_report(), agents=(ANALYST, ANALYST, stand_in), profile=Profile.ECONOMY)
    assert wording.made_by(report)[1:4] == (
        "Analyst claude-sonnet-5-5 (prompt v2)",
        "Analyst claude-haiku-5-5 instead of claude-sonnet-5-5 (prompt v2)",
        "economy profile",
    )
