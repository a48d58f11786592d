from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smallprint.models.domain import (
    Budget,
    BudgetAction,
    BudgetChange,
    BudgetNotice,
    BudgetScope,
    Limit,
    Place,
    Refusal,
)
from smallprint.reports.budgets import (
    budget_lines,
    change_sentence,
    notice_sentence,
    refusal_sentence,
    unpriced_sentence,
    usd,
)

DOLLAR = 1_000_000_000


@pytest.mark.parametrize(
    ("nano_usd", "shown"),
    [
        (0, "$0.00"),
        (1_234_500_000_000, "$1,234.50"),
        (10_000_000, "$0.01"),
        (1_200_000, "$0.0012"),
        (10, "$0.00000001"),
    ],
)
def test_small_amounts_are_not_shown_as_nothing(nano_usd, shown):
    assert usd(nano_usd) == shown


def test_a_refusal_says_which_limit_what_is_left_what_it_would_have_cost_and_who_can_raise_it():
    budget = Budget(Place(BudgetScope.USER_DAY, "U1"), Limit(DOLLAR), 600_000_000, 350_000_000)
    assert refusal_sentence(Refusal(budget, 120_000_000, 0)) == (
        "I didn't analyse this document: it would cost about $0.12, but your budget for today is $1.00 and $0.05 of it"
        " is left ($0.35 is held for documents that are being read). Nothing was spent on it."
        " There is a new one from midnight UTC. An admin can raise it: /usage budget, or smallprint budget set."
    )


def test_a_refusal_in_the_middle_says_what_was_spent():
    budget = Budget(Place(BudgetScope.DOCUMENT), Limit(DOLLAR))
    said = refusal_sentence(Refusal(budget, 1_200_000_000, 700_000_000))
    assert "it would come to about $1.20, but a single document may cost at most $1.00 here" in said
    assert "$0.70 was spent on it." in said


def test_a_budget_that_was_exceeded_has_nothing_left():
    budget = Budget(Place(BudgetScope.WORKSPACE_MONTH), Limit(DOLLAR), 2 * DOLLAR)
    assert "is $1.00 and $0.00 of it is left" in refusal_sentence(Refusal(budget, DOLLAR, 0))


def test_a_line_says_where_a_limit_comes_from():
    place = Place(BudgetScope.CHANNEL_MONTH, "C1")
    at = datetime(2026, 11, 26, tzinfo=UTC)
    change = BudgetChange(place, BudgetAction.SET, DOLLAR, "U0ADMIN", "a trial", "r", at)
    own = Budget(place, Limit(DOLLAR, change), 250_000_000, unpriced_calls=2)
    everybody = Budget(Place(BudgetScope.CHANNEL_MONTH), Limit(2 * DOLLAR))
    unlimited = Budget(Place(BudgetScope.WORKSPACE_MONTH), Limit(None), 250_000_000)
    lines = budget_lines([own, everybody, unlimited])
    assert [(line.what, line.limit, line.spent, line.left, line.source) for line in lines] == [
        ("channel C1, a month", "$1.00", "$0.25", "$0.75", "set by U0ADMIN on 2026-11-26: a trial"),
        ("each channel, a month", "$2.00", "", "", "setting"),
        ("the workspace, a month", "no limit", "$0.25", "", ""),
    ]
    assert unpriced_sentence([own, unlimited]) == "2 calls of unknown cost are not in these sums."
    assert change_sentence(change) == "channel C1, a month: $1.00. It holds from the next analysis on."


def test_a_notice_says_how_much_of_which_budget_is_spent():
    place = Place(BudgetScope.CHANNEL_MONTH, "C1")
    notice = BudgetNotice(1, place, "2026-11", 80, 10 * DOLLAR, 8 * DOLLAR)
    assert notice_sentence(notice) == "80 % of the budget of <#C1> for 2026-11 is spent: $8.00 of $10.00."
    whole = BudgetNotice(2, Place(BudgetScope.WORKSPACE_MONTH), "2026-11", 100, 10 * DOLLAR, 11 * DOLLAR)
    assert notice_sentence(whole) == "All of the workspace's budget for 2026-11 is spent: $11.00 of $10.00."
