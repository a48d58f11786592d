"""What an admin sets holds over a restart; settings are read at the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from smallprint.prompts.templates import PromptTemplates
from tests.end_to_end.served import Served
from tests.end_to_end.thread import outcome, said, shown
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = b"Lease\n\nThe tenant shall pay a penalty of 5,000 euros for each day of delay.\n"


async def test_a_prompt_set_by_an_admin_holds_for_the_next_analysis_and_after_a_restart(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    async with Served(slack, claude, tmp_path) as bot:
        listed = await slack.slash_command("ann", "contracts", "/prompt-version", "list", answers=1)
        assert "document_analysis" in said(listed)
        changed = await slack.slash_command(
            "ann", "contracts", "/prompt-version", "set document_analysis v1 v2 was too eager", answers=1
        )
        assert "v1" in said(changed)
        await bot.kill()
        await bot.start()
        (result,) = await outcome(slack, await slack.share("contracts", "ann", "lease.txt", TEXT))
        assert "v1" in shown(result)
        await slack.slash_command(
            "ann", "contracts", "/prompt-version", "rollback document_analysis too eager", answers=1
        )
        (result,) = await outcome(
            slack, await slack.share("contracts", "ann", "again.txt", TEXT + b"\nMore.\n")
        )
        assert PromptTemplates().latest("document_analysis").label in shown(result)
        log = bot.query(
            "SELECT action, actor, reason FROM prompt_activations WHERE agent = 'document_analysis' ORDER BY id"
        )
        assert [row[0] for row in log] == ["import", "set", "rollback"]
        assert log[1][1:] == ("U0ANN00001", "v2 was too eager")


async def test_a_listed_admin_user_may_though_slack_calls_them_a_member(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    async with Served(slack, claude, tmp_path, ADMIN_USERS="U0BOB00001"):
        answer = await slack.slash_command("bob", "contracts", "/prompt-version", "list", answers=1)
        assert "document_analysis" in said(answer)
