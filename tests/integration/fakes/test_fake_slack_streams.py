"""The fake's streamed messages keep Slack's rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from smallprint.slack.client import SlackClients
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.streams import is_streaming
from tests.fakes.slack.workspace import ANN, CONTRACTS, TEAM
from tests.integration.slack.setting import connected

LINE = {"type": "context", "elements": [{"type": "plain_text", "text": "So far"}]}
CHUNK = {"type": "blocks", "blocks": [LINE]}


class Stream:
    def __init__(self, slack: FakeSlack, clients: SlackClients, root: str) -> None:
        self.slack, self.clients, self.root = slack, clients, root

    async def start(self, **changes: Any) -> str:
        arguments = {"recipient_user_id": ANN, "recipient_team_id": TEAM, "chunks": [CHUNK], **changes}
        begun = await self.clients.write.chat_startStream(
            channel=CONTRACTS, thread_ts=self.root, **{k: v for k, v in arguments.items() if v}
        )
        return str(begun["ts"])

    async def refused(self, call: Any) -> str:
        with pytest.raises(SlackApiError) as refusal:
            await call
        return str(refusal.value.response["error"])


@pytest.fixture
async def stream() -> AsyncIterator[Stream]:
    async with FakeSlack() as slack, connected(slack) as clients:
        root = await slack.say("contracts", "ann", "hello")
        yield Stream(slack, clients, root.ts)


async def test_a_message_grows_until_it_is_stopped(stream: Stream) -> None:
    ts = await stream.start()
    await stream.clients.write.chat_appendStream(channel=CONTRACTS, ts=ts, chunks=[CHUNK])
    await stream.clients.write.chat_stopStream(channel=CONTRACTS, ts=ts)
    (message,) = stream.slack.replies("contracts", stream.root)
    assert len(message["blocks"]) == 2
    assert not is_streaming(message)
    again = stream.clients.write.chat_stopStream(channel=CONTRACTS, ts=ts)
    assert await stream.refused(again) == "message_not_in_streaming_state"


async def test_in_channels_a_stream_has_a_reader(stream: Stream) -> None:
    assert await stream.refused(stream.start(recipient_user_id="")) == "missing_recipient_user_id"


async def test_while_it_grows_it_takes_no_update_and_later_no_growth(stream: Stream) -> None:
    ts = await stream.start()
    update = stream.clients.write.chat_update(channel=CONTRACTS, ts=ts, text="done")
    assert await stream.refused(update) == "streaming_state_conflict"
    stream.slack.core.stream_life_s = 0.0
    ended = await stream.start()
    append = stream.clients.write.chat_appendStream(channel=CONTRACTS, ts=ended, chunks=[CHUNK])
    assert await stream.refused(append) == "message_not_in_streaming_state"
    await stream.clients.write.chat_update(channel=CONTRACTS, ts=ended, text="done")
