"""A message that Slack will not have as it is still reaches its reader."""

from __future__ import annotations

import pytest

from smallprint.errors import SlackRefused
from smallprint.slack.blocks.message import Message
from smallprint.slack.messages import GONE, TOO_MUCH, as_slack_takes_it, put_or_post

OLDER = Message("a result", [{"type": "section"}])
NEW = Message("a result", [{"type": "table"}], instead=OLDER)
TEXT = Message("a result", [])


class Place:
    """Where messages are put; refuses as many as there are codes, then takes them."""

    def __init__(self, *refusals: str) -> None:
        self.shown: list[Message] = []
        self.tried: list[Message] = []
        self._refusals = list(refusals)

    async def put(self, message: Message) -> str:
        self.tried.append(message)
        if self._refusals:
            raise SlackRefused(self._refusals.pop(0))
        self.shown.append(message)
        return "1.0"


async def test_what_slack_takes_is_put_once():
    place = Place()
    assert await as_slack_takes_it(NEW, place.put) is True
    assert place.tried == [NEW]


@pytest.mark.parametrize("code", sorted(TOO_MUCH))
async def test_blocks_that_slack_refuses_are_put_in_older_ones_and_at_last_as_text(code):
    older, text = Place(code), Place(code, code)
    assert await as_slack_takes_it(NEW, older.put) is True
    assert await as_slack_takes_it(NEW, text.put) is False
    assert (older.shown, text.shown) == ([OLDER], [TEXT])


async def test_any_other_refusal_is_told_and_nothing_else_is_tried():
    place = Place("restricted_action")
    with pytest.raises(SlackRefused):
        await as_slack_takes_it(NEW, place.put)
    assert place.tried == [NEW]


@pytest.mark.parametrize("code", sorted(GONE))
async def test_a_message_that_is_gone_is_posted_anew(code):
    gone, thread = Place(code), Place()
    await put_or_post(NEW, gone.put, thread.put)
    assert thread.shown == [NEW]


async def test_a_message_that_stands_is_not_posted_again_whatever_slack_refuses():
    standing, refused, thread = Place(), Place("invalid_blocks"), Place()
    await put_or_post(NEW, standing.put, thread.put)
    with pytest.raises(SlackRefused):
        await put_or_post(NEW, refused.put, thread.put)
    assert thread.tried == []


async def test_a_message_that_is_gone_is_posted_anew_in_blocks_that_slack_takes():
    gone, thread = Place("message_not_found", "message_not_found"), Place("invalid_blocks")
    assert await as_slack_takes_it(NEW, lambda shown: put_or_post(shown, gone.put, thread.put)) is True
    assert thread.shown == [OLDER]
