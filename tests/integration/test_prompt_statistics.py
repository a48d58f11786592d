"""What the statistics of prompt versions say of analyses that were really begun, finished and failed."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from math import ceil
from typing import Any, cast

import pytest
from sqlalchemy import delete, insert, select, text

from smallprint.models.database import analyses, analysis_prompts
from smallprint.models.domain import (
    AgentRun,
    AnalysisRequest,
    Arm,
    Decision,
    Document,
    DocumentKind,
    EarlierAnalysis,
    Feedback,
    FindingDecision,
    ModelCall,
    Outcome,
    ReadingReceipt,
    Report,
    RiskLevel,
    Thumb,
    Usage,
)
from smallprint.models.statistics import Figures, Spread
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.database.feedback import FeedbackStore
from smallprint.services.database.statistics import PromptStatistics
from tests.fakes.prompt_files import prompt
from tests.fakes.reports import OFFLINE_RULES, finding, low_report
from tests.integration.databases import DIALECTS, fresh_database, fresh_url

ANALYST, REVIEWER, TRIAGE = "document_analysis", "findings_review", "document_triage"
DOCUMENT = Document("lease.pdf", DocumentKind.PDF, "0" * 64, "Rent is due.", (), ReadingReceipt(pages=3))
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LOW, MEDIUM, HIGH, CRITICAL = RiskLevel


class Office:
    """Analyses as the orchestrator has them kept, and the statistics of what came of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store, self.calls = AnalysisStore(database), CallStore(database)
        self.statistics, self.opinions = PromptStatistics(database), FeedbackStore(database)
        self._numbers = count(1)

    async def begin(self, version: int = 4, arm: str = "live", analysis_id: str = "") -> str:
        identity = analysis_id or f"analysis-{next(self._numbers)}"
        chosen = {
            agent: replace(prompt(version, agent=agent), arm=cast("Arm", arm))
            for agent in (ANALYST, REVIEWER, TRIAGE)
        }
        await self.store.begin(AnalysisRequest(identity), DOCUMENT, chosen, offline=False)
        return identity

    async def call(self, analysis_id: str, agent: str, status: str = "ok", version: int = 4) -> None:
        number = next(self._numbers)
        made = ModelCall(
            id=f"call-{number}",
            analysis_id=analysis_id,
            agent=agent,
            purpose="main",
            attempt=1,
            prompt_version=version,
            request_model="claude-sonnet-5-5",
            started_at=NOW + timedelta(seconds=number),
            latency_ms=100,
            status=status,
        )
        await self.calls.record(made, f"key-{number}", None)

    async def done(self, report: Report, version: int = 4, arm: str = "live") -> str:
        """Begun and finished, analyst and reviewer with the same version."""
        identity = await self.begin(version, arm)
        runs = tuple(
            run if run.prompt_version is None else replace(run, prompt_version=version)
            for run in report.agents
        )
        await self.store.finish(replace(report, analysis_id=identity, agents=runs))
        return identity

    async def thumbs(self, analysis_id: str, **users: str) -> None:
        for user, thumb in users.items():
            request = f"press/{next(self._numbers)}"
            await self.opinions.rate(Feedback(analysis_id, user, Thumb(thumb), "", request, NOW))

    async def decides(self, analysis_id: str, **findings: str) -> None:
        for name, decided in findings.items():
            request = f"press/{next(self._numbers)}"
            entry = FindingDecision(analysis_id, name, Decision(decided), "U1", "", request, NOW)
            await self.opinions.decide(entry)

    async def figures(self, agent: str = ANALYST, version: int = 4, since: datetime | None = None) -> Figures:
        return (await self.statistics.compare(agent, (version,), since))[0].total


def report(
    level: RiskLevel = HIGH,
    cost: int | None = 40,
    seconds: float = 2.0,
    *,
    at: datetime = NOW,
    **changes: Any,
) -> Report:
    agents = (
        AgentRun(ANALYST, "claude-sonnet-5-5", 4, Usage(), cost, seconds),
        AgentRun(REVIEWER, "claude-haiku-5-5", 4, Usage(), 7, 1.0),
    )
    return replace(low_report(), risk_level=level, agents=agents, created_at=at, **changes)


@pytest.fixture(params=DIALECTS)
async def office(request, tmp_path):
    async with fresh_database(request.param, tmp_path) as database:
        yield Office(database)


async def test_each_figure_is_counted_over_the_documents(office):
    kept = (
        finding(1, MEDIUM, outcome=Outcome.LOWERED, before=HIGH),
        finding(2, HIGH, outcome=Outcome.RAISED, before=LOW),
        finding(3, LOW, outcome=Outcome.ADDED, verdict=None),
        finding(4, LOW),
    )
    rejected = (finding(5, LOW, outcome=Outcome.REJECTED),)
    await office.done(report(HIGH, 40, 2.0, findings=kept, rejected=rejected, ungrounded=2))
    await office.done(report(LOW, 60, 4.0))
    assert await office.figures() == Figures(
        n=2,
        levels={HIGH: 1, LOW: 1},
        findings=4,
        judged=4,
        rejected=1,
        lowered=1,
        raised=1,
        added=1,
        ungrounded=2,
        cost_nano_usd=Spread(50, 60),
        milliseconds=Spread(3000, 4000),
    )
    assert (await office.figures(REVIEWER)).cost_nano_usd == Spread(7, 7)


async def test_levels_are_listed_from_the_most_severe(office):
    for level in (LOW, CRITICAL, MEDIUM, HIGH):
        await office.done(report(level))
    assert list((await office.figures()).levels) == [CRITICAL, HIGH, MEDIUM, LOW]


async def test_an_agent_that_was_not_needed_has_nothing_to_count(office):
    await office.done(report())
    assert await office.statistics.compare("evidence_repair") == ()
    assert (await office.figures(TRIAGE)).n == 0


async def test_what_is_shown_again_and_what_the_rules_made_is_no_result_of_a_prompt(office):
    await office.done(report())
    await office.done(report(earlier=EarlierAnalysis("analysis-1", NOW, "U1")))
    await office.done(replace(report(offline=True), agents=(OFFLINE_RULES,)))
    assert (await office.figures()).n == 1


async def test_an_unknown_cost_is_counted_apart_and_not_as_nothing(office):
    for cost in (10, None, 30):
        await office.done(report(cost=cost))
    figures = await office.figures()
    assert (figures.n, figures.cost_nano_usd, figures.cost_unknown) == (3, Spread(20, 30), 1)
    await office.done(report(cost=None), version=9)
    nothing_known = await office.figures(version=9)
    assert (nothing_known.cost_nano_usd, nothing_known.cost_unknown) == (None, 1)


async def test_canary_and_pins_are_told_apart(office):
    for arm, cost in (("live", 10), ("live", 20), ("canary", 90), ("pin", 50), ("asked", 70)):
        await office.done(report(cost=cost), arm=arm)
    (found,) = await office.statistics.compare(ANALYST)
    assert {arm: (each.n, each.cost_nano_usd) for arm, each in found.arms.items()} == {
        "live": (2, Spread(15, 20)),
        "canary": (1, Spread(90, 90)),
        "pin": (1, Spread(50, 50)),
        "asked": (1, Spread(70, 70)),
    }
    assert (found.total.n, found.total.cost_nano_usd) == (5, Spread(50, 90))


async def test_what_readers_say_counts_by_their_last_word(office):
    first, second = await office.done(report()), await office.done(report(), arm="canary")
    await office.thumbs(first, U1="up", U2="down", U3="up")
    await office.thumbs(first, U2="up")
    await office.thumbs(second, U1="down")
    await office.decides(first, F1="accepted", F2="accepted", F3="dismissed", F4="accepted")
    await office.decides(first, F2="dismissed", F4="undone")
    await office.decides(second, F1="accepted")
    (found,) = await office.statistics.compare(ANALYST)
    assert said(found.total) == (3, 1, 2, 2)
    assert found.total.accepted_share == 0.5
    assert {arm: said(figures) for arm, figures in found.arms.items()} == {
        "live": (3, 0, 1, 2),
        "canary": (0, 1, 1, 0),
    }
    assert said(await office.figures(REVIEWER)) == (3, 1, 2, 2)


async def test_what_is_said_of_a_report_that_is_shown_again_counts_for_the_one_that_made_it(office):
    made = await office.done(report(), version=3)
    shown = await office.done(report(earlier=EarlierAnalysis(made, NOW, "U1")))
    await office.thumbs(shown, U1="down")
    assert said(await office.figures(version=3)) == (0, 1, 0, 0)
    assert said(await office.figures(version=4)) == (0, 0, 0, 0)


async def test_opinions_on_analyses_of_another_time_do_not_count(office):
    old = await office.done(report(at=NOW - timedelta(days=40)))
    await office.thumbs(old, U1="up")
    assert said(await office.figures(since=NOW - timedelta(days=7))) == (0, 0, 0, 0)
    assert said(await office.figures()) == (1, 0, 0, 0)


def said(figures: Figures) -> tuple[int, int, int, int]:
    return figures.thumbs_up, figures.thumbs_down, figures.accepted, figures.dismissed


async def test_only_what_ended_in_the_period_counts(office):
    for days in (1, 8, 40):
        await office.done(report(at=NOW - timedelta(days=days)), version=days)
    week, ever = NOW - timedelta(days=7), None
    assert [each.version for each in await office.statistics.compare(ANALYST, (), week)] == [1]
    assert [each.version for each in await office.statistics.compare(ANALYST, (), ever)] == [1, 8, 40]
    assert (await office.figures(version=8, since=week)) == Figures()


async def test_versions_that_were_asked_for_are_told_even_if_nobody_used_them(office):
    await office.done(report(), version=2)
    found = await office.statistics.compare(ANALYST, (3, 2), None)
    assert [(each.version, each.total.n) for each in found] == [(2, 1), (3, 0)]


async def test_a_failure_goes_to_the_agent_that_was_asked_in_vain(office):
    identity = await office.begin(arm="canary")
    await office.call(identity, ANALYST, "model_overloaded")
    await office.call(identity, TRIAGE)
    await office.store.fail(identity, "model_overloaded")
    (found,) = await office.statistics.compare(ANALYST)
    assert (found.total.n, found.total.failures, list(found.arms)) == (0, {"model_overloaded": 1}, ["canary"])
    assert await office.statistics.compare(TRIAGE) == ()


async def test_an_answer_that_came_but_could_not_be_used_is_its_agents_failure(office):
    identity = await office.begin()
    await office.call(identity, TRIAGE)
    await office.call(identity, ANALYST)
    await office.store.fail(identity, "invalid_answer")
    assert (await office.figures()).failures == {"invalid_answer": 1}


async def test_a_question_about_the_cost_is_nobodys_failure(office):
    await office.store.fail(await office.begin(), "cost_needs_consent")
    assert await office.statistics.compare(ANALYST) == ()


@pytest.mark.parametrize(
    ("status", "code"),
    [("model_refused", "model_refused"), ("ok", "invalid_answer"), ("cancelled", "cancelled")],
)
async def test_an_agent_that_the_report_does_without_has_failed(office, status, code):
    identity = await office.begin()
    await office.call(identity, ANALYST)
    await office.call(identity, REVIEWER, status)
    whole = report()
    await office.store.finish(replace(whole, analysis_id=identity, agents=whole.agents[:1], reviewed=False))
    assert (await office.figures()).failures == {}
    reviewer = await office.figures(REVIEWER)
    assert (reviewer.n, reviewer.failures) == (0, {code: 1})


async def test_of_an_analysis_that_is_tried_again_the_last_end_counts(office):
    identity = await office.begin()
    await office.call(identity, ANALYST, "model_overloaded")
    await office.store.fail(identity, "model_overloaded")
    await office.begin(analysis_id=identity)
    await office.store.finish(replace(report(), analysis_id=identity))
    await office.store.fail(identity, "model_overloaded")
    await office.store.finish(replace(report(), analysis_id=identity))
    figures = await office.figures()
    assert (figures.n, figures.failures) == (1, {})


async def test_failures_are_told_by_code_the_most_frequent_first(office):
    for code in ("model_refused", "model_overloaded", "model_overloaded"):
        identity = await office.begin()
        await office.call(identity, ANALYST, code)
        await office.store.fail(identity, code)
    assert list((await office.figures()).failures.items()) == [("model_overloaded", 2), ("model_refused", 1)]


async def test_the_numbers_of_an_erased_analysis_go_with_it(office):
    identity = await office.done(report())
    async with office.database.write() as connection:
        await connection.execute(text("DELETE FROM findings"))
        await connection.execute(delete(analyses).where(analyses.c.id == identity))
    assert await office.statistics.compare(ANALYST) == ()


async def test_medians_and_percentiles_are_those_of_every_single_number(office):
    chance = random.Random(3)
    for version in range(1, 13):
        costs = [chance.randint(0, 60) for _ in range(chance.randint(1, 45))]
        await _write(office, version, costs)
        spread = (await office.figures(version=version)).cost_nano_usd
        assert spread == Spread(int(statistics.median(costs)), sorted(costs)[ceil(0.95 * len(costs)) - 1])


async def _write(office: Office, version: int, costs: Sequence[int]) -> None:
    """Many at once: copies of one analysis."""
    identity = await office.done(report(cost=costs[0]), version=version)
    async with office.database.write() as connection:
        of_it = select(analyses).where(analyses.c.id == identity)
        analysis = (await connection.execute(of_it)).one()._asdict()
        part = select(analysis_prompts).where(
            analysis_prompts.c.analysis_id == identity, analysis_prompts.c.agent == ANALYST
        )
        outcome = (await connection.execute(part)).one()._asdict()
        for number, cost in enumerate(costs[1:]):
            name = f"{identity}-{number}"
            await connection.execute(insert(analyses).values({**analysis, "id": name}))
            copy = {**outcome, "analysis_id": name, "cost_nano_usd": cost}
            await connection.execute(insert(analysis_prompts).values(copy))


# --- analyses of earlier releases ------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_analyses_of_earlier_releases_are_counted_as_if_they_were_new(dialect, tmp_path):
    async with fresh_url(dialect, tmp_path) as url:
        database = await Database.open(url)
        expected = await _history(Office(database))
        await _forget_statistics(database)
        await database.close()
        database = await Database.open(url)
        try:
            async with database.read() as connection:
                rows = (await connection.execute(select(analysis_prompts))).all()
        finally:
            await database.close()
    assert sorted(map(tuple, rows)) == expected


async def _history(office: Office) -> list[tuple[object, ...]]:
    kept = (finding(1, MEDIUM, outcome=Outcome.LOWERED, before=HIGH), finding(2, LOW, verdict=None))
    await office.done(report(findings=kept, rejected=(finding(3, outcome=Outcome.REJECTED),), ungrounded=1))
    await office.done(report(cost=None, seconds=1.2346), version=3)
    await office.done(report(earlier=EarlierAnalysis("analysis-1", NOW, "U1")))
    await office.done(replace(report(offline=True), agents=(OFFLINE_RULES,)))
    failed = await office.begin()
    await office.call(failed, ANALYST, "model_overloaded")
    await office.call(failed, TRIAGE)
    await office.store.fail(failed, "model_overloaded")
    await office.store.fail(await office.begin(), "cost_needs_consent")
    async with office.database.read() as connection:
        return sorted(map(tuple, (await connection.execute(select(analysis_prompts))).all()))


async def _forget_statistics(database: Database) -> None:
    """As the release before left it: its rows, but no table for the statistics."""
    async with database.write() as connection:
        await connection.execute(text("DROP TABLE analysis_prompts"))
        await connection.execute(text("DELETE FROM schema_migrations WHERE number = 6"))
        damaged = {
            "id": "damaged",
            "status": "done",
            "risk_level": "low",
            "report": "{",
            "finished_at": "2026",
        }
        if database.dialect == "sqlite":
            row = (await connection.execute(select(analyses).limit(1))).one()._asdict()
            await connection.execute(insert(analyses).values({**row, **damaged}))
