from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smallprint.errors import UnknownPeriod
from smallprint.models.domain import RiskLevel
from smallprint.models.statistics import DEFAULT_PERIOD, Figures, Period

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "days"), [("24h", 1), ("7d", 7), ("7D", 7), (" 30d ", 30), ("4w", 28), ("1h", 1 / 24)]
)
def test_a_period_reaches_back_from_now(given, days):
    assert Period.is_one(given)
    assert Period.parse(given).since(NOW) == NOW - timedelta(days=days)


@pytest.mark.parametrize("given", ["all", "ALL "])
def test_all_begins_never(given):
    assert Period.is_one(given)
    assert Period.parse(given).since(NOW) is None


@pytest.mark.parametrize("given", ["", "7", "d", "0d", "-7d", "7y", "99999d", "7d 3h", "seven", "٧d", "v2"])
def test_what_is_no_period_is_refused_with_examples(given):
    assert not Period.is_one(given)
    with pytest.raises(UnknownPeriod, match="24h, 7d, 4w or all"):
        Period.parse(given)


def test_thirty_days_is_what_nobody_has_to_say():
    assert Period.parse(DEFAULT_PERIOD.name) == DEFAULT_PERIOD


def test_few_analyses_are_thin():
    assert [Figures(n=n).thin for n in (0, 29, 30)] == [True, True, False]


def test_shares_of_nothing_are_unknown_not_zero():
    nothing = Figures()
    assert (nothing.findings_per_document, nothing.ungrounded_per_document) == (None, None)
    assert nothing.share_of_judged(0) is None


def test_shares_are_of_documents_and_of_judged_findings():
    some = Figures(
        n=4,
        levels={RiskLevel.LOW: 4},
        findings=10,
        judged=8,
        rejected=2,
        ungrounded=1,
        failures={"a": 1, "b": 2},
    )
    assert (some.findings_per_document, some.ungrounded_per_document) == (2.5, 0.25)
    assert (some.share_of_judged(some.rejected), some.failed) == (0.25, 3)
