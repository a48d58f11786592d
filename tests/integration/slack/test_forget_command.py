"""`/smallprint forget`: whose a document is, and that nobody learns what there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smallprint.models.domain import Job
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.slack.blocks.text import escape_mrkdwn
from smallprint.slack.client import SlackClients
from smallprint.slack.forget_command import NOTHING, USAGE
from smallprint.slack.forgetting import FORGOTTEN
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import BOB, GENERAL, TEAM
from tests.integration.slack.forgetting import Office, an_office


@pytest.fixture
async def office(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(slack, clients, tmp_path) as office:
        yield office


def asked(text: str, user: str = "U0ANN00001") -> dict[str, str]:
    return {"user_id": user, "text": text}


def link_to(ts: str) -> str:
    return f"https://acme.slack.com/archives/C0CONTRACT/p{ts.replace('.', '')}"


async def test_who_shared_a_document_can_have_it_forgotten(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    told = await office.command.answer(asked(link_to(share.ts)))
    assert told.text.startswith("Done within a minute")
    await office.eraser.look()
    assert not office.bytes_hold_the_secret()


async def test_our_own_answer_can_be_pointed_at_too(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    ours = str(office.slack.replies("contracts", share.ts)[0]["ts"])
    await office.command.answer(asked(link_to(ours)))
    await office.eraser.look()
    assert office.thread(share.ts) == [FORGOTTEN]


async def test_others_cannot_and_admins_can_and_nobody_learns_what_there_is(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    refused = await office.command.answer(asked(link_to(share.ts), "U0BOB00001"))
    nothing = await office.command.answer(asked(link_to("1700000000.000100"), "U0BOB00001"))
    assert refused == nothing
    assert await office.store.open() == []
    await office.command.answer(asked(link_to(share.ts), "U0OLLY0001"))
    assert len(await office.store.open()) == 1


async def test_words_that_are_no_link_and_links_to_nothing_get_a_sentence(office: Office) -> None:
    usage = await office.command.answer(asked("everything"))
    assert usage.text == escape_mrkdwn(USAGE)
    nowhere = await office.command.answer(asked(link_to("1700000000.000100")))
    assert nowhere.text == escape_mrkdwn(NOTHING)


async def test_asking_about_somebody_elses_file_gives_no_right_over_their_results(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    own = Job("cmd-1-F1", TEAM, GENERAL, "", "F1", BOB, "command", "cmd-1")
    await JobStore(office.database).add([Arrival(own, JobState.DONE, datetime.now(UTC))])
    await office.command.answer(asked("https://acme.slack.com/files/U0ANN00001/F1/lease.pdf", BOB))
    assert [wish.reference for wish in await office.store.open()] == [own.id]


async def test_what_was_asked_since_is_forgotten_when_it_is_asked_for_again(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    for trigger in ("t1", "t1", "t2"):
        await office.command.answer(asked(link_to(share.ts)) | {"trigger_id": trigger})
        await office.eraser.look()
    assert len(office.slack.calls_to("chat.update")) == 1 + 2
