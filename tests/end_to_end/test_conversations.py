"""A thread about a document, in the running product: questions, a second version, and somebody who stops it."""

from __future__ import annotations

import re

import pytest

from smallprint.reports.answers import NOT_IN_THE_DOCUMENT
from smallprint.slack.blocks.stop import NOT_YOURS, STOP_ACTION, STOPPED
from tests.end_to_end.served import CALLS, Served
from tests.end_to_end.talking import (
    MENTION,
    all_valid,
    analysed,
    answer,
    asks,
    press,
    replies_since,
    saying,
    says,
)
from tests.end_to_end.thread import outcome, said, shown
from tests.fakes.asked import a_point, an_answer
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import DM_ANN
from tests.fakes.versions import NEW, OLD

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTICE = "Either party may terminate this agreement with ninety days' written notice to the other."
AGREEMENT = f"Services agreement\n\n{NOTICE}\n\nThe Customer pays every invoice within fourteen days of its receipt.\n"
LUNCH = (
    "Lunch menu of the canteen\n\nOn Monday there is a soup of pumpkins with fresh bread from the bakery.\n"
)
COST = re.compile(r"\$0\.\d\d")
VERIFIED = "✓ verified"


async def test_a_question_in_the_thread_is_streamed_with_verified_quotations_and_its_cost(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, "contracts", "ann", AGREEMENT)
    claude.script(outcomes.says(an_answer(a_point("Ninety days.", "ninety days' written notice"))))
    asked = await asks(slack, share, "bob", "How long is the notice period?")
    text = await answer(slack, asked)
    for told in ("Ninety days.", "“ninety days' written notice”", VERIFIED, "follow_up v"):
        assert told in text
    assert COST.search(text)
    assert slack.calls_to("chat.startStream")
    assert len(replies_since(slack, asked)) == 1
    assert [bill.form for bill in claude.billed][CALLS:] == ["FollowUpAnswer"]
    assert all_valid(slack, share)


async def test_without_streams_the_same_message_is_updated(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, "contracts", "ann", AGREEMENT)
    slack.fail("chat.startStream", Fault.ERROR, error="unknown_method", times=9)
    asked = await asks(slack, share, "bob", "How long is the notice period?")
    assert VERIFIED in await answer(slack, asked)
    (message,) = replies_since(slack, asked)
    assert message["ts"] in [call.arguments.get("ts") for call in slack.calls_to("chat.update")]


async def test_what_the_document_does_not_say_is_not_said(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, "contracts", "ann", AGREEMENT)
    claude.script(
        outcomes.says(
            an_answer(a_point("Nothing is said of it.", "The Supplier insures up to a million"), found=False)
        )
    )
    text = await answer(slack, await asks(slack, share, "bob", "Who insures the goods?"))
    assert NOT_IN_THE_DOCUMENT in text
    assert "a million" not in text


async def test_the_thread_s_earlier_question_is_known_to_the_next(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, "contracts", "ann", AGREEMENT)
    await answer(slack, await asks(slack, share, "bob", "How long is the notice period?"))
    await answer(slack, await asks(slack, share, "ann", "And in which form?"))
    assert "How long is the notice period?" in str(claude.received[-1]["messages"])
    assert claude.billed[-1].usage.cache_read_tokens > 0


async def test_in_direct_messages_a_question_needs_no_mention(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, DM_ANN, "ann", AGREEMENT)
    in_thread = await slack.say(DM_ANN, "ann", "How long is the notice?", thread_ts=share.ts)
    assert VERIFIED in await answer(slack, in_thread)
    beside_it = await slack.say(DM_ANN, "ann", "And when is an invoice due?")
    assert VERIFIED in await answer(slack, beside_it)
    thanks = await slack.say(DM_ANN, "ann", "thanks!")
    assert "welcome" in await answer(slack, thanks)
    assert [bill.form for bill in claude.billed][CALLS:] == ["FollowUpAnswer"] * 2


async def test_a_file_that_lay_there_before_us_is_read_when_somebody_mentions_us(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    bare, asked_about = [await slack.share("lobby", "ann", "old.txt", AGREEMENT) for _ in range(2)]
    await slack.invite_bot("lobby", "bob")
    await asks(slack, bare, "bob", "")
    (result,) = await outcome(slack, bare)
    assert "risk" in shown(result).lower()
    asked = await asks(slack, asked_about, "bob", "How long is the notice period?")
    assert VERIFIED in await answer(slack, asked)
    await says(slack, asked_about, "risk:")
    assert len(slack.replies(bare.channel, bare.ts)) == 1
    assert len(slack.replies(asked_about.channel, asked_about.ts)) == 2


async def test_a_mention_where_there_is_no_document_is_answered_kindly(bot: Served, slack: FakeSlack) -> None:
    asked = await slack.say("contracts", "bob", f"{MENTION} how long is it?", also_app_mention=True)
    assert "no document in this thread" in await answer(slack, asked)


async def test_people_who_talk_among_themselves_are_not_answered(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, "contracts", "ann", AGREEMENT)
    said_ = await slack.say("contracts", "bob", "How long is the notice period?", thread_ts=share.ts)
    await slack.wait_quiet(0.3)
    assert replies_since(slack, said_) == []


# --- versions ------------------------------------------------------------------------------------------------


async def test_a_second_version_in_the_thread_is_compared_once(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, "contracts", "ann", "\n\n".join(OLD), name="msa v1.txt")
    newer = await slack.share("contracts", "bob", "msa v2.txt", "\n\n".join(NEW), thread_ts=share.ts)
    changes = shown(await says(slack, share, "What changed"))
    assert "msa v1.txt → msa v2.txt" in changes
    assert "90" in changes
    await slack.redeliver(newer.event_ids[0])
    await slack.wait_quiet(0.5)
    assert saying(slack, share, "What changed") == 1
    assert [bill.form for bill in claude.billed].count("ChangesAnswer") == 1
    assert all_valid(slack, share)


async def test_another_document_in_the_thread_is_no_version_and_nothing_is_said_of_it(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, "contracts", "ann", AGREEMENT)
    await slack.share("contracts", "bob", "menu.txt", LUNCH, thread_ts=share.ts)
    await outcome(slack, share, count=2)
    await slack.wait_for(lambda: _compared(bot, "unrelated"), 10, what="a look at the two")
    assert len(slack.replies(share.channel, share.ts)) == 2
    assert len(claude.billed) == 2 * CALLS


def _compared(bot: Served, outcome_: str) -> bool:
    return bot.query("SELECT count(*) FROM jobs WHERE kind = 'changes' AND outcome = ?", outcome_) != [(0,)]


# --- stop ----------------------------------------------------------------------------------------------------


async def test_stop_leaves_one_outcome_with_what_it_has_cost(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    claude.always(outcomes.slow(60), match="AnalystAnswer")
    share = await slack.share("contracts", "bob", "agreement.txt", AGREEMENT)
    await claude.until_billed(1)
    await slack.wait_for(lambda: len(claude.received) == 2, 10, what="the analyst at work")
    placeholder = await says(slack, share, "Stop")
    others = await slack.click(
        "eve", share.channel, placeholder["ts"], STOP_ACTION, value=_job(placeholder), answers=1
    )
    assert NOT_YOURS in said(others)
    await press(slack, "bob", share, placeholder, STOP_ACTION, answers=1)
    stopped = shown(await says(slack, share, "Stopped"))
    assert COST.search(stopped)
    await slack.wait_quiet(0.3)
    assert len(slack.replies(share.channel, share.ts)) == 1
    assert len(claude.received) == 2


@pytest.mark.parametrize("form", ["AnalystAnswer", "FollowUpAnswer"])
async def test_slack_s_own_stop_ends_an_analysis_and_a_question(
    bot: Served, slack: FakeSlack, claude: FakeClaude, form: str
) -> None:
    claude.always(outcomes.slow(60), match=form)
    if form == "AnalystAnswer":
        asked = await slack.share("contracts", "bob", "agreement.txt", AGREEMENT)
    else:
        asked = await asks(slack, await analysed(slack, "contracts", "ann", AGREEMENT), "bob", "How long?")
    await slack.wait_for(lambda: form in str(claude.received), 10, what="Claude at work")
    bob = slack.workspace.user("bob").id
    place = {"channel": asked.channel, "thread_ts": asked.thread_ts}
    await slack.emit({"type": "agent_session_stopped", "user": bob, **place})
    assert COST.search(shown(await says(slack, asked, STOPPED)))
    assert len(replies_since(slack, asked)) == 1


def _job(placeholder: dict[str, object]) -> str:
    (value,) = re.findall(r"doc-[0-9a-f]{32}", str(placeholder["blocks"]))[:1]
    return str(value)
