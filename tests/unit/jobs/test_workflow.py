from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from smallprint.errors import (
    CostNeedsConsent,
    ModelOverloaded,
    ScannedDocument,
    SlackRefused,
    SlackUnavailable,
)
from smallprint.jobs.messages import Messages
from smallprint.jobs.steps import DELIVERY_TRIES, Steps
from smallprint.jobs.workflow import DocumentWorkflow
from smallprint.jobs.workflows import Workflows
from smallprint.models.domain import Brief, JobKind, RiskLevel
from smallprint.services.database.jobs import Arrival, JobState
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.delivery import RecordingDelivery
from tests.fakes.files import PlainReader, ShelfOfFiles
from tests.fakes.job_store import NOW, InMemoryJobStore, a_job

T = TypeVar("T")


class Workshop:
    """A workflow with its surroundings, and an engine's memory of steps."""

    def __init__(self) -> None:
        self.store = InMemoryJobStore()
        self.files, self.reader = ShelfOfFiles(), PlainReader()
        self.analyser, self.delivery = HarmlessAnalyser(), RecordingDelivery()
        self.remembered: dict[str, object] = {}
        self.workflow = self.another()

    def another(self) -> Workflows:
        """As after a restart: nothing in memory."""
        self.steps = Steps(self.store, retry_interval_s=0)
        documents = DocumentWorkflow(
            steps=self.steps,
            files=self.files,
            reader=self.reader,
            analyser=self.analyser,
            reports=self.analyser,
            delivery=self.delivery,
            messages=Messages(self.store, self.delivery, self.analyser),
            concurrency=2,
        )
        return Workflows(self.store, {JobKind.DOCUMENT: documents})

    async def run(self) -> str:
        await self.store.add([Arrival(a_job(), JobState.QUEUED, NOW)])
        return await self.workflow.run(a_job().id, self.step)

    async def step(self, name: str, action: Callable[[], Awaitable[T]], /) -> T:
        if name not in self.remembered:
            self.remembered[name] = await action()
        return self.remembered[name]  # type: ignore[return-value]

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
