"""“Read the small print” under an offer: whoever of the workspace presses it first has the message's files analysed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import NotAllowed, SlackError, SmallprintError
from smallprint.jobs.intake import IntakeStopped
from smallprint.jobs.repeats import wanted
from smallprint.models.domain import Against, Job
from smallprint.slack.blocks.offer import OFFER_ACTION, taken_message
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Accept
from smallprint.slack.listeners.press import Press
from smallprint.slack.listeners.repeat import NOT_FOR_GUESTS, STOPPING, UNKNOWN_JOB, JobRecord
from smallprint.slack.messages import update
from smallprint.slack.permissions import Permissions

log = structlog.get_logger()


class Offered(Protocol):
    """services/database/admissions.py."""

    async def declined_with(self, job: Job, code: str) -> Sequence[Job]: ...


class OfferListener:
    """Writes down that the files are wanted, and only then changes the offer: after a crash between, the button still works."""

    def __init__(
        self,
        clients: SlackClients,
        record: JobRecord,
        offered: Offered,
        permissions: Permissions,
        accept: Accept,
    ) -> None:
        self._clients = clients
        self._record = record
        self._offered = offered
        self._permissions = permissions
        self._accept = accept

    def register(self, app: AsyncApp) -> None:
        app.action(OFFER_ACTION)(self.take)

    async def take(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """One analysis of each file, whoever presses and however often; the message says who was first."""
        await ack()
        press = Press.of(body)
        try:
            job = await self._take(press)
        except (SmallprintError, IntakeStopped) as error:
            sentence = error.user_message if isinstance(error, SmallprintError) else STOPPING
            log.info("offer not taken", user=press.user, error=type(error).__name__)
            await press.answer(respond, answer_message(sentence))
            return
        log.info("offer taken", job=job.id, user=press.user)
        await self._show(press, job)

    async def _take(self, press: Press) -> Job:
        """The job as it stands in the database: of several who pressed, the first one's.

        Raises:
            NotAllowed: a guest, or a job that is not (or no longer) of this conversation.
            SmallprintError, IntakeStopped: not written down.
        """
        if not await self._permissions.is_full_member(press.user):
            raise NotAllowed(NOT_FOR_GUESTS)
        job = await self._record.get(press.value)
        if job is None or job.channel != press.channel:
            raise NotAllowed(UNKNOWN_JOB)
        offered = await self._offered.declined_with(job, Against.OFFERED)
        await self._accept(wanted(offered, user=press.user))
        return await self._record.get(job.id) or job

    async def _show(self, press: Press, job: Job) -> None:
        """Best effort: the placeholder shows itself in the thread anyway."""
        try:
            await update(self._clients, press.channel, press.message_ts, taken_message(job.user))
        except SlackError as error:
            log.warning("offer not taken away", job=job.id, error=error.code)
