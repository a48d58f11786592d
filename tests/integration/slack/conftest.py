from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from smallprint.slack.client import SlackClients
from tests.fakes.slack import FakeSlack
from tests.integration.slack.setting import connected


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack
        assert slack.unexpected_calls == []
        assert slack.core.stranger_requests == []


@pytest.fixture
async def clients(slack: FakeSlack) -> AsyncIterator[SlackClients]:
    async with connected(slack) as clients:
        yield clients
