"""One document's way through the agents, once per analysis id: prompts settled, earlier reports found, cost allowed,
the examination, and the report kept.

It never knows who asked: Slack, the command line and the evaluations call the same `run`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from smallprint.agents.allowances import Allowances
from smallprint.agents.budgets import Budgets
from smallprint.agents.conclusion import conclude
from smallprint.agents.document_text import require_room
from smallprint.agents.document_types import guess_types
from smallprint.agents.estimate import Price
from smallprint.agents.examination import Examiner, Progress, Task
from smallprint.agents.fingerprint import fingerprint
from smallprint.agents.parts import parts_of
from smallprint.agents.pictures import as_seen
from smallprint.agents.ports import AnalysisLog, PromptSource
from smallprint.agents.team import Team
from smallprint.agents.token_counter import TokenCounter
from smallprint.errors import (
    ModelOverloaded,
    ModelUnreachable,
    PromptError,
    SmallprintError,
)
from smallprint.models.domain import (
    AnalysisRequest,
    Document,
    EarlierAnalysis,
    Expected,
    HeldVersion,
    Profile,
    Prompt,
    Report,
)

log = structlog.get_logger()

AI_DOWN = "The AI can't be reached at the moment, so the offline rules read this document. They are no substitute: please run it again later."


Expecting = Callable[[Expected], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Course:
    """How one try is told of, and whether another follows it."""

    progress: Progress
    expecting: Expecting | None
    last_try: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What an installation has decided about analyses."""

    profile: Profile = Profile.BALANCED
    long_document_tokens: int = 150_000
    """More are read in parts."""
    ask_above_nano_usd: int | None = None
    """An estimated cost above this is asked for first; None: never."""
    earlier_reports_for: timedelta | None = None
    """How long a report is shown again for the same document; None: never."""


class Orchestrator:
    """Turns a document into a report, once per analysis id."""

    def __init__(
        self,
        team: Team,
        *,
        prompts: PromptSource,
        log: AnalysisLog,
        price: Price,
        rules: Rules | None = None,
        examiner: Examiner | None = None,
        stand_in: Team | None = None,
        budgets: Budgets | None = None,
        counter: TokenCounter | None = None,
    ) -> None:
        """`stand_in`: who reads when the AI cannot be reached any more (the offline rules), if anybody.

        `budgets`: None spends without limit. `counter`: None decides about limits by estimates alone.
        """
        self._team = team
        self._prompts = prompts
        self._log = log
        self._rules = rules or Rules()
        self._examiner = examiner or Examiner(team)
        self._stand_in = stand_in
        self._allowances = (
            Allowances(price)  # the rules cost nothing
            if team.analyst.offline
            else Allowances(
                price, ask_above_nano_usd=self._rules.ask_above_nano_usd, budgets=budgets, counter=counter
            )
        )

    async def run(
        self,
        document: Document,
        request: AnalysisRequest,
        progress: Progress,
        *,
        last_try: bool = True,
        expecting: Expecting | None = None,
    ) -> Report:
        """The report; one that exists already for this analysis id is returned as it is.

        `expecting` is told what a new analysis will take, before anything is spent.
        `last_try`: nobody will call again with this id, so a passing fault of the reviewer gives a report
        without review, and one of the analyst is logged as the end. Otherwise passing faults are raised for
        the caller to try again; answers that were paid for are not paid again.

        Raises:
            CostNeedsConsent: nothing was spent; ask, and come back with `cost_accepted`.
            BudgetReached: a limit would not hold; its sentence says which, and whether something was spent.
            SmallprintError: there can be no report; its sentence says why.
        """
        async with self._allowances.held(request.analysis_id, last_try=last_try):
            finished = await self._log.report(request.analysis_id)
            if finished is not None:
                return finished
            prompts = await self._resolve_prompts(request, document)
            course = Course(progress, expecting, last_try)
            report, mark = await self._ended(document, request, prompts, course)
            await self._log.finish(report, mark)
            return report

    async def _resolve_prompts(self, request: AnalysisRequest, document: Document) -> Mapping[str, Prompt]:
        """What holds now or was asked for, unless an earlier try of this analysis already settled on other versions."""
        chosen = {
            agent: await self._choose(agent, request, document)
            for agent in self._team.agents(self._profile(request))
        }
        held = await self._log.begin(request, document, chosen, offline=self._team.analyst.offline)
        return {agent: await self._hold(prompt, held.get(agent)) for agent, prompt in chosen.items()}

    async def _choose(self, agent: str, request: AnalysisRequest, document: Document) -> Prompt:
        asked = request.brief.prompts
        if agent in asked:
            return replace(await self._prompts.version(agent, asked[agent]), arm="asked")
        return await self._prompts.resolve(agent, channel=request.channel, document_sha256=document.sha256)

    async def _hold(self, prompt: Prompt, held: HeldVersion | None) -> Prompt:
        """The version of the first try; where this release can't use it any more, the one that holds now."""
        if held is None or (held.version, held.arm) == (prompt.version, prompt.arm):
            return prompt
        try:
            first = await self._prompts.version(prompt.agent, held.version)
        except PromptError as error:
            log.warning("held prompt not usable", agent=prompt.agent, version=held.version, code=error.code)
            return prompt
        return replace(first, arm=held.arm, activation=held.activation)

    def _profile(self, request: AnalysisRequest) -> Profile:
        return request.brief.profile or self._rules.profile

    async def _ended(
        self,
        document: Document,
        request: AnalysisRequest,
        prompts: Mapping[str, Prompt],
        course: Course,
    ) -> tuple[Report, str]:
        """As `_settle`; that there will be no report is logged."""
        try:
            return await self._settle(document, request, prompts, course)
        except SmallprintError as error:
            if course.last_try or not error.retryable:
                await self._log.fail(request.analysis_id, error.code)
            raise

    async def _settle(
        self,
        document: Document,
        request: AnalysisRequest,
        prompts: Mapping[str, Prompt],
        course: Course,
    ) -> tuple[Report, str]:
        """The report, an earlier one or a new one, and the fingerprint under which it is found again."""
        seen = as_seen(document, sees=self._team.analyst.sees)
        profile = self._profile(request)
        staffing = self._team.staffings[profile]
        # What somebody stopped is no whole report: it must not be shown to the next who asks.
        kept = not (self._team.analyst.offline or request.stopped_by)
        mark = fingerprint(prompts, staffing, request.brief) if kept else ""
        earlier = await self._earlier(document, request, mark)
        if earlier is not None:
            return earlier, mark
        task = Task(
            document=seen,
            parts=self._parts(seen),
            request=request,
            prompts=prompts,
            document_types=guess_types(seen),
            staffing=staffing,
            progress=course.progress,
            last_try=course.last_try,
        )
        await self._allowances.require(task)
        if course.expecting is not None and not self._team.analyst.offline:
            await course.expecting(await asyncio.to_thread(self._allowances.expected, task))
        try:
            report = await self._made(self._examiner, self._team, task, profile)
        except (ModelOverloaded, ModelUnreachable):
            if self._stand_in is None or not course.last_try:
                raise
            return await self._without_ai(self._stand_in, document, task), ""
        return report, mark

    def _parts(self, document: Document) -> tuple[Document, ...]:
        if self._team.analyst.offline:
            return (document,)
        parts = parts_of(document, long_from=self._rules.long_document_tokens)
        for part in parts:
            require_room(part)
        return parts

    async def _earlier(self, document: Document, request: AnalysisRequest, mark: str) -> Report | None:
        keep = self._rules.earlier_reports_for
        if keep is None or not mark or request.brief.again or request.read_again:
            return None
        found = await self._log.earlier(request, document, mark, datetime.now(UTC) - keep)
        if found is None:
            return None
        report, user = found
        log.info("earlier report shown", analysis=request.analysis_id, earlier=report.analysis_id)
        return replace(
            report,
            analysis_id=request.analysis_id,
            document_name=document.name,
            earlier=EarlierAnalysis(report.analysis_id, report.created_at, user),
        )

    async def _without_ai(self, stand_in: Team, document: Document, task: Task) -> Report:
        """What the rules find, said to be that."""
        log.warning("offline rules stand in", analysis=task.request.analysis_id)
        seen = as_seen(document, sees=stand_in.analyst.sees)
        task = replace(task, document=seen, parts=(seen,), prompts={})
        report = await self._made(Examiner(stand_in), stand_in, task, None)
        return replace(report, notes=(AI_DOWN, *report.notes))

    async def _made(self, examiner: Examiner, team: Team, task: Task, profile: Profile | None) -> Report:
        started = time.monotonic()
        examined = await examiner.examine(task)
        offline = team.analyst.offline
        seconds = time.monotonic() - started
        return conclude(
            task, examined, offline=offline, profile=None if offline else profile, seconds=seconds
        )
