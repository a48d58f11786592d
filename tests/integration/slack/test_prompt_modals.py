"""The modal before a version goes live: opened in time, sent, sent twice, overtaken, refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from smallprint.models.domain import ActivationAction, Gate
from smallprint.models.evaluation import EvaluationVerdict
from smallprint.prompts.gate import GatePolicy
from smallprint.services.database.evaluations import EvaluationStore
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.blocks.prompt_answers import REFUSED
from smallprint.slack.blocks.prompt_modal import NEEDS_REASON
from smallprint.slack.client import SlackClients
from tests.fakes.slack import FakeSlack, Fault
from tests.integration.slack.prompting import Admins, admins_of, because, buttons, words
from tests.integration.test_evaluations import RUN


@pytest.fixture
async def admins(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Admins]:
    async with admins_of(slack, clients, tmp_path) as admins:
        yield admins


async def test_set_without_a_reason_opens_the_modal_with_diff_and_evaluation(admins: Admins) -> None:
    modal = await admins.modal_of("set analyst v2")
    sent = {
        key: value for key, value in modal.items() if key not in {"id", "hash", "team_id", "app_id", "bot_id"}
    }
    assert validate_view(sent) == []
    told = words(modal)
    for expected in (
        "document_analysis: v3 → v2", "asks for exceptions", "no evaluation of exactly this version",
        "+ Ask for the exception to each rule.", "− effort: low", "Why?",
    ):  # fmt: skip
        assert expected in told
    assert "override" not in told.lower()
    assert modal["submit"]["text"] == "Set live"
    assert json.loads(modal["private_metadata"]).keys() == {"verb", "agent", "version", "activation"}


async def test_the_modal_sent_with_a_reason_makes_the_change_and_says_so(admins: Admins) -> None:
    modal = await admins.modal_of("set analyst v2")
    sent = await admins.slack.submit("ann", modal, because("it asks for <!channel> exceptions"))
    assert sent.acked
    assert "✓ document_analysis: v3 → v2" in words(sent.view)
    assert "submit" not in (sent.view or {})
    row = (await admins.log())[0]
    assert (row.action, row.actor, row.reason) == (
        ActivationAction.SET,
        "U0ANN00001",
        "it asks for @channel exceptions",
    )
    assert row.gate is Gate.WARNED


async def test_the_list_s_button_opens_the_same_modal(admins: Admins) -> None:
    listed = (await admins.types("list analyst")).said[0]
    await admins.presses(buttons(listed)["Set v2 live…"], answers=0)
    modal = await admins.slack.wait_for(
        lambda: admins.slack.core.views and admins.slack.modal(), what="modal"
    )
    assert "document_analysis: v3 → v2" in words(modal)
    await admins.slack.submit("ann", modal, because("better"))
    assert await admins.live() == 2


async def test_the_button_of_an_old_list_asks_about_what_is_live_now(admins: Admins) -> None:
    listed = (await admins.types("list analyst")).said[0]
    await admins.asks("set analyst v1 meanwhile", "olly")
    await admins.presses(buttons(listed)["Set v2 live…"], answers=0)
    modal = await admins.slack.wait_for(
        lambda: admins.slack.core.views and admins.slack.modal(), what="modal"
    )
    assert "document_analysis: v1 → v2" in words(modal)
    await admins.slack.submit("ann", modal, because("better"))
    assert await admins.live() == 2
    told = await admins.presses(buttons(listed)["Set v2 live…"])
    assert "is live already" in words(told.answers)


async def test_members_who_press_the_list_s_buttons_are_refused(admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    listed = (await admins.types("list analyst")).said[0]
    for button in buttons(listed).values():
        assert REFUSED in words((await admins.presses(button, "bob")).answers)
    assert admins.slack.core.views == []
    yes = buttons((await admins.types("rollback analyst")).said[0])["Roll back to v3"]
    assert REFUSED in words((await admins.presses(yes, "eve")).answers)
    assert await admins.live() == 2


async def test_the_modal_sent_twice_is_one_change(admins: Admins) -> None:
    modal = await admins.modal_of("set analyst v2")
    both = await asyncio.gather(*(admins.slack.submit("ann", modal, because("better")) for _ in range(2)))
    assert all("✓ document_analysis: v3 → v2" in words(sent.view) for sent in both)
    assert len(await admins.log()) == 2


@pytest.mark.parametrize("reason", ["", "   ", "\u200b\u200b", "\n"])
async def test_without_a_reason_the_modal_stays_open_and_says_what_is_missing(
    admins: Admins, reason: str
) -> None:
    modal = await admins.modal_of("set analyst v2")
    sent = await admins.slack.submit("ann", modal, because(reason))
    assert sent.errors == {"reason": NEEDS_REASON}
    assert await admins.live() == 3
    await admins.slack.submit("ann", modal, because("better"))
    assert await admins.live() == 2


async def test_when_the_pointer_moved_meanwhile_nothing_is_changed_and_the_modal_says_who_did_what(
    admins: Admins,
) -> None:
    modal = await admins.modal_of("set analyst v2")
    await admins.asks("set analyst v1 I was faster", "olly")
    sent = await admins.slack.submit("ann", modal, because("better"))
    assert "was changed since then: v1 is live (set by <U0OLLY0001>: I was faster)" in words(sent.view)
    assert "Nothing was changed" in words(sent.view)
    assert await admins.live() == 1


async def test_rights_are_asked_again_when_the_modal_is_sent(slack: FakeSlack, admins: Admins) -> None:
    modal = await admins.modal_of("set analyst v2")
    sent = await slack.submit("bob", modal, because("better"))
    assert REFUSED in words(sent.view)
    assert await admins.live() == 3


async def test_a_channel_s_version_is_asked_about_in_the_same_way(admins: Admins) -> None:
    modal = await admins.modal_of("set analyst v1 #contracts")
    assert "document_analysis: v3 → v1 in <C0CONTRACT>" in words(modal)
    sent = await admins.slack.submit("ann", modal, because("their lawyers know it"))
    assert "✓ document_analysis: v1 in <C0CONTRACT>" in words(sent.view)
    assert await admins.live() == 3
    assert (await admins.prompts.pins())[0].reason == "their lawyers know it"


async def test_a_hostile_reason_of_any_length_is_kept_short_and_shown_as_words(admins: Admins) -> None:
    modal = await admins.modal_of("set analyst v2")
    nasty = "<!channel> `*_~ \u202egnp.exe " * 300
    sent = await admins.slack.submit("ann", modal, because(nasty[:3000]))
    assert "\u202e" not in words(sent.view)
    assert len((await admins.log())[0].reason) <= 1_000
    await admins.types("history")
    await admins.types("list")


# --- the gate --------------------------------------------------------------------------------------------


async def test_a_gate_that_requires_asks_to_be_overridden_and_the_log_shows_it(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, gate=GatePolicy.REQUIRE) as admins:
        modal = await admins.modal_of("set analyst v2")
        refused = await slack.submit("ann", modal, because("urgent"))
        assert "the gate asks for one that is not worse" in words(refused.view)
        assert "Override it" in words(refused.view)
        assert await admins.live() == 3
        assert refused.view is not None
        await slack.submit("ann", refused.view, because("urgent", override=True))
        assert await admins.live() == 2
        assert (await admins.log())[0].gate is Gate.OVERRIDDEN
        assert "🔴 ⚠️ gate overridden" in await admins.asks("history")


async def test_typed_changes_are_overridden_with_a_word(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, gate=GatePolicy.REQUIRE) as admins:
        assert "--override" in await admins.asks("set analyst v2 urgent")
        assert "The gate was overridden" in await admins.asks("set analyst v2 urgent —override")
        assert "v2 → v3" in await admins.asks("rollback analyst no gate here")
        await admins.asks("canary analyst v1 10")
        assert "--override" in await admins.asks("promote analyst urgent")
        assert "v3 → v1" in await admins.asks("promote analyst --override urgent")


async def test_an_evaluation_that_is_not_worse_opens_the_gate(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, gate=GatePolicy.REQUIRE) as admins:
        proven = await admins.prompts.version("analyst", 2)
        await EvaluationStore(admins.database).save(
            replace(
                RUN,
                prompt_hashes={"document_analysis": proven.sha256},
                verdict=EvaluationVerdict.NOT_WORSE,
                results=(),
            )
        )
        modal = await admins.modal_of("set analyst v2")
        assert "✅ evaluated" in words(modal)
        await slack.submit("ann", modal, because("proven"))
        assert (await admins.log())[0].gate is Gate.PASSED
        assert "✅ evaluated: not worse" in await admins.asks("list analyst")


# --- slow and broken -------------------------------------------------------------------------------------


async def test_when_looking_things_up_takes_long_the_modal_opens_first_and_is_filled_in(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, open_within_s=0.05) as admins:
        slack.fail("users.info", Fault.SLOW, delay_s=0.5)
        modal = await admins.modal_of("set analyst v2")
        assert "One moment" in words(modal)
        await slack.wait_for(lambda: "v3 → v2" in words(slack.modal()), what="the diff")
        await slack.submit("ann", slack.modal(), because("better"))
        assert await admins.live() == 2


async def test_a_refusal_that_takes_long_stands_in_the_modal(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, open_within_s=0.05):
        slack.fail("users.info", Fault.SLOW, delay_s=0.3)
        await slack.slash_command("bob", "contracts", "/prompt-version", "set analyst v2")
        await slack.wait_for(lambda: slack.core.views and REFUSED in words(slack.modal()), what="the refusal")


async def test_a_submission_is_acked_in_time_whatever_the_database_takes(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, ack_within_s=0.1) as admins:
        modal = await admins.modal_of("set analyst v2")
        admins.permissions._known.clear()
        slack.fail("users.info", Fault.SLOW, delay_s=0.6)
        sent = await slack.submit("ann", modal, because("better"))
        assert "One moment" in words(sent.view)
        await slack.wait_for(lambda: "✓ document_analysis" in words(slack.modal()), what="the outcome")
        assert (sent.delivery.ack_seconds or 9) < 0.5


async def test_when_slack_opens_no_modal_the_command_says_what_to_type(
    slack: FakeSlack, admins: Admins
) -> None:
    slack.fail("views.open", Fault.ERROR, error="expired_trigger_id")
    told = await admins.asks("set analyst v2")
    assert "/prompt-version set analyst v2 <reason>" in told
    assert await admins.live() == 3
