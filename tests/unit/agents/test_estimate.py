"""What an analysis will cost is known before anything is spent, and is rather too high than too low."""

from smallprint.agents.estimate import estimated_cost
from smallprint.agents.profiles import Models, staffings
from smallprint.models.domain import NANO_USD_PER_USD, Profile
from smallprint.services.pricing import Pricing

CLAUDE = staffings(Models("claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5"))
LOCAL = staffings(Models("qwen", "qwen", "qwen"))
PRICE = Pricing().cost


def test_twenty_pages_cost_about_ten_cents_in_the_balanced_profile():
    cost = estimated_cost((18_000,), CLAUDE[Profile.BALANCED], PRICE)

    assert cost is not None
    assert 0.08 < cost / NANO_USD_PER_USD < 0.14


def test_economy_costs_a_fraction_and_thorough_more():
    costs = [
        estimated_cost((18_000,), CLAUDE[profile], PRICE) or 0
        for profile in (Profile.ECONOMY, Profile.BALANCED, Profile.THOROUGH)
    ]

    assert costs[0] * 10 < costs[1] < costs[2]


def test_each_part_is_paid_for():
    one = estimated_cost((50_000,), CLAUDE[Profile.BALANCED], PRICE)
    three = estimated_cost((50_000,) * 3, CLAUDE[Profile.BALANCED], PRICE)

    assert one is not None
    assert three == 3 * one


def test_the_cost_of_a_model_without_a_price_is_unknown():
    assert estimated_cost((1_000,), LOCAL[Profile.BALANCED], PRICE) is None
