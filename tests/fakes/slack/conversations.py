"""conversations.*: channels, their members, their messages and threads."""

from __future__ import annotations

from tests.fakes.slack.core import Core
from tests.fakes.slack.refusal import MethodRefused, joined_channel, need_scope, required, visible_channel
from tests.fakes.slack.workspace import BOT_USER, Channel, Json

_SCOPE = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_TRUE = (True, 1, "1", "true")


class Conversations:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def info(self, arguments: Json) -> Json:
        channel = self._known(arguments)
        answer = channel.to_json()
        if arguments.get("include_num_members") in _TRUE:
            answer["num_members"] = channel.num_members or len(channel.members)
        return {"channel": answer}

    async def members(self, arguments: Json) -> Json:
        channel = self._known(arguments)
        members, cursor = page(channel.members, arguments, default=100)
        return {"members": members, "response_metadata": {"next_cursor": cursor}}

    async def of_bot(self, arguments: Json) -> Json:
        """users.conversations: where the bot is a member, of the wanted types."""
        wanted = str(arguments.get("types") or "public_channel").split(",")
        for name in wanted:
            need_scope(self._core, f"{_SCOPE[_TYPES[name]]}:read")
        kinds = {_TYPES[name] for name in wanted}
        mine = [
            channel
            for channel in self._core.workspace.channels.values()
            if BOT_USER in channel.members and channel.kind in kinds
        ]
        if arguments.get("exclude_archived") in _TRUE:
            mine = [channel for channel in mine if not channel.is_archived]
        ids, cursor = page([channel.id for channel in mine], arguments, default=100)
        known = self._core.workspace.channels
        shown = [known[channel_id].to_json() for channel_id in ids]
        return {"channels": shown, "response_metadata": {"next_cursor": cursor}}

    async def open(self, arguments: Json) -> Json:
        if arguments.get("channel"):
            channel = visible_channel(self._core, str(arguments["channel"]))
        else:
            (user,) = required(arguments, "users")
            if user not in self._core.workspace.users:
                raise MethodRefused("user_not_found")
            channel = self._core.workspace.open_dm(user)
        full = arguments.get("return_im") in _TRUE
        return {"channel": channel.to_json() if full else {"id": channel.id}}

    async def history(self, arguments: Json) -> Json:
        """Newest first; replies only if they were broadcast."""
        channel = self._readable(arguments)
        messages = [m for m in channel.messages.values() if not _is_reply(m) and _within(m, arguments)]
        messages.reverse()
        return _messages(messages, arguments, default=100)

    async def replies(self, arguments: Json) -> Json:
        """Root first, then replies, oldest first; `oldest` and `latest` never drop the root."""
        (ts,) = required(arguments, "ts")
        channel = self._readable(arguments)
        if ts not in channel.messages and not channel.thread(ts):
            raise MethodRefused("thread_not_found")
        thread = channel.thread(ts)
        messages = [m for m in thread if m["ts"] == ts or _within(m, arguments)]
        return _messages(messages, arguments, default=1000)

    def _known(self, arguments: Json) -> Channel:
        (name,) = required(arguments, "channel")
        channel = visible_channel(self._core, name)
        need_scope(self._core, f"{_SCOPE[channel.kind]}:read")
        return channel

    def _readable(self, arguments: Json) -> Channel:
        (name,) = required(arguments, "channel")
        channel = joined_channel(self._core, name)
        need_scope(self._core, f"{_SCOPE[channel.kind]}:history")
        return channel


def page(things: list[str], arguments: Json, *, default: int) -> tuple[list[str], str]:
    """One page and the cursor of the next, empty at the end."""
    limit = int(arguments.get("limit") or default)
    start = int(str(arguments.get("cursor") or "page:0").removeprefix("page:"))
    end = start + limit
    return things[start:end], f"page:{end}" if end < len(things) else ""


def _messages(messages: list[Json], arguments: Json, *, default: int) -> Json:
    by_ts = {m["ts"]: m for m in messages}
    wanted, cursor = page(list(by_ts), arguments, default=default)
    with_metadata = arguments.get("include_all_metadata") in _TRUE
    shown = [_shown(by_ts[ts], with_metadata=with_metadata) for ts in wanted]
    answer: Json = {"messages": shown, "has_more": bool(cursor)}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _shown(message: Json, *, with_metadata: bool) -> Json:
    return {key: value for key, value in message.items() if key != "metadata" or with_metadata}


def _is_reply(message: Json) -> bool:
    return (
        message.get("thread_ts", message["ts"]) != message["ts"]
        and message.get("subtype") != "thread_broadcast"
    )


def _within(message: Json, arguments: Json) -> bool:
    ts = float(message["ts"])
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or "inf")
    if arguments.get("inclusive") in _TRUE:
        return oldest <= ts <= latest
    return oldest < ts < latest
