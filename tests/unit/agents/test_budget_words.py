from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.budget_words import LimitWish, limit_to_clear, limit_to_set
from smallprint.errors import InvalidBudget
from smallprint.models.domain import BudgetScope, Place

DOLLAR = 1_000_000_000


@pytest.mark.parametrize(
    ("words", "place", "amount", "reason"),
    [
        ("workspace 500 new quarter", Place(BudgetScope.WORKSPACE_MONTH), 500 * DOLLAR, "new quarter"),
        ("month $1,500.50 more", Place(BudgetScope.WORKSPACE_MONTH), 1_500_500_000_000, "more"),
        ("document 0.25 no novels", Place(BudgetScope.DOCUMENT), DOLLAR // 4, "no novels"),
        ("user 2 each", Place(BudgetScope.USER_DAY), 2 * DOLLAR, "each"),
        ("User u012ab3cd NONE the boss", Place(BudgetScope.USER_DAY, "U012AB3CD"), None, "the boss"),
        ("user <@U012AB3CD|bob> 5 x", Place(BudgetScope.USER_DAY, "U012AB3CD"), 5 * DOLLAR, "x"),
        ("channel <#C012AB3CD|legal> 0 stop", Place(BudgetScope.CHANNEL_MONTH, "C012AB3CD"), 0, "stop"),
        ("channel_month G012AB3CD 5 x", Place(BudgetScope.CHANNEL_MONTH, "G012AB3CD"), 5 * DOLLAR, "x"),
    ],
)
def test_a_limit_is_named_in_few_words(words, place, amount, reason):
    assert limit_to_set(words.split()) == LimitWish(place, amount, reason)


@pytest.mark.parametrize(
    ("words", "place", "reason"),
    [
        ("user U012AB3CD left", Place(BudgetScope.USER_DAY, "U012AB3CD"), "left"),
        ("channel unused since May", Place(BudgetScope.CHANNEL_MONTH), "unused since May"),
        ("workspace over", Place(BudgetScope.WORKSPACE_MONTH), "over"),
    ],
)
def test_a_limit_is_taken_back_in_few_words(words, place, reason):
    assert limit_to_clear(words.split()) == LimitWish(place, None, reason)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "team 5 x",
        "user",
        "user Bob 5 x",
        "user C012AB3CD 5 x",
        "workspace U012AB3CD 5 x",
        "document 5",
        "document -1 x",
        "document NaN x",
        "document Infinity x",
        "document 1e99 x",
        "document 1000001 x",
        "document ٣x x",
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(words):
    with pytest.raises(InvalidBudget) as refused:
        limit_to_set(words.split())
    assert refused.value.user_message.endswith((".", ")"))


@given(st.lists(st.text(max_size=20), max_size=6))
def test_whatever_is_typed_is_a_limit_or_a_sentence(words):
    with suppress(InvalidBudget):
        wish = limit_to_set(words)
        assert wish.amount_nano_usd is None or 0 <= wish.amount_nano_usd <= 1_000_000 * DOLLAR
        assert wish.reason == " ".join(wish.reason.split())
