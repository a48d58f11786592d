"""chat.startStream, appendStream and stopStream: a message that grows, for a while.

https://docs.slack.dev/reference/methods/chat.startStream
"""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.slack import events
from tests.fakes.slack.chat import check_blocks
from tests.fakes.slack.core import Core
from tests.fakes.slack.refusal import MethodRefused, joined_channel, open_channel, required
from tests.fakes.slack.workspace import BOT, Json

STREAMS = "streaming_until"
"""Field of a message that is being streamed: when Slack ends that by itself."""
CHUNKS = frozenset({"blocks", "markdown_text", "task_update", "plan_update"})


def is_streaming(message: Json) -> bool:
    return bool(message.get(STREAMS, 0.0) > time.monotonic())


class Streams:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def start(self, arguments: Json) -> Json:
        name, thread_ts = required(arguments, "channel", "thread_ts")
        channel = open_channel(self._core, name)
        if not channel.thread(str(thread_ts)):
            raise MethodRefused("thread_not_found")
        if channel.kind != "im":
            for who in ("recipient_team_id", "recipient_user_id"):
                if not arguments.get(who):
                    raise MethodRefused(f"missing_{who}")
        until = time.monotonic() + self._core.stream_life_s
        message = events.bot_message(
            "", self._core.workspace.new_ts(), {"thread_ts": str(thread_ts), "blocks": [], STREAMS: until}
        )
        _grow(message, arguments)
        await self._core.post(channel, message)
        return {"channel": channel.id, "ts": message["ts"]}

    async def append(self, arguments: Json) -> Json:
        message = self._streaming(arguments)
        if not (arguments.get("chunks") or arguments.get("markdown_text")):
            raise MethodRefused("no_text")
        _grow(message, arguments)
        return {"channel": arguments["channel"], "ts": message["ts"]}

    async def stop(self, arguments: Json) -> Json:
        message = self._streaming(arguments)
        _grow(message, arguments)
        check_blocks(arguments.get("blocks"))
        message["blocks"] += arguments.get("blocks") or []
        if arguments.get("metadata"):
            message["metadata"] = arguments["metadata"]
        del message[STREAMS]
        return {"channel": arguments["channel"], "ts": message["ts"], "message": message}

    def _streaming(self, arguments: Json) -> Json:
        name, ts = required(arguments, "channel", "ts")
        message = joined_channel(self._core, name).messages.get(ts)
        if message is None:
            raise MethodRefused("message_not_found")
        if message.get("bot_id") != BOT:
            raise MethodRefused("message_not_owned_by_app")
        if not is_streaming(message):
            raise MethodRefused("message_not_in_streaming_state")
        return message


def _grow(message: Json, arguments: Json) -> None:
    message["text"] += str(arguments.get("markdown_text") or "")
    for chunk in arguments.get("chunks") or []:
        if chunk.get("type") not in CHUNKS:
            raise MethodRefused("invalid_chunks")
        message["text"] += str(chunk.get("text") or "") if chunk["type"] == "markdown_text" else ""
        blocks: list[Any] = chunk.get("blocks") or []
        check_blocks([*message["blocks"], *blocks] or None)
        message["blocks"] += blocks
