"""What somebody asked for lately and what came of everything, asked of a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from smallprint.models.activity import Activity
from smallprint.models.domain import AnalysisRequest, RiskLevel
from smallprint.services.database.activity import ActivityStore
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.posts import PostStore
from smallprint.services.database.retention import Retention
from tests.fakes.job_store import NOW, a_job
from tests.fakes.passages import document_of
from tests.integration.databases import DIALECTS, fresh_database

ANN = "U0ANN00001"


@pytest.fixture(params=DIALECTS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as database:
        yield database


async def shared(
    database: Database, number: int, *, outcome: str = "", user: str = ANN, **more: JobState
) -> str:
    """A file of that person; the job's id."""
    job = replace(a_job(number), user=user)
    await JobStore(database).add([Arrival(job, more.get("state", JobState.ACCEPTED), NOW)])
    if outcome:
        await JobStore(database).finish(job.id, JobState.DONE, outcome)
    return job.id


async def read(database: Database, job_id: str, name: str) -> None:
    request = AnalysisRequest(job_id, team="T1", channel="C1", user=ANN)
    await AnalysisStore(database).begin(request, document_of("Text.", name=name), {}, offline=True)


async def test_a_person_sees_their_own_newest_first_with_name_outcome_and_our_message(
    database: Database,
) -> None:
    first = await shared(database, 1, outcome="high")
    await read(database, first, "lease.pdf")
    await PostStore(database).claim(f"{first}/placeholder", "me")
    await PostStore(database).sent(f"{first}/placeholder", "1700.1")
    await shared(database, 2, outcome="encrypted")
    await shared(database, 3)
    await shared(database, 4, user="U0BOB00001")

    running, unread, analysed = await ActivityStore(database).recent(ANN, 10)

    assert (analysed.document_name, analysed.level, analysed.message_ts) == (
        "lease.pdf",
        RiskLevel.HIGH,
        "1700.1",
    )
    assert (unread.document_name, unread.level, unread.outcome) == ("", None, "encrypted")
    assert (running.outcome, running.message_ts) == ("", "")
    assert [each.job_id for each in await ActivityStore(database).recent(ANN, 2)] == [
        running.job_id,
        unread.job_id,
    ]


async def test_an_event_that_another_one_takes_the_place_of_is_not_shown(database: Database) -> None:
    await shared(database, 1, state=JobState.WAITING)
    await shared(database, 2, state=JobState.SUPERSEDED)
    assert await ActivityStore(database).recent(ANN, 10) == ()
    assert await ActivityStore(database).since(NOW - timedelta(days=9_999)) == Activity()


async def test_everything_is_counted_by_level_and_by_why_there_is_no_result(database: Database) -> None:
    for number, outcome in enumerate(["low", "low", "critical", "scanned", "encrypted", "scanned", ""]):
        await shared(database, number, outcome=outcome)
    counted = await ActivityStore(database).since(datetime.now(UTC) - timedelta(hours=1))
    assert list(counted.levels.items()) == [(RiskLevel.CRITICAL, 1), (RiskLevel.LOW, 2)]
    assert list(counted.failures.items()) == [("scanned", 2), ("encrypted", 1)]
    assert (counted.analysed, counted.failed, counted.running) == (3, 3, 1)
    assert await ActivityStore(database).since(datetime.now(UTC) + timedelta(hours=1)) == Activity()


async def test_names_whose_time_is_over_and_people_who_were_erased_are_not_shown(database: Database) -> None:
    job = await shared(database, 1, outcome="high")
    await read(database, job, "lease.pdf")
    await AnalysisStore(database).fail(job, "internal")
    await Retention(database).purge(timedelta(0))
    [kept] = await ActivityStore(database).recent(ANN, 10)
    assert (kept.document_name, kept.level) == ("", RiskLevel.HIGH)
    await Retention(database).forget(ANN)
    assert await ActivityStore(database).recent(ANN, 10) == ()


async def test_both_questions_go_along_an_index(tmp_path: Path) -> None:
    queries = {
        "ix_jobs_asker": "SELECT id FROM jobs WHERE user_id = 'U1' AND state NOT IN ('waiting')"
        " ORDER BY created_at DESC LIMIT 10",
        "ix_jobs_outcomes": "SELECT outcome, count(*) FROM jobs WHERE created_at >= '2026' AND state NOT IN ('waiting')"
        " GROUP BY outcome",
    }
    async with fresh_database("sqlite", tmp_path) as database, database.read() as connection:
        for index, query in queries.items():
            plan = (await connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))).all()
            assert index in str(plan)
