"""How sure a finding is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given

from smallprint.evaluation import confidence as module
from smallprint.evaluation.confidence import confidence
from smallprint.models.domain import Match, Outcome, Ruling, Verdict
from tests.fakes.judged import HIGH, LIABILITY, UNLIMITED, found
from tests.unit.reports.strategies import report_findings


def sure(*quotes: str, **how: object) -> float:
    return confidence(found(UNLIMITED, *quotes, **how))  # type: ignore[arg-type]


def test_what_the_reviewer_supports_is_surer_than_what_nobody_reviewed_and_that_than_what_it_rejects():
    ordered = [sure(LIABILITY, verdict=verdict) for verdict in (Verdict.SUPPORTED, None, Verdict.UNSUPPORTED)]
    assert ordered == pytest.approx([0.9, 0.75, 0.15])


def test_a_finding_of_the_reviewers_own_is_a_little_less_sure_than_one_that_nobody_reviewed():
    assert sure(LIABILITY, outcome=Outcome.ADDED) == pytest.approx(0.7)


def test_the_best_quotation_counts():
    approximate = found(UNLIMITED, LIABILITY, match=Match.APPROXIMATE)
    both = replace(approximate, evidence=(*approximate.evidence, *found(UNLIMITED, LIABILITY).evidence))
    assert confidence(approximate) == pytest.approx(0.75 * 0.9)
    assert confidence(both) == pytest.approx(0.75)
    assert sure(LIABILITY, match=Match.UNVERIFIED) == pytest.approx(0.75 * 0.75)
    assert sure() == pytest.approx(0.75 * 0.7)


def test_the_adjudicator_has_the_last_word():
    rejected = found(UNLIMITED, LIABILITY, verdict=Verdict.UNSUPPORTED)
    ruled = replace(rejected, ruling=Ruling("F1", Verdict.SUPPORTED, HIGH, ""))
    assert confidence(ruled) == pytest.approx(0.9)


def test_the_table_in_the_docstring_is_the_one_in_use():
    told = [float(figure) for figure in re.findall(r"\| (\d\.\d\d) ", module.__doc__ or "")]
    verdicts = [sure(LIABILITY, verdict=verdict) for verdict in (Verdict.SUPPORTED, Verdict.OVERSTATED, None)]
    added = sure(LIABILITY, outcome=Outcome.ADDED)
    rest = [sure(LIABILITY, verdict=verdict) for verdict in (Verdict.NOT_CHECKABLE, Verdict.UNSUPPORTED)]
    matches = [
        sure(LIABILITY, match=match) / 0.75 for match in (Match.EXACT, Match.APPROXIMATE, Match.UNVERIFIED)
    ]
    starts = [*verdicts, added, *rest]
    both = [figure for pair in zip(starts, [*matches, sure() / 0.75], strict=False) for figure in pair]
    assert told == pytest.approx([*both, *starts[4:]])


@given(report_findings)
def test_it_is_a_probability_whatever_the_finding(finding):
    assert 0 <= confidence(finding) <= 1
