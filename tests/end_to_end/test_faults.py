"""Whatever goes wrong outside, a person sees one result or one honest sentence."""

from __future__ import annotations

import pytest

from smallprint import errors
from tests.end_to_end.served import CALLS, Served
from tests.end_to_end.thread import outcome, shown
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.slack import FakeSlack, Fault

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = b"Lease\n\nThe tenant shall pay a penalty of 5,000 euros for each day of delay.\n\nThe landlord may enter at any time.\n"


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault.RATE_LIMITED,
        Fault.SERVER_ERROR,
        Fault.DROPPED,
        Fault.LOST_ANSWER,
        Fault.LOST_ANSWER_500,
        Fault.GARBAGE,
    ],
)
async def test_slack_failing_a_write_still_gives_one_result(
    bot: Served, slack: FakeSlack, claude: FakeClaude, method: str, fault: Fault
) -> None:
    slack.fail(method, fault, times=2)
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    (result,) = await outcome(slack, share)
    assert "risk" in shown(result).lower()
    await slack.wait_quiet(0.5)
    assert len(slack.replies(share.channel, share.ts)) == 1
    assert len(claude.received) == CALLS


@pytest.mark.parametrize("method", ["files.info", "download"])
@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.DROPPED])
async def test_slack_failing_a_read_still_gives_one_result(
    bot: Served, slack: FakeSlack, method: str, fault: Fault
) -> None:
    slack.fail(method, fault, times=2)
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    (result,) = await outcome(slack, share)
    assert "risk" in shown(result).lower()


async def test_work_goes_on_when_the_socket_is_cut(bot: Served, slack: FakeSlack, claude: FakeClaude) -> None:
    claude.latency_s = 0.5
    first = await slack.share("contracts", "ann", "lease.txt", TEXT)
    slack.cut_sockets()
    second = await slack.share("contracts", "ann", "again.txt", TEXT)
    assert await outcome(slack, first)
    assert await outcome(slack, second)


PASSING = {
    "overloaded twice": [outcomes.overloaded(0.01), outcomes.overloaded(0.01)],
    "rate limited": [outcomes.rate_limited(0.1)],
    "server error": [outcomes.server_error()],
    "garbage once": [outcomes.garbage()],
    "capitals": [outcomes.wrong_enum_case()],
    "thinking first": [outcomes.thinking_first()],
    "connection cut": [outcomes.drop_before_answer()],
    "silent end": [outcomes.silent_end()],
    "error in the stream": [outcomes.error_event()],
}


@pytest.mark.parametrize("name", PASSING)
async def test_a_passing_fault_of_claude_ends_in_a_result(
    bot: Served, slack: FakeSlack, claude: FakeClaude, name: str
) -> None:
    claude.script(*PASSING[name])
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    (result,) = await outcome(slack, share)
    assert "risk" in shown(result).lower(), shown(result)


async def test_an_invented_quotation_is_never_shown(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    claude.always(outcomes.invented_quotations())
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    (result,) = await outcome(slack, share)
    assert "purple elephants" not in "".join(
        shown(message) for message in slack.thread(share.channel, share.ts)
    )
    assert "risk" in shown(result).lower()


async def test_the_reviewer_failing_leaves_a_result_that_says_so(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    claude.always(outcomes.refusal(), match=lambda body: "haiku" in body["model"])
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    (result,) = await outcome(slack, share)
    assert "risk" in shown(result).lower()
    assert "second" in shown(result).lower() or "review" in shown(result).lower()


FILES = {
    "empty": ("empty.txt", b"", errors.EmptyDocument.sentence),
    "scan": ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, errors.CorruptDocument.sentence),
    "broken": ("broken.pdf", b"%PDF-1.7 nonsense", errors.CorruptDocument.sentence),
}


@pytest.mark.parametrize("name", FILES)
async def test_a_file_that_cannot_be_read_ends_in_its_sentence_without_a_model_call(
    bot: Served, slack: FakeSlack, claude: FakeClaude, name: str
) -> None:
    file, content, sentence = FILES[name]
    share = await slack.share("contracts", "ann", file, content)
    (failure,) = await outcome(slack, share)
    assert sentence[:40] in shown(failure)
    assert claude.received == []


async def test_without_files_read_the_thread_says_what_the_admin_must_do(
    bot: Served, slack: FakeSlack
) -> None:
    slack.fail("files.info", Fault.ERROR, error="missing_scope", times=50)
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    (failure,) = await outcome(slack, share)
    assert "files:read" in shown(failure)


async def test_an_external_file_says_how_to_share_it_and_our_token_stays_here(
    bot: Served, slack: FakeSlack
) -> None:
    share = await slack.share("contracts", "ann", "drive.pdf", b"", mode="external")
    (failure,) = await outcome(slack, share)
    assert "not in Slack" in shown(failure)


async def test_logs_hold_no_document_text_and_no_secret(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    await outcome(slack, share)
    log = bot.log_file.read_text()
    assert "penalty" not in log
    assert "landlord" not in log
    assert slack.bot_token not in log
    assert slack.app_token not in log
    assert "sk-test-key" not in log
