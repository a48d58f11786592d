"""`/smallprint`: the channel's settings in a modal, the help, and the verbs of others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smallprint.errors import NotAllowed, NotInChannel
from smallprint.models.domain import (
    KIND_GROUPS,
    ChannelSettings,
    Handling,
    Profile,
)
from smallprint.slack.blocks.channel_words import CHANGED, SAVED, UNCHANGED, WHO_MAY
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.blocks.product_help import COMMANDS
from smallprint.slack.blocks.settings_modal import (
    ALERT_CHANNEL,
    ALERT_GROUP,
    BAD_LANGUAGE,
    BAD_SIZE,
    CALLBACK,
    LANGUAGE,
    NO_CHANNEL,
    NO_GROUP,
    SMALLEST,
    STRANGERS,
    TITLE,
)
from smallprint.slack.client import SlackClients
from smallprint.slack.settings_desk import NOT_AMONG_STRANGERS, NOT_THERE
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import BOB, CONTRACTS, COUNSEL, DM_ANN, GENERAL, LEGAL, LOBBY, TEAM, Json
from tests.integration.slack.channels import Channels, LevelAnalyser, channels_of
from tests.integration.slack.prompting import words


@pytest.fixture
async def channels(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Channels]:
    async with channels_of(slack, clients, tmp_path, LevelAnalyser()) as channels:
        yield channels


def chosen(value: str) -> Json:
    return {"selected_option": {"value": value}}


def ticked(*values: str) -> Json:
    return {"selected_options": [{"value": value} for value in values]}


FILLED = {
    "handling": chosen("ask_first"),
    "smallest": {"value": "1,500 KB"},
    "kinds": ticked("pdf", "word"),
    "profile": chosen("economy"),
    "language": {"value": "swiss german"},
    "answers": chosen("private"),
    "alert": chosen("group"),
    "alert_group": chosen(COUNSEL),
    "strangers": ticked("yes"),
}
WISHES = ChannelSettings(
    handling=Handling.ASK_FIRST,
    min_bytes=1_500 * 1_024,
    kinds=KIND_GROUPS["pdf"] | KIND_GROUPS["word"],
    profile=Profile.ECONOMY,
    language="Swiss German",
    alert=COUNSEL,
    private=True,
    strangers_allowed=True,
)


async def test_what_an_admin_fills_in_holds_from_the_next_file_on_and_the_channel_is_told_once(
    slack, channels
) -> None:
    modal = await channels.opens_settings("ann")
    assert (modal["title"]["text"], validate_view(modal)) == (TITLE, [])
    for _ in range(2):
        sent = await slack.submit("ann", modal, FILLED)
        assert sent.errors == {}
        assert SAVED in words(sent.view)
    assert await channels.settings.of(TEAM, CONTRACTS) == WISHES
    (told,) = channels.in_channel("contracts")
    assert f"<U0ANN00001>{CHANGED}" in told
    assert "Language of answers: the document's own → Swiss German" in told


async def test_the_form_opens_as_it_was_sent(slack, channels) -> None:
    await slack.submit("ann", await channels.opens_settings("ann"), FILLED)
    again = await channels.opens_settings("ann")
    assert validate_view(again) == []
    sent = await slack.submit("ann", again)
    assert UNCHANGED in words(sent.view)
    assert await channels.settings.of(TEAM, CONTRACTS) == WISHES


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"smallest": {"value": "a lot"}}, SMALLEST, BAD_SIZE),
        ({"smallest": {"value": "²"}}, SMALLEST, BAD_SIZE),
        ({"smallest": {"value": "99999999"}}, SMALLEST, BAD_SIZE),
        ({"language": {"value": "klingon"}}, LANGUAGE, BAD_LANGUAGE),
        ({"language": {"value": "german please"}}, LANGUAGE, BAD_LANGUAGE),
        ({"alert": chosen("channel")}, ALERT_CHANNEL, NO_CHANNEL),
        ({"alert": chosen("group")}, ALERT_GROUP, NO_GROUP),
        ({"alert": chosen("channel"), "alert_channel": {"selected_conversation": LOBBY}}, ALERT_CHANNEL, NOT_THERE),
        ({"alert": chosen("channel"), "alert_channel": {"selected_conversation": DM_ANN}}, ALERT_CHANNEL, NOT_THERE),
        (
            {"alert": chosen("channel"), "alert_channel": {"selected_conversation": GENERAL}},
            ALERT_CHANNEL,
            NOT_AMONG_STRANGERS,
        ),
    ],
)  # fmt: skip
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    slack, channels, wrong, field, sentence
) -> None:
    slack.workspace.channel(GENERAL).is_ext_shared = True
    sent = await slack.submit("ann", await channels.opens_settings("ann"), wrong)
    assert sent.errors == {field: sentence}
    assert await channels.settings.of(TEAM, CONTRACTS) == ChannelSettings()


async def test_a_channel_that_we_are_in_can_be_told(slack, channels) -> None:
    wish = {"alert": chosen("channel"), "alert_channel": {"selected_conversation": LEGAL}}
    sent = await slack.submit("ann", await channels.opens_settings("ann"), wish)
    assert f"<{LEGAL}>" in words(sent.view)
    assert (await channels.settings.of(TEAM, CONTRACTS)).alert == LEGAL


async def test_members_and_guests_see_how_it_stands_and_whom_to_ask(slack, channels) -> None:
    for user in ("bob", "eve"):
        modal = await channels.opens_settings(user, "general")
        assert WHO_MAY in words(modal)
        assert "submit" not in modal


async def test_whoever_made_the_channel_may_change_it_but_let_no_strangers_in(slack, channels) -> None:
    slack.workspace.channel(CONTRACTS).creator = BOB
    modal = await channels.opens_settings("bob")
    assert STRANGERS not in [block.get("block_id") for block in modal["blocks"]]
    sent = await slack.submit("bob", modal, {"language": {"value": "German"}})
    assert SAVED in words(sent.view)
    forged = modal | {"blocks": [*modal["blocks"], _ticks_of(STRANGERS)]}
    await slack.submit("bob", forged, {STRANGERS: ticked("yes"), "language": {"value": "French"}})
    assert not (await channels.settings.of(TEAM, CONTRACTS)).strangers_allowed


async def test_rights_are_asked_for_again_when_the_form_is_sent(slack, channels) -> None:
    modal = await channels.opens_settings("ann")
    sent = await slack.submit("bob", modal, FILLED)
    assert WHO_MAY in words(sent.view)
    assert await channels.settings.of(TEAM, CONTRACTS) == ChannelSettings()


async def test_in_direct_messages_everybody_sets_up_their_own(slack, channels) -> None:
    direct = slack.workspace.open_dm(BOB)
    modal = await channels.opens_settings("bob", direct.id)
    sent = await slack.submit("bob", modal, {"handling": chosen("on_request")})
    assert SAVED in words(sent.view)
    assert "high risks" not in words(sent.view)
    assert slack.bot_messages(direct.id) == []


async def test_where_we_are_not_it_says_how_to_invite_us(channels) -> None:
    assert NotInChannel.sentence in await channels.types("settings", "ann", "lobby")


async def test_without_the_list_of_user_groups_the_form_does_without(slack, channels) -> None:
    slack.fail("usergroups.list", Fault.ERROR, error="missing_scope")
    modal = await channels.opens_settings("ann")
    assert ALERT_GROUP not in [block.get("block_id") for block in modal["blocks"]]


async def test_a_slow_slack_gets_a_modal_that_is_filled_in_later(slack, channels) -> None:
    slack.fail("usergroups.list", Fault.STALLED, delay_s=1.3)
    modal = await channels.opens_settings("ann")
    assert modal["callback_id"] != CALLBACK
    await slack.wait_for(lambda: slack.modal()["callback_id"] == CALLBACK, what="the form")


@pytest.mark.parametrize("typed", ["", "help", "HELP", "what now"])
async def test_alone_it_names_everything_that_can_be_asked(channels, typed) -> None:
    told = await channels.types(typed, "eve")
    assert all(command in told for command, _ in COMMANDS)
    assert ("I don't know" in told) is (typed == "what now")


async def test_verbs_of_others_get_the_words_behind_them(channels) -> None:
    assert "Forgotten." in await channels.types("Forget  https://acme.slack.com/x ", "bob")
    assert channels.forgotten[0]["text"] == "https://acme.slack.com/x"
    assert channels.forgotten[0]["user_id"] == BOB


async def test_a_verb_that_refuses_says_why(channels) -> None:
    channels.refusal = NotAllowed("That is not yours.")
    assert "That is not yours." in await channels.types("forget x", "bob")


def _ticks_of(block_id: str) -> Json:
    element = {"type": "checkboxes", "action_id": block_id, "options": []}
    return {"type": "input", "block_id": block_id, "element": element}
