"""Expected figures are list prices per million tokens, multiplied by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import genai_prices
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import Usage
from smallprint.services.pricing import Pricing, _inclusive

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DOLLAR = 1_000_000_000


@pytest.mark.parametrize(
    ("model", "usage", "nano_usd"),
    [
        ("claude-sonnet-5-5", Usage(input_tokens=1_000_000), 2 * DOLLAR),
        ("claude-sonnet-5-5", Usage(output_tokens=1_000_000), 10 * DOLLAR),
        ("claude-sonnet-5-5", Usage(cache_read_tokens=1_000_000), DOLLAR // 10),
        ("claude-sonnet-5-5", Usage(cache_write_5m_tokens=1_000_000), 5 * DOLLAR // 2),
        ("claude-sonnet-5-5", Usage(cache_write_1h_tokens=1_000_000), 4 * DOLLAR),
        ("claude-sonnet-5-5", Usage(input_tokens=18_000, output_tokens=4_000), 76_000_000),
        ("claude-haiku-5-5", Usage(input_tokens=1), 100),
        ("claude-haiku-5-5", Usage(cache_read_tokens=1), 10),
        ("claude-opus-5-5", Usage(input_tokens=1_000, output_tokens=1_000), 24_000_000),
    ],
)
def test_a_call_costs_its_list_price_to_the_nano_dollar(model, usage, nano_usd):
    assert Pricing().cost(model, usage, NOON)[0] == nano_usd


def test_every_part_of_the_usage_is_paid_once_at_its_own_price():
    usage = Usage(
        input_tokens=1_000,
        cache_read_tokens=2_000,
        cache_write_5m_tokens=3_000,
        cache_write_1h_tokens=4_000,
        output_tokens=500,
        thinking_tokens=200,
    )
    expected = 1_000 * 2_000 + 2_000 * 100 + 3_000 * 2_500 + 4_000 * 4_000 + 500 * 10_000
    assert Pricing().cost("claude-sonnet-5-5", usage, NOON)[0] == expected


def test_thinking_is_part_of_the_output_and_costs_nothing_extra():
    plain = Pricing().cost("claude-sonnet-5-5", Usage(output_tokens=900), NOON)
    thought = Pricing().cost("claude-sonnet-5-5", Usage(output_tokens=900, thinking_tokens=800), NOON)
    assert plain == thought


def test_haiku_costs_five_times_as_much_for_the_whole_request_above_100_000_tokens():
    below = Pricing().cost("claude-haiku-5-5", Usage(input_tokens=100_000), NOON)[0]
    above = Pricing().cost("claude-haiku-5-5", Usage(input_tokens=100_001), NOON)[0]
    assert below == 100_000 * 100
    assert above == 100_001 * 500


def test_no_tokens_cost_nothing():
    assert Pricing().cost("claude-sonnet-5-5", Usage(), NOON)[0] == 0


def test_the_cost_names_the_price_table_and_its_version():
    source = Pricing().cost("claude-sonnet-5-5", Usage(), NOON)[1]
    assert source.startswith("genai-prices ")
    assert source.split()[1][0].isdigit()


def test_an_unknown_model_has_no_cost_rather_than_none():
    cost, source = Pricing().cost("local-llama", Usage(input_tokens=1_000), NOON)
    assert cost is None
    assert source.startswith("genai-prices ")


def test_an_unknown_model_is_logged_once_a_day():
    pricing = Pricing()
    with structlog.testing.capture_logs() as lines:
        for hours in (0, 1, 2, 24):
            pricing.cost("local-llama", Usage(), NOON + timedelta(hours=hours))
        pricing.cost("other-llama", Usage(), NOON)
    assert [line["model"] for line in lines] == ["local-llama", "local-llama", "other-llama"]


@pytest.mark.parametrize(
    ("terms", "dollars"),
    [
        ({}, 2),
        ({"service_tier": "standard"}, 2),
        ({"service_tier": "batch"}, 1),
        ({"inference_geo": "global"}, 2),
        ({"inference_geo": "us"}, "2.2"),
        ({"inference_geo": "us", "service_tier": "batch"}, "1.1"),
        ({"inference_geo": "not_available", "service_tier": "priority"}, 2),
    ],
)
def test_a_batch_costs_half_and_inference_in_the_us_a_tenth_more(terms, dollars):
    usage = Usage(input_tokens=1_000_000)
    assert Pricing().cost("claude-sonnet-5-5", usage, NOON, **terms)[0] == Decimal(dollars) * DOLLAR


def test_half_applies_to_every_part_of_the_usage_and_agrees_with_the_batch_rates_of_the_table():
    usage = Usage(1_000, 2_000, 3_000, 4_000, 500)
    for model in ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"):
        batch = genai_prices.calc_price(
            _inclusive(usage),
            model,
            provider_id="anthropic",
            genai_request_timestamp=NOON,
            price_context={"processing": "batch"},
        )
        assert Pricing().cost(model, usage, NOON, service_tier="batch")[0] == batch.total_price * DOLLAR


def test_half_a_nano_dollar_is_rounded_up_once_and_at_the_end():
    one = Usage(cache_read_tokens=1)  # 10 nano-USD
    assert Pricing().cost("claude-haiku-5-5", one, NOON, service_tier="batch")[0] == 5
    assert Pricing().cost("claude-haiku-5-5", one, NOON, service_tier="batch", inference_geo="us")[0] == 6


def test_terms_make_no_price_for_an_unknown_model():
    usage = Usage(input_tokens=1)
    assert Pricing().cost("local-llama", usage, NOON, service_tier="batch", inference_geo="us")[0] is None


counts = st.integers(min_value=0, max_value=10_000)
usages = st.builds(Usage, counts, counts, counts, counts, counts)


@given(usages, usages)
def test_two_calls_cost_what_their_sum_costs(one, other):
    def cost(usage: Usage) -> int:
        return Pricing().cost("claude-opus-5-5", usage, NOON)[0] or 0

    assert cost(one) + cost(other) == cost(one + other)
