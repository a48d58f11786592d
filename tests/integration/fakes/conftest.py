from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(slack: FakeSlack, http: aiohttp.ClientSession) -> AsyncWebClient:
    """Slack's own client, without any retry."""
    web_client = AsyncWebClient(slack.bot_token, slack.api_url, session=http)
    web_client.retry_handlers = []
    return web_client
