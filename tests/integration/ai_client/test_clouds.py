"""Claude at the clouds, with the SDK's own clients against a loopback server: where a request goes, and as whom."""

from __future__ import annotations

import builtins
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from anthropic.lib.vertex import AsyncAnthropicVertex
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from smallprint import errors
from smallprint.services.ai_client import AIClient, Cloud, connect_cloud
from smallprint.services.pricing import Pricing
from tests.fakes.call_log import InMemoryCallLog
from tests.fakes.claude.cloud import CloudServer
from tests.integration.ai_client.setting import REQUEST, STREAMED, both_ways

BEDROCK = Cloud("bedrock", region="eu-central-1", api_key="aws-key")
VERTEX = Cloud("vertex", region="europe-west1", project="legal-123")
FOUNDRY = Cloud("foundry", project="legal-eu", api_key="azure-key")


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch):
    for name in (
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_REGION",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_CLOUD_PROJECT",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def server() -> AsyncIterator[CloudServer]:
    async with CloudServer() as running:
        yield running


@pytest.fixture
def google_login(tmp_path, monkeypatch, server):
    """A service account's key file, whose tokens come from the loopback server."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "type": "service_account",
        "client_email": "smallprint@legal-123.example",
        "private_key": pem.decode(),
        "token_uri": f"{server.url}/token",
    }
    file = tmp_path / "account.json"
    file.write_text(json.dumps(account), encoding="utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))


@asynccontextmanager
async def at(cloud: Cloud, base_url: str, calls: InMemoryCallLog) -> AsyncIterator[AIClient]:
    client = AIClient(connect_cloud(cloud, base_url, max_retries=0), calls, Pricing(), call_budget_s=10)
    yield client
    await client.close()


# --- where a request goes, and as whom -------------------------------------------------------------------


@both_ways
async def test_bedrock_gets_the_messages_api_with_a_bearer_key(request_, server, calls):
    request = replace(request_, model="anthropic.claude-sonnet-5-5")
    async with at(BEDROCK, f"{server.url}/anthropic", calls) as client:
        completion = await client.complete(request)
    [asked] = server.asked
    assert asked.path == "/anthropic/v1/messages"
    assert asked.headers["authorization"] == "Bearer aws-key"
    assert asked.headers["anthropic-version"]
    assert asked.body["model"] == "anthropic.claude-sonnet-5-5"
    assert asked.body["output_config"]["format"]["type"] == "json_schema"
    assert completion.text == '{"summary": "short"}'


@both_ways
async def test_vertex_gets_the_model_in_the_path_and_googles_token(request_, server, calls, google_login):
    async with at(VERTEX, f"{server.url}/v1", calls) as client:
        await client.complete(request_)
    [asked] = server.asked
    ending = "streamRawPredict" if request_.stream else "rawPredict"
    assert asked.path == (
        "/v1/projects/legal-123/locations/europe-west1/publishers/anthropic/models/"
        f"claude-sonnet-5-5:{ending}"
    )
    assert asked.headers["authorization"] == "Bearer google-token-1"
    assert "model" not in asked.body
    assert asked.body["anthropic_version"]
    assert asked.body["messages"][-1]["content"][-1]["text"] == REQUEST.task


@both_ways
async def test_foundry_gets_the_messages_api_with_its_own_key(request_, server, calls, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-not-for-foundry")
    async with at(FOUNDRY, f"{server.url}/anthropic/", calls) as client:
        await client.complete(request_)
    [asked] = server.asked
    assert asked.path == "/anthropic/v1/messages"
    assert asked.headers["api-key"] == "azure-key"
    assert asked.body["model"] == "claude-sonnet-5-5"
    assert "sk-ant" not in str(asked.headers)


@pytest.mark.parametrize(
    ("cloud", "address"),
    [
        (BEDROCK, "https://bedrock-mantle.eu-central-1.api.aws/anthropic/"),
        (FOUNDRY, "https://legal-eu.services.ai.azure.com/anthropic/"),
    ],
    ids=["bedrock", "foundry"],
)
async def test_without_an_address_of_its_own_a_request_goes_to_the_region_or_resource(cloud, address):
    client = connect_cloud(cloud, max_retries=0)
    assert str(client.base_url).rstrip("/") == address.rstrip("/")
    await client.close()


@pytest.mark.parametrize("region", ["global", "eu", "us", "europe-west1"])
async def test_googles_addresses_are_those_of_the_sdk(region, google_login):
    ours = connect_cloud(replace(VERTEX, region=region), max_retries=0)
    theirs = AsyncAnthropicVertex(region=region, project_id="legal-123")
    assert ours.base_url == theirs.base_url
    await ours.close()
    await theirs.close()


# --- Google's credentials --------------------------------------------------------------------------------


async def test_one_token_of_google_serves_many_calls(server, calls, google_login):
    async with at(VERTEX, f"{server.url}/v1", calls) as client:
        for number in range(3):
            await client.complete(replace(STREAMED, analysis_id=f"a{number}"))
    assert server.tokens_given == 1


async def test_credentials_that_google_refuses_are_an_authentication_error_and_cost_nothing(
    server, calls, google_login
):
    server._token_status = 400
    async with at(VERTEX, f"{server.url}/v1", calls) as client:
        with pytest.raises(errors.ModelAuthentication):
            await client.complete(REQUEST)
    assert server.asked == []
    [call] = calls.calls
    assert (call.status, call.cost_nano_usd) == ("model_authentication", 0)


def test_a_key_file_that_is_not_there_stops_the_start(tmp_path, monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "secret-name.json"))
    with pytest.raises(errors.ConfigurationError, match="GOOGLE_APPLICATION_CREDENTIALS") as raised:
        connect_cloud(VERTEX, max_retries=0)
    assert "secret-name" not in raised.value.user_message


def test_without_the_extra_google_says_what_to_install(monkeypatch):
    usual = builtins.__import__

    def without_google(name, *arguments, **more):
        if name.startswith("google"):
            raise ImportError(name)
        return usual(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without_google)
    with pytest.raises(errors.ConfigurationError, match=r"pip install smallprint\[vertex\]"):
        connect_cloud(VERTEX, max_retries=0)


# --- settings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cloud", "field"),
    [
        (replace(BEDROCK, api_key=""), "CLOUD_API_KEY is not set"),
        (replace(BEDROCK, region=""), "CLOUD_REGION is not set"),
        (replace(BEDROCK, project="legal"), "CLOUD_PROJECT is set, but"),
        (replace(BEDROCK, region="evil.example/"), "CLOUD_REGION has to be"),
        (replace(VERTEX, region=""), "CLOUD_REGION is not set"),
        (replace(VERTEX, project=""), "CLOUD_PROJECT is not set"),
        (replace(VERTEX, api_key="x"), "CLOUD_API_KEY is set, but"),
        (replace(FOUNDRY, api_key=""), "CLOUD_API_KEY is not set"),
        (replace(FOUNDRY, project=""), "CLOUD_PROJECT is not set"),
        (replace(FOUNDRY, region="eu"), "CLOUD_REGION is set, but"),
        (Cloud("anthropic", region="eu-central-1"), "CLOUD_REGION is set, but LLM_PROVIDER=anthropic"),
    ],
)
def test_a_setting_that_is_missing_or_meant_for_another_provider_is_named(cloud, field):
    with pytest.raises(errors.ConfigurationError, match=field):
        cloud.check()


def test_a_key_never_shows_in_a_repr():
    assert "aws-key" not in repr(BEDROCK)


@pytest.mark.parametrize("cloud", [BEDROCK, FOUNDRY], ids=["bedrock", "foundry"])
def test_a_key_that_no_header_can_hold_is_refused_before_anything_is_sent(cloud):
    with pytest.raises(errors.ModelAuthentication):
        connect_cloud(replace(cloud, api_key="two\nlines"), max_retries=0)
