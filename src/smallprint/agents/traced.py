"""A team whose members' work shows in traces: one span for each time that one of them works on a document."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import TypeVar

from smallprint.agents.requests import Assignment
from smallprint.agents.team import Team
from smallprint.models.domain import (
    Agent,
    AgentRun,
    Analysis,
    Document,
    Finding,
    Prompt,
    Reduction,
    ReportFinding,
    Review,
    Ruling,
    Triage,
)
from smallprint.services.tracing import Tracing

T = TypeVar("T")


def traced(team: Team, tracing: Tracing) -> Team:
    """The same team; whoever is absent stays absent."""
    stand_in = _TracedMembers(team, tracing)
    return replace(
        team,
        analyst=stand_in,
        reviewer=team.reviewer and stand_in,
        triager=team.triager and stand_in,
        repairer=team.repairer and stand_in,
        reducer=team.reducer and stand_in,
        adjudicator=team.adjudicator and stand_in,
    )


class _TracedMembers:
    """Stands in for every member of a team."""

    def __init__(self, team: Team, tracing: Tracing) -> None:
        self._team = team
        self._tracing = tracing

    @property
    def offline(self) -> bool:
        return self._team.analyst.offline

    @property
    def sees(self) -> bool:
        return self._team.analyst.sees

    async def analyse(
        self, document: Document, prompt: Prompt | None, assignment: Assignment
    ) -> tuple[Analysis, AgentRun]:
        work = self._team.analyst.analyse(document, prompt, assignment)
        return await self._in_span(Agent.ANALYST, prompt, assignment, work)

    async def review(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, assignment: Assignment
    ) -> tuple[Review, AgentRun]:
        work = _present(self._team.reviewer).review(document, findings, prompt, assignment)
        return await self._in_span(Agent.REVIEWER, prompt, assignment, work)

    async def triage(
        self, document: Document, prompt: Prompt, assignment: Assignment
    ) -> tuple[Triage, AgentRun]:
        work = _present(self._team.triager).triage(document, prompt, assignment)
        return await self._in_span(Agent.TRIAGE, prompt, assignment, work)

    async def repair(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, assignment: Assignment
    ) -> tuple[tuple[Finding, ...], AgentRun]:
        work = _present(self._team.repairer).repair(document, findings, prompt, assignment)
        return await self._in_span(Agent.REPAIR, prompt, assignment, work)

    async def reduce(
        self, document: Document, parts: Sequence[Analysis], prompt: Prompt, assignment: Assignment
    ) -> tuple[Reduction, AgentRun]:
        work = _present(self._team.reducer).reduce(document, parts, prompt, assignment)
        return await self._in_span(Agent.REDUCER, prompt, assignment, work)

    async def adjudicate(
        self, document: Document, disputed: Sequence[ReportFinding], prompt: Prompt, assignment: Assignment
    ) -> tuple[tuple[Ruling, ...], AgentRun]:
        work = _present(self._team.adjudicator).adjudicate(document, disputed, prompt, assignment)
        return await self._in_span(Agent.ADJUDICATOR, prompt, assignment, work)

    async def _in_span(
        self, agent: Agent, prompt: Prompt | None, assignment: Assignment, work: Awaitable[tuple[T, AgentRun]]
    ) -> tuple[T, AgentRun]:
        with self._tracing.agent(agent.value, assignment.analysis_id, prompt) as took:
            result, run = await work
            took(run)
            return result, run


def _present(member: T | None) -> T:
    """`traced` leaves absent members absent, so nobody asks them."""
    assert member is not None  # noqa: S101 - for the type checker
    return member
