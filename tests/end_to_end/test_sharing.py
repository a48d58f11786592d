"""A document shared in Slack comes back as a checked summary in its thread."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.served import CALLS, Served
from tests.end_to_end.thread import outcome, shown
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack, Upload

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = Path(__file__).parents[2] / "examples"
AGREEMENT = (EXAMPLES / "services-agreement.pdf").read_bytes()
POLICY = (EXAMPLES / "remote-work-policy.docx").read_bytes()
HTML = b"<!doctype html><html><body><h1>Terms</h1><p>The supplier may change these terms at any time without notice.</p></body></html>"
TEXT = b"Lease\n\nThe tenant shall pay a penalty of 5,000 euros for each day of delay.\n\nThe landlord may enter at any time.\n"


async def test_a_pdf_gets_a_result_with_level_pages_and_receipt(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await slack.share(
        "contracts", "ann", "services-agreement.pdf", AGREEMENT, text="please have a look"
    )
    (result,) = await outcome(slack, share)
    text = shown(result)
    assert "risk" in text.lower()
    assert "services-agreement.pdf" in text
    assert "p. " in text
    assert "3 pages" in text or "3 of 3 pages" in text
    assert "claude-sonnet-5-5" in text
    assert "verify before you rely on it" in text
    assert len(claude.received) == CALLS


async def test_the_placeholder_comes_first_and_becomes_the_result(bot: Served, slack: FakeSlack) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    placeholder = await slack.wait_for(lambda: slack.replies(share.channel, share.ts), 2)
    (result,) = await outcome(slack, share)
    assert result["ts"] == placeholder[0]["ts"]


async def test_every_format_ends_in_a_result(bot: Served, slack: FakeSlack) -> None:
    shares = [
        await slack.share("contracts", "ann", name, content)
        for name, content in (
            ("a.pdf", AGREEMENT),
            ("b.docx", POLICY),
            ("c.html", HTML),
            ("d.txt", TEXT),
            ("e.md", b"# Lease\n\n" + TEXT),
        )
    ]
    for share in shares:
        (result,) = await outcome(slack, share)
        assert "risk" in shown(result).lower(), shown(result)


async def test_several_files_in_one_message_each_get_their_own_outcome(bot: Served, slack: FakeSlack) -> None:
    files = [Upload("a.txt", TEXT), Upload("b.html", HTML), Upload("broken.pdf", b"%PDF-1.7 nonsense")]
    share = await slack.share("contracts", "bob", files=files)
    *texts, headline = [shown(message) for message in await outcome(slack, share, count=4)]
    assert ["a.txt" in texts[0], "b.html" in texts[1], "damaged" in texts[2]] == [True] * 3
    assert "3 documents" in headline


async def test_in_a_thread_and_in_a_direct_message_the_answer_is_in_the_same_thread(
    bot: Served, slack: FakeSlack
) -> None:
    root = await slack.say("contracts", "ann", "about the lease:")
    in_thread = await slack.share("contracts", "bob", "lease.txt", TEXT, thread_ts=root.ts)
    direct = await slack.share("D0ANN00001", "ann", "lease.txt", TEXT)
    assert await outcome(slack, in_thread)
    assert await outcome(slack, direct)


async def test_one_gesture_in_many_events_is_one_result(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await slack.share(
        "contracts",
        "ann",
        "lease.txt",
        TEXT,
        also_app_mention=True,
        order=("file_shared", "app_mention", "message"),
    )
    for event in share.event_ids * 2:
        await slack.redeliver(event)
    await outcome(slack, share)
    await slack.wait_quiet(1.0)
    assert len(slack.replies(share.channel, share.ts)) == 1
    assert len(claude.received) == CALLS


async def test_more_findings_than_fit_come_as_a_file_and_nothing_is_cut_silently(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    long = "\n\n".join(
        f"{n}. The supplier may at any time change clause {n} of this agreement without notice. " * 12
        for n in range(1, 60)
    )
    share = await slack.share("contracts", "ann", "long.txt", long)
    await outcome(slack, share)
    calls = [call for call in slack.calls if call.error]
    assert calls == []


async def test_a_file_posted_by_a_bot_is_left_alone(bot: Served, slack: FakeSlack) -> None:
    before = len(slack.bot_messages())
    await slack.emit(
        {
            "type": "message",
            "subtype": "file_share",
            "channel": "C0CONTRACT",
            "user": "U0OTHERBOT",
            "bot_id": "B0OTHER",
            "ts": "1700000000.000100",
            "files": [{"id": "F0OTHER"}],
        }
    )
    await slack.wait_quiet(0.5)
    assert len(slack.bot_messages()) == before


async def test_a_file_shared_event_alone_is_enough(bot: Served, slack: FakeSlack) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", TEXT, order=("file_shared",))
    assert await outcome(slack, share)
