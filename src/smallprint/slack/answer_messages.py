"""The one message of an answer: Slack's own stream (chat.startStream), or a placeholder where Slack has none.

A stream can't carry metadata as other posts do, so after a crash between its start and our note of its ts it is known
by its first block, which carries the question's id; should Slack not keep that, by the words of that block.
https://docs.slack.dev/reference/methods/chat.startStream
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import structlog

from smallprint.errors import SlackError, SlackRefused
from smallprint.models.domain import Job
from smallprint.slack.blocks.answer import LOOKING, looking_block, looking_message
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.destinations import Destination
from smallprint.slack.messages import as_slack_takes_it, put_or_post, update
from smallprint.slack.posts import Posts, tag_of

log = structlog.get_logger()

STREAM_S = 240.0
"""Slack ends a stream after about five minutes, with message_not_in_streaming_state for what comes then."""
BLOCK_ID = "question-{id}"
REMEMBERED = 2_000
"""Questions whose stream is known."""
ENDED, BROKEN = float("-inf"), -1.0
"""Times that are over: of no stream any more, and of one that Slack may still have to be told to end."""

Begin = Callable[[], Awaitable[str]]


class AnswerMessages:
    """One per process. Each question has one message, whoever begins it and however often."""

    def __init__(
        self,
        clients: SlackClients,
        posts: Posts,
        *,
        bot_user: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clients = clients
        self._posts = posts
        self._bot_user = bot_user
        self._clock = clock
        self._streams: dict[str, float] = {}
        """Question → until when its stream may be used. Absent: another process knows."""

    async def ts_of(self, job: Job, place: Destination, begin: Begin | None = None) -> str:
        """Its ts; begun if nobody has, as a stream unless `begin` says otherwise. Raises SlackError."""
        return await self._posts.begun(
            _tag(job),
            place.channel,
            place.thread_ts,
            begin or (lambda: self._begin(job, place)),
            lambda posted: self._is_of(job, posted),
        )

    async def append(self, job: Job, place: Destination, ts: str, blocks: Sequence[Block]) -> bool:
        """False where there is no stream, or not any more."""
        if self._streams.get(job.id, ENDED) <= self._clock():
            return False
        try:
            await ask(
                self._clients.write.chat_appendStream(channel=place.channel, ts=ts, chunks=[_chunk(blocks)])
            )
        except SlackError as error:
            log.info("stream broke, updating instead", job=job.id, error=error.code)
            self._remember(job, BROKEN)
            return False
        return True

    async def update(self, job: Job, place: Destination, ts: str, message: Message) -> None:
        """Everything that the message shows. Raises SlackError."""
        await self._end_stream(job, place, ts)
        await update(self._clients, place.channel, ts, message, tag=_tag(job))

    async def replace(self, job: Job, place: Destination, message: Message) -> bool:
        """What the message shows in the end; posted anew if it is gone. Without a message yet it is one, and no stream.

        False when Slack did not take the blocks and only the text could be shown.

        Raises:
            SlackError: Slack could not be reached or refused; calling again is safe.
        """
        ts = await self.ts_of(job, place, lambda: self._placeholder(job, place, message))
        change = partial(self.update, job, place, ts)
        anew = partial(self._posts.message, f"{job.id}/result", place.channel, place.thread_ts)
        return await as_slack_takes_it(message, lambda shown: put_or_post(shown, change, anew))

    async def _begin(self, job: Job, place: Destination) -> str:
        try:
            begun = await ask(
                self._clients.write.chat_startStream(
                    channel=place.channel,
                    thread_ts=place.thread_ts,
                    recipient_user_id=job.user,
                    recipient_team_id=job.team,
                    chunks=[_chunk([looking_block(BLOCK_ID.format(id=job.id))])],
                )
            )
        except SlackRefused as refusal:
            log.info("no stream, updating instead", job=job.id, code=refusal.slack_code)
            return await self._placeholder(job, place, looking_message())
        self._remember(job, self._clock() + STREAM_S)
        return str(begun["ts"])

    async def _placeholder(self, job: Job, place: Destination, message: Message) -> str:
        self._remember(job, ENDED)
        return await self._posts.message(_placeholder_tag(job), place.channel, place.thread_ts, message)

    async def _end_stream(self, job: Job, place: Destination, ts: str) -> None:
        """While it may still run, Slack refuses updates. Raises SlackUnavailable."""
        if self._streams.get(job.id) == ENDED:
            return
        with suppress(SlackRefused):  # it is no stream, or Slack has ended it
            await ask(self._clients.write.chat_stopStream(channel=place.channel, ts=ts))
        self._remember(job, ENDED)

    def _remember(self, job: Job, until: float) -> None:
        self._streams[job.id] = until
        while len(self._streams) > REMEMBERED:
            del self._streams[next(iter(self._streams))]

    def _is_of(self, job: Job, posted: Mapping[str, Any]) -> bool:
        if posted.get("user") != self._bot_user or posted.get("files"):
            return False
        tag = tag_of(dict(posted))
        if tag is not None:
            return tag in {_tag(job), _placeholder_tag(job)}
        ids = [str(block.get("block_id") or "") for block in posted.get("blocks") or ()]
        known = [block_id for block_id in ids if block_id.startswith(BLOCK_ID.format(id=""))]
        if known:
            return BLOCK_ID.format(id=job.id) in known
        return str(posted.get("ts") or "") > job.message_ts and LOOKING in str(posted.get("blocks"))


def _tag(job: Job) -> str:
    return f"{job.id}/answer"


def _placeholder_tag(job: Job) -> str:
    return f"{job.id}/placeholder"


def _chunk(blocks: Sequence[Block]) -> dict[str, Any]:
    # Blocks, not markdown_text: nothing that a document or a model says is parsed in them.
    return {"type": "blocks", "blocks": list(blocks)}
