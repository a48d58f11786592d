"""What starts an analysis once more: a yes to its cost, and "Run again", a button under a report shown again or an entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import NotAllowed, SlackError, SmallprintError
from smallprint.jobs.intake import IntakeStopped
from smallprint.jobs.repeats import anew, consented
from smallprint.models.domain import Job
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.repeat import AGAIN_ACTION, ASKED_BEFORE, CONSENT_ACTION, ON_IT, pressed
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Accept
from smallprint.slack.listeners.press import Press
from smallprint.slack.messages import update
from smallprint.slack.permissions import Permissions

log = structlog.get_logger()

REPEATS: Mapping[str, Callable[..., Job]] = {CONSENT_ACTION: consented, AGAIN_ACTION: anew}

NOT_FOR_GUESTS = "Only full members of this workspace can start an analysis that costs. Please ask one of them to press the button."
UNKNOWN_JOB = "I don't know this request any more. Please share the file again."
STOPPING = "I'm being restarted. Please press the button again in a minute."


class JobRecord(Protocol):
    """What is needed of services/database/jobs.py."""

    async def get(self, job_id: str) -> Job | None: ...


def may_see(press: Press, job: Job) -> bool:
    """True if the job is of the conversation of the button, or its answer was private and went to who pressed."""
    return job.channel == press.channel or (job.brief.private and job.user == press.user)


class RepeatListener:
    """Writes the new job down and only then changes the message: after a crash between, the button still works."""

    def __init__(
        self, clients: SlackClients, record: JobRecord, permissions: Permissions, accept: Accept
    ) -> None:
        self._clients = clients
        self._record = record
        self._permissions = permissions
        self._accept = accept

    def register(self, app: AsyncApp) -> None:
        for action in REPEATS:
            app.action(action)(self.repeat)

    async def repeat(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """One new job for each button, whoever presses and however often; the message says who was first."""
        await ack()
        press = Press.of(body)
        try:
            job = await self._start(press, press.value, REPEATS[press.action])
        except (SmallprintError, IntakeStopped) as error:
            sentence = error.user_message if isinstance(error, SmallprintError) else STOPPING
            log.info("repeat refused", user=press.user, action=press.action, error=type(error).__name__)
            await press.answer(respond, answer_message(sentence))
            return
        log.info("repeat asked for", job=job.id, user=press.user, action=press.action)
        await self._show(press, job)

    async def again(self, press: Press, analysis_id: str, respond: AsyncRespond) -> None:
        """The menu's entry. The same job as the button's: one, whoever asks and however often.

        Raises:
            SmallprintError, IntakeStopped: as for the button.
        """
        known = await self._record.get(anew(await self._source(press, analysis_id), user="", thread_ts="").id)
        if known is None:
            job = await self._start(press, analysis_id, anew)
            log.info("repeat asked for", job=job.id, user=press.user)
        await press.answer(respond, answer_message(ON_IT if known is None else ASKED_BEFORE))

    async def _start(self, press: Press, job_id: str, repeated: Callable[..., Job]) -> Job:
        """The job as it stands in the database: of several who pressed, the first one's.

        Raises:
            NotAllowed: a guest, or a job that is not (or no longer) of this conversation.
            SmallprintError, IntakeStopped: not written down.
        """
        job = await self._source(press, job_id)
        thread = press.thread_ts or press.message_ts
        repeat = repeated(job, user=press.user, thread_ts=thread)
        await self._accept([repeat])
        return await self._record.get(repeat.id) or repeat

    async def _source(self, press: Press, job_id: str) -> Job:
        if not await self._permissions.is_full_member(press.user):
            raise NotAllowed(NOT_FOR_GUESTS)
        job = await self._record.get(job_id)
        if job is None or not may_see(press, job):
            raise NotAllowed(UNKNOWN_JOB)
        return job

    async def _show(self, press: Press, job: Job) -> None:
        """Best effort: the new job shows itself in the thread anyway."""
        if not press.blocks:
            return
        message = Message(press.text, pressed(press.blocks, press.action, job.user))
        try:
            await update(self._clients, press.channel, press.message_ts, message)
        except SlackError as error:
            log.warning("button not taken away", job=job.id, error=error.code)
