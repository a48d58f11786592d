"""One Slack, one Claude and one running product per module: a start costs seconds, a shared file does not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.end_to_end.served import Served
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as claude:
        yield claude


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_bot(
    module_slack: FakeSlack, module_claude: FakeClaude, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    async with Served(module_slack, module_claude, tmp_path_factory.mktemp("served")) as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="module")
async def slack(module_slack: FakeSlack) -> AsyncIterator[FakeSlack]:
    """As new, but for what the workspace remembers."""
    module_slack.forget()
    yield module_slack
    module_slack.heal()
    assert module_slack.unexpected_calls == []


@pytest_asyncio.fixture(loop_scope="module")
async def claude(module_claude: FakeClaude) -> AsyncIterator[FakeClaude]:
    """As new."""
    module_claude.received.clear()
    module_claude.billed.clear()
    yield module_claude
    module_claude.answer_well()
    module_claude.latency_s = 0.0


@pytest_asyncio.fixture(loop_scope="module")
async def bot(module_bot: Served, slack: FakeSlack, claude: FakeClaude) -> Served:
    """The product, running."""
    return module_bot
