"""What people do in the workspace: share files, write, run commands, press buttons, delete."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack import events
from tests.fakes.slack.core import Core, ResponseUrl
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.files import HostedFile, Upload
from tests.fakes.slack.workspace import APP, BOT_USER, TEAM, Channel, Json, User

_POLL_S = 0.005


@dataclass(frozen=True)
class Share:
    """What a person did: one message, with files or without."""

    channel: str
    ts: str
    thread_ts: str
    """The root of the thread an answer belongs to: the message's own ts unless it is a reply."""
    file_ids: tuple[str, ...]
    event_ids: tuple[str, ...]
    """In the order they were sent; for `redeliver`."""
    permalink: str
    file_permalinks: tuple[str, ...]
    at: float
    """Seconds since the epoch, just before the first event was sent."""

    @property
    def file_id(self) -> str:
        return self.file_ids[0]


@dataclass(frozen=True)
class Interaction:
    """What came back for a slash command or a click."""

    delivery: Delivery
    url: ResponseUrl = field(repr=False)

    @property
    def acked(self) -> bool:
        return self.delivery.acked_at is not None

    @property
    def ack(self) -> Json:
        """The payload of the ack, empty if it had none."""
        return self.delivery.answer or {}

    @property
    def answers(self) -> list[Json]:
        """All that came by response_url so far."""
        return self.url.answers

    @property
    def said(self) -> list[Json]:
        """Everything shown to the person: the ack if it says something, then the answers."""
        return [
            message for message in (self.ack, *self.answers) if message.get("text") or message.get("blocks")
        ]


class People:
    """The hands of the people; FakeSlack inherits them."""

    core: Core

    async def share(
        self,
        channel: str,
        user: str,
        name: str = "",
        content: bytes | str = b"",
        *,
        text: str = "",
        thread_ts: str | None = None,
        files: Sequence[Upload] = (),
        also_file_shared: bool = True,
        also_app_mention: bool = False,
        order: Sequence[str] = ("message", "app_mention", "file_shared"),
        **options: Any,
    ) -> Share:
        """A person shares one file (name, content, `options` of Upload) or several (`files`) in one message.

        Events go out in `order`; Slack promises none. Channel and user by id or name.
        """
        data = content.encode() if isinstance(content, str) else content
        uploads = tuple(files) or (Upload(name, data, **options),)
        place, person = self.core.workspace.channel(channel), self.core.workspace.user(user)
        hosted = [self.core.add_file(upload, person.id) for upload in uploads]
        if also_app_mention and f"<@{BOT_USER}>" not in text:
            text = f"<@{BOT_USER}> {text}".strip()
        message = self._written(person, text, thread_ts) | {
            "subtype": "file_share",
            "files": [],
            "upload": True,
            "display_as_bot": False,
        }
        wanted = {"message", *(["app_mention"] * also_app_mention), *(["file_shared"] * also_file_shared)}
        return await self._send(place, message, hosted, [kind for kind in order if kind in wanted])

    async def share_again(self, file_id: str, channel: str, user: str, *, text: str = "") -> Share:
        """A person shares a file that is in Slack already, in another channel."""
        place, person = self.core.workspace.channel(channel), self.core.workspace.user(user)
        file = self.core.files[file_id]
        message = self._written(person, text, None) | {
            "subtype": "file_share",
            "files": [],
            "upload": False,
        }
        return await self._send(place, message, [file], ["message", "file_shared"])

    async def say(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        thread_ts: str | None = None,
        also_app_mention: bool = False,
    ) -> Share:
        """A person writes a message without a file."""
        place, person = self.core.workspace.channel(channel), self.core.workspace.user(user)
        message = self._written(person, text, thread_ts)
        return await self._send(place, message, [], ["message"] + ["app_mention"] * also_app_mention)

    async def slash_command(
        self,
        user: str,
        channel: str,
        command: str,
        text: str = "",
        *,
        answers: int = 0,
        timeout_s: float = 5.0,
    ) -> Interaction:
        """Runs a command; returns after its ack, and after `answers` posts to its response_url.

        As in Slack nothing is redelivered. Without an ack in time the result says `acked` False.
        """
        place, person = self.core.workspace.channel(channel), self.core.workspace.user(user)
        address, url = self.core.new_response_url(person.id, place.id)
        payload = events.command_payload(
            command=command,
            text=text,
            user_id=person.id,
            user_name=person.name,
            channel_id=place.id,
            channel_name=place.name or "directmessage",
            response_url=address,
            trigger_id=self.core.new_trigger(),
        )
        return await self._interact("slash_commands", payload, url, answers, timeout_s)

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        value: str = "",
        answers: int = 0,
        timeout_s: float = 5.0,
    ) -> Interaction:
        """A person presses a button in the bot's message; an unknown `ts` is that of an ephemeral one."""
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        return await self._act(user, channel, ts, action, answers, timeout_s)

    async def _act(
        self, user: str, channel: str, ts: str, action: Json, answers: int, timeout_s: float
    ) -> Interaction:
        place, person = self.core.workspace.channel(channel), self.core.workspace.user(user)
        address, url = self.core.new_response_url(person.id, place.id)
        message = place.messages.get(ts, {})
        thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        payload = {
            "type": "block_actions",
            "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM},
            "api_app_id": APP,
            "token": "deprecated-verification-token",
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": place.id,
                "is_ephemeral": not message,
            }
            | thread,
            "trigger_id": self.core.new_trigger(),
            "team": {"id": TEAM, "domain": "acme"},
            "channel": {"id": place.id, "name": place.name},
            "message": message or None,
            "response_url": address,
            "actions": [action | {"action_ts": ts}],
        }
        return await self._interact("interactive", payload, url, answers, timeout_s)

    async def invite_bot(self, channel: str, user: str) -> str:
        """A person invites the bot into a channel; the event's id."""
        place, person = self.core.workspace.channel(channel), self.core.workspace.user(user)
        if BOT_USER not in place.members:
            place.members.append(BOT_USER)
        return await self.core.emit(
            events.joined_event(BOT_USER, place, person.id, self.core.workspace.new_ts())
        )

    async def delete_file(self, file_id: str) -> str:
        """A person deletes a file: it is a tombstone in its messages; returns the event's id."""
        file = self.core.files[file_id]
        file.deleted = True
        for channel_id, shares in file.shares.items():
            for share in shares:
                message = self.core.workspace.channels[channel_id].messages.get(share["ts"], {})
                message["files"] = [
                    {"id": file_id, "mode": "tombstone"} if f["id"] == file_id else f
                    for f in message.get("files", [])
                ]
        ts = self.core.workspace.new_ts()
        return await self.core.emit(events.file_deleted_event(file_id, list(file.shares), ts))

    async def delete_message(self, channel: str, ts: str) -> None:
        """A person deletes a message: gone if nobody replied, else a tombstone."""
        place = self.core.workspace.channel(channel)
        previous = self.core.workspace.remove(place, ts)
        event_ts = self.core.workspace.new_ts()
        tombstone = place.messages.get(ts)
        if tombstone is None:
            await self.core.emit(events.deleted_event(previous, place, event_ts))
        else:
            await self.core.emit(events.changed_event(dict(tombstone), previous, place, event_ts))

    async def wait_for(
        self, predicate: Callable[[], object], timeout_s: float = 5.0, *, what: str = "the condition"
    ) -> Any:
        """Returns the predicate's first true value. Raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        while not (found := predicate()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not come true in {timeout_s} s")
            await asyncio.sleep(_POLL_S)
        return found

    def _written(self, person: User, text: str, thread_ts: str | None) -> Json:
        ts = self.core.workspace.new_ts()
        message: Json = {"type": "message", "user": person.id, "text": text, "ts": ts}
        message["team"] = person.team_id
        if person.is_stranger:
            message |= {"user_team": person.team_id, "source_team": person.team_id}
        message["client_msg_id"] = self.core.workspace.new_id("client-")
        if thread_ts:
            message["thread_ts"] = thread_ts
        return message

    async def _send(self, place: Channel, message: Json, hosted: list[HostedFile], kinds: list[str]) -> Share:
        core, at = self.core, time.time()
        core.workspace.add(place, message)
        if hosted:
            core.attach(place, message, hosted)
        event_ids = []
        if BOT_USER in place.members:
            for kind in kinds:
                event_ids += [await core.emit(event) for event in self._events(kind, place, message, hosted)]
                await asyncio.sleep(0)  # so that acks of a burst are read, and timed, when they come
        return Share(
            channel=place.id,
            ts=message["ts"],
            thread_ts=str(message.get("thread_ts", message["ts"])),
            file_ids=tuple(file.id for file in hosted),
            event_ids=tuple(event_ids),
            permalink=core.workspace.permalink(place, message),
            file_permalinks=tuple(file.permalink(core.workspace) for file in hosted),
            at=at,
        )

    def _events(self, kind: str, place: Channel, message: Json, hosted: list[HostedFile]) -> list[Json]:
        if kind == "message":
            return [events.message_event(message, place)]
        if kind == "app_mention":
            return [events.app_mention_event(message, place)]
        new_ts = self.core.workspace.new_ts
        return [events.file_shared_event(file.id, message["user"], place.id, new_ts()) for file in hosted]

    async def _interact(
        self, kind: str, payload: Json, url: ResponseUrl, answers: int, timeout_s: float
    ) -> Interaction:
        result = Interaction(await self.core.socket.send(kind, payload), url)
        try:
            await self.wait_for(lambda: result.acked, min(timeout_s, self.core.socket.ack_timeout_s))
        except TimeoutError:
            self.core.socket.withdraw(result.delivery)
            return result
        await self.wait_for(lambda: len(result.answers) >= answers, timeout_s, what=f"{answers} answers")
        return result
