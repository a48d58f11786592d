"""What the person who runs it relies on: logs without secrets, a guarded port, the offline mode, clear ends."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.end_to_end.http import get
from tests.end_to_end.served import Served
from tests.end_to_end.thread import outcome, shown
from tests.fakes.claude import FakeClaude
from tests.fakes.shared_files import CLAUSES, TEXT
from tests.fakes.slack import FakeSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_even_at_debug_logs_hold_no_document_text_and_no_secret(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    async with Served(slack, claude, tmp_path, LOG_LEVEL="DEBUG") as bot:
        await outcome(slack, await slack.share("contracts", "ann", "lease.txt", TEXT))
        log = bot.log_file.read_text()
        words = [clause.split()[-3:] for clause in CLAUSES]
        for secret in (
            slack.bot_token,
            slack.app_token,
            "sk-test-key",
            *(" ".join(three) for three in words),
        ):
            assert secret not in log


async def test_with_a_token_only_those_who_have_it_read_the_metrics(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    async with Served(slack, claude, tmp_path, METRICS_TOKEN="scrape-me") as bot:
        assert (await get(bot, "/metrics"))[0] == 401
        status, refused = await get(bot, "/metrics", token="guessed")
        assert (status, "smallprint_" in refused) == (401, False)
        status, told = await get(bot, "/metrics", token="scrape-me")
        assert (status, "smallprint_" in told) == (200, True)
        assert (await get(bot, "/healthz"))[0] == 200
        assert "scrape-me" not in bot.log_file.read_text()


async def test_the_offline_mode_answers_without_claude_and_says_so(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    async with Served(slack, claude, tmp_path, arguments=("--offline",)):
        (result,) = await outcome(slack, await slack.share("contracts", "ann", "lease.txt", TEXT))
    assert "offline rules, not an AI" in shown(result)
    assert claude.received == []


async def test_a_port_in_use_stops_the_start_with_a_sentence(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bot = Served(slack, claude, tmp_path, API_PORT=str(taken.getsockname()[1]))
        with pytest.raises(AssertionError, match="API_PORT"):
            await bot.start()


@pytest.mark.parametrize(
    ("name", "token"), [("SLACK_BOT_TOKEN", "xoxb-wrong"), ("SLACK_APP_TOKEN", "xapp-wrong")]
)
async def test_a_token_that_slack_refuses_stops_the_start_with_a_sentence(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path, name: str, token: str
) -> None:
    bot = Served(slack, claude, tmp_path, **{name: token})  # type: ignore[arg-type]  # a setting, not `arguments`
    with pytest.raises(AssertionError, match=name) as caught:
        await bot.start()
    assert "Traceback" not in str(caught.value)
