"""`/analyse` and `/prompt-version`, as people type them."""

from __future__ import annotations

import pytest

from smallprint.prompts.templates import PromptTemplates
from smallprint.slack.blocks.request import REQUESTED
from tests.end_to_end.served import Served
from tests.end_to_end.thread import outcome, said, shown
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack, Share

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = b"Lease\n\nThe tenant shall pay a penalty of 5,000 euros for each day of delay.\n"


def roots(slack: FakeSlack, channel: str) -> list[str]:
    """The threads that commands opened; the introduction in a channel opens none."""
    in_channel = [m for m in slack.bot_messages(channel) if m.get("thread_ts", m["ts"]) == m["ts"]]
    return [m["ts"] for m in in_channel if REQUESTED in m["text"]]


async def asked(slack: FakeSlack, channel: str, link: str) -> tuple[str, Share]:
    """What `/analyse` answers ann, and the thread it opens, as if the file had been shared there."""
    before = len(roots(slack, channel))
    answer = await slack.slash_command("ann", channel, "/analyse", link)
    await slack.wait_for(lambda: len(roots(slack, channel)) > before, 10, what="a thread")
    ts = roots(slack, channel)[-1]
    return said(answer), Share(slack.workspace.channel(channel).id, ts, ts, (), (), "", (), 0.0)


async def test_analyse_alone_opens_a_form(bot: Served, slack: FakeSlack) -> None:
    await slack.slash_command("ann", "contracts", "/analyse")
    view = await slack.wait_for(lambda: slack.core.views and slack.modal())
    assert view["callback_id"] == "ask"


async def test_a_file_is_analysed_where_it_was_asked(bot: Served, slack: FakeSlack) -> None:
    share = await slack.share("general", "ann", "lease.txt", TEXT)
    await outcome(slack, share)
    answer, thread = await asked(slack, "contracts", share.file_permalinks[0])
    assert "On it" in answer
    (result,) = await outcome(slack, thread)
    assert "risk" in shown(result).lower()


async def test_a_message_is_analysed_with_all_its_files(bot: Served, slack: FakeSlack) -> None:
    share = await slack.share("general", "ann", "lease.txt", TEXT)
    await outcome(slack, share)
    _, thread = await asked(slack, "contracts", f"<{share.permalink}>")
    assert await outcome(slack, thread)


async def test_a_file_the_asker_cannot_see_is_refused_as_if_it_did_not_exist(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    secret = await slack.share("legal", "ann", "secret.txt", TEXT)
    await outcome(slack, secret)
    before = len(claude.received)
    refused = await slack.slash_command("bob", "contracts", "/analyse", secret.file_permalinks[0])
    missing = await slack.slash_command(
        "bob", "contracts", "/analyse", "https://acme.slack.com/files/U0ANN00001/F0NOTHERE1/x.pdf"
    )
    by_message = await slack.slash_command("bob", "contracts", "/analyse", secret.permalink)
    assert said(refused) == said(missing) == said(by_message)
    assert "secret" not in said(refused)
    assert len(claude.received) == before


async def test_where_we_are_not_a_member_we_say_how_to_invite_us(bot: Served, slack: FakeSlack) -> None:
    share = await slack.share("general", "ann", "lease.txt", TEXT)
    await outcome(slack, share)
    answer = await slack.slash_command("ann", "lobby", "/analyse", share.file_permalinks[0])
    assert "/invite" in said(answer)


async def test_show_gives_the_whole_text_in_parts_when_it_is_long(bot: Served, slack: FakeSlack) -> None:
    short = await slack.slash_command(
        "ann", "contracts", "/prompt-version", "show document_analysis v1", answers=1
    )
    long = await slack.slash_command(
        "ann", "contracts", "/prompt-version", "show document_analysis v3", answers=5
    )
    templates = PromptTemplates()
    for answer, version in ((short, 1), (long, 3)):
        for line in templates.get("document_analysis", version).body.splitlines():
            assert line.strip() in said(answer), (version, line)


async def test_members_and_guests_are_refused_kindly_and_nothing_changes(
    bot: Served, slack: FakeSlack
) -> None:
    for person in ("bob", "eve"):
        answer = await slack.slash_command(
            person, "contracts", "/prompt-version", "set document_analysis v1 because", answers=1
        )
        assert "admin" in said(answer).lower()
    assert bot.query("SELECT count(*) FROM prompt_activations WHERE action <> 'import'") == [(0,)]


async def test_mistakes_are_answered_with_what_to_type(bot: Served, slack: FakeSlack) -> None:
    for text, hint in (
        ("", "rollback"),
        ("frobnicate", "rollback"),
        ("set", "Which agent"),
        ("set document_analysis", "Which version"),
        ("set nobody v1 because", "document_analysis"),
        ("set document_analysis v99 because", "v1"),
        ("rollback document_analysis", "document_analysis"),
    ):
        answer = await slack.slash_command("olly", "contracts", "/prompt-version", text, answers=1)
        assert hint in said(answer), (text, said(answer))
