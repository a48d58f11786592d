"""What people do with a result in the running product: settings before it, buttons under it, and what stays private."""

from __future__ import annotations

import pytest
import pytest_asyncio

from smallprint.models.domain import Against, Decision, Handling, Thumb
from smallprint.slack.blocks import ask_modal, compare_modal, decision, export, feedback, settings_modal
from smallprint.slack.blocks.all_findings import CALLBACK as ALL_FINDINGS
from smallprint.slack.blocks.all_findings import POST_ACTION
from smallprint.slack.blocks.channel_words import SAVED
from smallprint.slack.blocks.offer import DECLINED, OFFER_ACTION, READ, TAKEN
from smallprint.slack.blocks.repeat import RUN_AGAIN
from smallprint.slack.blocks.result_row import ALL_ACTION
from smallprint.slack.blocks.share import SHARE_ACTION, SHARED_BY
from smallprint.slack.listeners.findings import POSTED
from smallprint.slack.listeners.shortcuts import CALLBACK as SHORTCUT
from tests.end_to_end.served import CALLS, Served
from tests.end_to_end.talking import (
    all_valid,
    analysed,
    asks,
    button,
    choose,
    modal,
    press,
    saying,
    says,
)
from tests.end_to_end.test_sharing import AGREEMENT
from tests.end_to_end.thread import outcome, said, shown
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack, Share
from tests.fakes.slack.workspace import BOT_USER, DM_ANN, STRANGER, Channel, Json

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEASE = "Lease number {n}\n\nThe tenant shall pay a penalty of {n},000 euros for each day of delay.\n"


def chosen(value: str) -> Json:
    return {"selected_option": {"text": {"type": "plain_text", "text": "-"}, "value": value}}


def files_in(slack: FakeSlack, share: Share) -> list[bytes]:
    """What we posted as files in the thread."""
    replies = slack.replies(share.channel, share.thread_ts)
    ids = [file["id"] for reply in replies for file in reply.get("files", [])]
    return [slack.core.files[each].upload.content for each in ids]


# --- before there is a result --------------------------------------------------------------------------------


async def test_a_channel_set_to_ask_first_gets_an_offer_and_the_result_when_somebody_takes_it(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    await slack.slash_command("ann", "legal", "/smallprint", "settings")
    form = await modal(slack, settings_modal.CALLBACK)
    sent = await slack.submit("ann", form, {settings_modal.HANDLING: chosen(Handling.ASK_FIRST)})
    assert SAVED in str(sent.view)

    share = await slack.share("legal", "ann", "lease.txt", LEASE.format(n=1))
    offer = await says(slack, share, READ)
    assert claude.received == []
    await press(slack, "ann", share, offer, OFFER_ACTION)
    await says(slack, share, "risk:")
    await says(slack, share, TAKEN)
    assert saying(slack, share, READ) == 0
    assert len(claude.billed) == CALLS
    assert len(slack.replies(share.channel, share.ts)) == 2


async def test_among_people_of_other_organisations_it_is_silent_and_says_why_when_asked(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    people = ["U0ANN00001", "U0BOB00001", STRANGER, BOT_USER]
    slack.workspace.channels["C0SHARED01"] = Channel("C0SHARED01", "shared", people, is_ext_shared=True)
    shares = [
        await slack.share("shared", user, "lease.txt", LEASE.format(n=2)) for user in ("bob", "stranger")
    ]
    asked = await slack.share("shared", "bob", "lease.txt", LEASE.format(n=2), also_app_mention=True)
    (refusal,) = await outcome(slack, asked)
    assert DECLINED[Against.ASKED_IN_SHARED_CHANNEL] in shown(refusal)
    await asks(slack, shares[0], "stranger", "What does it say?")
    await slack.wait_quiet(0.3)
    assert len(slack.bot_messages("shared")) == 1
    assert claude.received == []


async def test_a_private_answer_comes_to_its_asker_who_may_share_it(bot: Served, slack: FakeSlack) -> None:
    await slack.slash_command("ann", "contracts", "/analyse")
    form = await modal(slack, ask_modal.CALLBACK)
    before = len(slack.bot_messages("contracts"))
    values = {"source": {"value": LEASE.format(n=3)}, "where": chosen(ask_modal.ONLY_ME)}
    sent = await slack.submit("ann", form, values)
    assert not sent.errors

    def answered() -> list[Json]:
        return [each for each in slack.bot_messages(DM_ANN) if SHARE_ACTION in str(each)]

    (result,) = await slack.wait_for(answered, 20, what="a private result")
    assert len(slack.bot_messages("contracts")) == before
    for _ in range(2):
        pressed = await slack.click(
            "ann", DM_ANN, result["ts"], SHARE_ACTION, value=button(result, SHARE_ACTION), answers=1
        )
        assert "Shared" in str(pressed.answers)
    shared = slack.bot_messages("contracts")[before:]
    assert [SHARED_BY in shown(each) for each in shared] == [True]


# --- with the result -----------------------------------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="module")
async def share(bot: Served, slack: FakeSlack) -> Share:
    """A PDF with its result."""
    slack.core.views.clear()
    share = await slack.share("contracts", "ann", "services-agreement.pdf", AGREEMENT)
    await outcome(slack, share)
    return share


def result_of(slack: FakeSlack, share: Share) -> Json:
    return slack.replies(share.channel, share.ts)[0]


async def test_all_findings_open_can_be_decided_on_and_are_posted_once(
    slack: FakeSlack, share: Share
) -> None:
    await press(slack, "bob", share, result_of(slack, share), ALL_ACTION)
    listed = await modal(slack, ALL_FINDINGS)
    analysis = button(result_of(slack, share), ALL_ACTION)
    value = str(decision.Choice(Decision.ACCEPTED, "F2", analysis))
    await slack.press_in_modal("bob", listed, f"{decision.DECIDE_ACTION}_{Decision.ACCEPTED}", value)
    await says(slack, share, "Accepted")
    for _ in range(2):
        await slack.press_in_modal("bob", slack.modal(), POST_ACTION, analysis)
    await slack.wait_for(lambda: POSTED in str(slack.modal()), 10, what="the file in the thread")
    (content,) = files_in(slack, share)
    assert b"# " in content
    assert all_valid(slack, share)


async def test_a_dismissed_finding_says_in_place_by_whom_and_why(slack: FakeSlack, share: Share) -> None:
    result = result_of(slack, share)
    value = str(decision.Choice(Decision.DISMISSED, "F1", button(result, ALL_ACTION)))
    await slack.choose("bob", share.channel, result["ts"], decision.DECIDE_ACTION, value=value)
    form = await modal(slack, decision.CALLBACK)
    await slack.submit("bob", form, {decision.REASON: {"value": "<!channel> is *fine*"}})
    told = await says(slack, share, "<!channel> is *fine*")
    assert "Dismissed" in shown(told)
    assert "<!channel>" not in told["text"]
    assert all_valid(slack, share)


async def test_a_thumb_down_counts_with_its_reason(bot: Served, slack: FakeSlack, share: Share) -> None:
    result = result_of(slack, share)
    value = f"{Thumb.DOWN.value} {button(result, ALL_ACTION)}"
    await slack.thumb("bob", share.channel, result["ts"], feedback.FEEDBACK_ACTION, value=value)
    form = await modal(slack, feedback.CALLBACK)
    sent = await slack.submit("bob", form, {feedback.REASON: {"value": "missed the cap"}})
    assert feedback.NOTED in str(sent.view)
    assert bot.query("SELECT thumb, reason FROM feedback ORDER BY id DESC LIMIT 1") == [
        ("down", "missed the cap")
    ]


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("csv", b""), ("json", b"{"), ("md", b"# ")])
async def test_it_is_taken_along_in_every_shape(
    slack: FakeSlack, share: Share, form: str, begins: bytes
) -> None:
    await press(slack, "bob", share, result_of(slack, share), export.EXPORT_ACTION)
    sent = await slack.submit("bob", await modal(slack, export.CALLBACK), {export.FORM: chosen(form)})
    assert not sent.errors
    (content,) = await slack.wait_for(lambda: files_in(slack, share), 15, what="the file")
    assert content.startswith(begins)
    assert form != "pdf" or b"/Highlight" in content


async def test_it_is_compared_with_another_document_of_the_channel_once(
    slack: FakeSlack, claude: FakeClaude, share: Share
) -> None:
    older = await analysed(slack, "contracts", "ann", LEASE.format(n=7), name="other lease.txt")
    for _ in range(2):
        await choose(slack, "bob", older, result_of(slack, older), compare_modal.ENTRY)
        form = await modal(slack, compare_modal.CALLBACK)
        await slack.submit("bob", form)
    await says(slack, older, "What changed")
    await slack.wait_quiet(0.3)
    assert saying(slack, older, "What changed") == 1
    assert [bill.form for bill in claude.billed].count("ChangesAnswer") <= 1


async def test_run_again_makes_a_second_result(slack: FakeSlack, claude: FakeClaude, share: Share) -> None:
    await choose(slack, "bob", share, result_of(slack, share), RUN_AGAIN)
    first, second = await outcome(slack, share, count=2)
    assert "risk:" in shown(second)
    assert len(claude.billed) == 2 * CALLS
    assert first["ts"] == result_of(slack, share)["ts"]


async def test_the_shortcut_on_a_message_reads_its_file_and_not_a_second_time(
    slack: FakeSlack, claude: FakeClaude, share: Share
) -> None:
    told = await slack.message_shortcut("bob", "contracts", share.ts, SHORTCUT)
    assert "already" in said(told)
    assert len(claude.billed) == CALLS
