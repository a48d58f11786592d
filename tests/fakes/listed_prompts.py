"""Prompt versions as `PromptVersions.list`, `show` and `rollback` hand them out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from smallprint.models.domain import Activation, ActivationAction, Prompt
from smallprint.prompts.listing import ListedAgent, ListedVersion, ShownVersion

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
) -> Activation:
    return Activation(agent, before, after, action, actor, reason, at(22), request_id=f"{agent}-{after}")


def version(
    number: int, note: str, *, agent: str = "document_analysis", live: bool = False, why_not: str = ""
) -> ListedVersion:
    return ListedVersion(
        agent, number, "slug", note, "smallprint 0.1.0", at(number + 3), "analysis/1", live, not why_not, why_not
    )  # fmt: skip


def two_agents() -> tuple[ListedAgent, ...]:
    """The analyst's newest version was rolled back, an older one can't be used; the reviewer is as released."""
    analyst = (
        version(4, "answers with a table of dates", why_not="it answers in the form analysis/2, and this release of Smallprint reads analysis/1"),
        version(3, "shorter quotations, one finding per clause"),
        version(2, "asks for the exception to each rule before the rule", live=True),
        version(1, "the first one"),
    )  # fmt: skip
    waiting = "the release has v3; live is v2 (rolled back by U02ANN7: misses renewal clauses in leases)"
    reviewer = (version(1, "the first one", agent="findings_review", live=True),)
    released = activation(
        "findings_review", None, 1, ActivationAction.IMPORT, actor="smallprint 0.1.0", reason="first version"
    )
    return (
        ListedAgent("document_analysis", 2, analyst, activation(), waiting),
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
