"""What becomes of a file that somebody shares, by what its channel is like and wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from smallprint.errors import NotAllowed
from smallprint.models.domain import KIND_GROUPS, Against, Brief, Handling, Job, JobKind, RiskLevel
from smallprint.slack.blocks.introduction import CLOSED, KEEPS, WHEN
from smallprint.slack.blocks.offer import DECLINED, OFFER, READ
from smallprint.slack.client import SlackClients
from smallprint.slack.listeners.repeat import NOT_FOR_GUESTS
from tests.fakes.slack import FakeSlack, Fault, Upload
from tests.fakes.slack.workspace import BOT_USER, CONTRACTS, COUNSEL, GENERAL, LEGAL, STRANGER, TEAM
from tests.integration.slack.channels import Channels, LevelAnalyser, channels_of
from tests.integration.slack.prompting import words


@pytest.fixture
async def channels(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Channels]:
    async with channels_of(slack, clients, tmp_path, LevelAnalyser()) as channels:
        yield channels


@pytest.fixture
def crowd(slack: FakeSlack) -> str:
    """A public channel of many people."""
    slack.workspace.channel(GENERAL).num_members = 180
    return "general"


@pytest.fixture
def shared(slack: FakeSlack) -> str:
    """A channel with people of another company."""
    slack.workspace.channel(CONTRACTS).is_ext_shared = True
    slack.workspace.channel(CONTRACTS).members.append(STRANGER)
    return "contracts"


async def test_in_a_small_channel_it_begins_at_once(channels) -> None:
    share = await channels.share("contracts")
    assert OFFER not in await channels.answered(share)


async def test_among_many_people_it_offers_and_whoever_presses_first_gets_it_once(
    slack, channels, crowd
) -> None:
    share = await channels.share(crowd, "ann")
    assert READ in await channels.answered(share, READ)
    assert channels.analyser.runs == []
    for user in ("bob", "ann", "bob"):
        await channels.press_offer(share, user) if READ in channels.said(share) else None
    said = await channels.answered(share)
    await channels.nothing_more(share)
    assert "<U0BOB00001> asked me to read" in said
    assert READ not in said
    assert len(channels.analyser.runs) == 1
    assert channels.analyser.requests[0].user == "U0BOB00001"


async def test_two_who_press_at_once_get_one_analysis(slack, channels, crowd) -> None:
    share = await channels.share(crowd, "ann")
    await channels.answered(share, READ)
    await asyncio.gather(channels.press_offer(share, "bob"), channels.press_offer(share, "ann"))
    await channels.answered(share)
    await channels.nothing_more(share)
    assert len(channels.analyser.runs) == 1


async def test_guests_may_share_but_not_start_what_was_offered(slack, channels, crowd) -> None:
    share = await channels.share(crowd, "eve")
    await channels.answered(share, READ)
    pressed = await channels.press_offer(share, "eve", answers=1)
    assert words(pressed.said).strip() == NOT_FOR_GUESTS
    assert channels.analyser.runs == []


async def test_several_files_are_one_offer_and_get_one_headline(slack, channels, crowd) -> None:
    files = [Upload("a.txt", b"a"), Upload("b.txt", b"b")]
    share = await slack.share(crowd, "ann", files=files)
    await channels.answered(share, READ)
    await channels.nothing_more(share)
    assert len(slack.replies(share.channel, share.ts)) == 1
    await channels.press_offer(share, "ann")
    await channels.answered(share, "2 documents")
    assert len(channels.analyser.runs) == 2


@pytest.mark.parametrize("order", [("message", "app_mention"), ("app_mention", "message")])
async def test_a_mention_beside_the_file_is_no_time_for_questions(channels, crowd, order) -> None:
    share = await channels.share(crowd, also_app_mention=True, order=order)
    assert READ not in await channels.answered(share)


async def test_an_offered_file_can_also_be_asked_for_by_sharing_it_with_a_mention(channels, crowd) -> None:
    """What a question in the thread hands over has the id of the first job."""
    share = await channels.share(crowd)
    await channels.answered(share, READ)
    (job,) = [job for job, _ in await _declined(channels)]
    await channels.jobs.accept([replace(job, trigger="app_mention")])
    await channels.answered(share)
    assert len(channels.analyser.runs) == 1


async def _declined(channels: Channels):
    async with channels.database.read() as connection:
        rows = (await connection.execute(text("SELECT id, outcome FROM jobs WHERE state = 'declined'"))).all()
    return [(await channels.store.get(row.id), row.outcome) for row in rows]


async def test_a_channel_that_wants_it_quiet_hears_nothing_until_somebody_asks(channels) -> None:
    await channels.wishes("contracts", handling=Handling.ON_REQUEST)
    silent = await channels.share("contracts")
    asked = await channels.share("contracts", also_app_mention=True)
    await channels.answered(asked)
    assert await channels.nothing_more(silent) == ""
    assert [outcome for _, outcome in await _declined(channels)] == [Against.ONLY_WHEN_ASKED]


async def test_a_guest_who_asks_where_only_members_may_is_told_so_once(channels) -> None:
    channels.slack.workspace.channel(CONTRACTS).members.append("U0EVE00001")
    await channels.wishes("contracts", handling=Handling.ON_REQUEST)
    share = await channels.share("contracts", "eve", also_app_mention=True)
    sentence = DECLINED[Against.ASKED_BY_GUEST]
    await channels.answered(share, sentence)
    assert (await channels.nothing_more(share)).count(sentence) == 1


async def test_small_files_and_other_kinds_are_left_alone(channels) -> None:
    await channels.wishes("contracts", min_bytes=1_024, kinds=KIND_GROUPS["text"])
    small = await channels.share("contracts")
    picture = await channels.share("contracts", name="cat.png", content=b"x" * 5_000)
    wanted = await channels.share("contracts", content=b"y" * 5_000)
    asked = await channels.share("contracts", also_app_mention=True)
    await channels.answered(wanted)
    await channels.answered(asked)
    assert await channels.nothing_more(small) == await channels.nothing_more(picture) == ""


async def test_files_are_looked_at_only_where_that_matters(slack, channels) -> None:
    await channels.answered(await channels.share("contracts"))
    before = len(slack.calls_to("files.info"))
    await channels.wishes("contracts", min_bytes=1_024)
    await channels.share("contracts")
    await slack.wait_for(lambda: len(slack.calls_to("files.info")) > before, what="a look at the file")


async def test_among_strangers_shares_are_silent_and_our_people_are_told_when_they_ask(
    channels, shared
) -> None:
    silent = [await channels.share(shared, user) for user in ("bob", "stranger")]
    begged = await channels.share(shared, "stranger", also_app_mention=True)
    asked = await channels.share(shared, "bob", also_app_mention=True)
    await channels.answered(asked, DECLINED[Against.ASKED_IN_SHARED_CHANNEL])
    for share in (*silent, begged):
        assert await channels.nothing_more(share) == ""
    assert channels.analyser.runs == []
    assert channels.in_channel("contracts") == []


@pytest.mark.parametrize(
    ("user", "told"),
    [("U0BOB00001", Against.ASKED_IN_SHARED_CHANNEL), (STRANGER, Against.SHARED_CHANNEL)],
)
async def test_among_strangers_questions_are_not_answered_either(channels, shared, user, told) -> None:
    question = Job("ask-1", TEAM, CONTRACTS, "1.1", "", user, "app_mention", kind=JobKind.QUESTION)
    decision = await channels.admission.decide(question)
    assert (decision.code, decision.told) == (told, told in DECLINED)
    await channels.wishes("contracts", strangers_allowed=True)
    assert (await channels.admission.decide(question)).code == ""


async def test_an_answer_for_the_asker_alone_is_made_among_strangers_too(channels, shared) -> None:
    asked = Job("cmd-1-F1", TEAM, CONTRACTS, "", "F1", "U0BOB00001", "command", brief=Brief(private=True))
    assert (await channels.admission.decide(asked)).code == ""
    public = replace(asked, brief=Brief())
    assert (await channels.admission.decide(public)).code == Against.ASKED_IN_SHARED_CHANNEL


async def test_commands_and_forms_hear_at_once_who_may_ask_and_where_the_answer_comes(
    channels, shared
) -> None:
    with pytest.raises(NotAllowed, match="other organisations"):
        await channels.admission.require_may_ask(TEAM, CONTRACTS, "U0BOB00001")
    with pytest.raises(NotAllowed, match="full member"):
        await channels.admission.require_may_ask(TEAM, GENERAL, "U0EVE00001")
    await channels.admission.require_may_ask(TEAM, GENERAL, "U0BOB00001")
    await channels.wishes("general", private=True)
    assert (await channels.admission.wished(TEAM, GENERAL, Brief())).private


async def test_an_admin_s_word_opens_a_channel_with_strangers(channels, shared) -> None:
    await channels.wishes("contracts", strangers_allowed=True)
    for user in ("bob", "stranger"):
        await channels.answered(await channels.share(shared, user))


async def test_a_private_answer_cannot_go_to_a_stranger(channels, shared) -> None:
    await channels.wishes("contracts", strangers_allowed=True, private=True)
    share = await channels.share(shared, "stranger")
    assert await channels.nothing_more(share) == ""
    assert channels.analyser.runs == []


async def test_strangers_get_no_answer_in_direct_messages(slack, channels) -> None:
    direct = slack.workspace.open_dm(STRANGER)
    share = await channels.share(direct.id, "stranger")
    assert await channels.nothing_more(share) == ""


async def test_private_first_answers_who_shared_and_nobody_else(slack, channels) -> None:
    await channels.wishes("contracts", private=True)
    share = await channels.share("contracts", "bob")
    direct = slack.workspace.open_dm("U0BOB00001")
    await slack.wait_for(lambda: "Low risk" in str(slack.bot_messages(direct.id)), 10, what="an answer")
    assert channels.said(share) == ""


async def test_the_channel_s_profile_and_language_are_wishes_of_the_analysis(channels) -> None:
    await channels.wishes("contracts", language="German")
    await channels.answered(await channels.share("contracts"))
    assert channels.analyser.requests[0].brief.language == "German"


async def test_who_is_in_a_channel_is_asked_once_for_many_files(slack, channels) -> None:
    for share in [await channels.share("contracts") for _ in range(8)]:
        await channels.answered(share)
    assert len(slack.calls_to("conversations.info")) == 1
    assert slack.calls_to("users.info") == []


async def test_where_slack_keeps_a_channel_to_itself_our_own_people_are_answered_and_strangers_not(
    slack, channels
) -> None:
    slack.workspace.channel(CONTRACTS).members.append(STRANGER)
    slack.scopes.discard("channels:read")
    await channels.answered(await channels.share("contracts", "bob"))
    share = await channels.share("contracts", "stranger")
    assert await channels.nothing_more(share) == ""


async def test_an_offer_survives_the_process_and_stands_there_once(slack, clients, tmp_path, crowd) -> None:
    async with channels_of(slack, clients, tmp_path, LevelAnalyser()) as channels:
        slack.fail("chat.postMessage", Fault.ERROR, error="internal_error", times=50)
        share = await channels.share(crowd)
        await slack.wait_for(lambda: len(slack.calls_to("chat.postMessage")) > 1, what="a try")
    slack.heal()
    async with channels_of(slack, clients, tmp_path, LevelAnalyser()) as channels:
        await channels.answered(share, READ)
        await channels.press_offer(share)
        await channels.answered(share)
        await channels.nothing_more(share)
    assert len(slack.replies(share.channel, share.ts)) == 2


async def test_whoever_invites_it_is_told_once_what_it_does_and_how_to_stop_it(slack, channels) -> None:
    for _ in range(2):
        await slack.invite_bot("lobby", "bob")
    await slack.wait_for(lambda: channels.in_channel("lobby"), what="an introduction")
    await slack.wait_quiet()
    (told,) = channels.in_channel("lobby")
    for words_ in (WHEN[Handling.AUTOMATIC], KEEPS, "/smallprint settings", "/remove @Smallprint"):
        assert words_ in told


async def test_where_only_some_may_write_it_does_not_try_again_and_again(slack, channels) -> None:
    slack.fail("chat.postMessage", Fault.ERROR, error="restricted_action")
    for _ in range(2):
        await slack.invite_bot("lobby", "bob")
        await slack.wait_for(lambda: slack.calls_to("chat.postMessage"), what="a try")
        await slack.wait_quiet()
    assert len(slack.calls_to("chat.postMessage")) == 1


async def test_a_missed_invitation_is_made_up_for_with_the_first_file(slack, channels) -> None:
    for _ in range(2):
        await channels.answered(await channels.share("contracts"))
    await channels.answered(await channels.share("legal", "ann"))
    assert len(channels.in_channel("contracts")) == len(channels.in_channel(LEGAL)) == 1


async def test_others_who_join_are_not_greeted(slack, channels) -> None:
    channel = slack.workspace.channel(CONTRACTS)
    await slack.emit({"type": "member_joined_channel", "user": "U0EVE00001", "channel": channel.id})
    await slack.wait_quiet()
    assert channels.in_channel("contracts") == []
    assert BOT_USER in channel.members


async def test_among_strangers_it_says_that_it_stays_quiet(slack, channels, shared) -> None:
    await slack.invite_bot(shared, "bob")
    await slack.wait_for(lambda: channels.in_channel(shared), what="an introduction")
    assert CLOSED in channels.in_channel(shared)[0]


async def test_a_high_risk_mentions_the_group_once(slack, channels) -> None:
    channels.analyser.level = RiskLevel.HIGH
    await channels.wishes("contracts", alert=COUNSEL)
    share = await channels.share("contracts", name="<!channel> lease.txt")
    await channels.answered(share, "please have a look")
    await channels.nothing_more(share)
    alerts = [reply for reply in slack.replies(share.channel, share.ts) if COUNSEL in str(reply)]
    assert len(alerts) == 1
    assert "<!" not in alerts[0]["text"]


async def test_a_high_risk_is_told_in_the_channel_that_was_named(slack, channels) -> None:
    channels.analyser.level = RiskLevel.CRITICAL
    await channels.wishes("contracts", alert=LEGAL)
    share = await channels.share("contracts")
    await slack.wait_for(lambda: channels.in_channel("legal"), 10, what="an alert")
    told = slack.bot_messages("legal")[-1]
    assert "🔴 Critical: lease.txt" in words(told["blocks"])
    assert f"archives/{CONTRACTS}/p{share.ts.replace('.', '')}" in str(told["blocks"])


@pytest.mark.parametrize(
    ("level", "wishes"),
    [(RiskLevel.MEDIUM, {"alert": LEGAL}), (RiskLevel.HIGH, {}), (RiskLevel.HIGH, {"alert": LEGAL, "private": True})],
)  # fmt: skip
async def test_nobody_is_woken_for_less_or_told_of_private_answers(slack, channels, level, wishes) -> None:
    channels.analyser.level = level
    await channels.wishes("contracts", **wishes)
    await channels.share("contracts")
    await slack.wait_for(
        lambda: f"{level.value.capitalize()} risk" in str(slack.bot_messages()), 10, what="a result"
    )
    await slack.wait_quiet()
    assert channels.in_channel("legal") == []


async def test_strangers_who_came_into_the_named_channel_hear_nothing(slack, channels) -> None:
    channels.analyser.level = RiskLevel.HIGH
    slack.workspace.channel(LEGAL).is_ext_shared = True
    await channels.wishes("contracts", alert=LEGAL)
    await channels.answered(await channels.share("contracts"), "High risk")
    await slack.wait_quiet()
    assert channels.in_channel("legal") == []


async def test_nor_do_those_who_came_a_minute_ago(slack, channels) -> None:
    """What is remembered of a channel for ten minutes is not good enough for bad news."""
    channels.analyser.level = RiskLevel.HIGH
    await channels.wishes("contracts", alert=LEGAL)
    await channels.facts.of(LEGAL)
    slack.workspace.channel(LEGAL).is_ext_shared = True
    await channels.answered(await channels.share("contracts"), "High risk")
    await slack.wait_quiet()
    assert channels.in_channel("legal") == []
