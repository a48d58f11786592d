"""A traced team works as the team does, and each member's work is told of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from smallprint.agents.clauses import ClauseAnalyst
from smallprint.agents.profiles import Models, staffings
from smallprint.agents.team import Team
from smallprint.agents.traced import traced
from smallprint.errors import ModelRefused
from smallprint.models.domain import Agent, AgentRun, Job, Profile, Prompt, Usage
from smallprint.prompts.templates import PromptTemplates
from smallprint.services.tracing import EndedWith, NoTracing, Took
from tests.fakes.assignments import an_assignment
from tests.fakes.passages import document_of

STAFFINGS = staffings(Models("a", "b", "c"))
DOCUMENT = document_of("The text.", name="a.txt")
METHODS = {
    Agent.ANALYST: "analyse",
    Agent.REVIEWER: "review",
    Agent.TRIAGE: "triage",
    Agent.REPAIR: "repair",
    Agent.REDUCER: "reduce",
    Agent.ADJUDICATOR: "adjudicate",
}
MEMBERS = {
    Agent.ANALYST: "analyst",
    Agent.REVIEWER: "reviewer",
    Agent.TRIAGE: "triager",
    Agent.REPAIR: "repairer",
    Agent.REDUCER: "reducer",
    Agent.ADJUDICATOR: "adjudicator",
}


class Everybody:
    """Every role: answers with what it was asked, or refuses."""

    offline, sees = False, True

    def __init__(self, trouble: Exception | None = None) -> None:
        self._trouble = trouble

    def __getattr__(self, method: str) -> Any:
        if method not in METHODS.values():
            raise AttributeError(method)

        async def work(*asked: Any) -> tuple[Any, AgentRun]:
            if self._trouble:
                raise self._trouble
            return (method, asked), AgentRun(method, "m", 1, Usage(), 5, 0.1)

        return work


class Notes:
    """Tracing that writes down who began and what they took."""

    provider = None

    def __init__(self) -> None:
        self.began: list[tuple[str, str, Prompt | None]] = []
        self.took: list[AgentRun] = []

    def job(self, job: Job) -> AbstractContextManager[EndedWith]:
        return NoTracing().job(job)

    @contextmanager
    def agent(self, name: str, analysis_id: str, prompt: Prompt | None) -> Iterator[Took]:
        self.began.append((name, analysis_id, prompt))
        yield self.took.append

    async def close(self) -> None:
        """Nothing to close."""


def team_of(one: Any) -> Team:
    return Team(one, STAFFINGS, one, one, one, one, one)


@pytest.mark.parametrize("agent", MEMBERS)
async def test_each_members_work_is_told_with_its_prompt_and_what_it_took(agent):
    notes, prompt, assignment = Notes(), PromptTemplates().latest(agent), an_assignment("an7")
    member = getattr(traced(team_of(Everybody()), notes), MEMBERS[agent])
    between = () if agent in {Agent.ANALYST, Agent.TRIAGE} else ((),)
    asked = (DOCUMENT, *between, prompt, assignment)
    result, run = await getattr(member, METHODS[agent])(*asked)
    assert result == (METHODS[agent], asked)
    assert notes.began == [(agent.value, "an7", prompt)]
    assert notes.took == [run]


async def test_a_member_that_fails_fails_the_same_way():
    notes = Notes()
    team = traced(team_of(Everybody(ModelRefused())), notes)
    with pytest.raises(ModelRefused):
        await team.analyst.analyse(DOCUMENT, None, an_assignment())
    assert notes.took == []


def test_whoever_is_absent_stays_absent():
    rules = Team(ClauseAnalyst(), STAFFINGS)
    team = traced(rules, NoTracing())
    assert team.analyst.offline
    assert team.agents(Profile.THOROUGH) == rules.agents(Profile.THOROUGH) == ()
    assert [team.reviewer, team.triager, team.repairer, team.reducer, team.adjudicator] == [None] * 5
