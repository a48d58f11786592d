"""Forgetting, from Slack's event to the bytes of the database: texts are gone, numbers stay, and the thread says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smallprint.models.domain import Erasure, ErasureKind
from smallprint.services.database.jobs import JobState, JobStore
from smallprint.slack.client import SlackClients
from smallprint.slack.erasures import Erasures
from smallprint.slack.forgetting import FORGOTTEN
from tests.fakes.slack import FakeSlack, Fault
from tests.integration.slack.forgetting import Office, an_office


@pytest.fixture
async def office(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(slack, clients, tmp_path) as office:
        yield office


async def test_a_deleted_message_leaves_no_text_behind_and_a_sentence_in_the_thread(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    job = await office.analysed(share.ts)
    assert office.bytes_hold_the_secret()
    wish = Erasure("e1", ErasureKind.MESSAGE, "T0ACME0001", "C0CONTRACT", share.ts)
    await office.store.add([wish, wish])
    assert await office.eraser.look()
    assert office.thread(share.ts) == [FORGOTTEN]
    assert await office.report(job) is None
    assert not office.bytes_hold_the_secret()
    assert await office.store.open() == []


async def test_numbers_and_the_level_stay(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    before = await JobStore(office.database).counts()
    await office.store.add([Erasure("e1", ErasureKind.FILE, "T0ACME0001", "", "F1")])
    await office.eraser.look()
    assert await JobStore(office.database).counts() == before


async def test_other_documents_stay_as_they_are(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts, "F1")
    other = await office.analysed(share.ts, "F2")
    await office.store.add([Erasure("e1", ErasureKind.FILE, "T0ACME0001", "", "F1")])
    await office.eraser.look()
    assert await office.report(other) is not None
    assert office.thread(share.ts)[0] == FORGOTTEN
    assert office.thread(share.ts)[1] != FORGOTTEN


async def test_a_running_analysis_is_stopped_first_and_forgotten_when_it_has_ended(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    job = await office.analysed(share.ts, state=JobState.QUEUED)
    await office.store.add([Erasure("e1", ErasureKind.FILE, "T0ACME0001", "", "F1")])
    assert not await office.eraser.look()
    assert office.stopped == [job.id]
    await JobStore(office.database).finish(job.id, JobState.FAILED, "stopped")
    assert await office.eraser.look()
    assert not office.bytes_hold_the_secret()


@pytest.mark.parametrize("kind", [ErasureKind.CHANNEL, ErasureKind.WORKSPACE])
async def test_where_we_can_no_longer_speak_the_texts_go_in_silence(
    office: Office, kind: ErasureKind
) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    await office.store.add([Erasure("e1", kind, "T0ACME0001", "C0CONTRACT")])
    assert await office.eraser.look()
    assert not office.bytes_hold_the_secret()
    assert FORGOTTEN not in office.thread(share.ts)


async def test_while_slack_is_down_the_texts_go_and_the_sentence_follows(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    await office.store.add([Erasure("e1", ErasureKind.FILE, "T0ACME0001", "", "F1")])
    office.slack.fail("chat.update", Fault.UNAVAILABLE, times=20)
    assert not await office.eraser.look()
    assert await office.store.open() != []
    office.slack.heal()
    assert await office.eraser.look()
    assert office.thread(share.ts) == [FORGOTTEN]


async def test_the_event_of_a_deleted_message_reaches_the_eraser(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    keeper = Erasures(office.store.add, bot_user="U0BOT00001", noticed=office.eraser.notice)
    office.eraser.start()
    before = {"user": "U0ANN00001", "ts": share.ts, "files": [{"id": "F1"}]}
    event = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C0CONTRACT",
        "message": {"subtype": "tombstone", "ts": share.ts},
        "previous_message": before,
    }
    assert await keeper.keep({"type": "event_callback", "event_id": "Ev1", "event": event})
    await office.slack.wait_for(lambda: office.thread(share.ts) == [FORGOTTEN])
    async with asyncio.timeout(5):
        while await office.store.open():  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)
    await office.eraser.stop()
    assert not office.bytes_hold_the_secret()
