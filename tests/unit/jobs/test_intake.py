from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from smallprint.errors import DatabaseUnavailable
from smallprint.jobs.intake import Intake, IntakeStopped, job_id
from smallprint.services.database.jobs import JobState
from tests.fakes.job_store import InMemoryJobStore, a_job


def intake_of(store: InMemoryJobStore) -> Intake:
    return Intake(store, wait_for_message_s=8, committed=lambda: None)


async def test_what_arrives_during_a_commit_is_committed_together() -> None:
    store = InMemoryJobStore(commit_s=0.01)
    intake = intake_of(store)
    await asyncio.gather(*(intake.accept([a_job(number)]) for number in range(100)))
    assert len(store.rows) == 100
    assert len(store.commits) <= 2


async def test_accepted_means_on_disk() -> None:
    store = InMemoryJobStore(commit_s=0.01)
    await intake_of(store).accept([a_job(1), a_job(2)])
    assert list(store.rows) == [a_job(1).id, a_job(2).id]


async def test_nothing_to_accept_costs_no_commit() -> None:
    store = InMemoryJobStore()
    await intake_of(store).accept([])
    assert not store.commits


async def test_a_failed_commit_reaches_whoever_asked_and_the_next_one_is_tried() -> None:
    store = InMemoryJobStore(DatabaseUnavailable())
    intake = intake_of(store)
    with pytest.raises(DatabaseUnavailable):
        await intake.accept([a_job(1)])
    await intake.accept([a_job(2)])
    assert list(store.rows) == [a_job(2).id]


async def test_stopping_waits_for_the_commit_and_refuses_the_rest() -> None:
    store = InMemoryJobStore(commit_s=0.02)
    intake = intake_of(store)
    accepting = asyncio.create_task(intake.accept([a_job(1)]))
    await asyncio.sleep(0)
    await intake.stop()
    assert a_job(1).id in store.rows
    await accepting
    with pytest.raises(IntakeStopped):
        await intake.accept([a_job(2)])


async def test_only_a_shared_file_without_a_thread_waits_for_its_message() -> None:
    store = InMemoryJobStore()
    await intake_of(store).accept(
        [
            a_job(1),
            a_job(2, thread="", trigger="file_shared"),
            a_job(3, trigger="file_shared"),
            a_job(4, thread="", trigger="command"),
        ]
    )
    states = [store.rows[a_job(number).id].state for number in (1, 2, 3, 4)]
    assert states == [JobState.ACCEPTED, JobState.WAITING, JobState.ACCEPTED, JobState.ACCEPTED]
    due_in = store.rows[a_job(2).id].due_at - datetime.now(UTC)
    assert timedelta(seconds=7) < due_in <= timedelta(seconds=8)


def test_the_id_of_a_job_tells_team_channel_thread_and_file_apart() -> None:
    parts = ("T1", "C1", "1.2", "F1")
    assert job_id(*parts) == job_id(*parts)
    assert len({job_id(*parts), job_id("T1C1", "", "1.2", "F1"), job_id("T1", "C1", "1.2F", "1")}) == 3
    assert job_id(*parts).startswith("doc-")
