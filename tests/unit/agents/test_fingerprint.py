"""Two analyses have one fingerprint exactly when the same question would go to the same models."""

from dataclasses import replace

import pytest

from smallprint.agents.fingerprint import fingerprint
from smallprint.agents.profiles import Models, staffings
from smallprint.models.domain import Agent, Brief, Profile
from tests.fakes.prompts import a_prompt

STAFFED = staffings(Models("sonnet", "haiku", "opus"))
PROMPTS = {agent.value: a_prompt(agent) for agent in (Agent.ANALYST, Agent.REVIEWER)}
SAME = fingerprint(PROMPTS, STAFFED[Profile.BALANCED], Brief())


def test_the_same_question_has_the_same_fingerprint_in_every_process():
    again = {agent.value: a_prompt(agent) for agent in (Agent.REVIEWER, Agent.ANALYST)}

    assert fingerprint(again, STAFFED[Profile.BALANCED], Brief()) == SAME


@pytest.mark.parametrize(
    "brief",
    [
        Brief(again=True),
        Brief(cost_accepted=True),
        Brief(profile=Profile.BALANCED),
        Brief(prompts={"document_analysis": 1}),
    ],
)
def test_how_it_was_asked_does_not_matter(brief):
    assert fingerprint(PROMPTS, STAFFED[Profile.BALANCED], brief) == SAME


def test_capitals_of_a_wish_do_not_matter():
    staffing = STAFFED[Profile.BALANCED]

    assert fingerprint(PROMPTS, staffing, Brief(side="The Tenant")) == fingerprint(
        PROMPTS, staffing, Brief(side="the tenant")
    )


@pytest.mark.parametrize(
    "brief", [Brief(side="the tenant"), Brief(focus="exit"), Brief(language="French")], ids=str
)
def test_every_wish_that_reaches_the_agents_counts(brief):
    assert fingerprint(PROMPTS, STAFFED[Profile.BALANCED], brief) != SAME


def test_prompts_models_and_effort_count():
    changed = {**PROMPTS, "document_analysis": replace(PROMPTS["document_analysis"], sha256="other")}
    effort = replace(
        STAFFED[Profile.BALANCED], analyst=replace(STAFFED[Profile.BALANCED].analyst, effort="high")
    )

    assert SAME not in {
        fingerprint(changed, STAFFED[Profile.BALANCED], Brief()),
        fingerprint(PROMPTS, STAFFED[Profile.ECONOMY], Brief()),
        fingerprint(PROMPTS, effort, Brief()),
    }
