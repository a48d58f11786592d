"""What Slack itself shows beside a thread while we work: a line that says what we do, and its own Stop.

Slack offers both to some apps and workspaces only. Where it does not, it is not asked again.
https://docs.slack.dev/reference/methods/assistant.threads.setStatus
https://docs.slack.dev/reference/methods/agents.sessions.setStatus
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from smallprint.errors import SlackError, SlackRefused
from smallprint.models.domain import Job, Progress, Step
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.destinations import Destination, Destinations

log = structlog.get_logger()

# Slack puts the app's name in front.
SAYS = {
    Step.WAITING: "is waiting for its turn…",
    Step.READING: "is reading the document…",
    Step.ANALYSING: "is analysing the document…",
    Step.REVIEWING: "is reviewing the findings…",
}
PROCESSING, ACTIVE = "processing", "active"

NOT_OFFERED = frozenset(
    {"unknown_method", "not_allowed", "missing_scope", "feature_not_enabled", "not_allowed_token_type"}
)
"""Codes by which Slack says that this app can't have it, whatever the thread."""

_Call = Callable[..., Awaitable[AsyncSlackResponse]]


class ThreadStatus:
    """One per process: it knows in which threads it is at work."""

    def __init__(self, clients: SlackClients, destinations: Destinations) -> None:
        self._clients = clients
        self._destinations = destinations
        self._not_offered: set[str] = set()
        self._working: dict[str, Destination] = {}
        self._sessions: set[Destination] = set()
        """Threads that Slack was told we are at work in: unlike the line, that lasts."""

    async def show(self, job: Job, progress: Progress) -> None:
        """Say it; to be repeated before two minutes have passed, when Slack takes it away.

        Raises:
            SlackError: Slack did not answer, or there is no thread.
        """
        place = self._working[job.id] = await self._destinations.of(job)
        await self._line(place, SAYS[progress.step])
        if place not in self._sessions:
            self._sessions.add(place)
            await self._session(place, PROCESSING, initiator_user_id=job.user)

    async def clear(self, job: Job) -> None:
        """Nothing more to wait for in the thread, unless another job goes on there. Never raises."""
        place = self._working.pop(job.id, None)
        if place is None or place in self._working.values():
            return
        self._sessions.discard(place)
        try:
            await self._line(place, "")
            await self._session(place, ACTIVE)
        except SlackError as error:
            log.info("status not taken away", job=job.id, error=error.code)  # Slack does, after two minutes

    def jobs_in(self, channel: str, thread_ts: str) -> list[str]:
        """Ids of the jobs that answer there and run in this process."""
        place = Destination(channel, thread_ts)
        return [job_id for job_id, at in self._working.items() if at == place]

    async def _line(self, place: Destination, status: str) -> None:
        await self._offered(
            "status",
            self._clients.write.assistant_threads_setStatus,
            channel_id=place.channel,
            thread_ts=place.thread_ts,
            status=status,
        )

    async def _session(self, place: Destination, status: str, **more: Any) -> None:
        await self._offered(
            "session",
            self._clients.write.agents_sessions_setStatus,
            channel_id=place.channel,
            thread_ts=place.thread_ts,
            status=status,
            **more,
        )

    async def _offered(self, what: str, call: _Call, **arguments: Any) -> None:
        if what in self._not_offered:
            return
        try:
            await ask(call(**arguments))
        except SlackRefused as refusal:
            log.info("slack does not offer this", what=what, code=refusal.slack_code)
            if refusal.slack_code in NOT_OFFERED:
                self._not_offered.add(what)
