from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.served import Served
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack
        assert slack.unexpected_calls == []


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as claude:
        yield claude


@pytest.fixture
async def bot(slack: FakeSlack, claude: FakeClaude, tmp_path: Path) -> AsyncIterator[Served]:
    """The product, running."""
    async with Served(slack, claude, tmp_path) as bot:
        yield bot
