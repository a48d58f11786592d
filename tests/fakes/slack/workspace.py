"""What the fake workspace holds: people, channels, messages, files. Plain state, no I/O."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEAM = "T0ACME0001"
APP = "A0SMALL001"
BOT = "B0SMALL001"
BOT_USER = "U0SMALLBOT"

ANN = "U0ANN00001"  # admin
BOB = "U0BOB00001"  # member
EVE = "U0EVE00001"  # guest
OLLY = "U0OLLY0001"  # owner
GONE = "U0GONE0001"  # deactivated, once an admin
STRANGER = "U0STRANGER"  # from another company, through Slack Connect

GENERAL = "C0GENERAL1"
CONTRACTS = "C0CONTRACT"
LEGAL = "C0LEGAL001"  # private, bot and ann
LOBBY = "C0LOBBY001"  # public, bot is not in it
VAULT = "C0VAULT001"  # private, bot is not in it
DM_ANN = "D0ANN00001"
COUNSEL = "S0COUNSEL1"  # user group of bob and eve
GROUP_DM = "G0GROUP001"  # ann, bob and the bot


@dataclass
class User:
    id: str
    name: str
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_stranger: bool = False
    team_id: str = TEAM

    def to_json(self) -> Json:
        """The `user` object of users.info; a deactivated user has no role fields, as in Slack."""
        answer: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.name.title(),
            "profile": {"real_name": self.name.title(), "display_name": self.name, "team": self.team_id},
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1700000000,
        }
        if not self.deleted:
            answer |= {
                "tz": "Europe/London",
                "is_admin": self.is_admin or self.is_owner,
                "is_owner": self.is_owner,
                "is_primary_owner": self.is_primary_owner,
                "is_restricted": self.is_restricted,
                "is_ultra_restricted": self.is_ultra_restricted,
            }
        if self.is_stranger:
            answer["is_stranger"] = True
        return answer


@dataclass
class Channel:
    id: str
    name: str
    members: list[str]
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    is_org_shared: bool = False
    num_members: int | None = None
    """When it is to look like more than those listed."""
    creator: str = ANN
    messages: dict[str, Json] = field(default_factory=dict)
    """By ts, in the order of ts."""
    replies: dict[str, list[str]] = field(default_factory=dict)
    """The ts of every reply, by the ts of its root."""

    @property
    def kind(self) -> str:
        """`channel_type` of events."""
        if self.is_im or self.is_mpim:
            return "im" if self.is_im else "mpim"
        return "group" if self.is_private else "channel"

    def to_json(self) -> Json:
        answer: Json = {
            "id": self.id,
            "created": 1700000000,
            "is_archived": self.is_archived,
            "is_channel": not self.is_im,
            "is_group": False,
            "is_im": self.is_im,
            "is_mpim": self.is_mpim,
            "is_private": self.kind != "channel",
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": self.is_org_shared,
            "is_shared": self.is_ext_shared or self.is_org_shared,
            "context_team_id": TEAM,
            "is_member": BOT_USER in self.members,
        }
        if self.is_im:
            return answer | {"user": next(m for m in self.members if m != BOT_USER)}
        return answer | {"name": self.name, "name_normalized": self.name, "creator": self.creator}

    def thread(self, root_ts: str) -> list[Json]:
        """The root (if it still stands) and its replies, oldest first."""
        return [self.messages[ts] for ts in (root_ts, *self.replies.get(root_ts, ())) if ts in self.messages]


@dataclass
class Workspace:
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    """User group's id → its members' ids."""
    url: str = "https://acme.slack.com/"
    _last_ts: float = 0.0
    _counter: int = 0

    @classmethod
    def acme(cls) -> Workspace:
        """The workspace every test starts with; ids are constants of this module."""
        space = cls()
        for user in (
            User(ANN, "ann", is_admin=True),
            User(BOB, "bob"),
            User(EVE, "eve", is_restricted=True, is_ultra_restricted=True),
            User(OLLY, "olly", is_owner=True, is_primary_owner=True),
            User(GONE, "gone", is_admin=True, deleted=True),
            User(STRANGER, "stranger", is_stranger=True, is_admin=True, team_id="T0OTHER001"),
            User(BOT_USER, "smallprint", is_bot=True),
        ):
            space.users[user.id] = user
        for channel in (
            Channel(GENERAL, "general", [ANN, BOB, EVE, OLLY, BOT_USER]),
            Channel(CONTRACTS, "contracts", [ANN, BOB, BOT_USER]),
            Channel(LEGAL, "legal", [ANN, BOT_USER], is_private=True),
            Channel(LOBBY, "lobby", [ANN, BOB]),
            Channel(VAULT, "vault", [ANN], is_private=True),
            Channel(DM_ANN, "", [ANN, BOT_USER], is_im=True),
            Channel(GROUP_DM, "mpdm-ann--bob--smallprint-1", [ANN, BOB, BOT_USER], is_mpim=True),
        ):
            space.channels[channel.id] = channel
        space.groups[COUNSEL] = [BOB, EVE]
        return space

    def user(self, name: str) -> User:
        """By id or by name. Raises KeyError."""
        return self.users.get(name) or next(_named(self.users.values(), name))

    def channel(self, name: str) -> Channel:
        """By id or by name, `#` allowed. Raises KeyError."""
        return self.channels.get(name) or next(_named(self.channels.values(), name.removeprefix("#")))

    def open_dm(self, user_id: str) -> Channel:
        for channel in self.channels.values():
            if channel.is_im and user_id in channel.members:
                return channel
        channel = Channel(self.new_id("D"), "", [user_id, BOT_USER], is_im=True)
        self.channels[channel.id] = channel
        return channel

    def new_id(self, prefix: str) -> str:
        self._counter += 1
        return f"{prefix}0{self._counter:08d}"

    def new_ts(self) -> str:
        """Now, but never twice and never backwards: Slack's ts is the message's id in its channel."""
        self._last_ts = max(time.time(), self._last_ts + 0.000_01)
        return f"{self._last_ts:.6f}"

    def add(self, channel: Channel, message: Json) -> Json:
        """Stores a message; a reply is counted at its root, as Slack does."""
        channel.messages[message["ts"]] = message
        root_ts = str(message.get("thread_ts", message["ts"]))
        if root_ts == message["ts"]:
            return message
        replies = channel.replies.setdefault(root_ts, [])
        replies.append(message["ts"])
        if root := channel.messages.get(root_ts):
            users = set(root.get("reply_users", ())) | {message["user"]}
            root.update(
                thread_ts=root_ts,
                reply_count=len(replies),
                reply_users=sorted(users),
                latest_reply=message["ts"],
            )
        return message

    def remove(self, channel: Channel, ts: str) -> Json:
        """Deletes a message; a root with replies leaves a tombstone. Returns what it was. Raises KeyError."""
        message = channel.messages[ts]
        if message.get("reply_count"):
            channel.messages[ts] = {
                "type": "message",
                "subtype": "tombstone",
                "user": "USLACKBOT",
                "text": "This message was deleted.",
                "hidden": True,
                "ts": ts,
                "thread_ts": ts,
                "reply_count": message["reply_count"],
            }
        else:
            del channel.messages[ts]
        return message

    def permalink(self, channel: Channel, message: Json) -> str:
        link = f"{self.url}archives/{channel.id}/p{message['ts'].replace('.', '')}"
        thread = message.get("thread_ts")
        return link if thread in (None, message["ts"]) else f"{link}?thread_ts={thread}&cid={channel.id}"


def _named(things: Any, name: str) -> Iterator[Any]:
    yield from (thing for thing in things if thing.name == name)
    raise KeyError(name)
