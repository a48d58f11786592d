"""One document's way through the agents, once per analysis id: prompts settled, earlier reports found, cost asked for,
the examination, and the report kept.

It never knows who asked: Slack, the command line and the evaluations call the same `run`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from smallprint.agents.budgets import Budgets
from smallprint.agents.document_text import estimated_tokens, require_room
from smallprint.agents.document_types import guess_types
from smallprint.agents.estimate import Price, estimated_cost
from smallprint.agents.examination import Examined, Examiner, Progress, Task
from smallprint.agents.fingerprint import fingerprint
from smallprint.agents.parts import parts_of
from smallprint.agents.pictures import as_seen
from smallprint.agents.reading import together
from smallprint.agents.team import Team
from smallprint.errors import (
    CostNeedsConsent,
    ModelOverloaded,
    ModelUnreachable,
    PromptError,
    SmallprintError,
)
from smallprint.models.domain import (
    NANO_USD_PER_USD,
    AgentRun,
    AnalysisRequest,
    Document,
    EarlierAnalysis,
    HeldVersion,
    Profile,
    Prompt,
    Report,
)

log = structlog.get_logger()

AI_DOWN = "The AI can't be reached at the moment, so the offline rules read this document. They are no substitute: please run it again later."
STOOD_IN = "{model} did the {agent}'s part, because {instead_of} could not: it declined, was overloaded, or the document was too long for it."
ROLES = {"document_analysis": "analyst", "findings_review": "reviewer"}
COST_QUESTION = (
    "This document is long: about {tokens} tokens in {parts}. An analysis would cost about {cost}, more than the {limit}"
    " that may be spent without asking. Nothing has been spent so far."
)


class PromptSource(Protocol):
    """`prompts/versions.py`."""

    async def resolve(self, agent: str, *, channel: str = "", document_sha256: str = "") -> Prompt:
        """The channel's own, the canary, or the live one: never fails."""
        ...

    async def version(self, agent: str, version: int) -> Prompt: ...


class AnalysisLog(Protocol):
    """`services/database/analyses.py`."""

    async def begin(
        self,
        request: AnalysisRequest,
        document: Document,
        prompts: Mapping[str, Prompt],
        *,
        offline: bool,
    ) -> Mapping[str, HeldVersion]:
        """Agent to the version that holds for this analysis: on a retry those of the first time."""
        ...

    async def report(self, analysis_id: str) -> Report | None: ...

    async def earlier(
        self, request: AnalysisRequest, document: Document, fingerprint: str, since: datetime
    ) -> tuple[Report, str] | None:
        """A finished report of the same bytes and fingerprint that whoever asks could see, and who asked for it."""
        ...

    async def finish(self, report: Report, fingerprint: str = "") -> None: ...

    async def fail(self, analysis_id: str, code: str) -> None: ...


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
    ) -> None:
        """`stand_in`: who reads when the AI cannot be reached any more (the offline rules), if anybody.

        `budgets`: None spends without limit.
        """
        self._team = team
        self._prompts = prompts
        self._log = log
        self._price = price
        self._rules = rules or Rules()
        self._examiner = examiner or Examiner(team)
        self._stand_in = stand_in
        self._budgets = budgets

    async def run(
        self, document: Document, request: AnalysisRequest, progress: Progress, *, last_try: bool = True
    ) -> Report:
        """The report; one that exists already for this analysis id is returned as it is.

        `last_try`: nobody will call again with this id, so a passing fault of the reviewer gives a report
        without review, and one of the analyst is logged as the end. Otherwise passing faults are raised for
        the caller to try again; answers that were paid for are not paid again.

        Raises:
            CostNeedsConsent: nothing was spent; ask, and come back with `cost_accepted`.
            BudgetReached: a limit would not hold; its sentence says which, and whether something was spent.
            SmallprintError: there can be no report; its sentence says why.
        """
        finished = await self._log.report(request.analysis_id)
        if finished is not None:
            await self._release(request)
            return finished
        prompts = await self._resolve_prompts(request, document)
        try:
            report, mark = await self._settle(document, request, prompts, progress, last_try=last_try)
        except SmallprintError as error:
            if last_try or not error.retryable:
                await self._log.fail(request.analysis_id, error.code)
                await self._release(request)
            raise
        except Exception:  # a fault of ours, which nobody tries again
            await self._release(request)
            raise
        await self._log.finish(report, mark)
        await self._release(request)
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

    async def _settle(
        self,
        document: Document,
        request: AnalysisRequest,
        prompts: Mapping[str, Prompt],
        progress: Progress,
        *,
        last_try: bool,
    ) -> tuple[Report, str]:
        """The report, an earlier one or a new one, and the fingerprint under which it is found again."""
        seen = as_seen(document, sees=self._team.analyst.sees)
        profile = self._profile(request)
        staffing = self._team.staffings[profile]
        mark = "" if self._team.analyst.offline else fingerprint(prompts, staffing, request.brief)
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
            progress=progress,
            last_try=last_try,
        )
        self._require_consent(task)
        await self._reserve(task)
        try:
            report = await self._made(self._examiner, self._team, task, profile)
        except (ModelOverloaded, ModelUnreachable):
            if self._stand_in is None or not last_try:
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

    def _require_consent(self, task: Task) -> None:
        limit = self._rules.ask_above_nano_usd
        if limit is None or self._team.analyst.offline or task.request.brief.cost_accepted:
            return
        cost = estimated_cost(task.parts, task.staffing, self._price)
        if cost is not None and cost > limit:
            raise CostNeedsConsent(_cost_question(task, cost, limit), estimate_nano_usd=cost)

    async def _reserve(self, task: Task) -> None:
        if self._budgets is not None and not self._team.analyst.offline:
            await self._budgets.reserve(task.request, estimated_cost(task.parts, task.staffing, self._price))

    async def _release(self, request: AnalysisRequest) -> None:
        if self._budgets is not None and not self._team.analyst.offline:
            await self._budgets.settle(request.analysis_id)

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
        report = _report(task, examined, offline=offline, profile=None if offline else profile)
        report = replace(report, seconds=time.monotonic() - started)
        _log_made(report)
        return report


def _report(task: Task, examined: Examined, *, offline: bool, profile: Profile | None) -> Report:
    document, analysis, merged = task.document, examined.analysis, examined.merged
    runs = tuple(_with_arm(run, task.prompts.get(run.agent)) for run in together(examined.runs))
    return Report(
        analysis_id=task.request.analysis_id,
        document_name=document.name,
        document_kind=document.kind,
        document_sha256=document.sha256,
        receipt=document.receipt,
        summary=analysis.summary,
        risk_level=merged.level,
        findings=merged.kept,
        rejected=merged.rejected,
        ungrounded=examined.ungrounded,
        looked_for_not_found=analysis.looked_for_not_found,
        agents=runs,
        reviewed=examined.reviewed,
        review_note=examined.review_note,
        offline=offline,
        seconds=0.0,
        created_at=datetime.now(UTC),
        profile=profile,
        document_type=analysis.document_type,
        language=analysis.language,
        side=analysis.side,
        facts=examined.facts,
        repaired=examined.repaired,
        parts=len(task.parts),
        notes=_notes(runs),
    )


def _with_arm(run: AgentRun, prompt: Prompt | None) -> AgentRun:
    """Why it worked with that version; the offline rules have none."""
    return run if prompt is None else replace(run, prompt_arm=prompt.arm)


def _notes(runs: Sequence[AgentRun]) -> tuple[str, ...]:
    """One sentence for each agent whose model had to be replaced."""
    return tuple(
        STOOD_IN.format(model=run.model, agent=ROLES.get(run.agent, run.agent), instead_of=run.instead_of)
        for run in runs
        if run.instead_of
    )


def _cost_question(task: Task, cost: int, limit: int) -> str:
    tokens = sum(map(estimated_tokens, task.parts))
    return COST_QUESTION.format(
        tokens=f"{round(tokens, -3):,}",
        parts=f"{len(task.parts)} parts" if len(task.parts) > 1 else "one piece",
        cost=f"${cost / NANO_USD_PER_USD:,.2f}",
        limit=f"${limit / NANO_USD_PER_USD:,.2f}",
    )


def _log_made(report: Report) -> None:
    log.info(
        "report made",
        analysis=report.analysis_id,
        seconds=round(report.seconds, 3),
        level=report.risk_level.value,
        profile=report.profile.value if report.profile else "offline",
        parts=report.parts,
        findings=len(report.findings),
        rejected=len(report.rejected),
        ungrounded=report.ungrounded,
        repaired=report.repaired,
        reviewed=report.reviewed,
    )
