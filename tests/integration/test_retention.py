"""Retention: texts go, from the bytes of the file too; numbers and sums stay as they were."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from smallprint.models.database import analyses, answers, findings, jobs, llm_calls
from smallprint.models.domain import (
    AnalysisRequest,
    Brief,
    EarlierAnalysis,
    Profile,
    Report,
)
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.jobs import JobState, JobStore
from smallprint.services.database.retention import Purged, Retention
from tests.fakes.passages import document_of
from tests.fakes.reports import medium_report
from tests.integration.databases import DIALECTS, fresh_database
from tests.integration.retaining import (
    NINETY,
    NOTHING,
    NOW,
    SECRET,
    a_call,
    a_report,
    analysed,
    bytes_of,
    kept_job,
    kept_report,
    rows,
    sums,
)


@pytest.fixture(params=DIALECTS)
async def database(request, tmp_path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture
async def sqlite(tmp_path) -> AsyncIterator[Database]:
    async with fresh_database("sqlite", tmp_path) as fresh:
        yield fresh


@pytest.fixture
def retention(database) -> Retention:
    return Retention(database, clock=lambda: NOW)


# --- purge -----------------------------------------------------------------------------------------------


async def test_the_texts_of_what_is_too_old_go_and_every_number_stays(database, retention):
    await analysed(database, "old")
    await analysed(database, "young", at=NOW - timedelta(days=89))
    before = await sums(database)

    assert await retention.purge(NINETY) == Purged(analyses=1, answers=1, jobs=1)

    store = AnalysisStore(database)
    assert await store.report("old") is None
    assert await CallStore(database).answer("old/main") is None
    assert (await kept_report(database, "young")).summary.startswith(SECRET)
    assert await CallStore(database).answer("young/main") is not None
    assert await sums(database) == before
    names = {row["id"]: row["document_name"] for row in await rows(database, analyses)}
    assert names == {"old": "", "young": f"{SECRET}.pdf"}


async def test_a_second_purge_finds_nothing_to_do(database, retention):
    await analysed(database, "old")
    await retention.purge(NINETY)
    assert await retention.purge(NINETY) == Purged()


async def test_what_somebody_typed_goes_and_what_somebody_chose_stays(database, retention):
    await analysed(database, "old")
    await retention.purge(NINETY)
    job = await kept_job(database, "old")
    assert (job.brief, job.file_id) == (Brief(profile=Profile.THOROUGH), "F1")


async def test_a_link_that_somebody_gave_goes_too(database, retention):
    await analysed(database, "old", file_id=f"https://example.com/{SECRET}.pdf")
    await retention.purge(NINETY)
    assert (await kept_job(database, "old")).file_id == ""


async def test_after_the_purge_the_words_are_not_even_in_the_bytes_of_the_file(sqlite, tmp_path):
    await analysed(sqlite, "old", padding=500, file_id=f"https://example.com/{SECRET}")
    await multiply(sqlite, "old", 150)
    await analysed(sqlite, "young", at=NOW, report=medium_report_of("young"), state=None)
    await without_the_secret(sqlite, "young")
    await multiply(sqlite, "young", 150)
    assert SECRET.encode() in bytes_of(tmp_path)

    retention = Retention(sqlite, clock=lambda: NOW)
    purged = await retention.purge(NINETY)
    await retention.compact()

    assert purged == Purged(analyses=151, answers=151, jobs=151)
    assert SECRET.encode() not in bytes_of(tmp_path)
    assert (await kept_report(sqlite, "young7")).summary == medium_report().summary


async def without_the_secret(database: Database, analysis_id: str) -> None:
    async with database.write() as connection:
        names = update(analyses).where(analyses.c.id == analysis_id).values(document_name="lease.pdf")
        await connection.execute(names)
        its = answers.c.analysis_id == analysis_id
        await connection.execute(update(answers).where(its).values(text="An answer."))


async def multiply(database: Database, analysis_id: str, times: int) -> None:
    """Copies of everything that there is of an analysis, each with another length of text."""
    tables = (
        (llm_calls, "analysis_id"),
        (analyses, "id"),
        (answers, "analysis_id"),
        (findings, "analysis_id"),
    )
    for table, column in (*tables, (jobs, "id")):
        copied = [row for row in await rows(database, table) if row[column] == analysis_id]
        copies = [_copy(row, analysis_id, number) for row in copied for number in range(1, times + 1)]
        if copies:
            async with database.write() as connection:
                await connection.execute(insert(table), copies)


def _copy(row: dict[str, Any], analysis_id: str, number: int) -> dict[str, Any]:
    """`report` gets a length of its own: JSON allows for spaces at its end."""
    keys = {"id", "key", "analysis_id", "call_id"}
    renamed = {
        name: value.replace(analysis_id, f"{analysis_id}{number}") if name in keys else value
        for name, value in row.items()
    }
    if renamed.get("report"):
        renamed["report"] += " " * (number * 37)
    return renamed


def medium_report_of(analysis_id: str) -> Report:
    return replace(medium_report(), analysis_id=analysis_id)


async def test_a_reader_that_never_ends_does_not_keep_the_purge_from_ending(sqlite, tmp_path):
    await analysed(sqlite, "old")
    async with sqlite.read() as reader:
        await reader.execute(select(analyses.c.id))
        assert await Retention(sqlite, clock=lambda: NOW).purge(NINETY) == Purged(1, 1, 1)
    await Retention(sqlite, clock=lambda: NOW).purge(NINETY)
    assert SECRET.encode() not in bytes_of(tmp_path)


async def test_a_purge_that_was_interrupted_is_finished_by_the_next(sqlite, tmp_path):
    await analysed(sqlite, "old", padding=500)
    await multiply(sqlite, "old", 150)
    purging = asyncio.ensure_future(Retention(sqlite, clock=lambda: NOW).purge(NINETY))
    while await reports_left(sqlite) == 151:  # noqa: ASYNC110 - nobody says when the first batch is gone
        await asyncio.sleep(0)
    purging.cancel()
    with suppress(asyncio.CancelledError):
        await purging
    assert 0 < await reports_left(sqlite) < 151
    retention = Retention(sqlite, clock=lambda: NOW)
    await retention.purge(NINETY)
    await retention.compact()
    assert SECRET.encode() not in bytes_of(tmp_path)


async def reports_left(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(func.count(analyses.c.report)))).scalar_one())


async def test_others_get_to_write_while_many_texts_go(sqlite):
    await analysed(sqlite, "old", padding=4_000)  # 56 kB
    await multiply(sqlite, "old", 300)
    purging = asyncio.ensure_future(Retention(sqlite, clock=lambda: NOW).purge(NINETY))
    writes = 0
    while not purging.done():
        async with sqlite.write() as connection:
            await connection.execute(update(jobs).where(jobs.c.id == "nobody").values(outcome=""))
        writes += 1
        await asyncio.sleep(0.005)
    assert (await purging).analyses == 301
    assert writes > 1


# --- a retention of 0 days -------------------------------------------------------------------------------


async def test_with_nothing_kept_a_report_goes_as_soon_as_its_job_is_over(database, retention):
    await analysed(database, "done", at=NOW - timedelta(seconds=1))
    assert (await retention.purge(NOTHING)).analyses == 1
    assert await AnalysisStore(database).report("done") is None


@pytest.mark.parametrize("state", [JobState.ACCEPTED, JobState.QUEUED, JobState.UNDELIVERED])
async def test_with_nothing_kept_a_report_stays_until_somebody_has_seen_it(database, retention, state):
    await analysed(database, "running", at=NOW - timedelta(seconds=1), state=state)
    assert await retention.purge(NOTHING) == Purged()
    assert await CallStore(database).answer("running/main") is not None
    await JobStore(database).finish("running", JobState.DONE, "medium")
    assert (await retention.purge(NOTHING)).analyses == 1


async def test_with_nothing_kept_a_report_stays_until_the_headline_over_its_message_is_posted(
    database, retention
):
    await analysed(database, "one", at=NOW - timedelta(seconds=1), of=2, message_ts="1.0")
    assert await retention.purge(NOTHING) == Purged()
    await JobStore(database).mark_summed_up(await kept_job(database, "one"))
    assert (await retention.purge(NOTHING)).analyses == 1


async def test_with_nothing_kept_wishes_stay_for_a_day_for_the_buttons_under_the_result(database, retention):
    await analysed(database, "done", at=NOW - timedelta(hours=23))
    assert (await retention.purge(NOTHING)).jobs == 0
    await analysed(database, "yesterday", at=NOW - timedelta(hours=25))
    assert (await retention.purge(NOTHING)).jobs == 1


async def test_an_analysis_that_runs_on_the_command_line_keeps_what_it_paid_for(database, retention):
    document = document_of("The rent is due.")
    await AnalysisStore(database).begin(AnalysisRequest("cli"), document, {}, offline=False)
    await CallStore(database).record(a_call("cli", NOW - timedelta(seconds=1)), "cli/main", "{}")
    async with database.write() as connection:
        await connection.execute(update(analyses).values(created_at=to_iso(NOW - timedelta(seconds=1))))
    assert await retention.purge(NOTHING) == Purged()


# --- forgetting a user -----------------------------------------------------------------------------------


async def test_a_user_who_is_forgotten_is_in_no_row_and_every_sum_is_as_it_was(database, retention):
    await analysed(database, "theirs", at=NOW, user="U0GONE")
    await analysed(database, "others", at=NOW, user="U0STAYS")
    before = await sums(database)

    forgotten = await retention.forget("U0GONE")

    assert (forgotten.analyses, forgotten.calls, forgotten.jobs, forgotten.running) == (1, 1, 1, 0)
    assert await sums(database) == before
    assert await AnalysisStore(database).report("theirs") is None
    assert await AnalysisStore(database).report("others") is not None
    everything = [await rows(database, table) for table in (analyses, llm_calls, jobs, answers, findings)]
    assert "U0GONE" not in json.dumps(everything)
    assert "U0STAYS" in json.dumps(everything)


async def test_another_persons_report_no_longer_says_that_the_user_had_asked_first(database, retention):
    await analysed(database, "theirs", at=NOW, user="U0GONE")
    shown_again = a_report("others", earlier=EarlierAnalysis("theirs", NOW, "U0GONE"))
    await analysed(database, "others", at=NOW, user="U0STAYS", report=shown_again)
    await retention.forget("U0GONE")
    report = await kept_report(database, "others")
    assert report.earlier is not None
    assert (report.earlier.user, report.summary) == ("", shown_again.summary)


async def test_a_job_that_is_not_over_is_left_as_it_is_and_counted(database, retention):
    await analysed(database, "running", at=NOW, user="U0GONE", state=JobState.QUEUED)
    assert (await retention.forget("U0GONE")).running == 1
    assert (await kept_job(database, "running")).user == "U0GONE"
    assert await CallStore(database).answer("running/main") is not None
    await JobStore(database).finish("running", JobState.DONE, "medium")
    forgotten = await retention.forget("U0GONE")
    assert (forgotten.analyses, forgotten.jobs, forgotten.running) == (1, 1, 0)


async def test_neither_the_id_nor_the_words_of_a_forgotten_user_are_in_the_bytes_of_the_file(
    sqlite, tmp_path
):
    await analysed(sqlite, "theirs", at=NOW, user="U0GONEGONE", padding=500)
    await multiply(sqlite, "theirs", 150)
    assert b"U0GONEGONE" in bytes_of(tmp_path)
    await Retention(sqlite, clock=lambda: NOW).forget("U0GONEGONE")
    left = bytes_of(tmp_path)
    assert (b"U0GONEGONE" in left, SECRET.encode() in left) == (False, False)
