"""Slack's own Stop beside a thread: written down before Slack gets its ack, as everything that events ask for.

https://docs.slack.dev/reference/events/agent_session_stopped
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import structlog

from smallprint.errors import NotAllowed
from smallprint.slack.stopping import Stopping

log = structlog.get_logger()

SESSION_STOPPED = "agent_session_stopped"
PATIENCE_S = 2.0
"""Slack waits three seconds for its ack; whether somebody is an admin may have to be asked of Slack."""


class ThreadJobs(Protocol):
    """What is needed of services/database/stops.py."""

    async def unfinished_in(self, channel: str, thread_ts: str) -> Mapping[str, str]: ...


JobsHere = Callable[[str, str], Sequence[str]]
"""slack/status.py: the jobs that answer in a thread, also where it is one that we opened for a command."""


class SessionStops:
    """A keeper of slack/inbox.py: stops what runs in the thread, as far as the person may."""

    def __init__(self, stopping: Stopping, jobs: ThreadJobs, jobs_here: JobsHere) -> None:
        self._stopping = stopping
        self._jobs = jobs
        self._jobs_here = jobs_here

    async def keep(self, body: Mapping[str, Any]) -> bool:
        """True for Slack's Stop, whatever came of it. Raises SmallprintError: not on disk."""
        event = body.get("event") or {}
        if body.get("type") != "event_callback" or event.get("type") != SESSION_STOPPED:
            return False
        channel, thread, user = (str(event.get(name) or "") for name in ("channel", "thread_ts", "user"))
        if channel and thread:
            await self._stop_all(await self._jobs.unfinished_in(channel, thread), channel, thread, user)
        return True

    async def _stop_all(self, asked_by: Mapping[str, str], channel: str, thread: str, user: str) -> None:
        """Their own first: those need nobody's leave, and are on disk when time runs out over the rest."""
        own = [job_id for job_id, asker in asked_by.items() if asker == user]
        others = dict.fromkeys([*asked_by, *self._jobs_here(channel, thread)])
        for job_id in own:
            await self._stop(job_id, user)
        try:
            async with asyncio.timeout(PATIENCE_S):
                for job_id in others.keys() - set(own):
                    await self._stop(job_id, user)
        except TimeoutError:
            log.warning("stop not decided in time", user=user)

    async def _stop(self, job_id: str, user: str) -> None:
        try:
            await self._stopping.stop(job_id, user)
        except NotAllowed:
            log.info("stop refused", job=job_id, user=user)
