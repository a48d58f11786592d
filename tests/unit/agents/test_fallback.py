"""Another model is asked when the first does not answer, and the answer says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from smallprint import errors
from smallprint.agents.fallback import ModelWithFallbacks, same_model
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import Usage
from tests.fakes.language_model import ScriptedModel

SONNET, OPUS, FABLE = "claude-sonnet-5-5", "claude-opus-5-5", "claude-fable-5-2"
REQUEST = CompletionRequest(
    "a1", "document_analysis", "main", SONNET, "medium", 100, "", "", "msa.pdf", "secret", {}
)


def asked(model: ScriptedModel) -> list[str]:
    return [request.model for request in model.requests]


async def test_a_model_that_answers_is_the_only_one_asked():
    model = ScriptedModel("{}")
    completion = await ModelWithFallbacks(model, [OPUS]).complete(REQUEST)
    assert asked(model) == [SONNET]
    assert (completion.model, completion.instead_of) == (SONNET, "")


@pytest.mark.parametrize("error", [errors.ModelRefused(), errors.ModelOverloaded(retry_after_s=9)])
async def test_the_next_model_gets_the_same_request_when_one_refuses_or_stays_overloaded(error):
    model = ScriptedModel(error, "{}")
    completion = await ModelWithFallbacks(model, [OPUS]).complete(REQUEST)
    assert model.requests == [REQUEST, replace(REQUEST, model=OPUS)]
    assert (completion.model, completion.instead_of) == (OPUS, SONNET)


@pytest.mark.parametrize(
    "error",
    [
        errors.ContextExceeded(),
        errors.ModelAuthentication(),
        errors.SpendLimitReached(),
        errors.ModelRequestRejected(),
        errors.AnswerTruncated(),
        errors.ModelUnreachable(),
    ],
    ids=lambda error: error.code,
)
async def test_what_another_model_cannot_help_is_reported_at_once(error):
    model = ScriptedModel(error)
    with pytest.raises(type(error)):
        await ModelWithFallbacks(model, [OPUS]).complete(REQUEST)
    assert asked(model) == [SONNET]


async def test_when_all_fail_the_first_error_is_the_one_that_counts():
    model = ScriptedModel(
        errors.ModelOverloaded(retry_after_s=9), errors.ModelRefused(), errors.ModelUnreachable()
    )
    with pytest.raises(errors.ModelOverloaded) as raised:
        await ModelWithFallbacks(model, [OPUS, FABLE]).complete(REQUEST)
    assert raised.value.retry_after_s == 9
    assert asked(model) == [SONNET, OPUS, FABLE]


@pytest.mark.parametrize("name", [SONNET, f"{SONNET}-20261001", f"anthropic.{SONNET}"])
async def test_the_model_that_failed_is_not_asked_again_under_another_name(name):
    model = ScriptedModel(errors.ModelRefused(), "{}")
    await ModelWithFallbacks(model, [name, OPUS]).complete(REQUEST)
    assert asked(model) == [SONNET, OPUS]


async def test_without_fallbacks_an_error_stays_an_error():
    with pytest.raises(errors.ModelRefused):
        await ModelWithFallbacks(ScriptedModel(errors.ModelRefused()), []).complete(REQUEST)


async def test_one_warning_names_both_models_and_the_reason_and_nothing_of_the_document():
    with capture_logs() as logs:
        await ModelWithFallbacks(ScriptedModel(errors.ModelRefused(), "{}"), [OPUS]).complete(REQUEST)
    [line] = logs
    assert (line["log_level"], line["model"], line["by"], line["code"]) == (
        "warning",
        SONNET,
        OPUS,
        "model_refused",
    )
    assert "secret" not in str(logs)


def test_it_sees_what_the_model_sees():
    assert ModelWithFallbacks(ScriptedModel(sees=True), []).sees
    assert not ModelWithFallbacks(ScriptedModel(sees=False), []).sees


# --- after a restart -------------------------------------------------------------------------------------


class Paid:
    """Everything was answered before, by `model`."""

    sees = True

    def __init__(self, model: str, *, replayed: bool = True) -> None:
        self._completion = Completion("{}", model, Usage(), 1, 1.0, replayed=replayed)

    async def complete(self, request: CompletionRequest) -> Completion:
        return self._completion


@pytest.mark.parametrize("recorded", [OPUS, f"{OPUS}-20261001", f"eu.anthropic.{OPUS}-v1:0"])
async def test_a_paid_answer_of_a_fallback_is_found_again_and_still_says_so(recorded):
    completion = await ModelWithFallbacks(Paid(recorded), [OPUS]).complete(REQUEST)
    assert (completion.model, completion.instead_of) == (recorded, SONNET)


@pytest.mark.parametrize(
    "recorded", [SONNET, f"{SONNET}-20261001", f"anthropic.{SONNET}", f"{SONNET}@20261001"]
)
async def test_a_paid_answer_of_the_model_that_was_asked_is_not_a_replacement(recorded):
    assert not (await ModelWithFallbacks(Paid(recorded), [OPUS]).complete(REQUEST)).instead_of


async def test_an_endpoint_that_calls_its_model_by_another_name_is_no_replacement():
    by_deployment = replace(REQUEST, model="our-deployment")
    live = await ModelWithFallbacks(Paid(OPUS, replayed=False), [OPUS]).complete(by_deployment)
    assert not live.instead_of


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (SONNET, f"{SONNET}-20261001", True),
        (SONNET, f"us.anthropic.{SONNET}-20261001-v2:0", True),
        (SONNET, OPUS, False),
        ("claude-opus-5", OPUS, False),
        ("claude-sonnet-4-5", SONNET, False),
        ("qwen3:32b", "qwen3:8b", False),
        ("qwen3:32b", "qwen3:32b", True),
    ],
)
def test_a_model_is_known_by_each_of_its_names(one, other, same):
    assert same_model(one, other) is same
