"""AIClient with the real anthropic SDK against a loopback Claude: Claude gives no answer."""

from __future__ import annotations

from time import perf_counter

import pytest

from smallprint import errors
from smallprint.models.domain import Usage
from smallprint.services.ai_client import connect
from tests.fakes.claude import Outcome, outcomes
from tests.integration.ai_client.setting import NO_WAIT, REQUEST, both_ways, connected


@both_ways
@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (outcomes.refusal(), errors.ModelRefused),
        (outcomes.truncation(), errors.AnswerTruncated),
        (outcomes.context_exceeded(), errors.ContextExceeded),
        (outcomes.empty(), errors.InvalidAnswer),
    ],
)
async def test_what_is_billed_without_an_answer_is_recorded_before_it_is_reported(
    request_, outcome, error, claude, client, calls
):
    claude.script(outcome)
    with pytest.raises(error) as raised:
        await client.complete(request_)
    [call] = calls.calls
    assert call.status == error.code
    assert call.usage == claude.billed[0].usage
    assert call.cost_nano_usd > 0
    assert not calls.answers
    assert raised.value.user_message == error.sentence


@both_ways
@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (outcomes.wrong_key(), errors.ModelAuthentication),
        (outcomes.forbidden(), errors.ModelAuthentication),
        (outcomes.payment_required(), errors.SpendLimitReached),
        (outcomes.spend_limit("enforced_spend_limit_reached"), errors.SpendLimitReached),
        (outcomes.spend_limit("contract_spend_limit_reached"), errors.SpendLimitReached),
        (outcomes.prompt_too_long(), errors.ContextExceeded),
        (outcomes.rejected(), errors.ModelRequestRejected),
        (outcomes.rejected(404, "not_found_error"), errors.ModelRequestRejected),
        (outcomes.rejected(413, "request_too_large"), errors.ModelRequestRejected),
        (outcomes.rejected(422), errors.ModelRequestRejected),
        (outcomes.rate_limited(600), errors.ModelOverloaded),
    ],
    ids=lambda value: value.name if isinstance(value, Outcome) else value.code,
)
async def test_what_trying_again_cannot_help_is_tried_once_and_costs_nothing(
    request_, outcome, error, claude, client, calls
):
    claude.always(outcome)
    began = perf_counter()
    with pytest.raises(error) as raised:
        await client.complete(request_)
    assert perf_counter() - began < 60
    assert "secret words" not in raised.value.user_message
    [call] = calls.calls
    assert (call.status, call.http_status) == (error.code, outcome.status)
    assert (call.cost_nano_usd, call.usage, call.price_source) == (0, Usage(), "not billed")
    assert call.request_id


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (outcomes.overloaded(NO_WAIT), errors.ModelOverloaded),
        (outcomes.rate_limited(NO_WAIT), errors.ModelOverloaded),
        (outcomes.ramp_limited(NO_WAIT), errors.ModelOverloaded),
        (outcomes.server_error(500, NO_WAIT), errors.ModelUnreachable),
        (outcomes.server_error(503, NO_WAIT), errors.ModelUnreachable),
    ],
    ids=lambda value: value.name if isinstance(value, Outcome) else value.code,
)
async def test_what_passes_is_tried_again_and_then_reported_as_worth_another_try(
    outcome, error, claude, client, calls
):
    claude.always(outcome)
    with pytest.raises(error) as raised:
        await client.complete(REQUEST)
    assert raised.value.retryable
    assert [call.attempt for call in calls.calls] == [1, 2, 3]
    assert {(call.status, call.cost_nano_usd) for call in calls.calls} == {(error.code, 0)}


@both_ways
async def test_an_overload_that_passes_ends_in_an_answer_and_every_attempt_has_its_row(
    request_, claude, client, calls
):
    claude.script(outcomes.overloaded(NO_WAIT), outcomes.rate_limited(NO_WAIT))
    await client.complete(request_)
    assert [(call.attempt, call.status) for call in calls.calls] == [
        (1, "model_overloaded"),
        (2, "model_overloaded"),
        (3, "ok"),
    ]
    assert calls.usage == claude.usage


async def test_a_long_wait_is_left_to_the_queue_and_says_how_long(claude, client):
    claude.always(outcomes.rate_limited(600))
    with pytest.raises(errors.ModelOverloaded) as raised:
        await client.complete(REQUEST)
    assert raised.value.retry_after_s == 600


async def test_a_key_that_claude_does_not_know_is_an_authentication_error(claude, calls):
    async with connected(claude.url, calls, api_key="sk-ant-other") as client:
        with pytest.raises(errors.ModelAuthentication):
            await client.complete(REQUEST)


@pytest.mark.parametrize("api_key", ["", "  ", "sk-ant\nX-Evil: 1", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_refused_before_anything_is(api_key):
    with pytest.raises(errors.ModelAuthentication):
        connect(api_key, None, max_retries=0)


def test_a_key_with_a_line_end_from_a_file_is_accepted():
    assert connect("sk-ant-test\n", None, max_retries=0).api_key == "sk-ant-test"


def test_the_address_and_key_of_the_sdks_own_environment_are_ignored(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "other")
    sdk = connect("sk-ant-test", None, max_retries=0)
    assert str(sdk.base_url) == "https://api.anthropic.com"
    assert sdk.auth_headers == {"Authorization": "Bearer sk-ant-test"}
