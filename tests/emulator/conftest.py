"""One emulator and one running product for each way of reaching it; skipped where the emulator can't be had."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.emulator.fetching import NotHere, emulator
from tests.emulator.local_slack import LocalSlack
from tests.emulator.product import Product, free_port


@pytest.fixture(scope="session")
def program() -> Path:
    """The emulator, asked for once."""
    try:
        return emulator()
    except NotHere as reason:
        pytest.skip(f"no independent Slack: {reason}")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["socket mode", "http mode"])
async def slack(
    request: pytest.FixtureRequest, program: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LocalSlack]:
    """With the product connected to it."""
    port, folder = free_port(), tmp_path_factory.mktemp("emulator")
    address = f"http://127.0.0.1:{port}/slack/events" if request.param == "http mode" else ""
    async with LocalSlack(program, folder, address) as slack, Product(slack, folder, port):
        yield slack
