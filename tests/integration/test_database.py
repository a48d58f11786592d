import asyncio
import os
import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from smallprint.errors import ConfigurationError, DatabaseError, DatabaseUnavailable
from smallprint.models.database import analyses, answers, findings, llm_calls, posts
from smallprint.models.domain import (
    AnalysisRequest,
    Document,
    DocumentKind,
    HeldVersion,
    ModelCall,
    ReadingReceipt,
    Usage,
)
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database, from_iso, to_iso
from tests.fakes.prompt_files import prompt
from tests.fakes.reports import finding, hostile_report, medium_report, offline_report
from tests.integration.databases import DIALECTS, fresh_database

DOCUMENT = Document("lease.pdf", DocumentKind.PDF, "0" * 64, "Rent is due.", (), ReadingReceipt(pages=3))
REQUEST = AnalysisRequest("analysis-1", team="T1", channel="C1", user="U1", trigger="message")
POST = {"state": "sending", "owner": "me", "ts": "", "attempted_at": "2026-11-23T00:00:00.000000Z"}


@pytest.fixture(params=DIALECTS)
async def database(request, tmp_path):
    async with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture
async def sqlite(tmp_path):
    async with fresh_database("sqlite", tmp_path) as fresh:
        yield fresh


def call(call_id: str = "call-1", **changes) -> ModelCall:
    made = ModelCall(
        id=call_id,
        analysis_id="analysis-1",
        agent="document_analysis",
        purpose="main",
        attempt=1,
        prompt_version=2,
        request_model="claude-sonnet-5-5",
        response_model="claude-sonnet-5-5-20260901",
        started_at=datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC),
        latency_ms=2_500,
        status="ok",
        usage=Usage(9, 17_102, 1_000, 20, 300, 120),
        cost_nano_usd=5_808_200,
        price_source="genai-prices 0.2.3",
    )
    return replace(made, **changes)


async def count(database: Database, table) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def write_post(database: Database, tag: str) -> None:
    async with database.write() as connection:
        await connection.execute(insert(posts).values(tag=tag, **POST))


# --- opening ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["sqlite+aiosqlite:///small.db", "sqlite:///small.db"])
async def test_a_relative_file_is_made_in_the_working_directory(form, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    await (await Database.open(form)).close()
    assert (tmp_path / "small.db").exists()


async def test_an_absolute_file_is_made_for_its_owner_alone(tmp_path):
    await (await Database.open(f"sqlite:////{str(tmp_path).lstrip('/')}/small.db")).close()
    assert (tmp_path / "small.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "url", ["smallprint.db", "mysql://h/d", "postgresql+asyncpg://u:secret@h/d", "", "://u:secret@h"]
)
async def test_a_url_of_another_kind_stops_the_start_without_repeating_a_password(url):
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as refused:
        await Database.open(url)
    assert "secret" not in f"{refused.value}{refused.value.__cause__}"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite:///:memory:"])
async def test_a_database_in_memory_is_refused_because_jobs_must_outlive_the_process(url):
    with pytest.raises(ConfigurationError, match="memory"):
        await Database.open(url)


async def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="nowhere"):
        await Database.open(f"sqlite:///{tmp_path}/nowhere/small.db")


async def test_a_place_that_is_a_folder_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await Database.open(f"sqlite:///{tmp_path}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_without_write_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await Database.open(f"sqlite:///{tmp_path}/small.db")


async def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(DatabaseError, match="not a database") as refused:
        await Database.open(f"sqlite:///{file}")
    assert not refused.value.retryable
    assert file.read_text().startswith("Dear Sir")


async def test_somebody_elses_database_is_refused_and_left_as_it_is(tmp_path):
    file = tmp_path / "theirs.db"
    with sqlite3.connect(file) as theirs:
        theirs.execute("CREATE TABLE jobs (name TEXT)")
    theirs.close()
    with pytest.raises(DatabaseError, match="nothing in it was changed"):
        await Database.open(f"sqlite:///{file}")


async def test_a_postgres_server_that_does_not_answer_is_unavailable():
    with pytest.raises(DatabaseUnavailable):
        await Database.open("postgresql://nobody:secret@127.0.0.1:1/nothing")


# --- transactions ----------------------------------------------------------------------------------------


async def test_what_is_acknowledged_is_on_disk_and_what_is_erased_is_overwritten(sqlite):
    async with sqlite.write() as connection:
        pragmas = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }


async def test_a_failed_transaction_leaves_nothing_behind(database):
    async def write_and_fail() -> None:
        async with database.write() as connection:
            await connection.execute(insert(posts).values(tag="a", **POST))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    assert await count(database, posts) == 0


async def test_a_cancelled_transaction_leaves_nothing_behind_and_holds_nobody_up(database):
    for round_ in range(5):
        begun = asyncio.Event()

        async def hold(begun: asyncio.Event = begun, round_: int = round_) -> None:
            async with database.write() as connection:
                await connection.execute(insert(posts).values(tag=f"held-{round_}", **POST))
                begun.set()
                await connection.execute(select(posts))
                await asyncio.sleep(60)

        task = asyncio.create_task(hold())
        await begun.wait()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        async with asyncio.timeout(2):
            await write_post(database, f"after-{round_}")
    assert await count(database, posts) == 5


async def test_a_hundred_writers_at_once_wait_for_each_other(database):
    await asyncio.gather(*(write_post(database, f"post-{number}") for number in range(100)))
    assert await count(database, posts) == 100


async def test_a_reader_is_not_held_up_by_a_writer_and_sees_one_state(sqlite):
    async with sqlite.read() as reading:
        assert not (await reading.execute(select(posts))).all()
        await write_post(sqlite, "a")
        assert not (await reading.execute(select(posts))).all()
    assert await count(sqlite, posts) == 1


async def test_a_reader_cannot_write(sqlite):
    with pytest.raises((DBAPIError, DatabaseError)):
        async with sqlite.read() as connection:
            await connection.execute(insert(posts).values(tag="a", **POST))


async def test_a_database_that_another_process_keeps_locked_is_unavailable_for_now(tmp_path):
    database = await Database.open(f"sqlite:///{tmp_path}/small.db", busy_timeout_s=0.1)
    other = sqlite3.connect(tmp_path / "small.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable) as locked:
        await write_post(database, "a")
    assert locked.value.retryable
    other.execute("ROLLBACK")
    other.close()
    await write_post(database, "a")
    await database.close()


async def test_a_mistake_in_our_own_sql_is_not_called_an_outage(database):
    with pytest.raises(DBAPIError):
        async with database.read() as connection:
            await connection.execute(text("SELECT * FROM nowhere"))


async def test_an_error_does_not_repeat_what_a_document_says(database):
    await write_post(database, "a")
    with pytest.raises(DBAPIError) as refused:
        async with database.write() as connection:
            await connection.execute(insert(posts).values(tag="a", **{**POST, "owner": "secret clause"}))
    assert "secret clause" not in str(refused.value)


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=5, minutes=30)))))
def test_a_time_comes_back_as_it_was_in_utc_and_sorts_as_text(moment):
    with suppress(OverflowError):
        assert from_iso(to_iso(moment)) == moment
        assert to_iso(moment).endswith("Z")
        assert len(to_iso(moment)) == len("2026-11-23T00:00:00.000000Z")


def test_a_time_without_a_timezone_is_not_stored():
    with pytest.raises(ValueError, match="timezone"):
        to_iso(datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point


# --- calls -----------------------------------------------------------------------------------------------


async def test_a_paid_answer_is_found_again_with_its_usage_and_cost(database):
    calls = CallStore(database)
    await calls.record(call(), "analysis-1/document_analysis/main", "the answer")
    answer = await calls.answer("analysis-1/document_analysis/main")
    assert answer is not None
    assert (answer.text, answer.model) == ("the answer", "claude-sonnet-5-5-20260901")
    assert answer.usage == call().usage
    assert (answer.cost_nano_usd, answer.seconds, answer.replayed) == (5_808_200, 2.5, True)


async def test_an_unknown_price_stays_unknown(database):
    calls = CallStore(database)
    await calls.record(call(cost_nano_usd=None), "key", "the answer")
    answer = await calls.answer("key")
    assert answer is not None
    assert answer.cost_nano_usd is None


async def test_a_failed_attempt_is_recorded_without_an_answer(database):
    calls = CallStore(database)
    await calls.record(call(status="model_overloaded", http_status=529), "key", None)
    assert await calls.answer("key") is None
    assert (await count(database, llm_calls), await count(database, answers)) == (1, 0)


async def test_recording_again_changes_nothing_and_the_first_answer_wins(database):
    calls = CallStore(database)
    await calls.record(call(), "key", "first")
    await calls.record(call(), "key", "first")
    await calls.record(call("call-2"), "key", "second")
    answer = await calls.answer("key")
    assert answer is not None
    assert answer.text == "first"
    assert (await count(database, llm_calls), await count(database, answers)) == (2, 1)


async def test_a_call_copies_who_asked_and_where_and_its_utc_day(database):
    await AnalysisStore(database).begin(REQUEST, DOCUMENT, {}, offline=False)
    calls = CallStore(database)
    await calls.record(call(), "key", "answer")
    await calls.record(call("call-2", analysis_id="unknown"), "other", None)
    async with database.read() as connection:
        rows = (await connection.execute(select(llm_calls).order_by(llm_calls.c.id))).all()
    assert [(row.channel, row.user_id, row.day) for row in rows] == [
        ("C1", "U1", "2026-11-23"),
        ("", "", "2026-11-23"),
    ]


# --- analyses --------------------------------------------------------------------------------------------


async def test_the_prompt_versions_of_the_first_begin_hold_on_every_retry_with_their_arms(database):
    store = AnalysisStore(database)
    tried = replace(prompt(2), arm="canary", activation=7)
    first = await store.begin(REQUEST, DOCUMENT, {"document_analysis": tried}, offline=False)
    retry = await store.begin(REQUEST, DOCUMENT, {"document_analysis": prompt(3)}, offline=False)
    assert first == retry == {"document_analysis": HeldVersion(2, "canary", 7)}


async def test_an_analysis_that_an_earlier_release_began_goes_on_without_arms(database):
    store = AnalysisStore(database)
    await store.begin(REQUEST, DOCUMENT, {"document_analysis": prompt(2)}, offline=False)
    async with database.write() as connection:
        await connection.execute(analyses.update().values(arms="{}"))
    retry = await store.begin(REQUEST, DOCUMENT, {"document_analysis": prompt(3)}, offline=False)
    assert retry == {"document_analysis": HeldVersion(2, "live", 0)}


async def test_a_prompt_from_the_package_is_noted(database):
    prompts = {"document_analysis": prompt(2), "findings_review": prompt(1, source="packaged")}
    await AnalysisStore(database).begin(REQUEST, DOCUMENT, prompts, offline=False)
    async with database.read() as connection:
        assert (await connection.execute(select(analyses.c.prompt_source))).scalar_one() == "packaged"


@pytest.mark.parametrize("make", [medium_report, hostile_report, offline_report])
async def test_a_report_comes_back_as_it_was_and_its_findings_are_rows(database, make):
    store = AnalysisStore(database)
    await store.begin(REQUEST, DOCUMENT, {}, offline=False)
    assert await store.report("analysis-1") is None
    made = replace(make(), analysis_id="analysis-1")
    await store.finish(made)
    assert await store.report("analysis-1") == made
    assert await count(database, findings) == len(
        {item.finding.id for item in (*made.findings, *made.rejected)}
    )
    async with database.read() as connection:
        row = (await connection.execute(select(analyses))).one()
    assert (row.status, row.risk_level) == ("done", made.risk_level.value)


async def test_finishing_twice_keeps_the_first_report(database):
    store = AnalysisStore(database)
    await store.begin(REQUEST, DOCUMENT, {}, offline=False)
    first = replace(medium_report(), analysis_id="analysis-1", summary="First.")
    await store.finish(first)
    await store.finish(replace(first, summary="Second.", findings=(finding(9),)))
    await store.fail("analysis-1", "internal")
    await store.begin(REQUEST, DOCUMENT, {}, offline=False)
    assert await store.report("analysis-1") == first
    async with database.read() as connection:
        assert (await connection.execute(select(analyses.c.status))).scalar_one() == "done"


async def test_an_analysis_that_failed_may_run_again(database):
    store = AnalysisStore(database)
    await store.begin(REQUEST, DOCUMENT, {}, offline=False)
    await store.fail("analysis-1", "model_overloaded")
    async with database.read() as connection:
        row = (await connection.execute(select(analyses))).one()
    assert (row.status, row.error_code) == ("failed", "model_overloaded")
    await store.begin(REQUEST, DOCUMENT, {}, offline=False)
    await store.finish(replace(medium_report(), analysis_id="analysis-1"))
    assert await store.report("analysis-1") is not None


async def test_a_report_of_an_analysis_that_was_never_begun_is_refused(database):
    with pytest.raises(DatabaseError):
        await AnalysisStore(database).finish(medium_report())


async def test_a_report_that_cannot_be_read_any_more_is_an_honest_sentence_without_its_words(database):
    store = AnalysisStore(database)
    await store.begin(REQUEST, DOCUMENT, {}, offline=False)
    async with database.write() as connection:
        await connection.execute(analyses.update().values(report='{"summary": "secret clause"}'))
    with pytest.raises(DatabaseError, match="share the file again") as unreadable:
        await store.report("analysis-1")
    assert unreadable.value.__cause__ is None
    assert unreadable.value.__suppress_context__
