"""Document jobs on a real database, in one process."""

from __future__ import annotations

import asyncio
import base64
import pickle
import shutil
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import dbos._serialization
import psycopg
import pytest
import structlog
from dbos import DBOS
from dbos._sys_db import SystemDatabase

from smallprint.errors import DocumentError, FileNotReady, ModelOverloaded, ScannedDocument, SlackUnavailable
from smallprint.jobs.engine import JobEngine
from smallprint.jobs.intake import IntakeStopped, job_id
from smallprint.jobs.liveness import FileLiveness, PostgresLiveness
from smallprint.jobs.queue import DocumentJobs, JobHealth
from smallprint.jobs.workflow import DocumentTools
from smallprint.models.domain import Job, Step
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.delivery import RecordingDelivery
from tests.fakes.files import PlainReader, ShelfOfFiles
from tests.fakes.job_store import a_job, jobs_of_message
from tests.integration.databases import DIALECTS, fresh_url


class Office:
    """Everything round the jobs; `open` starts a `DocumentJobs` on the same files, like a new process."""

    def __init__(self, folder: Path, url: str, engine_url: str) -> None:
        self.folder = folder
        self.url = url
        self.engine_url = engine_url
        self.files = ShelfOfFiles()
        self.reader = PlainReader()
        self.analyser = HarmlessAnalyser()
        self.delivery = RecordingDelivery()
        self.concurrency = 4
        self.wait_for_message_s = 0.2

    @asynccontextmanager
    async def open(self) -> AsyncIterator[DocumentJobs]:
        async with AsyncExitStack() as stack:
            database = await Database.open(self.url)
            stack.push_async_callback(database.close)
            jobs = DocumentJobs(
                engine_url=self.engine_url,
                store=JobStore(database),
                documents=DocumentTools(
                    files=self.files,
                    reader=self.reader,
                    analyser=self.analyser,
                    reports=self.analyser,
                    delivery=self.delivery,
                    concurrency=self.concurrency,
                ),
                retry_interval_s=0.01,
                wait_for_message_s=self.wait_for_message_s,
            )
            await jobs.start()
            stack.push_async_callback(jobs.stop, 5)
            yield jobs

    def engine(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run SQL on the engine's own tables, "?" for a value."""
        if self.engine_url.startswith("postgresql"):
            with psycopg.connect(self.engine_url, options="-c search_path=dbos") as server:
                cursor = server.execute(statement.replace("?", "%s").encode(), values)
                return cursor.fetchall() if cursor.description else []
        connection = sqlite3.connect(self.folder / "jobs.db", timeout=10)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def lose_engine(self) -> None:
        """Everything the engine knows."""
        if self.engine_url.startswith("postgresql"):
            self.engine("DROP SCHEMA dbos CASCADE")
        for path in self.folder.glob("jobs.db*"):
            if path.is_file():
                path.unlink()


@pytest.fixture(scope="session")
def engine_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine's database after its very first start: only there a queue needs a second to be seen."""
    path = tmp_path_factory.mktemp("engine") / "jobs.db"

    async def first_start() -> None:
        engine = JobEngine(f"sqlite:///{path}", concurrency=1, run=_never)
        await engine.start()
        await engine.stop()

    asyncio.run(first_start())
    return path


@pytest.fixture(params=DIALECTS)
async def office(
    request: pytest.FixtureRequest, tmp_path: Path, engine_database: Path
) -> AsyncIterator[Office]:
    async with fresh_url(request.param, tmp_path) as url:
        if request.param == "sqlite":
            shutil.copy(engine_database, tmp_path / "jobs.db")
            yield Office(tmp_path, url, f"sqlite:///{tmp_path}/jobs.db")
        else:
            yield Office(tmp_path, url, url)
            # A thread of the engine may still be writing: it would look for its lost database for ever.
            await asyncio.sleep(0.3)


async def until(true: Callable[[], object | Awaitable[object]], timeout_s: float = 10) -> None:
    async with asyncio.timeout(timeout_s):
        while True:
            value = true()
            if await value if isinstance(value, Awaitable) else value:
                return
            await asyncio.sleep(0.005)


async def ended(jobs: DocumentJobs, number: int = 1) -> JobHealth:
    async def all_ended() -> bool:
        health = await jobs.counts()
        return health.done + health.failed + health.undelivered >= number

    await until(all_ended)
    return await jobs.counts()


async def test_a_job_is_announced_read_analysed_and_delivered(office) -> None:
    async with office.open() as jobs:
        await jobs.accept([a_job()])
        assert (await ended(jobs)).done == 1
    delivery = office.delivery
    assert delivery.announced == [a_job().id]
    assert delivery.steps[a_job().id] == [Step.READING, Step.ANALYSING]
    assert [report.document_name for report in delivery.results[a_job().id]] == ["F1.txt"]
    assert office.files.fetched == ["F1"]
    request = office.analyser.requests[0]
    assert (request.analysis_id, request.channel, request.user) == (a_job().id, "C1", "U1")


async def test_several_files_of_a_message_are_announced_in_order_and_summed_up_once(office) -> None:
    jobs_at_once = jobs_of_message(5)
    async with office.open() as jobs:
        await jobs.accept(jobs_at_once)
        assert (await ended(jobs, 5)).done == 5
        await until(lambda: office.delivery.headlines)
    async with office.open() as jobs:
        await asyncio.sleep(0.1)
    assert office.delivery.announced == [job.id for job in jobs_at_once]
    (headline,) = office.delivery.headlines
    assert [ending.job for ending in headline] == jobs_at_once
    assert all(ending.report is not None for ending in headline)


async def test_the_same_job_accepted_four_times_runs_once(office) -> None:
    async with office.open() as jobs:
        await asyncio.gather(*(jobs.accept([a_job()]) for _ in range(3)))
        await ended(jobs)
        await jobs.accept([a_job()])
        await asyncio.sleep(0.5)
    assert office.analyser.runs == [a_job().id]
    assert len(office.delivery.results[a_job().id]) == 1


async def test_the_steps_of_a_released_workflow_never_change(office) -> None:
    async with office.open() as jobs:
        await jobs.accept([a_job(1)])
        await ended(jobs)
        office.files.troubles = [ScannedDocument()]
        await jobs.accept([a_job(2)])
        await ended(jobs, 2)
    recorded = {
        number: [
            name
            for (name,) in office.engine(
                "SELECT function_name FROM operation_outputs WHERE workflow_uuid = ? ORDER BY function_id",
                a_job(number).id,
            )
        ]
        for number in (1, 2)
    }
    assert recorded == {1: ["announce", "read", "analyse", "deliver"], 2: ["announce", "read", "fail"]}
    assert office.engine("SELECT DISTINCT name, application_version FROM workflow_status") == [
        ("document_job_v1", "jobs-1")
    ]


async def test_no_more_jobs_run_at_once_than_allowed(office) -> None:
    office.analyser.seconds = 0.05
    async with office.open() as jobs:
        await jobs.accept([a_job(number) for number in range(20)])
        await ended(jobs, 20)
    assert office.analyser.most_at_once == office.concurrency


async def test_a_passing_failure_is_tried_again(office) -> None:
    office.analyser.troubles = [ModelOverloaded(), ModelOverloaded(retry_after_s=0.02)]
    async with office.open() as jobs:
        await jobs.accept([a_job()])
        assert (await ended(jobs)).done == 1
    assert office.analyser.last_tries == [False, False, False]
    assert office.files.fetched == ["F1"]


async def test_a_failure_that_does_not_pass_is_told_with_its_sentence(office) -> None:
    office.files.troubles = [FileNotReady() for _ in range(5)]
    async with office.open() as jobs:
        await jobs.accept([a_job()])
        assert (await ended(jobs)).failed == 1
    assert office.delivery.failures == {a_job().id: [FileNotReady.sentence]}


async def test_the_analyser_learns_which_try_is_the_last(office) -> None:
    office.analyser.troubles = [ModelOverloaded() for _ in range(5)]
    async with office.open() as jobs:
        await jobs.accept([a_job()])
        await ended(jobs)
    assert office.analyser.last_tries == [False, False, False, False, True]
    assert office.delivery.failures == {a_job().id: [ModelOverloaded.sentence]}


async def test_an_unexpected_error_leaves_no_word_in_database_log_or_thread(office, capfd) -> None:
    office.analyser.troubles = [ValueError("the secret clause 17")]
    with structlog.testing.capture_logs() as logged:
        async with office.open() as jobs:
            await jobs.accept([a_job()])
            assert (await ended(jobs)).failed == 1
    (sentence,) = office.delivery.failures[a_job().id]
    assert "Reference: 00000000" in sentence
    everything = b"".join(path.read_bytes() for path in office.folder.iterdir() if path.is_file())
    printed = "".join(capfd.readouterr())
    assert b"secret clause" not in everything
    assert "secret clause" not in f"{logged}{printed}{sentence}"
    failed = next(line for line in logged if line["event"] == "step failed")
    assert failed["error"] == "ValueError"
    assert "analyser.py" in failed["at"]


async def test_a_job_interrupted_by_a_stop_goes_on_at_the_next_start(office) -> None:
    office.analyser.seconds = 60
    async with office.open() as jobs:
        await jobs.accept([a_job()])
        await until(lambda: office.analyser.runs)
        await jobs.stop_intake()
        asked = time.monotonic()
        await jobs.stop(5)
        assert time.monotonic() - asked < 30
    assert not office.delivery.failures
    office.analyser.seconds = 0
    async with office.open() as jobs:
        assert (await ended(jobs)).done == 1
    assert len(office.delivery.results[a_job().id]) == 1


async def test_an_error_while_stopping_is_no_failure_of_the_job(office) -> None:
    office.analyser.seconds = 0.3
    office.analyser.troubles = [RuntimeError("the client is closed")]
    async with office.open() as jobs:
        await jobs.accept([a_job()])
        await until(lambda: office.analyser.runs)
        await jobs.stop_intake()
        await until(lambda: not office.analyser.troubles)
    assert not office.delivery.failures
    async with office.open() as jobs:
        assert (await ended(jobs)).done == 1


async def test_nothing_is_accepted_after_the_intake_stopped(office) -> None:
    async with office.open() as jobs:
        await jobs.stop_intake()
        with pytest.raises(IntakeStopped):
            await jobs.accept([a_job()])


async def test_a_failure_is_the_same_when_a_restart_replays_it(office) -> None:
    office.reader.troubles = [ScannedDocument("Page 1 to 9 are pictures.")]
    office.delivery.troubles = [SlackUnavailable(retry_after_s=60)]
    async with office.open() as jobs:
        await jobs.accept([a_job()])
        await until(lambda: not office.delivery.troubles)
    async with office.open() as jobs:
        await ended(jobs)
    assert office.delivery.failures == {a_job().id: ["Page 1 to 9 are pictures."]}
    assert office.files.fetched == ["F1"]


async def test_what_slack_could_not_show_is_counted_and_shown_at_the_next_start(office, monkeypatch) -> None:
    monkeypatch.setattr("smallprint.jobs.steps.DELIVERY_TRIES", 2)
    office.delivery.troubles = [SlackUnavailable() for _ in range(4)]
    async with office.open() as jobs:
        await jobs.accept([a_job(1)])
        await ended(jobs)
        office.files.troubles = [ScannedDocument()]
        await jobs.accept([a_job(2)])
        assert (await ended(jobs, 2)).undelivered == 2
    async with office.open() as jobs:
        await until(lambda: office.delivery.failures and office.delivery.results)

        async def all_shown() -> bool:
            health: JobHealth = await jobs.counts()
            return health.undelivered == 0

        await until(all_shown)
    assert office.delivery.failures == {a_job(2).id: [ScannedDocument.sentence]}
    assert list(office.delivery.results) == [a_job(1).id]


async def test_jobs_of_a_dead_process_are_taken_over_by_a_living_one(office) -> None:
    await _interrupt(office, a_job(1))
    office.engine("UPDATE workflow_status SET executor_id = 'process-that-died-later'")
    async with office.open() as jobs:
        assert (await ended(jobs)).done == 1


async def test_jobs_of_a_living_process_are_left_to_it(office) -> None:
    await _interrupt(office, a_job(1))
    other = JobEngine(office.engine_url, concurrency=1, run=_never)
    other._liveness.hold("alive")
    try:
        office.engine("UPDATE workflow_status SET executor_id = 'alive'")
        async with office.open() as jobs:
            await asyncio.sleep(0.6)
            assert (await jobs.counts()).queued == 1
            other._liveness.release()
            await jobs._engine.reap()
            assert (await ended(jobs)).done == 1
    finally:
        other._liveness.release()


async def test_who_has_lost_its_own_lock_takes_nobodys_jobs_at_that_look(office, monkeypatch) -> None:
    await _interrupt(office, a_job(1))
    office.engine("UPDATE workflow_status SET executor_id = 'died-or-lost-its-lock-too'")
    for liveness in (FileLiveness, PostgresLiveness):
        monkeypatch.setattr(liveness, "keep", lambda _: False)
    async with office.open() as jobs:
        await asyncio.sleep(0.3)
        assert (await jobs.counts()).queued == 1
        monkeypatch.undo()
        await jobs._engine.reap()
        assert (await ended(jobs)).done == 1


async def test_a_job_the_engine_gave_up_ends_with_a_sentence(office) -> None:
    await _interrupt(office, a_job(1))
    office.engine("UPDATE workflow_status SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'")
    async with office.open() as jobs:
        assert (await ended(jobs)).failed == 1
    assert "Reference: 00000000" in office.delivery.failures[a_job(1).id][0]


async def test_jobs_survive_the_loss_of_the_engines_database(office) -> None:
    await _interrupt(office, a_job(1))
    office.lose_engine()
    async with office.open() as jobs:
        assert (await ended(jobs)).done == 1


async def test_a_pickle_in_the_engines_database_is_not_opened(office) -> None:
    await _interrupt(office, a_job(1))
    touched = office.folder / "touched"
    evil = base64.b64encode(pickle.dumps(_Evil(touched))).decode()
    office.engine("UPDATE workflow_status SET serialization = 'py_pickle'")
    office.engine("UPDATE workflow_input SET inputs = ?", evil)
    async with office.open() as jobs:
        await until(lambda: office.engine("SELECT 1 FROM workflow_status WHERE status = 'ERROR'"))
        await jobs._sweeper.sweep()
        assert (await jobs.counts()).failed == 1
    assert not touched.exists()


async def test_a_shared_file_whose_message_came_is_one_job(office) -> None:
    async with office.open() as jobs:
        await jobs.accept([a_job(1, thread="", trigger="file_shared")])
        await jobs.accept([Job("doc-other", "T1", "C1", "1.1", "F1", "U1", "message")])
        await ended(jobs)
        await until(lambda: _waiting(jobs, 0))
    assert list(office.delivery.results) == ["doc-other"]


async def test_a_shared_file_without_a_message_finds_its_thread(office) -> None:
    async with office.open() as jobs:
        await jobs.accept([a_job(1, thread="", trigger="file_shared")])
        assert (await jobs.counts()).waiting == 1
        assert (await ended(jobs)).done == 1
        await until(lambda: _waiting(jobs, 0))
    assert list(office.delivery.results) == [job_id("T1", "C1", str(office.files.thread), "F1")]


async def test_several_jobs_objects_can_live_one_after_the_other_but_not_together(office, tmp_path) -> None:
    async with office.open():
        second = JobEngine(f"sqlite:///{tmp_path}/second.db", concurrency=1, run=_never)
        with pytest.raises(RuntimeError, match="Another job engine"):
            await second.start()
    async with office.open() as jobs:
        await jobs.accept([a_job()])
        assert (await ended(jobs)).done == 1


def test_the_internals_of_dbos_that_we_rely_on_are_there() -> None:
    assert callable(DBOS._recover_pending_workflows)
    assert callable(SystemDatabase.init_workflows)
    assert callable(dbos._serialization.DefaultSerializer.deserialize)


class _Evil:
    def __init__(self, touched: Path) -> None:
        self._touched = touched

    def __reduce__(self) -> tuple[object, ...]:
        return (subprocess.call, (["touch", str(self._touched)],))


async def _never(_job_id: str, _step: object) -> str:
    raise DocumentError


async def _waiting(jobs: DocumentJobs, number: int) -> bool:
    return (await jobs.counts()).waiting == number


async def _interrupt(office: Office, job: Job) -> None:
    """Leave the job running in a process that has stopped."""
    office.analyser.seconds = 60
    async with office.open() as jobs:
        await jobs.accept([job])
        await until(lambda: office.analyser.runs)
    office.analyser.seconds = 0
