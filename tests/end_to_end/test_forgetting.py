"""What is deleted in Slack, or asked to be forgotten, is gone from our messages and from the database's bytes."""

from __future__ import annotations

import pytest

from smallprint.slack.forget_command import NOTHING
from smallprint.slack.forgetting import FORGOTTEN, FORGOTTEN_ANSWER
from tests.end_to_end.served import Served
from tests.end_to_end.talking import analysed, answer, asks, replies_since, says
from tests.end_to_end.thread import outcome, said, shown
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.slack import FakeSlack, Share

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECONDS = 15.0
"""Slack's developer policy gives more; the product promises a minute."""
CONTRACT = "Contract with {secret}\n\nThe company {secret} shall pay a penalty of 5,000 euros for each day of delay.\n"


def kept(bot: Served, secret: str) -> list[str]:
    """The product's files that hold the word."""
    files = [file for file in bot.folder.iterdir() if file.is_file()]
    return [file.name for file in files if secret.encode() in file.read_bytes()]


async def gone(bot: Served, slack: FakeSlack, share: Share, secret: str) -> None:
    """Our messages first, then the bytes."""
    await says(slack, share, FORGOTTEN, timeout_s=SECONDS)
    await slack.wait_for(lambda: _nothing_says(slack, share, secret), SECONDS, what="forgotten messages")
    await slack.wait_for(lambda: not kept(bot, secret), SECONDS, what="forgotten bytes")


def _nothing_says(slack: FakeSlack, share: Share, secret: str) -> bool:
    return not any(secret in str(reply) for reply in slack.replies(share.channel, share.ts))


async def test_a_deleted_file_takes_its_result_its_questions_and_their_bytes_with_it(
    bot: Served, slack: FakeSlack
) -> None:
    secret = "zanzibarquince"
    share = await analysed(slack, "contracts", "ann", CONTRACT.format(secret=secret), name=f"{secret}.txt")
    await answer(slack, await asks(slack, share, "bob", f"What must {secret} pay?"))
    assert kept(bot, secret)
    assert not _nothing_says(slack, share, secret)
    await slack.delete_file(share.file_id)
    await gone(bot, slack, share, secret)
    result, answered = (shown(reply) for reply in slack.replies(share.channel, share.ts))
    assert FORGOTTEN in result
    assert FORGOTTEN_ANSWER in answered


async def test_a_deleted_version_takes_what_was_said_of_its_changes_with_it(
    bot: Served, slack: FakeSlack
) -> None:
    secret = "madagascarplum"
    text = "Contract\n\nThe company pays 100 euros a month for the flat in the town.\n\nIt ends after twelve months in any case.\n\n"
    share = await analysed(slack, "contracts", "ann", text, name="flat v1.txt")
    newer = await slack.share(
        "contracts", "ann", "flat v2.txt", f"{text}The tenant {secret} pays a penalty of 900 euros for dogs.\n",
        thread_ts=share.ts,
    )  # fmt: skip
    assert secret in shown(await says(slack, share, "What changed"))
    await slack.delete_file(newer.file_id)
    await slack.wait_for(lambda: _nothing_says(slack, share, secret), SECONDS, what="forgotten messages")
    await slack.wait_for(lambda: not kept(bot, secret), SECONDS, what="forgotten bytes")


async def test_a_deleted_message_takes_its_result_with_it(bot: Served, slack: FakeSlack) -> None:
    secret = "tasmanianpear"
    share = await analysed(slack, "contracts", "ann", CONTRACT.format(secret=secret))
    await slack.delete_message("contracts", share.ts)
    await gone(bot, slack, share, secret)


async def test_what_is_deleted_while_it_is_read_is_stopped_and_leaves_nothing(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    secret = "patagonianfig"
    claude.always(outcomes.slow(60), match="ReviewerAnswer")
    share = await slack.share("contracts", "ann", f"{secret}.txt", CONTRACT.format(secret=secret))
    await slack.wait_for(lambda: "ReviewerAnswer" in str(claude.received), 10, what="the reviewer")
    await slack.delete_file(share.file_id)
    await gone(bot, slack, share, secret)
    updates = [str(call.arguments) for call in slack.calls_to("chat.update")]
    assert not any("risk:" in update for update in updates), "what was found of it by then was shown"


async def test_who_shared_it_has_it_forgotten_and_others_cannot(bot: Served, slack: FakeSlack) -> None:
    secret = "siberiancherry"
    share = await analysed(slack, "contracts", "bob", CONTRACT.format(secret=secret))
    slack.workspace.channel("contracts").members.append("U0EVE00001")
    words = f"forget {share.permalink}"
    refused = await slack.slash_command("eve", "contracts", "/smallprint", words, answers=1)
    assert NOTHING in said(refused)
    done = await slack.slash_command("bob", "contracts", "/smallprint", words, answers=1)
    assert "Done within a minute" in said(done)
    await gone(bot, slack, share, secret)


async def test_numbers_stay(bot: Served, slack: FakeSlack) -> None:
    share = await analysed(slack, "contracts", "ann", CONTRACT.format(secret="x"))
    analyses, calls = bot.query("SELECT count(*) FROM analyses"), bot.query("SELECT count(*) FROM llm_calls")
    await slack.delete_file(share.file_id)
    await says(slack, share, FORGOTTEN)
    assert bot.query("SELECT count(*) FROM analyses") == analyses
    assert bot.query("SELECT count(*) FROM llm_calls") == calls
    again = await analysed(slack, "contracts", "ann", CONTRACT.format(secret="x"))
    assert await outcome(slack, again)
    assert replies_since(slack, again)
