"""The gate before a version goes live: was exactly this version evaluated, and is it not worse?

A rollback and a canary are never asked for it: the one must always work, the other is how evidence is gathered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Protocol

from smallprint.errors import GateRefused
from smallprint.models.domain import Gate, Prompt
from smallprint.models.evaluation import EvaluationRun, EvaluationVerdict
from smallprint.prompts.ages import ago

NOT_EVALUATED = "no evaluation of exactly this version"
EVALUATED = "evaluated {ago} on {dataset}: {verdict}"
REFUSED = (
    "{agent} {label} does not go live: {opinion}, and the gate asks for one that is not worse (GATE=require)."
    " Evaluate it, or add --override with a reason."
)
OVERRIDE_NEEDS_REASON = "To override the gate, please say why: the reason stays in the history."
VERDICTS = {
    EvaluationVerdict.NOT_WORSE: "not worse",
    EvaluationVerdict.WORSE: "worse",
    EvaluationVerdict.UNDECIDED: "too few documents to tell",
}


class GatePolicy(StrEnum):
    """What happens to a version that no evaluation speaks for."""

    OFF = "off"
    """Nobody looks."""
    WARN = "warn"
    """It goes live, and the log says that it was unproven."""
    REQUIRE = "require"
    """It does not, unless somebody overrides the gate with a reason."""


class Verdicts(Protocol):
    """`services/database/evaluations.py`."""

    async def latest_verdict(self, agent: str, sha256: str) -> EvaluationRun | None:
        """The newest run with a verdict in which the agent worked with exactly this version."""
        ...


@dataclass(frozen=True, slots=True)
class GateOpinion:
    """What the evaluations say of one version."""

    verdict: EvaluationVerdict | None = None
    """None: it was not evaluated."""
    run_id: str = ""
    at: datetime | None = None
    sentence: str = NOT_EVALUATED
    """A clause for people: "evaluated 3 days ago on house: not worse"."""

    @property
    def speaks_for_it(self) -> bool:
        return self.verdict is EvaluationVerdict.NOT_WORSE


UNKNOWN = GateOpinion()


class EvaluationGate:
    """Asks the evaluations, and decides by the installation's policy."""

    def __init__(self, policy: GatePolicy, verdicts: Verdicts) -> None:
        self._policy = policy
        self._verdicts = verdicts

    async def opinion(self, prompt: Prompt) -> GateOpinion:
        """Whatever the policy is. Raises DatabaseError."""
        run = await self._verdicts.latest_verdict(prompt.agent, prompt.sha256)
        if run is None or run.verdict is None:
            return UNKNOWN
        told = EVALUATED.format(
            ago=ago(run.finished_at, datetime.now(UTC)),
            dataset=PurePath(run.dataset).name,
            verdict=VERDICTS[run.verdict],
        )
        return GateOpinion(run.verdict, run.id, run.finished_at, told)

    async def check(self, prompt: Prompt, *, override: bool, reason: str) -> Gate:
        """What the log is to say. Raises GateRefused, DatabaseError."""
        if self._policy is GatePolicy.OFF:
            return Gate.NONE
        opinion = await self.opinion(prompt)
        if opinion.speaks_for_it:
            return Gate.PASSED
        if self._policy is GatePolicy.WARN:
            return Gate.WARNED
        if not override:
            told = REFUSED.format(agent=prompt.agent, label=prompt.label, opinion=opinion.sentence)
            raise GateRefused(told)
        if not reason.strip():
            raise GateRefused(OVERRIDE_NEEDS_REASON)
        return Gate.OVERRIDDEN
