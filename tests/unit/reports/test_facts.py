from __future__ import annotations

from dataclasses import replace

from smallprint.models.domain import FactKind, Match, Report, ReportFact
from smallprint.reports.facts import FactLine, fact_lines
from tests.fakes.reports import evidence, fact, low_report, thorough_report


def report_with(*facts: ReportFact) -> Report:
    return replace(low_report(), facts=facts)


def test_a_fact_says_what_it_is_and_where_it_stands():
    lines = fact_lines(thorough_report())
    assert lines[0] == FactLine("Supplier", "Cedar Ltd, Bristol", "p. 1")
    assert lines[-1] == FactLine("Governing law", "England and Wales", "p. 14")


def test_every_kind_of_fact_has_a_name_of_its_own():
    lines = fact_lines(report_with(*(fact(kind, " ", "x") for kind in FactKind)))
    assert len({line.label for line in lines}) == len(FactKind)


def test_a_fact_read_off_a_scan_says_so_and_one_that_is_not_in_the_document_is_not_shown():
    known = fact(FactKind.MONEY, "Fees", "5 a month")
    scan = replace(known, evidence=(evidence("5 a month", 2, Match.UNVERIFIED),))
    invented = replace(known, evidence=(evidence("", 2, Match.MISSING),))
    empty = replace(fact(FactKind.MONEY, "Fees", "\u200b"))
    (line,) = fact_lines(report_with(scan, invented, empty))
    assert line.where == "p. 2, from a scan, not machine-verified"
