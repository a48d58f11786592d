from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import (
    Budget,
    BudgetAction,
    BudgetChange,
    BudgetScope,
    Limit,
    Place,
    limit_of,
    places_of,
    refusal_of,
)

NOW = datetime(2026, 11, 26, tzinfo=UTC)
WORKSPACE = Place(BudgetScope.WORKSPACE_MONTH)
amounts = st.integers(0, 10**18)


def a_change(place: Place, amount: int | None, action: BudgetAction = BudgetAction.SET) -> BudgetChange:
    return BudgetChange(place, action, amount, "U0ADMIN", "why", "request", NOW)


@given(limit=st.none() | amounts, spent=amounts, reserved=amounts)
def test_what_is_left_is_never_negative(limit, spent, reserved):
    left = Budget(WORKSPACE, Limit(limit), spent, reserved).left_nano_usd
    assert (left is None) == (limit is None)
    assert left is None or 0 <= left <= limit


@given(limit=amounts, spent=amounts, reserved=amounts, cost=amounts)
def test_whoever_is_let_in_leaves_the_budget_whole(limit, spent, reserved, cost):
    budget = Budget(WORKSPACE, Limit(limit), spent, reserved)
    refused = refusal_of([budget], cost_nano_usd=cost, spent_nano_usd=0)
    assert (refused is None) == (spent + reserved + cost <= limit)


def test_what_is_spent_on_an_analysis_counts_for_its_document_and_not_twice_for_its_month():
    document = Budget(Place(BudgetScope.DOCUMENT), Limit(10))
    month = Budget(WORKSPACE, Limit(10), spent_nano_usd=9)
    assert refusal_of([document, month], cost_nano_usd=10, spent_nano_usd=9) is None
    assert refusal_of([document], cost_nano_usd=11, spent_nano_usd=9) is not None
    assert refusal_of([month], cost_nano_usd=11, spent_nano_usd=9) is not None


def test_a_limit_of_ones_own_comes_before_everybodys_and_that_before_the_setting():
    own, all_users = Place(BudgetScope.USER_DAY, "U1"), Place(BudgetScope.USER_DAY)
    defaults = {BudgetScope.USER_DAY: 1}
    assert limit_of(own, {}, defaults) == Limit(1)
    everybodys = {all_users: a_change(all_users, 2)}
    assert limit_of(own, everybodys, defaults).nano_usd == 2
    ones_own = everybodys | {own: a_change(own, None)}
    assert limit_of(own, ones_own, defaults).nano_usd is None
    cleared = everybodys | {own: a_change(own, None, BudgetAction.CLEAR)}
    assert limit_of(own, cleared, defaults).nano_usd == 2


def test_the_command_line_is_neither_a_user_nor_a_channel():
    assert [place.scope for place in places_of("", "")] == [BudgetScope.DOCUMENT, BudgetScope.WORKSPACE_MONTH]
    assert len(places_of("U1", "C1")) == 4
