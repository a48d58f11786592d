"""“Run with another version” under a result: admins have a document analysed once more, to compare the two reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import NotAllowed, PromptError, SmallprintError
from smallprint.jobs.intake import IntakeStopped
from smallprint.jobs.repeats import with_prompts
from smallprint.models.domain import Job
from smallprint.prompts.versions import PromptVersions
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.rerun_modal import (
    CALLBACK,
    MORE_ACTION,
    TITLE,
    choosable,
    rerun_modal,
    used_versions,
)
from smallprint.slack.carried import CarriedRerun
from smallprint.slack.inbox import Accept
from smallprint.slack.listeners.actions import NOT_KEPT, ReportSource
from smallprint.slack.listeners.press import Press
from smallprint.slack.listeners.repeat import STOPPING, UNKNOWN_JOB, JobRecord, may_see
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions

log = structlog.get_logger()

NOT_FOR_MEMBERS = (
    "Running a document with another prompt version is for admins: it costs again, and helps them to compare versions."
    " If something in this report looks wrong, please tell one of them."
)
NOTHING_TO_CHOOSE = "There is only one version of each prompt, so there is nothing to compare."
AS_BEFORE = "The report was made with exactly these versions. Please choose another one."
ON_IT = "On it. The new report comes in the thread of the first one, and then how the two differ."
ASKED_BEFORE = "Somebody asked for exactly this before: look in the thread of the report."


class OtherVersionListener:
    """Writes the new job down before it says that it will."""

    def __init__(
        self,
        prompts: PromptVersions,
        reports: ReportSource,
        record: JobRecord,
        permissions: Permissions,
        modals: Modals,
        accept: Accept,
    ) -> None:
        self._prompts = prompts
        self._reports = reports
        self._record = record
        self._permissions = permissions
        self._modals = modals
        self._accept = accept

    def register(self, app: AsyncApp) -> None:
        app.action(MORE_ACTION)(self.choose)
        app.view(CALLBACK)(self.run)

    async def choose(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """The menu that results of earlier releases have: the modal, or a kind sentence for all who are no admins."""
        await ack()
        press = Press.of(body)
        try:
            await self.chosen(press, press.value, respond)
        except SmallprintError as error:
            log.info("other version refused", user=press.user, error=error.code)
            await press.answer(respond, answer_message(error.user_message))

    async def chosen(self, press: Press, analysis_id: str, _: AsyncRespond) -> None:
        """The entry of a result's menu. Raises NotAllowed for all who are no admins, and other errors of ours."""
        await self._modals.open(press.trigger_id, TITLE, self._choices(press, analysis_id))

    async def run(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """One new job for each choice of versions, however often it is asked for."""
        carried = CarriedRerun.read(view["private_metadata"])
        chosen = _chosen(view)
        if not chosen or all(carried.used.get(agent) == version for agent, version in chosen.items()):
            first = next(iter(chosen), None)
            await ack(response_action="errors", errors={first: AS_BEFORE} if first else {})
            return
        await self._modals.answer(ack, view["id"], TITLE, self._started(body["user"]["id"], carried, chosen))

    async def _choices(self, press: Press, analysis_id: str) -> Modal:
        await self._require_admin(press.user)
        job = await self._job(analysis_id)
        if not may_see(press, job):
            raise PromptError(UNKNOWN_JOB)
        report = await self._reports.report(analysis_id)
        if report is None:
            raise PromptError(NOT_KEPT)
        agents = await self._prompts.list()
        if not choosable(agents):
            raise PromptError(NOTHING_TO_CHOOSE)
        thread = press.thread_ts or press.message_ts
        carried = CarriedRerun(job.id, thread, used_versions(report))
        return rerun_modal(report, agents, str(carried))

    async def _started(self, user: str, carried: CarriedRerun, chosen: Mapping[str, int]) -> Modal:
        await self._require_admin(user)
        job = await self._job(carried.job)
        new = with_prompts(job, chosen, user=user, thread_ts=carried.thread_ts)
        if await self._record.get(new.id) is not None:
            return said_modal(TITLE, answer_message(ASKED_BEFORE))
        try:
            await self._accept([new])
        except IntakeStopped:
            return said_modal(TITLE, answer_message(STOPPING))
        log.info("other version asked for", job=new.id, user=user)
        return said_modal(TITLE, answer_message(ON_IT))

    async def _require_admin(self, user: str) -> None:
        try:
            await self._permissions.require_admin(user, CALLBACK)
        except NotAllowed as refused:
            raise NotAllowed(NOT_FOR_MEMBERS) from refused

    async def _job(self, job_id: str) -> Job:
        job = await self._record.get(job_id)
        if job is None:
            raise PromptError(UNKNOWN_JOB)
        return job


def _chosen(view: Mapping[str, Any]) -> dict[str, int]:
    """Agent → version; the blocks are named after the agents."""
    values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]
    options = {agent: state.get(agent, {}).get("selected_option") for agent, state in values.items()}
    return {agent: int(option["value"]) for agent, option in options.items() if option}
