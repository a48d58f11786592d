"""Every format that a team shares ends in a result with its own places, or in its own sentence."""

from __future__ import annotations

import re
from typing import Any

import pytest

from smallprint.reports.receipt import WHAT_WAS_READ
from tests.end_to_end.served import Served
from tests.end_to_end.talking import choose
from tests.end_to_end.thread import outcome, said, shown
from tests.fakes.claude import FakeClaude
from tests.fakes.shared_files import PAGE, READABLE, TEXT, UNREADABLE, Readable, Unreadable
from tests.fakes.slack import FakeSlack, Upload

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILES = {file.name: file for file in READABLE}


@pytest.mark.parametrize("file", READABLE, ids=lambda file: file.name)
async def test_a_format_ends_in_a_result_with_its_own_places(
    bot: Served, slack: FakeSlack, file: Readable
) -> None:
    share = await slack.share("contracts", "ann", file.name, file.content)
    (result,) = await outcome(slack, share)
    assert "risk" in shown(result).lower(), shown(result)
    assert re.search(file.place, shown(result)), shown(result)


NATIVE: dict[str, tuple[bytes, dict[str, Any]]] = {
    "snippet": (TEXT, {"mode": "snippet"}),
    "post": (PAGE, {"mode": "post"}),
    "canvas": (b"# Lease\n\n" + TEXT, {"mode": "quip", "title": "Lease"}),
    "email": (FILES["offer.eml"].content, {"mode": "email"}),
}


@pytest.mark.parametrize("kind", NATIVE)
async def test_what_slack_itself_makes_ends_in_a_result(bot: Served, slack: FakeSlack, kind: str) -> None:
    content, options = NATIVE[kind]
    share = await slack.share("contracts", "ann", f"lease-{kind}", content, **options)
    (result,) = await outcome(slack, share)
    assert "risk" in shown(result).lower(), shown(result)


@pytest.mark.parametrize("file", UNREADABLE, ids=lambda file: file.name)
async def test_what_cannot_be_read_ends_in_its_own_sentence_without_a_model_call(
    bot: Served, slack: FakeSlack, claude: FakeClaude, file: Unreadable
) -> None:
    share = await slack.share("contracts", "ann", file.name, file.content)
    (failure,) = await outcome(slack, share)
    assert file.sentence in shown(failure)
    assert "please" in shown(failure).lower()
    assert claude.received == []


async def test_ten_files_in_one_message_are_ten_outcomes_in_order_and_one_headline(
    bot: Served, slack: FakeSlack
) -> None:
    names = [
        "services-agreement.pdf",
        "remote-work-policy.docx",
        "deck.pptx",
        "budget.xlsx",
        "prices.csv",
        "lease.rtf",
        "terms.html",
        "notes.md",
    ]
    files = [Upload(name, FILES[name].content) for name in names]
    files[2:2] = [Upload("broken.pdf", b"%PDF-1.7 nonsense"), Upload("empty.txt", b"")]
    share = await slack.share("contracts", "ann", files=files)
    await outcome(slack, share, count=11, timeout_s=60)
    replies = [reply for reply in slack.replies(share.channel, share.thread_ts) if not reply.get("files")]
    *results, headline = [shown(reply) for reply in replies]
    assert len(results) == 10
    for file, result in zip(files, results, strict=True):
        assert file.name in result or "No analysis" in result, (file.name, result)
    assert "10 documents" in headline
    assert "2 could not be read" in headline
    assert [headline.index(file.name) for file in files] == sorted(
        headline.index(file.name) for file in files
    )


async def test_the_menu_tells_what_was_read(bot: Served, slack: FakeSlack) -> None:
    share = await slack.share(
        "contracts", "ann", "services-agreement.pdf", FILES["services-agreement.pdf"].content
    )
    (result,) = await outcome(slack, share)
    answer = await choose(slack, "ann", share, result, WHAT_WAS_READ, answers=1)
    assert "all 3" in said(answer)


async def test_a_link_is_not_opened_unless_an_admin_allowed_it(bot: Served, slack: FakeSlack) -> None:
    answer = await slack.slash_command("ann", "contracts", "/analyse", "https://127.0.0.1/contract.pdf")
    assert "ALLOW_LINKS" in said(answer)
