"""Analyses as they stood some time ago, with a secret in every text: what retention works on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from smallprint.models.database import analyses, findings, jobs, llm_calls
from smallprint.models.domain import (
    AnalysisRequest,
    Brief,
    EarlierAnalysis,
    Evidence,
    Job,
    Match,
    ModelCall,
    Profile,
    Report,
    Usage,
)
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from tests.fakes.passages import document_of
from tests.fakes.reports import medium_report

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=91)
NINETY, NOTHING = timedelta(days=90), timedelta(0)
SECRET = "zanzibarquince"
"""In every text of an analysis, and nowhere else."""


def a_report(
    analysis_id: str, padding: int = 0, earlier: EarlierAnalysis | None = None, stopped_by: str = ""
) -> Report:
    """With the secret in its name, its summary, a title and a quotation."""
    report = medium_report()
    first = report.findings[0]
    said = replace(
        first,
        finding=replace(first.finding, title=f"{SECRET} title"),
        evidence=(Evidence(Match.EXACT, f"{SECRET} quotation", passage=1, page=1, locator="p. 1"),),
    )
    return replace(
        report,
        analysis_id=analysis_id,
        document_name=f"{SECRET}.pdf",
        summary=f"{SECRET} summary {SECRET * padding}",
        findings=(said, *report.findings[1:]),
        earlier=earlier,
        stopped_by=stopped_by,
    )


def a_job(analysis_id: str, user: str = "U1", file_id: str = "F1", **changes: Any) -> Job:
    brief = Brief(profile=Profile.THOROUGH, side=f"the {SECRET}", focus=f"{SECRET} exit")
    return Job(analysis_id, "T1", "C1", "1.0", file_id, user, "message", brief=brief, **changes)


async def analysed(
    database: Database,
    analysis_id: str,
    *,
    at: datetime = LONG_AGO,
    user: str = "U1",
    state: JobState | None = JobState.DONE,
    report: Report | None = None,
    padding: int = 0,
    **job: Any,
) -> None:
    """An analysis with a report, a paid answer and a job, as it stood at that time."""
    document = replace(document_of("The rent is due."), name=f"{SECRET}.pdf")
    store = AnalysisStore(database)
    await store.begin(AnalysisRequest(analysis_id, "T1", "C1", user, "message"), document, {}, offline=False)
    await CallStore(database).record(a_call(analysis_id, at), f"{analysis_id}/main", f"{SECRET} answer")
    await store.finish(report or a_report(analysis_id, padding))
    if state is not None:
        await JobStore(database).add([Arrival(a_job(analysis_id, user, **job), state, at)])
        await JobStore(database).finish(analysis_id, state, "medium")
    earlier_id = report.earlier.analysis_id if report and report.earlier else ""
    async with database.write() as connection:
        ended = {"created_at": to_iso(at), "finished_at": to_iso(at)}
        await connection.execute(
            update(analyses).where(analyses.c.id == analysis_id).values(**ended, earlier_id=earlier_id)
        )
        await connection.execute(update(jobs).where(jobs.c.id == analysis_id).values(**ended))


def a_call(analysis_id: str, at: datetime) -> ModelCall:
    return ModelCall(
        id=f"call-{analysis_id}",
        analysis_id=analysis_id,
        agent="document_analysis",
        purpose="main",
        attempt=1,
        prompt_version=1,
        request_model="claude-sonnet-5-5",
        started_at=at,
        latency_ms=1_000,
        status="ok",
        usage=Usage(1_000, output_tokens=200),
        cost_nano_usd=4_000_000,
        stop_reason="end_turn",
    )


async def rows(database: Database, table: Any) -> list[dict[str, Any]]:
    async with database.read() as connection:
        return [dict(row._mapping) for row in await connection.execute(select(table))]


async def sums(database: Database) -> tuple[Any, ...]:
    """What must not change: counts, cost, tokens, levels, outcomes."""
    calls = select(
        func.count(),
        func.sum(llm_calls.c.cost_nano_usd),
        func.sum(llm_calls.c.input_tokens),
        func.sum(llm_calls.c.output_tokens),
        func.count(llm_calls.c.analysis_id.distinct()),
    )
    async with database.read() as connection:
        found = [tuple((await connection.execute(calls)).one())]
        for column in (analyses.c.risk_level, findings.c.severity, findings.c.category, jobs.c.outcome):
            counted = await connection.execute(select(column, func.count()).group_by(column))
            found.append(tuple(sorted(map(tuple, counted))))
    return tuple(found)


async def kept_report(database: Database, analysis_id: str) -> Report:
    report = await AnalysisStore(database).report(analysis_id)
    assert report is not None
    return report


async def kept_job(database: Database, job_id: str) -> Job:
    job = await JobStore(database).get(job_id)
    assert job is not None
    return job


def bytes_of(folder: Path) -> bytes:
    """The database file and its write-ahead log."""
    return b"".join(path.read_bytes() for path in folder.glob("smallprint.db*"))
