"""What one person has read in private is read again only while they could open it themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smallprint.errors import FileAccessDenied
from smallprint.models.domain import Brief, Job
from smallprint.slack.client import SlackClients
from smallprint.slack.file_access import FileAccess
from smallprint.slack.permissions import Permissions
from smallprint.slack.sources import NO_LONGER_YOURS, Sources
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import ANN, BOB, CONTRACTS, TEAM
from tests.integration.slack.setting import files_of

PRIVATE = Job("cmd-1-F1", TEAM, CONTRACTS, "", "", BOB, "command", "cmd-1", brief=Brief(private=True))


@pytest.fixture
def sources(slack: FakeSlack, clients: SlackClients) -> Sources:
    files = files_of(slack, clients)
    permissions = Permissions(clients, team=TEAM, admin_users=frozenset())
    return Sources(files, None, FileAccess(files, permissions))


async def test_who_left_the_conversation_with_the_file_reads_it_no_more(
    slack: FakeSlack, sources: Sources
) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", "The rent is due.")
    job = replace(PRIVATE, file_id=share.file_id)
    assert (await sources.fetch(job)).content == b"The rent is due."
    slack.workspace.channel("contracts").members.remove(BOB)
    with pytest.raises(FileAccessDenied) as refused:
        await sources.fetch(job)
    assert refused.value.user_message == NO_LONGER_YOURS


async def test_whose_file_it_is_always_may(slack: FakeSlack, sources: Sources) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", "The rent is due.")
    slack.workspace.channel("contracts").members.remove(ANN)
    assert await sources.fetch(replace(PRIVATE, file_id=share.file_id, user=ANN))


async def test_what_is_answered_before_everybody_asks_for_no_further_right(
    slack: FakeSlack, sources: Sources
) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", "The rent is due.")
    slack.workspace.channel("contracts").members.remove(BOB)
    assert await sources.fetch(replace(PRIVATE, file_id=share.file_id, brief=Brief()))
    assert not slack.calls_to("conversations.members")
