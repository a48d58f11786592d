"""The message shortcut “Analyse this document”: for old messages and for threads, where commands cannot go.

https://docs.slack.dev/interactivity/implementing-shortcuts
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import SmallprintError
from smallprint.jobs.intake import IntakeStopped, job_id
from smallprint.jobs.repeats import anew
from smallprint.models.domain import Job
from smallprint.services.database.jobs import JobState
from smallprint.slack.asking import Asked, Asking
from smallprint.slack.blocks.already import already_read
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.inbox import Accept
from smallprint.slack.listeners.repeat import STOPPING
from smallprint.slack.references import WebReference, parse_reference
from smallprint.slack.sources import Sources

log = structlog.get_logger()

CALLBACK = "analyse_document"
NO_DOCUMENT = "There is no file on this message, so there is nothing for me to read. Use me on the message that has the file."
BEGUN_ONE = "On it. The answer comes in the thread of that message."
BEGUN_MANY = "On it: {count} files. The answers come in the thread of that message."
BEING_READ = "I'm reading it already: the answer comes in the thread of that message."


NOT_READ = frozenset({JobState.FAILED, JobState.SUPERSEDED})
"""How a job ended whose file has no report."""


class JobRecord(Protocol):
    """What is needed of services/database/jobs.py."""

    async def standing(self, job_id: str) -> tuple[JobState, str] | None:
        """The job's state and outcome; None without such a job."""
        ...


class ShortcutListener:
    """The same file in the same thread is the same job, whoever asks and however: it is not paid for twice."""

    def __init__(
        self,
        asking: Asking,
        sources: Sources,
        record: JobRecord,
        accept: Accept,
    ) -> None:
        self._asking = asking
        self._sources = sources
        self._record = record
        self._accept = accept

    def register(self, app: AsyncApp) -> None:
        app.shortcut(CALLBACK)(self.analyse)

    async def analyse(self, ack: AsyncAck, shortcut: Mapping[str, Any], respond: AsyncRespond) -> None:
        """One visible answer, seen by who asked."""
        await ack()
        user = shortcut["user"]["id"]
        try:
            message = await self._begun(user, shortcut)
        except (SmallprintError, IntakeStopped) as error:
            log.info("shortcut refused", user=user, error=type(error).__name__)
            sentence = error.user_message if isinstance(error, SmallprintError) else STOPPING
            message = answer_message(sentence)
        await respond(
            text=message.text, blocks=list(message.blocks), response_type="ephemeral", replace_original=False
        )

    async def _begun(self, user: str, shortcut: Mapping[str, Any]) -> Message:
        team = (shortcut.get("team") or {}).get("id") or ""
        await self._asking.require_may_ask(Asked("", user, team, shortcut["channel"]["id"]))
        jobs = self._jobs(user, shortcut)
        if not jobs:
            return answer_message(NO_DOCUMENT)
        new = [await self._to_begin(job) for job in jobs]
        begun = [job for job in new if job is not None]
        if begun:
            await self._accept(begun)
            return answer_message(BEGUN_ONE if len(begun) == 1 else BEGUN_MANY.format(count=len(begun)))
        return await self._known(jobs)

    def _jobs(self, user: str, shortcut: Mapping[str, Any]) -> list[Job]:
        message, channel = shortcut["message"], shortcut["channel"]["id"]
        team = (shortcut.get("team") or {}).get("id") or ""
        thread = str(message.get("thread_ts") or message.get("ts") or "")
        files = self._files_of(message)
        return [
            Job(
                job_id(team, channel, thread, file),
                team,
                channel,
                thread,
                file,
                user,
                "shortcut",
                message_ts=str(message.get("ts") or ""),
                ordinal=place,
                of=len(files),
            )
            for place, file in enumerate(files)
        ]

    def _files_of(self, message: Mapping[str, Any]) -> Sequence[str]:
        """The message's files, else the public link in it."""
        files = list(dict.fromkeys(file["id"] for file in message.get("files") or () if file.get("id")))
        reference = None if files else parse_reference(str(message.get("text") or ""))
        if isinstance(reference, WebReference):
            self._sources.check_link(reference.url)
            return [reference.url]
        return files

    async def _to_begin(self, job: Job) -> Job | None:
        """The job; one of its own where the file was not read then; None where it is being or was read."""
        standing = await self._record.standing(job.id)
        if standing is None:
            return job
        state, _ = standing
        if state is JobState.DECLINED:
            return job  # taken up again under its own id
        if state not in NOT_READ:
            return None
        again = replace(anew(job, user=job.user, thread_ts=job.thread_ts), trigger=job.trigger)
        return again if await self._record.standing(again.id) is None else None

    async def _known(self, jobs: Sequence[Job]) -> Message:
        for job in jobs:
            standing = await self._record.standing(job.id)
            if standing is not None and standing[0] is JobState.DONE:
                return already_read(job.id)
        return answer_message(BEING_READ)
