from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from smallprint.errors import ScannedDocument, SlackRefused, SlackUnavailable, SmallprintError
from smallprint.jobs.engine import Standing
from smallprint.jobs.messages import Messages
from smallprint.jobs.steps import Steps
from smallprint.jobs.sweeper import Sweeper
from smallprint.jobs.workflow import DocumentTools, DocumentWorkflow
from smallprint.jobs.workflows import Workflows
from smallprint.models.domain import AnalysisRequest, Brief, Job, JobKind
from smallprint.services.database.jobs import Arrival, JobState
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.delivery import RecordingDelivery
from tests.fakes.files import PlainReader, ShelfOfFiles
from tests.fakes.job_store import NOW, InMemoryJobStore, a_job
from tests.fakes.passages import document_of


class Round:
    """A sweeper with its surroundings; it is its own engine."""

    def __init__(self, **standings: Standing) -> None:
        self.store, self.delivery, self.reports = InMemoryJobStore(), RecordingDelivery(), HarmlessAnalyser()
        self.enqueued: list[str] = []
        self.standing = Standing.ACTIVE
        messages = Messages(self.store, self.delivery, self.reports)
        documents = DocumentWorkflow(
            steps=Steps(self.store, retry_interval_s=0),
            documents=DocumentTools(
                files=ShelfOfFiles(),
                reader=PlainReader(),
                analyser=self.reports,
                reports=self.reports,
                delivery=self.delivery,
                concurrency=1,
            ),
            messages=messages,
        )
        self.sweeper = Sweeper(
            self.store, self, Workflows(self.store, {JobKind.DOCUMENT: documents}), messages
        )

    async def sweep(self, job: Job, state: JobState = JobState.QUEUED, outcome: str = "") -> JobState:
        await self.store.add([Arrival(job, state, NOW)])
        self.store.rows[job.id].outcome = outcome
        await self.sweeper.sweep()
        return self.store.rows[job.id].state

    async def reap(self) -> None: ...

    async def enqueue(self, jobs: Sequence[Job]) -> None:
        self.enqueued.extend(job.id for job in jobs)

    async def standings(self, job_ids: Sequence[str]) -> Mapping[str, Standing]:
        return dict.fromkeys(job_ids, self.standing)

    async def reported(self, job: Job) -> None:
        async def progress(_step: object) -> None: ...

        await self.reports.run(document_of("text"), AnalysisRequest(job.id), progress, last_try=False)


async def test_a_job_on_its_way_is_left_alone() -> None:
    sweep = Round()
    assert await sweep.sweep(a_job()) is JobState.QUEUED
    assert not sweep.enqueued
    assert not sweep.delivery.failures


async def test_a_job_that_the_engine_forgot_is_queued_again() -> None:
    sweep = Round()
    sweep.standing = Standing.UNKNOWN
    assert await sweep.sweep(a_job()) is JobState.QUEUED
    assert sweep.enqueued == [a_job().id]


async def test_a_job_that_the_engine_gave_up_ends_with_a_sentence() -> None:
    sweep = Round()
    sweep.standing = Standing.BROKEN
    assert await sweep.sweep(a_job()) is JobState.FAILED
    assert sweep.delivery.failures[a_job().id][0].startswith(SmallprintError.sentence)


async def test_a_given_up_job_whose_report_was_finished_shows_it() -> None:
    sweep = Round()
    sweep.standing = Standing.BROKEN
    await sweep.reported(a_job())
    assert await sweep.sweep(a_job()) is JobState.DONE
    assert sweep.delivery.results[a_job().id]


async def test_an_undelivered_failure_is_told_with_the_sentence_of_its_code() -> None:
    sweep = Round()
    assert await sweep.sweep(a_job(), JobState.UNDELIVERED, "scanned") is JobState.FAILED
    assert sweep.delivery.failures == {a_job().id: [ScannedDocument.sentence]}


async def test_what_still_cannot_be_delivered_stays_for_the_next_sweep() -> None:
    sweep = Round()
    sweep.delivery.troubles = [SlackUnavailable()]
    assert await sweep.sweep(a_job(), JobState.UNDELIVERED, "low") is JobState.UNDELIVERED


async def test_what_slack_refuses_for_good_is_not_tried_again() -> None:
    sweep = Round()
    sweep.delivery.troubles = [SlackRefused("channel_not_found")]
    assert await sweep.sweep(a_job(), JobState.UNDELIVERED, "low") is JobState.FAILED


async def test_a_result_delivered_late_is_compared_late() -> None:
    sweep, job = Round(), replace(a_job(), brief=Brief(compare_with="earlier"))
    await sweep.reported(job)
    assert await sweep.sweep(job, JobState.UNDELIVERED, "low") is JobState.DONE
    assert list(sweep.delivery.comparisons) == [job.id]
