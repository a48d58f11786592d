"""The key, the models and their prices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from anthropic import AsyncAnthropic

from smallprint.bootstrap.checkup.checked import Checked, absent, fault, note, ok
from smallprint.bootstrap.model import open_client
from smallprint.config import Settings
from smallprint.errors import ConfigurationError, ModelAuthentication, ModelError
from smallprint.models.domain import Usage
from smallprint.services.ai_client.catalogue import ModelState, model_state
from smallprint.services.pricing import Pricing

CLAUDE, MODEL, PRICES = "Claude", "model {name}", "prices"

NO_KEY = "ANTHROPIC_API_KEY is empty"
NO_KEY_REMEDY = "Set it for analyses by an AI. Without it --offline works, with rules."
NOT_ASKED = "{who} is set up; it has no list of models to check against"
NOT_ASKED_REMEDY = "smallprint analyse with a short document shows whether they answer."
SETTINGS_REMEDY = "docs/how-to/other-endpoints.md says which settings belong together."
ACCEPTED = "the key is accepted"
BAD_KEY = "the key in ANTHROPIC_API_KEY was not accepted"
BAD_KEY_REMEDY = "Copy it again from console.anthropic.com → API keys, and check that it was not revoked."
NO_ANSWER = "{address} did not answer ({code})"
NO_ANSWER_REMEDY = "Check the network, a proxy (HTTPS_PROXY), ANTHROPIC_BASE_URL, and status.anthropic.com."
ACTIVE = "active ({used_by})"
DEPRECATED = "deprecated; it retires {when} ({used_by})"
DEPRECATED_REMEDY = "Choose its successor in {used_by} before then, and run the evaluation again."
RETIRED = "retired: every request to it fails ({used_by})"
UNKNOWN = "unknown to this key ({used_by})"
CHOOSE_REMEDY = "Set {used_by} to a model that your account has."
NO_DATE = "at a date not yet said"
PRICES_KNOWN = "known for every model ({source})"
NO_PRICE = "none known for {names} ({source}): what they cost is recorded as unknown and is in no sum"
NO_PRICE_REMEDY = "Update Smallprint for newer prices, or mind that sums and budgets leave these models out."


async def check_claude(settings: Settings) -> AsyncIterator[Checked]:
    """Asks Anthropic for each model that the settings name; that costs nothing."""
    if settings.llm_provider == "anthropic" and settings.endpoint == "claude":
        if settings.anthropic_api_key is None:
            yield absent(CLAUDE, NO_KEY, NO_KEY_REMEDY)
            return
        async for checked in _at_anthropic(settings):
            yield checked
    else:
        yield await _elsewhere(settings)
    yield _prices(settings)


def models_of(settings: Settings) -> dict[str, list[str]]:
    """Each model that the settings name → the settings that name it."""
    used: dict[str, list[str]] = {}
    used.setdefault(settings.default_model, []).append("DEFAULT_MODEL")
    used.setdefault(settings.reviewer_model, []).append("REVIEWER_MODEL")
    used.setdefault(settings.adjudicator_model, []).append("ADJUDICATOR_MODEL")
    for model in settings.fallback_models:
        used.setdefault(model, []).append("FALLBACK_MODELS")
    return used


async def _at_anthropic(settings: Settings) -> AsyncIterator[Checked]:
    try:
        client = open_client(settings)
    except ModelAuthentication:
        yield fault(CLAUDE, BAD_KEY, BAD_KEY_REMEDY)
        return
    except ConfigurationError as error:
        yield fault(CLAUDE, error.user_message, SETTINGS_REMEDY)
        return
    assert isinstance(client, AsyncAnthropic)  # noqa: S101 - what `anthropic` as provider means
    try:
        async for checked in _models(client, settings):
            yield checked
    finally:
        await client.close()


async def _models(client: AsyncAnthropic, settings: Settings) -> AsyncIterator[Checked]:
    accepted = False
    for name, used_by in models_of(settings).items():
        try:
            state = await model_state(client, name)
        except ModelAuthentication:
            yield fault(CLAUDE, BAD_KEY, BAD_KEY_REMEDY)
            return
        except ModelError as error:
            says = NO_ANSWER.format(address=client.base_url.host, code=error.code)
            yield fault(CLAUDE, says, NO_ANSWER_REMEDY)
            return
        if not accepted:
            yield ok(CLAUDE, ACCEPTED)
            accepted = True
        yield _of(state, ", ".join(used_by))


def _of(state: ModelState, used_by: str) -> Checked:
    subject = MODEL.format(name=state.name)
    match state.lifecycle:
        case "active":
            return ok(subject, ACTIVE.format(used_by=used_by))
        case "deprecated":
            when = f"on {state.retires_at:%Y-%m-%d}" if state.retires_at else NO_DATE
            says = DEPRECATED.format(when=when, used_by=used_by)
            return note(subject, says, DEPRECATED_REMEDY.format(used_by=used_by))
        case "retired":
            return fault(subject, RETIRED.format(used_by=used_by), CHOOSE_REMEDY.format(used_by=used_by))
        case _:
            return fault(subject, UNKNOWN.format(used_by=used_by), CHOOSE_REMEDY.format(used_by=used_by))


async def _elsewhere(settings: Settings) -> Checked:
    who = "ENDPOINT=compatible" if settings.llm_provider == "anthropic" else settings.llm_provider
    try:
        client = open_client(settings)
    except (ConfigurationError, ModelAuthentication) as error:
        return fault(CLAUDE, error.user_message, SETTINGS_REMEDY)
    await client.close()
    return note(CLAUDE, NOT_ASKED.format(who=who), NOT_ASKED_REMEDY)


def _prices(settings: Settings) -> Checked:
    pricing, now = Pricing(), datetime.now(UTC)
    unknown = [
        name for name in models_of(settings) if pricing.cost(name, Usage(input_tokens=1), now)[0] is None
    ]
    if unknown:
        says = NO_PRICE.format(names=", ".join(unknown), source=pricing.source)
        return note(PRICES, says, NO_PRICE_REMEDY)
    return ok(PRICES, PRICES_KNOWN.format(source=pricing.source))
