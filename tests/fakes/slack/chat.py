"""chat.*: posting, updating, deleting, with Slack's limits."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.fakes.slack import block_rules, events
from tests.fakes.slack.core import Core
from tests.fakes.slack.refusal import MethodRefused, joined_channel, open_channel, required, visible_channel
from tests.fakes.slack.workspace import BOT, BOT_USER, Channel, Json

MAX_TEXT = 40_000
"""Longer texts are cut, docs.slack.dev/reference/methods/chat.postMessage."""
MAX_UPDATED_TEXT_BYTES = 4_000
"""chat.update refuses more, counted after escaping (gitlab-org/gitlab merge request 258898)."""
MAX_MARKDOWN_TEXT = 12_000
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")


class Chat:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def post_message(self, arguments: Json) -> Json:
        (name,) = required(arguments, "channel")
        channel = open_channel(self._core, name)
        text, more = content(arguments)
        thread_ts = arguments.get("thread_ts")
        if thread_ts:
            if thread_ts not in channel.messages and not channel.thread(str(thread_ts)):
                raise MethodRefused("thread_not_found")
            more["thread_ts"] = str(thread_ts)
            if arguments.get("reply_broadcast") in (True, "true", "1", 1):
                more["subtype"] = "thread_broadcast"
        message = events.bot_message(text, self._core.workspace.new_ts(), more)
        await self._core.post(channel, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    async def update(self, arguments: Json) -> Json:
        name, ts = required(arguments, "channel", "ts")
        channel, message = self._own_message(name, ts, "cant_update_message")
        if message.get("streaming_until", 0.0) > time.monotonic():
            raise MethodRefused("streaming_state_conflict")
        text, more = content(arguments, keep=message)
        if len(_BARE_AMPERSAND.sub("&amp;", text).encode()) > MAX_UPDATED_TEXT_BYTES:
            raise MethodRefused("msg_too_long")
        previous = dict(message)
        message.update(more, text=text, edited={"user": BOT_USER, "ts": self._core.workspace.new_ts()})
        for name in ("blocks", "attachments", "metadata"):
            if not message.get(name, True):
                del message[name]
        if self._core.echo_bot_messages:
            event_ts = self._core.workspace.new_ts()
            await self._core.emit(events.changed_event(dict(message), previous, channel, event_ts))
        return {"channel": channel.id, "ts": ts, "text": text, "message": message}

    async def delete(self, arguments: Json) -> Json:
        name, ts = required(arguments, "channel", "ts")
        channel, message = self._own_message(name, ts, "cant_delete_message")
        self._core.workspace.remove(channel, ts)
        if self._core.echo_bot_messages:
            event_ts = self._core.workspace.new_ts()
            await self._core.emit(events.deleted_event(message, channel, event_ts))
        return {"channel": channel.id, "ts": ts}

    async def post_ephemeral(self, arguments: Json) -> Json:
        name, user = required(arguments, "channel", "user")
        channel = open_channel(self._core, name)
        if user not in channel.members:
            raise MethodRefused("user_not_in_channel")
        text, more = content(arguments)
        ts = self._core.workspace.new_ts()
        self._core.ephemerals.append({"channel": channel.id, "user": user, "text": text, "ts": ts, **more})
        return {"message_ts": ts}

    async def get_permalink(self, arguments: Json) -> Json:
        name, ts = required(arguments, "channel", "message_ts")
        channel = visible_channel(self._core, name)
        if ts not in channel.messages:
            raise MethodRefused("message_not_found")
        link = self._core.workspace.permalink(channel, channel.messages[ts])
        return {"channel": channel.id, "permalink": link}

    def _own_message(self, name: str, ts: str, refusal: str) -> tuple[Channel, Json]:
        channel = joined_channel(self._core, name)
        message = channel.messages.get(ts)
        if message is None:
            raise MethodRefused("message_not_found")
        if message.get("bot_id") != BOT:
            raise MethodRefused(refusal)
        return channel, message


def content(arguments: Json, keep: Json | None = None) -> tuple[str, Json]:
    """Text and the rest of a message, checked as Slack checks them.

    `keep` is the message being updated: what the call leaves out stays, `blocks: []` removes.
    """
    given: Json = {
        name: arguments[name] for name in ("blocks", "attachments", "metadata") if name in arguments
    }
    check_blocks(given.get("blocks"))
    _check_metadata(given.get("metadata"))
    text, markdown = str(arguments.get("text") or ""), str(arguments.get("markdown_text") or "")
    if markdown:
        if text or given.get("blocks"):
            raise MethodRefused("markdown_text_conflict")
        if len(markdown) > MAX_MARKDOWN_TEXT:
            raise MethodRefused("msg_too_long")
        text = markdown
    if not (text or given.get("blocks") or given.get("attachments")):
        raise MethodRefused("no_text")
    if keep is not None and not text:
        text = str(keep["text"])
    return text[:MAX_TEXT], given


def check_blocks(blocks: Any, surface: str = "message") -> None:
    if blocks is None:
        return
    found = block_rules.problems(blocks, surface)
    if found:
        metadata = {"messages": found}
        errors = [sentence.removeprefix("[ERROR] ") for sentence in found]
        raise MethodRefused("invalid_blocks", errors=errors, response_metadata=metadata)
    if surface == "message" and block_rules.total_too_long(blocks):
        raise MethodRefused("msg_blocks_too_long")


def _check_metadata(metadata: Any) -> None:
    if metadata is None or metadata == {}:
        return
    if not isinstance(metadata, dict) or not metadata.get("event_type"):
        raise MethodRefused("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise MethodRefused("invalid_metadata_format")
