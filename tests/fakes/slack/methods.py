"""Which Web API methods there are, what scope each needs, and the small ones themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.fakes.slack.chat import Chat
from tests.fakes.slack.conversations import Conversations
from tests.fakes.slack.core import Core
from tests.fakes.slack.file_methods import FileMethods
from tests.fakes.slack.refusal import MethodRefused, joined_channel, open_channel, required
from tests.fakes.slack.streams import Streams
from tests.fakes.slack.views import Views
from tests.fakes.slack.workspace import APP, BOT, BOT_USER, TEAM, Json

_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
SCOPES: dict[str, tuple[str, ...]] = {
    "agents.sessions.setStatus": ("assistant:write", "chat:write"),
    "assistant.threads.setStatus": ("assistant:write", "chat:write"),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "canvases.getContent": ("canvases:read",),
    "chat.appendStream": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.members": _READ,
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.replies": _HISTORY,
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "reactions.add": ("reactions:write",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": _READ,
    "users.info": ("users:read",),
}
"""Any one of them opens the method; conversations.* then want the one of the channel's kind."""

Method = Callable[[Json], Awaitable[Json]]


class Methods:
    def __init__(self, core: Core) -> None:
        self._core = core
        chat, conversations, files = Chat(core), Conversations(core), FileMethods(core)
        views, streams = Views(core), Streams(core)
        self._by_name: dict[str, Method] = {
            "agents.sessions.setStatus": self._set_session,
            "apps.connections.open": self._open_connection,
            "assistant.threads.setStatus": self._set_status,
            "assistant.threads.setSuggestedPrompts": self._suggest,
            "auth.test": self._test_auth,
            "canvases.getContent": files.canvas_content,
            "chat.appendStream": streams.append,
            "chat.delete": chat.delete,
            "chat.getPermalink": chat.get_permalink,
            "chat.postEphemeral": chat.post_ephemeral,
            "chat.postMessage": chat.post_message,
            "chat.startStream": streams.start,
            "chat.stopStream": streams.stop,
            "chat.update": chat.update,
            "conversations.history": conversations.history,
            "conversations.info": conversations.info,
            "conversations.members": conversations.members,
            "conversations.open": conversations.open,
            "conversations.replies": conversations.replies,
            "files.completeUploadExternal": files.complete_upload,
            "files.delete": files.delete,
            "files.getUploadURLExternal": files.get_upload_url,
            "files.info": files.info,
            "reactions.add": self._add_reaction,
            "usergroups.list": self._groups,
            "usergroups.users.list": self._group_members,
            "users.conversations": conversations.of_bot,
            "users.info": self._user_info,
            "views.open": views.open,
            "views.publish": views.publish,
            "views.push": views.push,
            "views.update": views.update,
        }

    def find(self, name: str) -> Method | None:
        return self._by_name.get(name)

    async def _test_auth(self, arguments: Json) -> Json:
        return {
            "url": self._core.workspace.url,
            "team": "Acme",
            "user": "smallprint",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    async def _open_connection(self, arguments: Json) -> Json:
        ticket = self._core.socket.new_ticket()
        host = self._core.url.removeprefix("http://")
        return {"url": f"ws://{host}/link/?ticket={ticket}&app_id={APP}"}

    async def _user_info(self, arguments: Json) -> Json:
        (user_id,) = required(arguments, "user")
        user = self._core.workspace.users.get(user_id)
        if user is None:
            raise MethodRefused("user_not_found")
        return {"user": user.to_json()}

    async def _groups(self, arguments: Json) -> Json:
        groups = [
            {"id": group, "team_id": TEAM, "is_usergroup": True, "name": "Counsel", "handle": "counsel"}
            for group in self._core.workspace.groups
        ]
        return {"usergroups": groups}

    async def _group_members(self, arguments: Json) -> Json:
        (group,) = required(arguments, "usergroup")
        if group not in self._core.workspace.groups:
            raise MethodRefused("no_such_subteam")
        return {"users": list(self._core.workspace.groups[group])}

    async def _add_reaction(self, arguments: Json) -> Json:
        name, ts, emoji = required(arguments, "channel", "timestamp", "name")
        message = joined_channel(self._core, name).messages.get(ts)
        if message is None:
            raise MethodRefused("message_not_found")
        reactions = message.setdefault("reactions", [])
        if any(r["name"] == emoji for r in reactions):
            raise MethodRefused("already_reacted")
        reactions.append({"name": emoji, "users": [BOT_USER], "count": 1})
        return {}

    async def _suggest(self, arguments: Json) -> Json:
        """docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts"""
        (name,) = required(arguments, "channel_id")
        prompts = arguments.get("prompts")
        if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
            raise MethodRefused("invalid_arguments")
        if any(each.keys() != {"title", "message"} for each in prompts):
            raise MethodRefused("invalid_arguments")
        self._core.suggestions.append({"channel": open_channel(self._core, name).id, "prompts": prompts})
        return {}

    async def _set_session(self, arguments: Json) -> Json:
        name, status = required(arguments, "channel_id", "status")
        channel, thread_ts = open_channel(self._core, name), arguments.get("thread_ts", "")
        if status not in {"processing", "active", "suspended", "closed"}:
            raise MethodRefused("invalid_arguments")
        self._core.sessions.append({"channel": channel.id, "thread_ts": thread_ts, "status": status})
        return {}

    async def _set_status(self, arguments: Json) -> Json:
        name, thread_ts = required(arguments, "channel_id", "thread_ts")
        channel = open_channel(self._core, name)
        status = str(arguments.get("status", ""))
        self._core.statuses.append({"channel": channel.id, "thread_ts": thread_ts, "status": status})
        return {}
