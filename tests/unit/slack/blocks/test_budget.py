"""Budgets as `/usage budget` shows them, and the notice to the admins."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.models.domain import Budget, BudgetChange, BudgetScope, Limit, LimitMove, Place
from smallprint.slack.blocks.budget import (
    budget_changed,
    budget_notice,
    budgets_message,
    figures,
    gauge,
    limit_announcement,
)
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from tests.fakes import activity
from tests.fakes.slack import block_rules
from tests.integration.slack.prompting import words


def assert_valid(message: Message) -> None:
    assert validate_blocks(message.blocks) == []
    assert block_rules.problems(message.blocks) == []
    assert len(message.text) <= 4_000


def test_limit_spent_held_and_left_stand_in_one_line_each_with_where_the_limit_comes_from() -> None:
    message = budgets_message(activity.some_budgets(), admin=True)
    told = words(message.blocks)
    assert "One document\nlimit $2.00 (setting)" in told
    assert "Each channel, a month\nno limit" in told
    assert "limit $250.00 · $181.40 spent · $3.20 held by running analyses · $65.40 left" in told
    assert "(set by <U02ANN7> on 2026-11-23: quarter end)" in told
    assert "<C0CONTRACT>, a month" in told
    assert "/usage budget set" in told
    assert_valid(message)


def test_members_are_told_to_ask_an_admin() -> None:
    assert "/usage budget set" not in words(budgets_message(activity.some_budgets()[:3], admin=False).blocks)


@pytest.mark.parametrize(
    ("spent", "drawn"),
    [
        (0, "░░░░░░░░░░ 0\u00a0%"),
        (0.01, "█░░░░░░░░░ 0\u00a0%"),
        (72, "████████░░ 72\u00a0%"),
        (140, "██████████ 140\u00a0%"),
    ],
)
def test_the_gauge_shows_how_much_of_a_limit_is_spent(spent: float, drawn: str) -> None:
    assert gauge(activity.budget(BudgetScope.WORKSPACE_MONTH, 100, spent)) == drawn


@pytest.mark.parametrize(
    "budget",
    [
        activity.budget(BudgetScope.WORKSPACE_MONTH, None, 3),
        activity.budget(BudgetScope.WORKSPACE_MONTH, 0, 3),
        activity.budget(BudgetScope.DOCUMENT, 2),
    ],
)
def test_where_nothing_can_be_measured_there_is_no_gauge(budget: Budget) -> None:
    assert gauge(budget) == ""
    assert figures(budget)


def test_ten_thousand_budgets_fit_and_say_how_many_are_left_out() -> None:
    many = [
        activity.budget(BudgetScope.CHANNEL_MONTH, 1e6, 1e6, 1e5, id=f"C{n:010d}", reason="<!channel> " * 30)
        for n in range(10_000)
    ]
    message = budgets_message(many, admin=True)
    assert "more: smallprint budget lists all" in words(message.blocks)
    assert_valid(message)


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=400), st.text(max_size=30))
def test_any_reason_and_any_id_make_a_valid_message(reason: str, identity: str) -> None:
    place = Place(BudgetScope.USER_DAY, identity)
    assert_valid(budget_changed(activity.change(place, 5, reason)))
    assert_valid(budgets_message([activity.budget(place.scope, 1, id=identity, reason=reason)], admin=True))


def test_a_change_says_what_holds_now_and_why() -> None:
    place = Place(BudgetScope.CHANNEL_MONTH, "C0CONTRACT")
    told = words(budget_changed(activity.change(place, 25 * activity.DOLLAR, "the trial is over")).blocks)
    assert told.startswith("✓ <C0CONTRACT>, a month: $25.00. It holds from the next analysis on.")
    assert "Reason: the trial is over" in told


@pytest.mark.parametrize(("percent", "begins"), [(80, "🟠 80 %"), (100, "🔴 All")])
def test_a_notice_says_which_budget_how_much_who_raises_it_and_how(percent: int, begins: str) -> None:
    message = budget_notice(activity.notice(percent))
    told = words(message.blocks)
    assert told.startswith(f"{begins} of the budget of <C0CONTRACT> for 2026-11 is spent: $49.00 of $60.00.")
    assert "An admin can raise it: /usage budget set channel C0CONTRACT" in told
    assert "smallprint budget set channel C0CONTRACT" in told
    assert ("nothing more is analysed" in told) is (percent == 100)
    assert "channel C0CONTRACT" in message.text
    assert_valid(message)


def test_a_notice_of_the_workspace_names_no_channel() -> None:
    message = budget_notice(activity.notice(channel=""))
    assert "the workspace's budget for 2026-11" in words(message.blocks)
    assert "/usage budget set workspace <dollars>" in words(message.blocks)
    assert_valid(message)


def test_a_budget_without_an_id_of_slack_mentions_nobody() -> None:
    told = json.dumps(
        budgets_message([activity.budget(BudgetScope.USER_DAY, 1, id="<!here>")], admin=True).blocks
    )
    assert '"user"' not in told


# --- a limit that was changed --------------------------------------------------------------------------------


def a_move(place: Place, reason: str = "trial", before: BudgetChange | None = None) -> LimitMove:
    change = activity.change(place, 25 * activity.DOLLAR, reason)
    return LimitMove(change, Limit(100 * activity.DOLLAR, before), Limit(change.amount_nano_usd, change))


@settings(max_examples=60, deadline=None)
@given(
    place=st.one_of(
        st.builds(Place, st.sampled_from(BudgetScope)),
        st.builds(Place, st.just(BudgetScope.USER_DAY), st.sampled_from(["U02ANN7", "*", "<!channel>"])),
        st.just(Place(BudgetScope.CHANNEL_MONTH, "C0CONTRACT")),
    ),
    name=st.one_of(
        st.text(max_size=80),
        st.sampled_from(["", "x" * 10_000, "<!channel>", "*`\u202e", "\u05d0\u05d1" * 300, "<@U02ANN7>"]),
    ),
    reason=st.one_of(st.text(max_size=80), st.sampled_from(["", "x" * 10_000, "<!channel> `*_~\u2066"])),
)
def test_an_announcement_of_a_limit_is_valid_and_wakes_nobody_whatever_names_and_reasons_hold(
    place: Place, name: str, reason: str
) -> None:
    message = limit_announcement(a_move(place, reason), name, name)
    assert_valid(message)
    assert "<!channel>" not in message.text
    assert "<@" not in message.text
    assert '"type": "user"' not in json.dumps(message.blocks)
    assert '"broadcast"' not in json.dumps(message.blocks)


@pytest.mark.parametrize(
    ("before", "back"),
    [
        (None, "/usage budget clear workspace <reason>"),
        (Place(BudgetScope.WORKSPACE_MONTH), "/usage budget set workspace 100 <reason>"),
    ],
)
def test_it_says_how_it_is_taken_back(before: Place | None, back: str) -> None:
    earlier = None if before is None else activity.change(before, 100 * activity.DOLLAR, "")
    move = a_move(Place(BudgetScope.WORKSPACE_MONTH), before=earlier)
    told = words(limit_announcement(move, "ann", "").blocks)
    assert "the workspace, a month: $100.00 → $25.00, set by ann" in told
    assert back in told


def test_everybodys_limit_is_cleared_not_set_for_one() -> None:
    everybodys = activity.change(Place(BudgetScope.USER_DAY), 100 * activity.DOLLAR, "")
    move = a_move(Place(BudgetScope.USER_DAY, "U02ANN7"), before=everybodys)
    assert "/usage budget clear user U02ANN7 <reason>" in words(limit_announcement(move, "ann", "bob").blocks)
