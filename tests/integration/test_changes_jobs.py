"""A second document in a thread, from its result to what changed: the real engine and database, in one process."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from smallprint.agents.comparer import DocumentComparer
from smallprint.agents.profiles import Models, staffings
from smallprint.jobs.changes import ChangesWorkflow
from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.steps import Steps
from smallprint.jobs.versions import VersionsSequel
from smallprint.jobs.workflow import DocumentTools
from smallprint.jobs.workflows import Workflow
from smallprint.models.domain import (
    AnalysisRequest,
    Document,
    DocumentChanges,
    Job,
    JobKind,
    Profile,
    Report,
    SharedFile,
    Step,
)
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.comparisons import ComparisonStore
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.versions import VersionStore
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.delivery import RecordingDelivery
from tests.fakes.job_store import a_job
from tests.fakes.passages import document_of
from tests.fakes.prompts import PromptShelf
from tests.fakes.versions import NEW, OLD
from tests.integration.test_jobs import ended, engine_database, until

__all__ = ["engine_database"]

THREAD = "1700000000.000100"
TEXTS = {"F1": OLD, "F2": NEW, "F3": ("Völlig anders ist dieses Schriftstück über Bienen und ihre Haltung.",)}


class Files:
    async def fetch(self, job: Job) -> SharedFile:
        return SharedFile(f"{job.file_id}.pdf", "\n".join(TEXTS[job.file_id]).encode())

    async def thread_of(self, job: Job) -> str | None:
        return THREAD

    async def read(self, name: str, content: bytes) -> Document:
        return document_of(*content.decode().split("\n"), name=name)


class Analyser(HarmlessAnalyser):
    """Keeps a report of each document in the database, as the orchestrator does."""

    def __init__(self, analyses: AnalysisStore) -> None:
        super().__init__()
        self._analyses = analyses

    async def made(self, report: Report, document: Document, request: AnalysisRequest) -> Report:
        await self._analyses.begin(request, document, {}, offline=True)
        await self._analyses.finish(report)
        return report


class Thread:
    """What the thread shows of comparisons."""

    def __init__(self) -> None:
        self.shown: list[DocumentChanges] = []
        self.said: list[str] = []

    async def announce(self, job: Job) -> None:
        self.said.append(job.id)

    async def deliver(self, job: Job, changes: DocumentChanges) -> None:
        self.shown.append(changes)

    async def fail(self, job: Job, sentence: str) -> None:
        self.said.append(sentence)


class Office:
    """Everything round the jobs of one process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.delivery, self.thread = RecordingDelivery(), Thread()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[DocumentJobs]:
        async with AsyncExitStack() as stack:
            database = await Database.open(f"sqlite+aiosqlite:///{self.folder}/app.db")
            stack.push_async_callback(database.close)
            files, analyses = Files(), AnalysisStore(database)

            async def accept(new: Sequence[Job]) -> None:
                await jobs.accept(new)

            def others(steps: Steps) -> Mapping[JobKind, Workflow]:
                return {JobKind.CHANGES: self._workflow(steps, database)}

            jobs = DocumentJobs(
                engine_url=f"sqlite:///{self.folder}/jobs.db",
                store=JobStore(database),
                documents=DocumentTools(
                    files=files,
                    reader=files,
                    analyser=Analyser(analyses),
                    reports=analyses,
                    delivery=self.delivery,
                    concurrency=4,
                    sequels=[VersionsSequel(VersionStore(database), accept)],
                ),
                retry_interval_s=0.01,
                others=others,
            )
            await jobs.start()
            stack.push_async_callback(jobs.stop, 5)
            yield jobs

    def _workflow(self, steps: Steps, database: Database) -> ChangesWorkflow:
        files = Files()
        return ChangesWorkflow(
            steps=steps,
            rows=JobStore(database),
            files=files,
            reader=files,
            comparer=DocumentComparer(
                prompts=PromptShelf(),
                staffings=staffings(Models("a", "r", "j")),
                profile=Profile.BALANCED,
                price=lambda *_: (0, "a table"),
            ),
            versions=VersionStore(database),
            reports=AnalysisStore(database),
            kept=ComparisonStore(database),
            delivery=self.thread,
            concurrency=2,
        )


@pytest.fixture
def office(tmp_path: Path, engine_database: Path) -> Office:
    shutil.copy(engine_database, tmp_path / "jobs.db")
    return Office(tmp_path)


def in_thread(number: int) -> Job:
    return a_job(number, thread=THREAD)


async def test_a_new_version_in_a_thread_is_compared_and_a_stranger_is_not(office) -> None:
    async with office.open() as jobs:
        await jobs.accept([in_thread(1)])
        await ended(jobs)
        await jobs.accept([in_thread(2)])
        await until(lambda: office.thread.shown)
        await jobs.accept([in_thread(3)])
        health = await ended(jobs, 5)

    (changes,) = office.thread.shown
    assert (changes.before.name, changes.after.name) == ("F1.pdf", "F2.pdf")
    assert len(changes.found.changes) == 3
    assert (health.done, health.failed) == (5, 0)
    assert office.thread.said == []
    assert office.delivery.announced == [in_thread(number).id for number in (1, 2, 3)], "no placeholder"
    assert [Step.READING in steps for steps in office.delivery.steps.values()] == [True, True, True]
