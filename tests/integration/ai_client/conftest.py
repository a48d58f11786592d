from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from smallprint.services.ai_client import AIClient
from tests.fakes.call_log import InMemoryCallLog
from tests.fakes.claude import FakeClaude
from tests.integration.ai_client.setting import connected


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude(api_key="sk-ant-test") as running:
        yield running


@pytest.fixture
def calls() -> InMemoryCallLog:
    return InMemoryCallLog()


@pytest.fixture
async def client(claude: FakeClaude, calls: InMemoryCallLog) -> AsyncIterator[AIClient]:
    async with connected(claude.url, calls) as ready:
        yield ready
