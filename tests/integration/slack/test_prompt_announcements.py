"""Every change is told in the admins' channel, and can be undone there, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from smallprint.models.domain import ActivationAction
from smallprint.prompts.gate import GatePolicy
from smallprint.slack.blocks.prompt_answers import REFUSED
from smallprint.slack.client import SlackClients
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import GENERAL, Json
from tests.integration.slack.prompting import Admins, admins_of, because, buttons, words


@pytest.fixture
async def admins(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Admins]:
    async with admins_of(slack, clients, tmp_path, admin_channel=GENERAL) as admins:
        yield admins


async def told(slack: FakeSlack, count: int = 1) -> Json:
    """The last announcement, once there are that many."""
    messages = await slack.wait_for(
        lambda: slack.bot_messages(GENERAL) if len(slack.bot_messages(GENERAL)) >= count else None,
        what="told",
    )
    assert len(messages) == count
    last: Json = messages[-1]
    return last


async def undo(
    admins: Admins, message: Json, user: str = "ann", *, answers: int = 0, label: str = "Undo"
) -> str:
    button = buttons(message)[label]
    pressed = await admins.presses(button, user, ts=message["ts"], channel="general", answers=answers)
    return words(pressed.answers)


async def now(slack: FakeSlack, message: Json, word: str) -> Json:
    """The message, once it says that."""

    def shown() -> Json | None:
        current = slack.workspace.channel(GENERAL).messages[message["ts"]]
        return current if word in words(current) else None

    found: Json = await slack.wait_for(shown, what=word)
    return found


async def test_a_change_is_told_with_who_what_why_and_the_gate_and_wakes_nobody(
    slack: FakeSlack, admins: Admins
) -> None:
    await admins.asks("set analyst v2 it asks for exceptions, says <@U0BOB00001|bob>")
    message = await told(slack)
    text = words(message)
    for expected in (
        "document_analysis: v3 → v2",
        "set by ann",
        "it asks for exceptions, says @bob",
        "⚠️ Not proven",
    ):
        assert expected in text
    assert '"user_id"' not in str(message)
    assert "<@" not in message["text"]
    assert buttons(message)["Undo"]["confirm"]["text"]["text"].startswith("v2 → v3")


async def test_a_change_by_the_modal_is_told_once_even_if_it_is_sent_twice(
    slack: FakeSlack, admins: Admins
) -> None:
    modal = await admins.modal_of("set analyst v2")
    await asyncio.gather(*(slack.submit("ann", modal, because("better")) for _ in range(2)))
    await admins.announcements.finish()
    await told(slack)


async def test_undo_is_a_rollback_and_the_message_says_who(slack: FakeSlack, admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    message = await told(slack)
    await undo(admins, message, "olly")
    after = await now(slack, message, "Undone by olly: document_analysis: v2 → v3")
    assert buttons(after) == {}
    row = (await admins.log())[0]
    assert (row.action, row.actor, row.to_version) == (ActivationAction.ROLLBACK, "U0OLLY0001", 3)


async def test_two_who_press_undo_at_once_undo_it_once(slack: FakeSlack, admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    message = await told(slack)
    await asyncio.gather(undo(admins, message, "ann"), undo(admins, message, "olly"))
    await slack.wait_for(lambda: len(slack.calls_to("chat.update")) == 2, what="both shown")
    log = await admins.log()
    assert len(log) == 3
    name = "ann" if log[0].actor == "U0ANN00001" else "olly"
    assert f"Undone by {name}" in words(await now(slack, message, "Undone"))


async def test_members_cannot_undo(slack: FakeSlack, admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    message = await told(slack)
    assert REFUSED in await undo(admins, message, "bob", answers=1)
    assert await admins.live() == 2


async def test_what_was_changed_again_since_is_not_undone(slack: FakeSlack, admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    first = await told(slack)
    await admins.asks("set analyst v1 even better")
    await told(slack, 2)
    assert "was changed since then: v1 is live" in await undo(admins, first, answers=1)
    assert await admins.live() == 1


async def test_what_somebody_took_back_by_hand_is_told_as_done_and_by_whom(
    slack: FakeSlack, admins: Admins
) -> None:
    await admins.asks("set analyst v2 better")
    first = await told(slack)
    await admins.asks("rollback analyst worse", "olly")
    said = await undo(admins, first, answers=1)
    assert "v3 is live already (rolled back by <U0OLLY0001>: worse)" in said


async def test_canaries_and_pins_are_told_and_taken_back_too(slack: FakeSlack, admins: Admins) -> None:
    await admins.asks("canary analyst v1 10 to see")
    canary = await told(slack)
    assert "🐤 document_analysis: v1 is tried on 10 % of the documents" in words(canary)
    await undo(admins, canary, label="End the canary")
    await now(slack, canary, "Undone by ann")
    await admins.asks("pin analyst v1 #contracts")
    pin = await told(slack, 2)
    await undo(admins, pin, label="Unpin")
    await now(slack, pin, "Undone by ann")
    assert await admins.prompts.pins() == ()
    await admins.asks("pin analyst v1 #contracts")
    await told(slack, 3)
    await admins.asks("unpin analyst #contracts")
    assert buttons(await told(slack, 4)) == {}


async def test_a_canary_that_was_replaced_is_not_ended_by_the_old_button(
    slack: FakeSlack, admins: Admins
) -> None:
    await admins.asks("canary analyst v1 10")
    first = await told(slack)
    await admins.asks("canary analyst v1 50")
    await told(slack, 2)
    assert "has ended already" in await undo(admins, first, label="End the canary", answers=1)
    running = (await admins.prompts.list("analyst"))[0].canary
    assert running is not None
    assert running.percent == 50


async def test_a_rollback_can_be_undone_too(slack: FakeSlack, admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    await told(slack)
    await admins.asks("rollback analyst worse")
    message = await told(slack, 2)
    await undo(admins, message)
    await now(slack, message, "Undone by ann")
    assert await admins.live() == 2


async def test_an_overridden_gate_stands_in_red(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, admin_channel=GENERAL, gate=GatePolicy.REQUIRE) as admins:
        await admins.asks("set analyst v2 urgent --override")
        assert "🔴 ⚠️ The gate was overridden" in words(await told(slack))


async def test_a_channel_that_does_not_take_it_changes_nothing_and_stands_in_the_log(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, admin_channel="C0LOBBY001") as admins:
        with structlog.testing.capture_logs() as log:
            assert "✓" in await admins.asks("set analyst v2 better")
            await admins.announcements.finish()
        assert [line["error"] for line in log if line["event"] == "change not told in the admin channel"] == [
            "not_in_channel"
        ]
        assert await admins.live() == 2


async def test_slack_being_slow_to_post_does_not_hold_up_the_change(slack: FakeSlack, admins: Admins) -> None:
    slack.fail("chat.postMessage", Fault.SLOW, delay_s=1.0)
    answer = await admins.types("set analyst v2 better")
    assert "✓" in words(answer.said)
    assert slack.bot_messages(GENERAL) == [] or answer.delivery.ack_seconds is not None


async def test_an_announcement_that_could_not_be_updated_heals_at_the_next_press(
    slack: FakeSlack, admins: Admins
) -> None:
    await admins.asks("set analyst v2 better")
    message = await told(slack)
    slack.fail("chat.update", Fault.ERROR, error="internal_error", times=1)
    await undo(admins, message)
    await slack.wait_for(lambda: slack.calls_to("chat.update"), what="the failed update")
    await undo(admins, message)
    await now(slack, message, "Undone by ann")
    assert len(await admins.log()) == 3
