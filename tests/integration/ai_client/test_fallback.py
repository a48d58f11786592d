"""A fallback with the real anthropic SDK against a loopback Claude: what is paid, what is recorded, what is found again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from smallprint import errors
from smallprint.agents.fallback import ModelWithFallbacks
from tests.fakes.claude import outcomes
from tests.integration.ai_client.setting import NO_WAIT, REQUEST, connected

OPUS = "claude-opus-5-5"


def asks_sonnet(body: Mapping[str, Any]) -> bool:
    return bool(body["model"] == REQUEST.model)


async def test_a_refusal_is_answered_by_another_model_and_both_are_in_the_books(claude, client, calls):
    claude.always(outcomes.refusal(), asks_sonnet)
    completion = await ModelWithFallbacks(client, [OPUS]).complete(REQUEST)
    assert (completion.model, completion.instead_of) == (OPUS, REQUEST.model)
    assert [(call.request_model, call.status) for call in calls.calls] == [
        (REQUEST.model, "model_refused"),
        (OPUS, "ok"),
    ]
    assert calls.usage == claude.usage


async def test_an_overload_that_stays_is_answered_by_another_model_after_the_clients_own_tries(
    claude, client, calls
):
    claude.always(outcomes.overloaded(NO_WAIT), asks_sonnet)
    completion = await ModelWithFallbacks(client, [OPUS]).complete(REQUEST)
    assert completion.instead_of == REQUEST.model
    assert [call.status for call in calls.calls] == [*["model_overloaded"] * 3, "ok"]


async def test_after_a_restart_the_answer_of_the_fallback_is_found_and_not_paid_again(claude, client, calls):
    claude.always(outcomes.refusal(), asks_sonnet)
    await ModelWithFallbacks(client, [OPUS]).complete(REQUEST)
    paid = len(claude.billed)
    async with connected(claude.url, calls) as restarted:
        again = await ModelWithFallbacks(restarted, [OPUS]).complete(REQUEST)
    assert (again.model, again.instead_of, again.replayed) == (OPUS, REQUEST.model, True)
    assert len(claude.billed) == paid


async def test_a_fallback_that_the_endpoint_does_not_have_leaves_the_first_error(claude, client):
    claude.always(outcomes.refusal(), asks_sonnet)
    with pytest.raises(errors.ModelRefused):
        await ModelWithFallbacks(client, ["claude-unknown-1"]).complete(REQUEST)
