"""Findings as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.models.domain import Decision, FindingDecision, Report
from smallprint.reports.spreadsheet import COLUMNS, findings_csv
from tests.fakes.reports import critical_report, medium_report


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def titled(report: Report, title: str) -> Report:
    first, *rest = report.findings
    return replace(
        report, findings=(replace(first, finding=replace(first.finding, title=title)), *rest), rejected=()
    )


def test_every_finding_is_a_row_and_the_rejected_ones_say_that_they_do_not_count() -> None:
    report = critical_report()
    told = rows(findings_csv(report))
    assert [row["counted"] for row in told] == ["yes"] * len(report.findings) + ["no"] * len(report.rejected)
    assert [row["severity"] for row in told][: len(report.findings)] == [
        finding.severity.value for finding in report.findings
    ]
    assert set(told[0]) == set(COLUMNS)


def test_quotations_stand_with_their_place_and_what_was_verified() -> None:
    first = rows(findings_csv(medium_report()))[0]
    assert first["quotation"]
    assert "p." in first["where"]
    assert first["verification"]


def test_what_people_decided_stands_beside_the_finding() -> None:
    report = medium_report()
    finding = report.findings[0].finding.id
    held = FindingDecision(
        report.analysis_id, finding, Decision.DISMISSED, "U1", "settled", "r1", datetime.now(UTC)
    )
    told = rows(findings_csv(report, {finding: held}))
    assert (told[0]["decision"], told[0]["decided_because"]) == ("dismissed", "settled")


@given(st.text(max_size=40).map(lambda text: f"={text}"))
@settings(max_examples=40)
def test_no_document_writes_a_formula(title: str) -> None:
    first = rows(findings_csv(titled(medium_report(), title)))[0]
    assert not first["title"].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("sign", ["＝", "＋", "－", "＠"])
def test_nor_one_in_the_wide_signs_that_some_spreadsheets_compute_too(sign: str) -> None:
    first = rows(findings_csv(titled(medium_report(), f"{sign}1+1")))[0]
    assert first["title"] == f"'{sign}1+1"


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_any_title_stays_within_its_cell(title: str) -> None:
    assert len(rows(findings_csv(titled(medium_report(), title)))) == len(medium_report().findings)
