"""Every verb of `/prompt-version` at the wire: a command goes in, ephemeral blocks that Slack accepts come out."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from smallprint.models.domain import ActivationAction, Scope
from smallprint.slack.blocks.prompt_answers import REFUSED
from smallprint.slack.client import SlackClients
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import COUNSEL
from tests.integration.slack.prompting import AGENT, REVIEWER, Admins, admins_of, buttons, words

EVERY_VERB = (
    "list", "show document_analysis", "diff document_analysis v1 v2", "set document_analysis v1 because",
    "set document_analysis v1", "rollback document_analysis", "rollback document_analysis because",
    "canary document_analysis v1 10", "promote document_analysis", "abort document_analysis",
    "pin document_analysis v1 #contracts", "unpin document_analysis #contracts", "history", "stats document_analysis",
    "help", "nonsense", "",
)  # fmt: skip


@pytest.fixture
async def admins(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Admins]:
    async with admins_of(slack, clients, tmp_path) as admins:
        yield admins


# --- looking ---------------------------------------------------------------------------------------------


async def test_list_shows_live_canary_pins_what_waits_and_what_cannot_be_used(admins: Admins) -> None:
    await admins.asks("set analyst v2 v3 was too eager")
    await admins.asks("canary analyst v1 10 is it better on leases")
    await admins.asks("pin analyst v1 <#C0CONTRACT|contracts> their lawyers know it")
    answer = await admins.types("list")
    told = words(answer.said)
    for expected in (
        "v2 is live (just now)",
        "The release has v3; live is v2 (set by <U0ANN00001>: v3 was too eager)",
        "Canary: v1 on 10 % of the documents, by <U0ANN00001>: is it better on leases",
        "Pinned: v1 in <C0CONTRACT>",
        "can't be used: it answers in the form analysis/9",
        "findings_review",
    ):
        assert expected in told
    labels = list(buttons(answer.said[0]))
    assert labels == ["Set v3 live…", "Set v1 live…", "Roll back…"]
    assert "v4" not in " ".join(labels)


async def test_list_of_one_agent_in_any_case(admins: Admins) -> None:
    told = await admins.asks("LIST Document-Analysis")
    assert AGENT in told
    assert REVIEWER not in told


async def test_show_gives_text_settings_hash_and_where_it_is_live(admins: Admins) -> None:
    told = await admins.asks("show analyst V2")
    assert "asks for exceptions" in told
    assert "Ask for the exception to each rule." in told
    assert "SHA-256" in told
    assert "no evaluation of exactly this version" in told
    assert "v3" in await admins.asks("show analyst")


async def test_a_long_text_comes_whole_in_parts(admins: Admins) -> None:
    answer = await admins.types("show reviewer v2", answers=4)
    assert "Line 0 of a long prompt" in words(answer.said)
    assert "Line 89 of a long prompt" in words(answer.said)


async def test_diff_shows_the_changed_places_and_settings_only(admins: Admins) -> None:
    told = await admins.asks("diff analyst v2 v3")
    assert "document_analysis: v2 → v3" in told
    assert "− Ask for the exception to each rule." in told
    assert "+ Quote briefly." in told
    assert "+ effort: low" in told
    assert "no difference" in await admins.asks("diff analyst 2 v2")
    assert "v3 → v1" in await admins.asks("diff analyst v1")


async def test_history_goes_back_page_by_page_in_one_message(admins: Admins) -> None:
    for number in range(12):
        await admins.asks(f"set analyst v{1 + number % 2} change number {number}")
    first = (await admins.types("history analyst")).said[0]
    assert "change number 11" in words(first)
    assert "change number 1\n" not in words(first)
    older = await admins.presses(buttons(first)["Older"])
    assert older.answers[0]["replace_original"] is True
    assert "change number 0" in words(older.answers)
    assert "⚠️ not proven" in words(older.answers)
    newest = await admins.presses(buttons(older.answers[0])["Newest"])
    assert "change number 11" in words(newest.answers)
    assert "Older" not in buttons(older.answers[0])


async def test_stats_stand_in_grey_below_thirty_analyses(admins: Admins) -> None:
    answer = (await admins.types("stats analyst v1 V2 7d")).said[0]
    (asked,) = admins.statistics.asked
    assert asked[:2] == (AGENT, (1, 2))
    assert asked[2] is not None
    told = words(answer)
    for expected in (
        "n = 120", "30 high (25 %)", "Findings per document: 4.0", "rejected 10 %", "nobody has said anything yet",
        "$0.042 median, $0.110 p95", "38 s median, 1 min 35 s p95", "3 (model_overloaded 3)",
    ):  # fmt: skip
        assert expected in told
    grey = [block for block in answer["blocks"] if block["type"] == "context"]
    assert any("n = 12 · too few to conclude anything" in words(block) for block in grey)
    assert not any("n = 120" in words(block) for block in grey)


@pytest.mark.parametrize("text", ["", "help", "frobnicate", "HELP me"])
async def test_anything_else_is_answered_with_the_verbs_and_an_example_each(
    admins: Admins, text: str
) -> None:
    told = await admins.asks(text)
    for verb in (
        "list",
        "show",
        "diff",
        "set",
        "rollback",
        "canary",
        "promote",
        "abort",
        "pin",
        "unpin",
        "history",
        "stats",
    ):
        assert f"/prompt-version {verb}" in told


# --- changing --------------------------------------------------------------------------------------------


async def test_set_with_a_reason_holds_at_once_and_says_from_where_to_where(admins: Admins) -> None:
    told = await admins.asks("set Analyst 1 it quoted <@U0BOB00001|bob> &amp; sons better")
    assert "✓ document_analysis: v3 → v1" in told
    assert "set by <U0ANN00001>" in told
    assert "Not proven" in told
    row = (await admins.log())[0]
    assert (row.actor, row.reason) == ("U0ANN00001", "it quoted @bob & sons better")
    assert await admins.live() == 1


async def test_rollback_with_a_reason_asks_nobody_ends_a_canary_and_names_pins_that_differ(
    admins: Admins,
) -> None:
    await admins.asks("set analyst v2 better")
    await admins.asks("canary analyst v1 50")
    await admins.asks("pin analyst v2 #contracts")
    told = await admins.asks("rollback analyst misses renewals")
    assert "v2 → v3" in told
    assert "Still pinned: v2 in <C0CONTRACT>" in told
    assert (await admins.prompts.list(AGENT))[0].canary is None
    assert await admins.live() == 3


async def test_rollback_without_a_reason_is_one_question_whose_yes_counts_once(admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    question = (await admins.types("rollback analyst")).said[0]
    assert "Roll back document_analysis from v2 to v3?" in words(question)
    assert "+ Quote briefly." in words(question)
    yes = buttons(question)["Roll back to v3"]
    both = await asyncio.gather(admins.presses(yes), admins.presses(yes))
    assert all("v2 → v3" in words(answer.answers) for answer in both)
    assert [row.action for row in await admins.log()][:2] == [ActivationAction.ROLLBACK, ActivationAction.SET]
    assert both[0].answers[0]["replace_original"] is True


async def test_a_question_that_is_old_does_not_roll_back_what_came_after_it(admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    yes = buttons((await admins.types("rollback analyst")).said[0])["Roll back to v3"]
    await admins.asks("set analyst v1 even better", "olly")
    told = words((await admins.presses(yes)).answers)
    assert "was changed since then: v1 is live (set by <U0OLLY0001>: even better)" in told
    assert await admins.live() == 1


async def test_rollback_without_an_agent_asks_which_when_there_are_several(admins: Admins) -> None:
    assert "nothing to go back to" in await admins.asks("rollback")
    await admins.asks("set analyst v2 better")
    assert "from v2 to v3?" in await admins.asks("rollback")
    await admins.asks("set reviewer v1 better")
    which = (await admins.types("rollback")).said[0]
    assert list(buttons(which)) == ["document_analysis v2…", "findings_review v1…"]
    question = await admins.presses(buttons(which)["findings_review v1…"])
    assert "Roll back findings_review from v1 to v2?" in words(question.answers)


async def test_the_list_s_button_asks_before_it_rolls_back(admins: Admins) -> None:
    await admins.asks("set analyst v2 better")
    listed = (await admins.types("list analyst")).said[0]
    question = await admins.presses(buttons(listed)["Roll back…"])
    assert "from v2 to v3?" in words(question.answers)
    assert await admins.live() == 2


async def test_canary_promote_and_abort(admins: Admins) -> None:
    told = await admins.asks("canary analyst v2 10% to see")
    assert "v2 is tried on 10 % of the documents" in told
    assert "no evaluation of exactly this version" in told
    assert "v2 is no longer tried" in await admins.asks("abort analyst")
    await admins.asks("canary analyst v1 99")
    assert "v3 → v1" in await admins.asks("promote analyst fewer rejections")
    assert await admins.live() == 1
    assert "No version of document_analysis is being tried" in await admins.asks("promote analyst")


@pytest.mark.parametrize(
    "place", ["<#C0CONTRACT|contracts>", "<#C0CONTRACT>", "#contracts", "#Contracts", "c0contract"]
)
async def test_pin_and_unpin_a_channel_however_it_is_written(admins: Admins, place: str) -> None:
    assert "v1 in <C0CONTRACT>" in await admins.asks(f"pin analyst v1 {place}")
    (pin,) = await admins.prompts.pins(AGENT)
    assert (pin.scope, pin.scope_id) == (Scope.CHANNEL, "C0CONTRACT")
    assert "the live version again in <C0CONTRACT>" in await admins.asks(f"unpin analyst {place}")
    assert await admins.prompts.pins(AGENT) == ()


async def test_set_with_a_channel_is_a_pin(admins: Admins) -> None:
    assert "v1 in <C0CONTRACT>" in await admins.asks("set analyst v1 #contracts their lawyers know it")
    assert await admins.live() == 3


@pytest.mark.parametrize(
    "place", ["#nowhere", "<#C0LOBBY001|lobby>", "<#C0VAULT001>", "#lobby", "C0NOTTHERE"]
)
async def test_a_channel_that_we_are_not_in_cannot_be_pinned(admins: Admins, place: str) -> None:
    assert "I don't know a channel" in await admins.asks(f"pin analyst v1 {place}")
    assert await admins.prompts.pins() == ()


async def test_a_pin_comes_off_a_channel_that_is_gone(slack: FakeSlack, admins: Admins) -> None:
    await admins.asks("pin analyst v1 #contracts")
    del slack.workspace.channels["C0CONTRACT"]
    answer = await slack.slash_command(
        "ann", "general", "/prompt-version", "unpin analyst <#C0CONTRACT>", answers=1
    )
    assert "the live version again" in words(answer.said)


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("set", "Which agent?"),
        ("set analyst", "Which version?"),
        ("diff", "Which agent?"),
        ("diff analyst", "Which versions?"),
        ("stats", "Which agent?"),
        ("canary analyst v1", "On how many per cent"),
        ("canary analyst v1 many", "On how many per cent"),
        ("canary analyst v1 100", "1 to 99"),
        ("pin analyst v1", "Which channel?"),
        ("unpin analyst", "Which channel?"),
        ("unpin analyst #contracts", "is not pinned"),
        ("promote", "Which agent?"),
        ("show nobody", "I don't know an agent"),
        ("history nobody", "I don't know an agent"),
        ("stats nobody", "I don't know an agent"),
        ("stats analyst v77", "has no version v77"),
        ("set nobody v1 because", "I don't know an agent"),
        ("set analyst v99 because", "has no version v99"),
        ("set analyst newest because", "has no version newest"),
        ("set analyst v3 because", "is live already"),
        ("set analyst v4 because", "it answers in the form analysis/9"),
        ("set analyst v4", "it answers in the form analysis/9"),
        ("rollback analyst v4 because", "was never live"),
        ("rollback analyst v1 because", "was never live"),
        ("rollback analyst v1", "was never live"),
        ("rollback analyst v4", "was never live"),
        ("rollback analyst v88", "has no version v88"),
        ("canary analyst v4 10", "analysis/9"),
        ("pin analyst v4 #contracts", "analysis/9"),
        ("rollback analyst", "there is nothing to go back to"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_said_and_nothing_changes(
    admins: Admins, text: str, sentence: str
) -> None:
    before = await admins.log()
    assert sentence in await admins.asks(text)
    assert await admins.log() == before


@pytest.mark.parametrize("person", ["bob", "eve", "gone", "stranger", "smallprint"])
async def test_who_may_not_is_refused_for_every_verb_and_it_stands_in_the_log(
    admins: Admins, person: str
) -> None:
    before = await admins.log()
    with structlog.testing.capture_logs() as log:
        for text in EVERY_VERB:
            answer = await admins.types(text, person)
            assert REFUSED in words(answer.said), text
    refused = [line for line in log if line["event"] == "refused"]
    assert len(refused) == len(EVERY_VERB)
    assert await admins.log() == before
    assert admins.slack.core.views == []


async def test_when_slack_does_not_say_who_somebody_is_the_answer_is_no(
    slack: FakeSlack, admins: Admins
) -> None:
    slack.fail("users.info", Fault.ERROR, error="user_not_found")
    assert REFUSED in await admins.asks("set analyst v1 because")


async def test_of_two_admins_at_once_one_wins_and_the_other_is_told(admins: Admins) -> None:
    answers = await asyncio.gather(
        admins.asks("set analyst v1 mine"), admins.asks("set analyst v2 no, mine", "olly")
    )
    log = await admins.log()
    won = [answer for answer in answers if "✓" in answer]
    assert (
        len(won)
        + sum("was changed since then" in answer or "Nothing was changed" in answer for answer in answers)
        == 2
    )
    assert len(log) == 1 + len(won)
    assert [row.after for row in log] == [*(row.id for row in log[1:]), 0]


async def test_a_locked_database_is_a_sentence_and_heals(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path, admins: Admins, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(tmp_path / "app.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = await slack.slash_command(
            "ann", "contracts", "/prompt-version", "set analyst v1 because", answers=1, timeout_s=30
        )
        other.execute("ROLLBACK")
    assert "can't reach my database" in words(answer.said)
    assert answer.delivery.ack_seconds is not None
    assert answer.delivery.ack_seconds < 1
    assert "✓" in await admins.asks("set analyst v1 because")


# --- who may ---------------------------------------------------------------------------------------------


async def test_members_of_the_admin_group_may_but_guests_in_it_never(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, who={"admin_group": COUNSEL}) as admins:
        assert AGENT in await admins.asks("list", "bob")
        assert REFUSED in await admins.asks("list", "eve")
        assert len(slack.calls_to("usergroups.users.list")) == 1


async def test_a_group_that_slack_does_not_tell_has_no_members(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with admins_of(slack, clients, tmp_path, who={"admin_group": COUNSEL}) as admins:
        slack.scopes.discard("usergroups:read")
        assert REFUSED in await admins.asks("list", "bob")
        slack.scopes.add("usergroups:read")
        assert AGENT in await admins.asks("list", "bob")


async def test_slack_s_own_admins_may_only_where_that_is_wanted(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    who = {"admins_from_slack": False}
    async with admins_of(slack, clients, tmp_path, who=who, admin_users=["U0BOB00001"]) as admins:
        assert REFUSED in await admins.asks("list", "ann")
        assert REFUSED in await admins.asks("list", "olly")
        assert AGENT in await admins.asks("list", "bob")


async def test_what_slack_said_of_somebody_is_believed_for_five_minutes_and_no_longer(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    now = [0.0]
    who = {"clock": lambda: now[0], "admin_group": COUNSEL}
    async with admins_of(slack, clients, tmp_path, who=who) as admins:
        for expected in (1, 1):
            await admins.asks("list", "bob")
            assert len(slack.calls_to("users.info")) == expected
        slack.workspace.groups[COUNSEL].clear()
        now[0] = 299.0
        assert AGENT in await admins.asks("list", "bob")
        now[0] = 301.0
        assert REFUSED in await admins.asks("list", "bob")
