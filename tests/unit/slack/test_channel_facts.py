"""What Slack says of conversations and files, and asking once what many want to know."""

from __future__ import annotations

import asyncio

import pytest

from smallprint.errors import SlackUnavailable
from smallprint.models.domain import ChannelFacts, DocumentKind
from smallprint.slack.asking_once import AskingOnce
from smallprint.slack.channel_facts import facts_in
from smallprint.slack.file_facts import kind_of, size_of


@pytest.mark.parametrize(
    ("info", "facts"),
    [
        ({"num_members": 60, "is_member": True, "creator": "U1"}, ChannelFacts(60, is_member=True, creator="U1")),
        ({"is_private": True, "num_members": 3}, ChannelFacts(3, is_private=True)),
        ({"is_im": True, "user": "U1", "num_members": 2}, ChannelFacts(is_direct=True, is_member=True, creator="U1")),
        ({"is_mpim": True, "is_private": True}, ChannelFacts(is_private=True, is_direct=True, is_member=True)),
        ({"is_ext_shared": True}, ChannelFacts(is_shared=True)),
        ({"is_org_shared": True}, ChannelFacts(is_shared=True)),
        ({"is_pending_ext_shared": True}, ChannelFacts(is_shared=True)),
        ({}, ChannelFacts()),
    ],
)  # fmt: skip
def test_slack_s_conversation_is_understood(info, facts):
    assert facts_in(info) == facts


@pytest.mark.parametrize(
    ("info", "kind"),
    [
        ({"name": "Lease.PDF", "filetype": "binary"}, DocumentKind.PDF),
        ({"name": "scan.jpg"}, DocumentKind.JPEG),
        ({"name": "notes.txt", "filetype": "text"}, DocumentKind.TEXT),
        ({"name": "Plan", "filetype": "quip"}, DocumentKind.MARKDOWN),
        ({"name": "Offer", "filetype": "email"}, DocumentKind.EMAIL),
        ({"name": "song.mp3", "filetype": "mp3"}, None),
        ({}, None),
    ],
)
def test_a_file_s_kind_is_what_its_name_or_slack_says(info, kind):
    assert kind_of(info) is kind


def test_a_size_that_slack_does_not_say_is_zero():
    assert [size_of({"size": 12}), size_of({}), size_of({"size": None})] == [12, 0, 0]


async def test_what_many_ask_at_once_is_asked_once_and_later_again() -> None:
    asked: list[str] = []

    async def answer(key: str) -> int:
        asked.append(key)
        await asyncio.sleep(0.001)
        return len(asked)

    once = AskingOnce(answer)
    assert await asyncio.gather(*(once.of("a") for _ in range(50)), once.of("b")) == [2] * 51
    assert await once.of("a") == 3
    assert asked == ["a", "b", "a"]


async def test_an_error_reaches_all_who_asked_and_the_next_one_asks_anew() -> None:
    troubles: list[Exception] = [SlackUnavailable()]

    async def answer(_: str) -> str:
        await asyncio.sleep(0)
        if troubles:
            raise troubles.pop()
        return "yes"

    once = AskingOnce(answer)
    answers = await asyncio.gather(once.of("a"), once.of("a"), return_exceptions=True)
    assert [type(each) for each in answers] == [SlackUnavailable] * 2
    assert await once.of("a") == "yes"


async def test_who_loses_patience_leaves_the_others_their_answer() -> None:
    async def answer(_: str) -> str:
        await asyncio.sleep(0.02)
        return "yes"

    once = AskingOnce(answer)

    async def impatient() -> None:
        async with asyncio.timeout(0.005):
            await once.of("a")

    waiting = asyncio.create_task(impatient())
    assert await once.of("a") == "yes"
    with pytest.raises(TimeoutError):
        await waiting
