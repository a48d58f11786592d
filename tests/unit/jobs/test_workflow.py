from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import pytest

from smallprint.errors import (
    CostNeedsConsent,
    ModelOverloaded,
    ScannedDocument,
    SlackRefused,
    SlackUnavailable,
    Stopped,
)
from smallprint.jobs.messages import Messages
from smallprint.jobs.serialization import JobError
from smallprint.jobs.steps import DELIVERY_TRIES, Steps
from smallprint.jobs.stops import NOBODY, Stops
from smallprint.jobs.workflow import DocumentTools, DocumentWorkflow
from smallprint.jobs.workflows import Workflows
from smallprint.models.domain import (
    Brief,
    DocumentKind,
    Expected,
    Job,
    JobKind,
    RiskLevel,
    SharedFile,
    Step,
    StopAnswer,
)
from smallprint.services.database.jobs import Arrival, JobState
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.delivery import RecordingDelivery
from tests.fakes.files import PlainReader, ShelfOfFiles
from tests.fakes.job_store import NOW, InMemoryJobStore, a_job
from tests.fakes.stops import InMemoryStops

T = TypeVar("T")


class Workshop:
    """A workflow with its surroundings, and an engine's memory of steps."""

    def __init__(self) -> None:
        self.store = InMemoryJobStore()
        self.files, self.reader = ShelfOfFiles(), PlainReader()
        self.analyser, self.delivery = HarmlessAnalyser(), RecordingDelivery()
        self.stopped = InMemoryStops()
        self.finisher: HarmlessAnalyser | None = None
        self.remembered: dict[str, object] = {}
        self.workflow = self.another()

    def another(self) -> Workflows:
        """As after a restart: nothing in memory."""
        self.steps = Steps(self.store, retry_interval_s=0)
        self.stops = Stops(self.stopped, poll_s=0.01)
        documents = DocumentWorkflow(
            steps=self.steps,
            documents=DocumentTools(
                files=self.files,
                reader=self.reader,
                analyser=self.analyser,
                reports=self.analyser,
                delivery=self.delivery,
                concurrency=2,
                stops=self.stops,
                finisher=self.finisher,
            ),
            messages=Messages(self.store, self.delivery, self.analyser),
        )
        return Workflows(self.store, {JobKind.DOCUMENT: documents})

    async def run(self) -> str:
        await self.store.add([Arrival(a_job(), JobState.QUEUED, NOW)])
        return await self.workflow.run(a_job().id, self.step)

    async def step(self, name: str, action: Callable[[], Awaitable[T]], /) -> T:
        """As the engine: what a step gave, or how it failed, is the same when a restart comes past it again."""
        if name not in self.remembered:
            try:
                self.remembered[name] = await action()
            except JobError as error:
                self.remembered[name] = error
        result = self.remembered[name]
        if isinstance(result, JobError):
            raise result
        return result  # type: ignore[return-value]

    @property
    def row(self) -> tuple[JobState, str]:
        row = self.store.rows[a_job().id]
        return row.state, row.outcome


@pytest.fixture
def shop() -> Workshop:
    return Workshop()


async def test_the_outcome_of_a_job_is_the_risk_level(shop) -> None:
    assert await shop.run() == RiskLevel.LOW
    assert shop.row == (JobState.DONE, "low")


async def test_the_engine_is_told_counts_and_codes_only(shop) -> None:
    await shop.run()
    assert list(shop.remembered) == ["announce", "read", "analyse", "deliver"]
    assert set(shop.remembered["read"]) == {"sha256", "characters", "passages"}
    assert shop.remembered["analyse"] == {"level": "low"}
    assert "The text of F1" not in str(shop.remembered)


async def test_a_failed_job_has_the_errors_code_for_outcome(shop) -> None:
    shop.reader.troubles = [ScannedDocument()]
    assert await shop.run() == "scanned"
    assert shop.row == (JobState.FAILED, "scanned")
    assert shop.delivery.failures == {a_job().id: [ScannedDocument.sentence]}


async def test_the_asker_s_wishes_reach_the_analysis_and_not_the_engine(shop) -> None:
    wishes = Brief(side="the tenant", focus="exit")
    await shop.store.add([Arrival(replace(a_job(), brief=wishes), JobState.QUEUED, NOW)])
    await shop.run()
    assert shop.analyser.requests[0].brief == wishes
    assert "tenant" not in str(shop.remembered)


async def test_a_cost_that_needs_a_yes_is_asked_about_with_its_amount(shop) -> None:
    question = "It would cost about $3.10."
    shop.analyser.troubles = [CostNeedsConsent(question)]
    assert await shop.run() == CostNeedsConsent.code
    assert shop.delivery.failures == {a_job().id: [question]}
    assert shop.delivery.codes == [CostNeedsConsent.code]
    assert len(shop.analyser.runs) == 1


async def test_a_document_lost_in_a_crash_is_read_again(shop) -> None:
    shop.remembered = {"announce": {}, "read": {"sha256": "…", "characters": 1, "passages": 1}}
    assert await shop.run() == "low"
    assert shop.files.fetched == ["F1"]


async def test_a_document_is_read_once_however_often_the_analysis_is_tried(shop) -> None:
    shop.analyser.troubles = [ModelOverloaded(), ModelOverloaded()]
    await shop.run()
    assert len(shop.analyser.runs) == 3
    assert shop.files.fetched == ["F1"]


async def test_a_finished_report_is_not_made_again(shop) -> None:
    await shop.run()
    shop.remembered = {"announce": {}}
    shop.workflow = shop.another()
    await shop.run()
    assert len(shop.analyser.runs) == 1


async def test_slack_may_be_down_for_a_while(shop) -> None:
    shop.delivery.troubles = [SlackUnavailable() for _ in range(DELIVERY_TRIES - 1)]
    assert await shop.run() == "low"
    assert shop.row == (JobState.DONE, "low")


async def test_a_result_that_slack_never_took_is_kept_for_later(shop) -> None:
    shop.delivery.troubles = [SlackUnavailable() for _ in range(DELIVERY_TRIES)]
    assert await shop.run() == "low"
    assert shop.row == (JobState.UNDELIVERED, "low")


async def test_a_comparison_belongs_to_the_delivery_and_adds_no_step(shop) -> None:
    job = replace(a_job(), brief=Brief(compare_with="earlier"))
    await shop.store.add([Arrival(job, JobState.QUEUED, NOW)])
    await shop.run()
    assert list(shop.remembered) == ["announce", "read", "analyse", "deliver"]
    assert [before for before, _ in shop.delivery.comparisons[job.id]] == [None]


async def test_a_result_that_slack_refuses_becomes_a_sentence(shop) -> None:
    shop.delivery.troubles = [SlackRefused("invalid_blocks")]
    assert await shop.run() == "slack_refused"
    assert shop.delivery.failures == {a_job().id: [SlackRefused.sentence]}


async def test_a_thread_that_is_gone_ends_the_job_all_the_same(shop) -> None:
    shop.delivery.troubles = [SlackRefused("channel_not_found"), SlackRefused("channel_not_found")]
    assert await shop.run() == "slack_refused"
    assert shop.row == (JobState.FAILED, "slack_refused")


async def test_a_job_whose_row_is_gone_does_nothing(shop) -> None:
    assert await shop.workflow.run("doc-erased", shop.step) == "unknown"
    assert not shop.remembered


async def test_nothing_new_begins_once_the_process_stops(shop) -> None:
    shop.steps.begin_stopping()
    task = asyncio.create_task(shop.run())
    await asyncio.sleep(0.02)
    assert not task.done()
    assert list(shop.remembered) == ["announce"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert shop.row == (JobState.QUEUED, "")


async def test_stopping_waits_for_a_delivery_under_way(shop) -> None:
    task = asyncio.create_task(shop.run())
    while "analyse" not in shop.remembered:  # noqa: ASYNC110 - the steps are no events
        await asyncio.sleep(0)
    shop.steps.begin_stopping()
    await asyncio.sleep(0)
    await shop.steps.settled(1)
    assert shop.row == (JobState.DONE, "low")
    await task


# --- what is told on the way, and stopping -----------------------------------------------------------------


async def test_what_is_known_of_the_document_is_told_as_it_becomes_known(shop) -> None:
    await shop.run()
    reading, analysing = shop.delivery.told
    assert (reading.step, reading.document_name) == (Step.READING, "")
    assert analysing.step is Step.ANALYSING
    assert (analysing.document_name, analysing.kind, analysing.pages) == ("F1.txt", DocumentKind.PDF, 1)
    assert analysing.expected == Expected(1, 120_000_000)
    assert reading.since == analysing.since
    assert shop.delivery.left == [a_job().id]


class SlowShelf(ShelfOfFiles):
    """Finds nothing for a long time."""

    async def fetch(self, job: Job) -> SharedFile:
        self.fetched.append(job.file_id)
        await asyncio.sleep(5)
        raise AssertionError("nobody waits so long")


async def stopped_while(shop: Workshop, step: str, by: str = "U9") -> str:
    """The outcome of a job that is stopped in that step."""
    if step == "read":
        shop.files = SlowShelf()
    else:
        shop.analyser.seconds = 5
    shop.workflow = shop.another()
    run = asyncio.create_task(shop.run())
    while not (shop.files.fetched if step == "read" else shop.analyser.runs):  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert await shop.stops.stop(a_job().id, by) is StopAnswer.STOPPED
    return await asyncio.wait_for(run, 1)


@pytest.mark.parametrize("step", ["read", "analyse"])
async def test_a_job_that_is_stopped_ends_as_that_and_says_so_once(shop, step) -> None:
    assert await stopped_while(shop, step) == Stopped.code
    assert shop.row == (JobState.FAILED, Stopped.code)
    assert shop.delivery.codes == [Stopped.code]
    assert list(shop.remembered)[-1] == "fail"
    assert "deliver" not in shop.remembered


async def test_what_was_found_before_the_stop_is_the_result(shop) -> None:
    shop.finisher = HarmlessAnalyser()
    shop.finisher.keeps_in(shop.analyser)
    assert await stopped_while(shop, "analyse") == RiskLevel.LOW
    assert shop.row == (JobState.DONE, "low")
    assert list(shop.remembered) == ["announce", "read", "analyse", "deliver"]
    assert shop.finisher.requests[0].stopped_by == "U9"
    assert shop.finisher.last_tries == [True]


async def test_of_a_document_that_is_being_forgotten_nothing_is_shown_any_more(shop) -> None:
    shop.finisher = HarmlessAnalyser()
    shop.finisher.keeps_in(shop.analyser)
    assert await stopped_while(shop, "analyse", by=NOBODY) == Stopped.code
    assert shop.delivery.codes == [Stopped.code]
    assert "deliver" not in shop.remembered


async def test_where_nothing_was_found_the_job_is_stopped_whatever_the_reason(shop) -> None:
    shop.finisher = HarmlessAnalyser(Stopped())
    assert await stopped_while(shop, "analyse") == Stopped.code
    assert shop.delivery.codes == [Stopped.code]


async def test_a_stop_before_it_began_reads_nothing(shop) -> None:
    shop.stopped.by[a_job().id] = "U9"
    assert await shop.run() == Stopped.code
    assert shop.files.fetched == []


async def test_the_tries_of_a_passing_fault_end_with_the_stop(shop) -> None:
    shop.analyser.troubles = [ModelOverloaded(retry_after_s=30)]
    run = asyncio.create_task(shop.run())
    while not shop.analyser.runs:  # noqa: ASYNC110 - the tries are no events
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    await shop.stops.stop(a_job().id, "U9")
    assert await asyncio.wait_for(run, 1) == Stopped.code


class Killed(BaseException):
    """The process died."""


@pytest.mark.parametrize("found", [True, False])
@pytest.mark.parametrize("death", ["announce", "read", "analyse", "deliver", "fail"])
@pytest.mark.parametrize("recorded", [True, False])
async def test_a_crash_at_any_step_after_the_stop_was_written_down_leaves_one_outcome(
    shop, found, death, recorded
) -> None:
    """Killed before or after the step's record is on disk, and started again until it has ended."""
    if found:
        shop.finisher = HarmlessAnalyser()
        shop.finisher.keeps_in(shop.analyser)
        shop.workflow = shop.another()
    shop.remembered = {"announce": {}, "read": {"sha256": "…", "characters": 1, "passages": 1}}
    shop.stopped.by[a_job().id] = "U9"
    if death in shop.remembered:
        del shop.remembered["read"]
    died: list[str] = []

    async def step(name: str, action: Callable[[], Awaitable[T]], /) -> T:
        if name != death or died:
            result: T = await shop.step(name, action)
            return result
        died.append(name)
        with suppress(JobError):
            await (shop.step(name, action) if recorded else action())
        raise Killed

    await shop.store.add([Arrival(a_job(), JobState.QUEUED, NOW)])
    outcomes: list[str] = []
    while not outcomes:
        try:
            outcomes.append(await shop.workflow.run(a_job().id, step))
        except Killed:
            shop.workflow = shop.another()
    ends_as_result = found and death not in ("announce", "read")
    assert outcomes == [RiskLevel.LOW if ends_as_result else Stopped.code]
    assert bool(shop.delivery.results) is ends_as_result
    assert bool(shop.delivery.failures) is not ends_as_result
    assert not shop.analyser.runs
