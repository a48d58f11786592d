"""kill -9 in the middle of what people asked for, and everything at once: one outcome each, nothing paid twice."""

from __future__ import annotations

import asyncio

import pytest

from smallprint.slack.blocks.stop import STOP_ACTION, STOPPED
from smallprint.slack.forgetting import FORGOTTEN
from tests.end_to_end.served import Served
from tests.end_to_end.talking import (
    all_valid,
    analysed,
    answer,
    asks,
    button,
    press,
    replies_since,
    saying,
    says,
)
from tests.end_to_end.thread import outcome
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.slack import FakeSlack, Fault, Share, Upload
from tests.fakes.slack.workspace import BOT_USER, DM_ANN, STRANGER, Channel
from tests.fakes.versions import NEW, OLD

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEASE = "Lease number {n}\n\nThe tenant shall pay a penalty of {n},000 euros for each day of delay.\n"
CHANGED = "What changed"
FORMS = ("FollowUpAnswer", "ChangesAnswer")
KEPT = (("questions", "answer"), ("comparisons", "result"))


def billed(claude: FakeClaude, form: str) -> int:
    return [bill.form for bill in claude.billed].count(form)


async def at_work(slack: FakeSlack, claude: FakeClaude, *words: str) -> None:
    """Claude was sent each of them."""
    await slack.wait_for(lambda: all(each in str(claude.received) for each in words), 15, what=str(words))


async def two_threads(slack: FakeSlack, n: int) -> tuple[Share, Share]:
    """A lease to ask about, and a contract that will get a second version."""
    lease = slack.share("contracts", "ann", f"lease-{n}.txt", LEASE.format(n=n))
    contract = slack.share(
        "contracts", "ann", "msa v1.txt", "\n\n".join((*OLD, f"Number {n} of our contracts."))
    )
    shares = (await lease, await contract)
    for share in shares:
        await outcome(slack, share)
    return shares


async def second_version(slack: FakeSlack, share: Share, n: int) -> None:
    text = "\n\n".join((*NEW, f"Number {n} of our contracts."))
    await slack.share("contracts", "bob", "msa v2.txt", text, thread_ts=share.ts)


async def test_killed_while_claude_answers_compares_and_is_stopped_there_is_one_outcome_each(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    lease, contract = await two_threads(slack, 1)
    for form in FORMS:
        claude.always(outcomes.slow(60), match=form)
    await second_version(slack, contract, 1)
    asked = await asks(slack, lease, "bob", "What is the penalty?")
    await at_work(slack, claude, *FORMS)
    claude.always(outcomes.slow(60), match="AnalystAnswer")
    stopped = await slack.share("contracts", "bob", "stopped.txt", LEASE.format(n=2))
    await slack.wait_for(lambda: billed(claude, "AnalystAnswer") == 4, 15, what="the fourth analysis")
    await press(slack, "bob", stopped, await says(slack, stopped, "Stop"), STOP_ACTION)
    await bot.kill()
    claude.answer_well()
    await bot.start()

    await answer(slack, asked)
    await says(slack, contract, CHANGED)
    await says(slack, stopped, STOPPED)
    await slack.wait_quiet(0.5)
    assert len(replies_since(slack, asked)) == 1
    assert saying(slack, contract, CHANGED) == 1
    assert len(slack.replies(stopped.channel, stopped.ts)) == 1
    assert billed(claude, "AnalystAnswer") == 4
    assert all(all_valid(slack, share) for share in (lease, contract, stopped))


async def test_killed_when_the_answer_was_paid_but_not_shown_it_is_shown_and_not_paid_again(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    lease, contract = await two_threads(slack, 3)
    answers, changes = (_known(bot, *kept) for kept in KEPT)
    for form in FORMS:
        claude.always(outcomes.slow(1.0), match=form)
    await second_version(slack, contract, 3)
    asked = await asks(slack, lease, "bob", "What is the penalty?")
    await at_work(slack, claude, *FORMS)
    for method in ("chat.update", "chat.postMessage"):
        slack.fail(method, Fault.UNAVAILABLE, times=1_000)
    await slack.wait_for(lambda: _known(bot, *KEPT[0]) > answers, 15, what="an answer on disk")
    await slack.wait_for(lambda: _known(bot, *KEPT[1]) > changes, 15, what="changes on disk")
    await bot.kill()
    slack.heal()
    await bot.start()

    await answer(slack, asked)
    await says(slack, contract, CHANGED)
    await slack.wait_quiet(0.5)
    assert len(replies_since(slack, asked)) == 1
    assert saying(slack, contract, CHANGED) == 1
    assert (billed(claude, "FollowUpAnswer"), billed(claude, "ChangesAnswer")) == (1, 1)


async def test_everything_at_once_has_one_visible_end_each(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    shared = Channel("C0SHARED01", "shared", ["U0BOB00001", STRANGER, BOT_USER], is_ext_shared=True)
    slack.workspace.channels[shared.id] = shared
    lease, doomed = [await analysed(slack, "contracts", "ann", LEASE.format(n=n)) for n in (10, 11)]
    told = slack.replies(lease.channel, lease.ts)[0]

    async def files(n: int) -> Share:
        return await slack.share("contracts", "ann", f"lease-{n}.txt", LEASE.format(n=n))

    shares = [
        *await asyncio.gather(*(files(n) for n in range(20, 28))),
        await slack.share("contracts", "bob", "lease.txt", LEASE.format(n=30), also_app_mention=True),
        await slack.share(DM_ANN, "ann", "lease.txt", LEASE.format(n=31)),
        await slack.share("contracts", "bob", "broken.pdf", b"%PDF-1.7 nonsense"),
        await slack.share("contracts", "bob", "empty.txt", b""),
    ]
    several = await slack.share(
        "contracts", "bob", files=[Upload(f"{n}.txt", LEASE.format(n=n).encode()) for n in (32, 33)]
    )
    questions = [
        *[await asks(slack, lease, "bob", f"What about page {n}?") for n in range(1, 5)],
        await asks(slack, lease, "eve", "And for guests?"),
        await asks(slack, lease, "bob", ""),
        await slack.say(DM_ANN, "ann", "What can you read?"),
    ]
    silent = await slack.share("shared", "stranger", "lease.txt", LEASE.format(n=34))
    commands = await asyncio.gather(
        slack.slash_command("bob", "contracts", "/usage", answers=1, timeout_s=20),
        slack.slash_command("bob", "contracts", "/smallprint", "help", timeout_s=20),
        slack.slash_command("bob", "contracts", "/prompt-version", "list", answers=1, timeout_s=20),
        slack.slash_command("bob", "contracts", "/analyse", "help", timeout_s=20),
    )
    receipt = button(told, "all_findings")
    await slack.click("bob", lease.channel, told["ts"], "all_findings", value=receipt)
    await slack.delete_file(doomed.file_id)
    await slack.open_home("bob")
    for event_id in shares[0].event_ids:
        await slack.redeliver(event_id)

    for share in shares:
        assert len(await outcome(slack, share)) == 1
    assert len(await outcome(slack, several, count=3)) == 3  # one for each, and one that sums up
    for question in questions:
        await answer(slack, question)
    assert all(command.said for command in commands)
    await says(slack, doomed, FORGOTTEN)
    await slack.wait_for(lambda: slack.core.homes and slack.core.views, 10, what="a home and a modal")
    await slack.wait_quiet(0.5, timeout_s=20)
    assert [len(slack.replies(share.channel, share.ts)) for share in shares] == [1] * len(shares)
    assert len(slack.replies(lease.channel, lease.ts)) == 1 + 6
    assert slack.replies(silent.channel, silent.ts) == []
    assert not [key for key, times in claude.deliveries().items() if times > 1]
    assert all(all_valid(slack, share) for share in (*shares, several, lease, doomed))


def _known(bot: Served, table: str, column: str) -> int:
    return int(bot.query(f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL")[0][0])  # noqa: S608 - our own names
