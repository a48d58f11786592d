"""The agents of an installation: what each must be able to do, and who there is. Only the analyst has to exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from smallprint.agents.profiles import Staffing
from smallprint.agents.requests import Assignment
from smallprint.models.domain import (
    Agent,
    AgentRun,
    Analysis,
    Document,
    Finding,
    Profile,
    Prompt,
    Reduction,
    ReportFinding,
    Review,
    Ruling,
    Triage,
)


class Analyst(Protocol):
    """Reads a document and states findings, unverified."""

    @property
    def offline(self) -> bool:
        """True: rules, no AI; needs no prompt and gets no reviewer."""
        ...

    @property
    def sees(self) -> bool:
        """True if it can look at pictures."""
        ...

    async def analyse(
        self, document: Document, prompt: Prompt | None, assignment: Assignment
    ) -> tuple[Analysis, AgentRun]: ...


class Reviewer(Protocol):
    """Judges findings against the document."""

    async def review(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, assignment: Assignment
    ) -> tuple[Review, AgentRun]: ...


class Triager(Protocol):
    """Looks at the beginning and the end of a document."""

    async def triage(
        self, document: Document, prompt: Prompt, assignment: Assignment
    ) -> tuple[Triage, AgentRun]: ...


class Repairer(Protocol):
    """Looks again for the words of findings whose quotations are not in the document."""

    async def repair(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, assignment: Assignment
    ) -> tuple[tuple[Finding, ...], AgentRun]:
        """The same ids with new quotations; those that nothing supports are left out."""
        ...


class Reducer(Protocol):
    """Makes one analysis of those of a long document's parts, from the findings alone."""

    async def reduce(
        self, document: Document, parts: Sequence[Analysis], prompt: Prompt, assignment: Assignment
    ) -> tuple[Reduction, AgentRun]: ...


class Adjudicator(Protocol):
    """Decides where analyst and reviewer see a finding too differently."""

    async def adjudicate(
        self, document: Document, disputed: Sequence[ReportFinding], prompt: Prompt, assignment: Assignment
    ) -> tuple[tuple[Ruling, ...], AgentRun]: ...


@dataclass(frozen=True, slots=True)
class Team:
    """Who there is, and who uses which model in each profile."""

    analyst: Analyst
    staffings: Mapping[Profile, Staffing]
    reviewer: Reviewer | None = None
    triager: Triager | None = None
    repairer: Repairer | None = None
    reducer: Reducer | None = None
    adjudicator: Adjudicator | None = None

    def agents(self, profile: Profile) -> tuple[str, ...]:
        """Those that need a prompt in this profile."""
        if self.analyst.offline:
            return ()
        adjudicator = self.adjudicator if self.staffings[profile].adjudicator else None
        present = {
            Agent.ANALYST: self.analyst,
            Agent.REVIEWER: self.reviewer,
            Agent.TRIAGE: self.triager,
            Agent.REPAIR: self.repairer,
            Agent.REDUCER: self.reducer,
            Agent.ADJUDICATOR: adjudicator,
        }
        return tuple(agent.value for agent, one in present.items() if one is not None)
