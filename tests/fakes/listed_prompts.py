"""Prompt versions as `PromptVersions.list`, `show` and `rollback` hand them out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from smallprint.models.domain import Activation, ActivationAction, Gate, Prompt, RiskLevel, Scope
from smallprint.models.evaluation import EvaluationVerdict
from smallprint.models.statistics import Figures, Spread, VersionStatistics
from smallprint.prompts.diff import PromptDiff, diff_prompts
from smallprint.prompts.gate import GateOpinion
from smallprint.prompts.listing import History, ListedAgent, ListedVersion, ShownVersion

BODY = """You read contracts for people who will sign them.

For each thing that the reader should know:
1. quote the words of the document, and nothing else;
2. say in plain words what they mean;
3. say why it matters, and what to ask for.
"""


def at(day: int) -> datetime:
    """So many days after the last of October, at nine."""
    return datetime(2026, 10, 31, 9, tzinfo=UTC) + timedelta(days=day)


def activation(
    agent: str = "document_analysis",
    before: int | None = 3,
    after: int = 2,
    action: ActivationAction = ActivationAction.ROLLBACK,
    *,
    actor: str = "U02ANN7",
    reason: str = "misses renewal clauses in leases",
    **more: Any,
) -> Activation:
    row = Activation(
        agent, before, after, action, actor, reason, at(22), request_id=f"{agent}-{after}", id=41
    )
    return replace(row, **more)


def canary(version: int = 3, percent: int = 10, **more: Any) -> Activation:
    return activation(
        before=None, after=version, action=ActivationAction.CANARY, actor="U03BOB8", reason="is it better on leases?",
        scope=Scope.CANARY, percent=percent, id=42, **more,
    )  # fmt: skip


def pin(version: int = 1, channel: str = "C0CONTRACT", **more: Any) -> Activation:
    return activation(
        before=None, after=version, action=ActivationAction.PIN, reason="their lawyers know it",
        scope=Scope.CHANNEL, scope_id=channel, id=43, **more,
    )  # fmt: skip


def version(
    number: int,
    note: str,
    *,
    agent: str = "document_analysis",
    live: bool = False,
    why_not: str = "",
    evaluation: EvaluationVerdict | None = None,
) -> ListedVersion:
    return ListedVersion(
        agent, number, "slug", note, "smallprint 0.1.0", at(number + 3), "analysis/1", live, not why_not, why_not, evaluation
    )  # fmt: skip


def two_agents() -> tuple[ListedAgent, ...]:
    """The analyst's newest version was rolled back, an older one can't be used; the reviewer is as released."""
    analyst = (
        version(4, "answers with a table of dates", why_not="it answers in the form analysis/2, and this release of Smallprint reads analysis/1"),
        version(3, "shorter quotations, one finding per clause", evaluation=EvaluationVerdict.NOT_WORSE),
        version(2, "asks for the exception to each rule before the rule", live=True),
        version(1, "the first one"),
    )  # fmt: skip
    waiting = "the release has v3; live is v2 (rolled back by U02ANN7: misses renewal clauses in leases)"
    reviewer = (version(1, "the first one", agent="findings_review", live=True),)
    released = activation(
        "findings_review", None, 1, ActivationAction.IMPORT, actor="smallprint 0.1.0", reason="first version"
    )
    return (
        ListedAgent("document_analysis", 2, analyst, activation(), waiting, canary(), (pin(),)),
        ListedAgent("findings_review", 1, reviewer, released, ""),
    )


def shown(body: str = BODY) -> ShownVersion:
    listed = version(2, "asks for the exception to each rule before the rule", live=True)
    prompt = Prompt(
        listed.agent,
        2,
        listed.slug,
        listed.note,
        body,
        "4fe1c0ffee" * 6 + "beef",
        listed.contract,
        effort="medium",
    )
    return ShownVersion(listed, prompt, (activation(),))


def prompt(number: int, body: str, **more: Any) -> Prompt:
    made = Prompt(
        "document_analysis", number, "slug", "", body, f"{number}" * 64, "analysis/1", effort="medium"
    )
    return replace(made, **more)


def two_versions() -> PromptDiff:
    """From v2, which is live, to v3."""
    after = BODY.replace(
        "1. quote the words of the document, and nothing else;", "1. quote at most forty words;"
    )
    after += "\nState one finding per clause; join those that say the same.\n"
    note = "shorter quotations, one finding per clause"
    return diff_prompts(prompt(2, BODY), prompt(3, after, effort="high", note=note))


EVALUATED = GateOpinion(
    EvaluationVerdict.NOT_WORSE, "c0ffee01", at(20), "evaluated 3 days ago on house: not worse"
)


def history() -> History:
    """Newest first: a pin, a canary, a rollback, a change that overrode the gate, and the import."""
    released = activation(
        before=None, after=2, action=ActivationAction.IMPORT, actor="smallprint 0.1.0", reason="first version"
    )
    bold = activation(
        before=2, after=3, action=ActivationAction.SET, actor="U03BOB8", reason="quotations are too long"
    )
    rows = (
        pin(),
        canary(),
        activation(),
        replace(bold, gate=Gate.OVERRIDDEN, at=at(21)),
        replace(released, at=at(5)),
    )
    return History(rows, older=7)


def statistics() -> tuple[VersionStatistics, ...]:
    """Much is known of v2, little of v3."""
    much = Figures(
        n=412,
        levels={RiskLevel.CRITICAL: 12, RiskLevel.HIGH: 103, RiskLevel.MEDIUM: 191, RiskLevel.LOW: 106},
        findings=2_266,
        judged=2_240,
        rejected=134,
        lowered=90,
        raised=22,
        added=61,
        ungrounded=49,
        cost_nano_usd=Spread(41_500_000, 118_000_000),
        cost_unknown=2,
        milliseconds=Spread(31_400, 88_000),
        failures={"model_overloaded": 3, "invalid_answer": 1},
        thumbs_up=38,
        thumbs_down=6,
        accepted=120,
        dismissed=22,
    )
    little = Figures(
        n=17,
        levels={RiskLevel.HIGH: 6, RiskLevel.MEDIUM: 8, RiskLevel.LOW: 3},
        findings=71,
        judged=70,
        rejected=2,
        lowered=1,
        cost_nano_usd=Spread(36_000_000, 71_000_000),
        milliseconds=Spread(24_000, 52_000),
    )
    live = replace(much, n=398)
    return (
        VersionStatistics("document_analysis", 2, much, {"live": live, "pin": replace(much, n=14)}),
        VersionStatistics("document_analysis", 3, little, {"canary": little}),
    )
