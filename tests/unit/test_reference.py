"""The reference says what the code says."""

from __future__ import annotations

import pytest
from scripts.write_reference import REFERENCE, refusals_table, report_tables, with_part

from smallprint.documents.formats import _READERS
from smallprint.models.domain import DocumentKind

RENEW = "run: python -m scripts.write_reference"


@pytest.mark.parametrize(("name", "part"), [("report.md", report_tables()), ("formats.md", refusals_table())])
def test_the_tables_are_those_of_the_code(name: str, part: str):
    page = (REFERENCE / name).read_text(encoding="utf-8")
    assert page == with_part(page, part), RENEW


def test_every_object_of_a_report_has_its_table():
    tables = report_tables()
    for name in (
        "Report",
        "ReadingReceipt",
        "ReportFinding",
        "Finding",
        "FindingReview",
        "Evidence",
        "AgentRun",
        "Usage",
    ):
        assert f"## {name}\n" in tables
    assert "`receipt` | ReadingReceipt |" in tables


def test_every_kind_has_a_reader_and_stands_in_the_table_of_formats():
    assert set(_READERS) == {kind.value for kind in DocumentKind}
    page = (REFERENCE / "formats.md").read_text(encoding="utf-8").casefold()
    names = {"text": "plain text"}
    assert [kind for kind in DocumentKind if names.get(kind.value, kind.value) not in page] == []
