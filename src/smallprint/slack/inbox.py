"""The durable inbox: what Slack sends is on disk before Slack gets its ack.

Bolt acks an event before its listener runs, and drops it in silence when authorization fails; a crash then
loses it. So what an event asks for is taken out of it before Bolt does anything: in Socket Mode before Bolt sees
it (slack/app.py), otherwise in `before_authorize` middleware. If writing fails we raise, Slack gets no ack and
delivers the event again.

Several keepers look at each event: files to analyse (here), questions (questions.py), what is to be forgotten
(erasures.py). An event that one of them kept has nothing more to do in Bolt.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from smallprint.jobs.intake import job_id
from smallprint.models.domain import Job

FILE_MESSAGES = frozenset({None, "file_share", "thread_broadcast"})

Accept = Callable[[Sequence[Job]], Awaitable[None]]


class Keeper(Protocol):
    """Knows one sort of thing that an event can ask for."""

    async def keep(self, body: Mapping[str, Any]) -> bool:
        """Write it down; True if there was something. Raises SmallprintError when it is not on disk."""
        ...


class Inbox(AsyncMiddleware):
    """The middleware. Every keeper sees every event: one gesture can ask for several things."""

    def __init__(self, *keepers: Keeper) -> None:
        self._keepers = keepers

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """Ack what was kept; everything else goes on to its listener."""
        return BoltResponse(status=200, body="") if await self.keep(req.body) else await next()

    async def keep(self, body: Mapping[str, Any]) -> bool:
        """Write down what an event asks for; True if there was something, which has nothing more to do in Bolt.

        Raises:
            SmallprintError: it is not on disk, so it must not be acked.
        """
        kept = [await keeper.keep(body) for keeper in self._keepers]
        return any(kept)


class SharedFiles:
    """The keeper of files to analyse; `accept` returns when the jobs are on disk."""

    def __init__(self, accept: Accept, *, bot_user: str) -> None:
        self._accept = accept
        self._bot_user = bot_user

    async def keep(self, body: Mapping[str, Any]) -> bool:
        """Raises SmallprintError: not on disk, so it must not be acked."""
        jobs = jobs_in(body, bot_user=self._bot_user)
        if jobs:
            await self._accept(jobs)
        return bool(jobs)


def jobs_in(body: Mapping[str, Any], *, bot_user: str) -> tuple[Job, ...]:
    """The files that an event asks us to analyse: none for other events, for bots and for our own posts.

    A message with a file arrives as `message`, as `file_shared` and, when we are mentioned, as `app_mention`:
    the first and the last give the same job; `file_shared` knows no thread and waits for the others.
    """
    if body.get("type") != "event_callback":
        return ()
    event = body.get("event") or {}
    team = team_of(body)
    match event.get("type"):
        case "message" if event.get("subtype") in FILE_MESSAGES:
            return _from_message(event, team, "message", bot_user)
        case "app_mention":
            return _from_message(event, team, "app_mention", bot_user)
        case "file_shared":
            return _from_file_shared(event, team, bot_user)
    return ()


def _from_message(event: Mapping[str, Any], team: str, trigger: str, bot_user: str) -> tuple[Job, ...]:
    user = event.get("user") or ""
    if event.get("bot_id") or event.get("hidden") or user == bot_user:
        return ()
    if f"<@{bot_user}>" in str(event.get("text") or ""):
        trigger = "app_mention"  # asked for, whichever of the gesture's two events comes first
    channel = event.get("channel") or ""
    thread = event.get("thread_ts") or event.get("ts") or ""
    ids = dict.fromkeys(file["id"] for file in event.get("files") or () if file.get("id"))
    return tuple(
        Job(
            job_id(team, channel, thread, file),
            team,
            channel,
            thread,
            file,
            user,
            trigger,
            message_ts=event.get("ts") or "",
            ordinal=place,
            of=len(ids),
        )
        for place, file in enumerate(ids)
    )


def _from_file_shared(event: Mapping[str, Any], team: str, bot_user: str) -> tuple[Job, ...]:
    user, channel = event.get("user_id") or "", event.get("channel_id") or ""
    file = event.get("file_id") or (event.get("file") or {}).get("id") or ""
    if not file or not channel or user == bot_user:
        return ()
    return (Job(job_id(team, channel, "", file), team, channel, "", file, user, "file_shared"),)


def team_of(body: Mapping[str, Any]) -> str:
    """The workspace whose token to use: in shared channels `authorizations` names it, not `team_id`."""
    authorizations = body.get("authorizations") or ()
    first = authorizations[0] if authorizations else {}
    return first.get("team_id") or body.get("team_id") or ""
