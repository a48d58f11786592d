"""From the settings to the client: which endpoint, which capabilities, and what stops the start."""

from __future__ import annotations

from typing import Any

import pytest
from anthropic import AsyncAnthropic, AsyncAnthropicFoundry
from anthropic.lib.bedrock import AsyncAnthropicBedrockMantle

from smallprint.bootstrap.model import open_model, require_model
from smallprint.config import Settings, load_settings
from smallprint.errors import ConfigurationError
from smallprint.services.ai_client import CLAUDE, COMPATIBLE
from tests.fakes.call_log import InMemoryCallLog

SERVER = "http://127.0.0.1:11434"


@pytest.fixture
def settings(monkeypatch):
    """Settings out of an environment that holds nothing else."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def with_(**values: str) -> Settings:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return load_settings(None)

    return with_


def opened(settings: Settings) -> Any:
    return open_model(settings, InMemoryCallLog())


def test_with_a_key_alone_it_is_anthropics_claude_with_all_it_can_do(settings):
    model = opened(settings(ANTHROPIC_API_KEY="sk-ant-1"))
    assert type(model._client) is AsyncAnthropic
    assert str(model._client.base_url) == "https://api.anthropic.com"
    assert model._capabilities == CLAUDE


def test_a_compatible_server_needs_no_key_and_is_asked_for_little(settings):
    model = opened(settings(ENDPOINT="compatible", ANTHROPIC_BASE_URL=SERVER, MODEL_TIMEOUT_SECONDS="900"))
    assert str(model._client.base_url).startswith(SERVER)
    assert model._capabilities == COMPATIBLE
    assert not model.sees
    assert model._client.timeout.read == 900


def test_delivery_and_sight_can_be_set_beside_the_endpoint(settings):
    model = opened(
        settings(
            ENDPOINT="compatible",
            ANTHROPIC_BASE_URL=SERVER,
            MODEL_SEES_PICTURES="true",
            DOCUMENT_DELIVERY="document_block",
        )
    )
    assert model.sees
    assert model._capabilities.document_delivery == "document_block"


@pytest.mark.parametrize(
    ("values", "client"),
    [
        (
            {"LLM_PROVIDER": "bedrock", "CLOUD_API_KEY": "k", "CLOUD_REGION": "eu-central-1"},
            AsyncAnthropicBedrockMantle,
        ),
        (
            {"LLM_PROVIDER": "foundry", "CLOUD_API_KEY": "k", "CLOUD_PROJECT": "legal"},
            AsyncAnthropicFoundry,
        ),
    ],
    ids=["bedrock", "foundry"],
)
def test_a_cloud_needs_its_own_key_and_not_anthropics(settings, values, client):
    assert type(opened(settings(**values))._client) is client


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, "ANTHROPIC_API_KEY is not set"),
        ({"ENDPOINT": "compatible"}, "needs ANTHROPIC_BASE_URL"),
        ({"LLM_PROVIDER": "bedrock", "CLOUD_REGION": "eu-central-1"}, "CLOUD_API_KEY is not set"),
        ({"LLM_PROVIDER": "vertex", "CLOUD_PROJECT": "legal"}, "CLOUD_REGION is not set"),
        ({"LLM_PROVIDER": "foundry", "CLOUD_API_KEY": "k"}, "CLOUD_PROJECT is not set"),
        ({"ANTHROPIC_API_KEY": "k", "CLOUD_REGION": "eu-central-1"}, "CLOUD_REGION is set, but"),
        ({"LLM_PROVIDER": "azure"}, "LLM_PROVIDER"),
        ({"ENDPOINT": "ollama"}, "ENDPOINT"),
    ],
)
def test_a_wrong_combination_stops_the_start_with_the_name_of_the_setting(settings, values, named):
    with pytest.raises(ConfigurationError, match=named):
        opened(settings(**values))


def test_whether_there_is_a_model_to_ask_is_known_before_anything_is_opened(settings):
    with pytest.raises(ConfigurationError, match="ANTHROPIC_API_KEY"):
        require_model(settings())
    require_model(settings(ANTHROPIC_API_KEY="sk-ant-1"))


@pytest.mark.parametrize(
    ("value", "models"),
    [
        ("claude-opus-5-5, claude-fable-5-2", ("claude-opus-5-5", "claude-fable-5-2")),
        ("none", ()),
        ("", ("claude-opus-5-5",)),
    ],
)
def test_fallback_models_are_a_list_or_none(settings, value, models):
    assert settings(FALLBACK_MODELS=value).fallback_models == models
