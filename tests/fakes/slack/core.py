"""The state all parts of the fake share: workspace, files, calls, and the way an event leaves."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.fakes.slack import events
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.faults import FaultPlan, RateLimits
from tests.fakes.slack.files import HostedFile, Upload
from tests.fakes.slack.socket_mode import SocketMode
from tests.fakes.slack.workspace import BOT_USER, Channel, Json, Workspace

BOT_TOKEN = "xoxb-fake-bot-token"
APP_TOKEN = "xapp-1-fake-app-token"

ALL_SCOPES = frozenset({
    "app_mentions:read", "assistant:write", "canvases:read", "channels:history", "channels:read", "chat:write",
    "commands",
    "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write",
    "mpim:history", "mpim:read", "reactions:write", "usergroups:read", "users:read",
})  # fmt: skip

_PLURAL = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def as_in_manifest(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Bot scopes and subscribed events of an app manifest, for FakeSlack's `scopes` and `bot_events`."""
    manifest = yaml.safe_load(path.read_text())
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    return frozenset(scopes), frozenset(manifest["settings"]["event_subscriptions"]["bot_events"])


@dataclass
class Call:
    """One request of the app, as it came and as it was answered."""

    method: str
    """A Web API method, or `download`, `upload`, `response_url`."""
    arguments: Json
    at: float
    """Seconds since the epoch."""
    answer: Json | None = None
    """None when no answer was given (or it was lost)."""
    fault: str = ""
    """The scripted fault that hit it."""
    seconds: float | None = None

    @property
    def error(self) -> str:
        return str((self.answer or {}).get("error", ""))

    def to_json(self) -> Json:
        return {
            "method": self.method,
            "at": self.at,
            "seconds": self.seconds,
            "fault": self.fault,
            "error": self.error,
            "arguments": self.arguments,
            "answer": self.answer,
        }


@dataclass
class ResponseUrl:
    """Where a slash command or a click may be answered: five times in 30 minutes."""

    user: str
    channel: str
    uses_left: int = 5
    expires_at: float = field(default_factory=lambda: time.time() + 1800)
    answers: list[Json] = field(default_factory=list)


@dataclass
class Core:
    workspace: Workspace
    socket: SocketMode
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    echo_bot_messages: bool = True
    bot_events: frozenset[str] | None = None
    """Subscribed events as in a manifest (`message.channels`, `file_shared` …); None means all."""
    rate_limits: RateLimits | None = None
    faults: FaultPlan = field(default_factory=FaultPlan)
    url: str = ""
    """The fake's own address, `http://127.0.0.1:port`."""
    stranger_url: str = ""
    """A second listening port that is not Slack."""
    files: dict[str, HostedFile] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    unexpected_calls: list[str] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    """Outer payloads of every event, in the order they happened."""
    ephemerals: list[Json] = field(default_factory=list)
    views: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    statuses: list[Json] = field(default_factory=list)
    sessions: list[Json] = field(default_factory=list)
    """What an agent's sessions were set to, one after the other."""
    suggestions: list[Json] = field(default_factory=list)
    """Prompts that were suggested: channel and prompts."""
    stream_life_s: float = 300.0
    """How long a streamed message may grow before Slack ends that."""
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)
    """trigger_id → when it was given; used ones are removed."""
    stranger_requests: list[Json] = field(default_factory=list)
    """Requests to the second host: path and headers (a token here has leaked)."""

    def add_file(self, upload: Upload, user: str) -> HostedFile:
        file = HostedFile(self.workspace.new_id("F"), upload, user, self.url)
        self.files[file.id] = file
        return file

    async def emit(self, event: Json) -> str:
        """Sends an event to the app if it is subscribed and allowed; returns its event_id."""
        event_id = self.workspace.new_id("Ev")
        payload = events.event_payload(event, event_id)
        self.events.append(payload)
        if self._wants(event):
            await self.socket.send("events_api", payload)
        return event_id

    async def post(self, channel: Channel, message: Json) -> Json:
        """A message appears in a channel, and the app hears of it if it is there."""
        self.workspace.add(channel, message)
        if channel.kind == "im" or BOT_USER in channel.members:
            own = message.get("user") == BOT_USER
            if self.echo_bot_messages or not own:
                await self.emit(events.message_event(message, channel))
        return message

    def attach(self, channel: Channel, message: Json, files: Sequence[HostedFile]) -> None:
        """Puts files on a message, and notes on each where it is shared now."""
        for file in files:
            share: Json = {"ts": message["ts"]}
            if "thread_ts" in message:
                share["thread_ts"] = message["thread_ts"]
            file.shares.setdefault(channel.id, []).append(share)
        message["files"] = [file.in_event(self.workspace) for file in files]

    async def redeliver(self, event_id: str, *, attempt: int, reason: str) -> Delivery:
        payload = next(p for p in self.events if p["event_id"] == event_id)
        return await self.socket.send("events_api", payload, attempt=attempt, reason=reason)

    def new_trigger(self) -> str:
        trigger = self.workspace.new_id("1.2.")
        self.triggers[trigger] = time.time()
        return trigger

    def new_response_url(self, user: str, channel: str) -> tuple[str, ResponseUrl]:
        token = self.workspace.new_id("R")
        self.response_urls[token] = ResponseUrl(user, channel)
        return f"{self.url}/response_url/{token}", self.response_urls[token]

    def _wants(self, event: Json) -> bool:
        kind = event["type"]
        name, scope = kind, ""
        if kind == "message":
            plural = _PLURAL[event.get("channel_type", "channel")]
            name, scope = f"message.{plural}", f"{plural}:history"
        elif kind.startswith("file_"):
            scope = "files:read"
        elif kind == "app_mention":
            scope = "app_mentions:read"
        subscribed = self.bot_events is None or name in self.bot_events
        return subscribed and (not scope or scope in self.scopes)
