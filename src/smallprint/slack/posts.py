"""Posting each thing exactly once, over crashes, lost answers and several processes.

Slack has no idempotency key. So a row says what we are about to post before we post it, the post carries the
row's tag as metadata (ids only), and whoever finds the row unfinished looks for the tag in the thread before
posting again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from weakref import WeakValueDictionary

import structlog

from smallprint.errors import SlackUnavailable
from smallprint.slack.blocks.message import Message
from smallprint.slack.client import SlackClients, ask

log = structlog.get_logger()

EVENT_TYPE = "smallprint_post"
LEASE_S = 10.0
POLL_S = 0.2
SETTLE_S = 1.0
REMEMBERED = 2_000
PAGE = 200
MAX_PAGES = 5


class Claim(Protocol):
    """What the log knows of a tag."""

    @property
    def state(self) -> str:
        """ "won" (ours to post), "sending" (somebody began) or "sent"."""
        ...

    @property
    def ts(self) -> str: ...

    @property
    def age_s(self) -> float:
        """Seconds since the sending began."""
        ...

    @property
    def owner(self) -> str: ...


class PostLog(Protocol):
    """The durable list of what was posted (services/database/posts.py)."""

    async def claim(self, tag: str, owner: str) -> Claim: ...

    async def sent(self, tag: str, ts: str) -> None: ...


Post = Callable[[], Awaitable[str]]
Find = Callable[[], Awaitable[str | None]]


class Posts:
    """Posts messages and files, each tag once."""

    def __init__(self, clients: SlackClients, log: PostLog, owner: str) -> None:
        self._clients = clients
        self._log = log
        self._owner = owner
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._sent: dict[str, str] = {}
        self._notes: set[asyncio.Task[None]] = set()

    async def message(self, tag: str, channel: str, thread_ts: str | None, message: Message) -> str:
        """The ts of the message with this tag, posting it if nobody has.

        Raises:
            SlackUnavailable, SlackRefused, NotInChannel: it was not posted, as far as Slack shows.
        """

        async def post() -> str:
            answer = await ask(
                self._clients.write.chat_postMessage(
                    channel=channel,
                    thread_ts=thread_ts or None,
                    text=message.text,
                    blocks=list(message.blocks),
                    metadata=tagged(tag),
                    unfurl_links=False,
                    unfurl_media=False,
                    parse="none",
                    link_names=False,
                )
            )
            return str(answer["ts"])

        async def find() -> str | None:
            return await self._find(channel, thread_ts, lambda posted: tag_of(posted) == tag)

        return await self._once(tag, post, find)

    async def begun(
        self,
        tag: str,
        channel: str,
        thread_ts: str,
        begin: Post,
        is_it: Callable[[dict[str, Any]], bool],
    ) -> str:
        """The ts of a message that `begin` makes, once. It can carry no tag: `is_it` knows it again in the thread.

        Raises what `begin` raises, and SlackUnavailable.
        """

        async def find() -> str | None:
            return await self._find(channel, thread_ts, is_it)

        return await self._once(tag, begin, find)

    async def file(
        self, tag: str, channel: str, thread_ts: str, filename: str, title: str, content: str | bytes
    ) -> str:
        """Upload a file into a thread, once. The file's name must be unique in that thread."""

        async def post() -> str:
            answer = await ask(
                self._clients.write.files_upload_v2(
                    channel=channel, thread_ts=thread_ts, filename=filename, title=title, content=content
                )
            )
            return str(answer["file"]["id"])

        async def find() -> str | None:
            def carries(posted: dict[str, Any]) -> bool:
                return any(file.get("name") == filename for file in posted.get("files", []))

            return await self._find(channel, thread_ts, carries)

        return await self._once(tag, post, find)

    async def _once(self, tag: str, post: Post, find: Find) -> str:
        if tag in self._sent:
            return self._sent[tag]
        # Weakly held: it lives as long as somebody waits for it.
        lock = self._locks.setdefault(tag, asyncio.Lock())
        async with lock:
            if tag in self._sent:
                return self._sent[tag]
            claim = await self._settled(tag)
            if claim.state == "sent":
                ts = claim.ts
            else:
                found = None if claim.state == "won" else await find()
                ts = found or await _post_or_find(post, find)
                self._note_sent(tag, ts)
            self._remember(tag, ts)
            return ts

    async def _settled(self, tag: str) -> Claim:
        """The claim, once another process's running post had its time to end."""
        while True:
            claim = await self._log.claim(tag, self._owner)
            if claim.state != "sending" or claim.owner == self._owner or claim.age_s > LEASE_S:
                return claim
            await asyncio.sleep(POLL_S)

    async def _find(
        self, channel: str, thread_ts: str | None, matches: Callable[[dict[str, Any]], bool]
    ) -> str | None:
        cursor = None
        for _ in range(MAX_PAGES):
            common: dict[str, Any] = {
                "channel": channel,
                "include_all_metadata": True,
                "limit": PAGE,
                "cursor": cursor,
            }
            answer = await ask(
                self._clients.read.conversations_replies(ts=thread_ts, **common)
                if thread_ts
                else self._clients.read.conversations_history(**common)
            )
            for posted in answer.get("messages", []):
                if matches(posted):
                    return str(posted["ts"])
            cursor = answer.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                return None
        return None

    def _note_sent(self, tag: str, ts: str) -> None:
        """In the background: should the note be lost with the process, the next one finds the post in the thread."""
        task = asyncio.create_task(self._log.sent(tag, ts))
        self._notes.add(task)
        task.add_done_callback(self._noted)

    def _noted(self, task: asyncio.Task[None]) -> None:
        self._notes.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("post not noted", error=type(error).__name__)

    def _remember(self, tag: str, ts: str) -> None:
        self._sent[tag] = ts
        while len(self._sent) > REMEMBERED:
            self._sent.pop(next(iter(self._sent)))


async def _post_or_find(post: Post, find: Find) -> str:
    try:
        return await post()
    except SlackUnavailable:
        # The answer was lost, perhaps not the post; it may also still be on its way.
        for wait_s in (0.0, SETTLE_S):
            await asyncio.sleep(wait_s)
            found = await find()
            if found is not None:
                return found
        raise


def tagged(tag: str) -> dict[str, Any]:
    """The metadata that a message of ours is known by; ids only."""
    return {"event_type": EVENT_TYPE, "event_payload": {"tag": tag}}


def tag_of(posted: dict[str, Any]) -> str | None:
    """The tag of a message that Slack shows with its metadata; None for what is not ours, and for files and streams."""
    payload = (posted.get("metadata") or {}).get("event_payload") or {}
    tag = payload.get("tag")
    return tag if isinstance(tag, str) else None
