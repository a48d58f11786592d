"""What was decided about jobs, in a real database and in the fake: both keep the same promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from smallprint.jobs.repeats import wanted
from smallprint.models.domain import (
    Against,
    Brief,
    ChannelSettings,
    DocumentKind,
    Handling,
    Job,
    Profile,
)
from smallprint.services.database.admissions import AdmissionStore, Decision
from smallprint.services.database.channel_settings import ChannelSettingsStore
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from tests.fakes.admission import InMemoryAdmissions
from tests.fakes.job_store import NOW, InMemoryJobStore, a_job, jobs_of_message
from tests.integration.databases import DIALECTS, fresh_database

OFFERED = Against.OFFERED.value


@dataclass
class Rows:
    jobs: JobStore | InMemoryJobStore
    admissions: AdmissionStore | InMemoryAdmissions

    async def put(self, *jobs: Job) -> None:
        await self.jobs.add([Arrival(job, JobState.ACCEPTED, NOW) for job in jobs])

    async def offer(self, *jobs: Job) -> None:
        await self.put(*jobs)
        await self.admissions.settle([Decision(job, OFFERED, told=True) for job in jobs])


@pytest.fixture(params=DIALECTS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as database:
        yield database


@pytest.fixture(params=["real", "fake"])
def rows(request: pytest.FixtureRequest, database: Database) -> Rows:
    if request.param == "real":
        return Rows(JobStore(database), AdmissionStore(database))
    store = InMemoryJobStore()
    return Rows(store, InMemoryAdmissions(store))


async def test_what_is_let_in_waits_for_the_queue_with_its_wishes(rows) -> None:
    await rows.put(a_job(1), a_job(2))
    wishing = replace(a_job(1), brief=Brief(profile=Profile.ECONOMY, language="German", private=True))
    await rows.admissions.settle([Decision(wishing)])
    assert await rows.admissions.undecided() == [a_job(2)]
    assert await rows.admissions.admitted() == [wishing]
    await rows.jobs.mark_queued([wishing.id])
    assert await rows.admissions.admitted() == []
    assert await rows.jobs.queued() == [wishing]


async def test_a_decision_is_made_once(rows) -> None:
    await rows.put(a_job(1))
    await rows.admissions.settle([Decision(a_job(1))])
    await rows.admissions.settle([Decision(a_job(1), OFFERED, told=True)])
    assert await rows.admissions.admitted() == [a_job(1)]
    assert await rows.admissions.to_be_told() == []


async def test_whoever_is_to_be_told_is_told_until_that_is_done(rows) -> None:
    await rows.put(a_job(1), a_job(2))
    await rows.admissions.settle(
        [Decision(a_job(1), OFFERED, told=True), Decision(a_job(2), Against.TOO_SMALL.value)]
    )
    assert await rows.admissions.to_be_told() == [(a_job(1), OFFERED)]
    await rows.admissions.tell_no_more(a_job(1).id)
    assert await rows.admissions.to_be_told() == []


async def test_a_declined_job_that_somebody_shares_again_stays_declined(rows) -> None:
    await rows.offer(a_job(1))
    await rows.put(a_job(1), replace(a_job(1), trigger="file_shared"))
    assert await rows.admissions.undecided() == []


@pytest.mark.parametrize("trigger", ["app_mention", "wanted"])
async def test_a_declined_job_that_somebody_asks_for_comes_in_anew(rows, trigger) -> None:
    await rows.offer(a_job(1))
    await rows.admissions.tell_no_more(a_job(1).id)
    asked = replace(a_job(1), user="U9", trigger=trigger)
    await rows.put(asked)
    assert await rows.admissions.undecided() == [asked]
    await rows.admissions.tell_no_more(asked.id)
    await rows.admissions.settle([Decision(asked)])
    await rows.put(replace(asked, user="U8"))
    assert await rows.admissions.admitted() == [asked]


async def test_a_job_that_runs_is_not_asked_for_a_second_time(rows) -> None:
    await rows.put(a_job(1))
    await rows.jobs.mark_queued([a_job(1).id])
    await rows.put(replace(a_job(1), trigger="app_mention"))
    assert await rows.admissions.undecided() == []
    assert await rows.jobs.queued() == [a_job(1)]


async def test_the_offered_files_of_a_message_are_found_by_each_of_them(rows) -> None:
    first, second, third = jobs_of_message(3)
    alone = [a_job(8, thread=first.thread_ts), a_job(9, thread=first.thread_ts)]
    await rows.put(third)
    await rows.offer(first, second, *alone)
    assert [job.id for job in await rows.admissions.declined_with(second, Against.OFFERED)] == [
        first.id,
        second.id,
    ]
    assert [job.id for job in await rows.admissions.declined_with(alone[0], Against.OFFERED)] == [alone[0].id]
    await rows.put(*wanted(await rows.admissions.declined_with(first, Against.OFFERED), user="U9"))
    assert await rows.admissions.declined_with(first, Against.OFFERED) == []


async def test_no_headline_waits_for_what_was_declined(rows) -> None:
    first, second, third = jobs_of_message(3)
    await rows.put(second, third)
    await rows.offer(first)
    assert [job.id for job, _, _ in await rows.jobs.of_message(third)] == [second.id, third.id]
    for job in (second, third):
        await rows.jobs.finish(job.id, JobState.DONE, "low")
    assert len(await rows.jobs.not_summed_up()) == 1


async def test_what_was_let_in_counts_as_work_and_what_was_declined_does_not(database) -> None:
    jobs, admissions = JobStore(database), AdmissionStore(database)
    await Rows(jobs, admissions).put(a_job(1), a_job(2))
    await admissions.settle([Decision(a_job(1)), Decision(a_job(2), Against.TOO_SMALL.value)])
    counts = await jobs.counts()
    assert (counts.queued, counts.failed, counts.done) == (1, 0, 0)


async def test_a_channel_s_settings_are_what_was_set_last(database) -> None:
    store = ChannelSettingsStore(database)
    first = ChannelSettings(
        Handling.ASK_FIRST,
        2_048,
        frozenset({DocumentKind.PDF}),
        Profile.THOROUGH,
        "German",
        "S0COUNSEL1",
        private=True,
        strangers_allowed=True,
    )
    assert await store.of("T1", "C1") == ChannelSettings()
    change = await store.change("T1", "C1", first, actor="U1", request_id="view/V1")
    assert change is not None
    assert (change.before, change.settings) == (ChannelSettings(), first)
    second = replace(first, private=False)
    await store.change("T1", "C1", second, actor="U2", request_id="view/V2")
    assert await store.of("T1", "C1") == second
    assert await store.of("T1", "C2") == await store.of("T2", "C1") == ChannelSettings()
    history = await store.history("T1", "C1")
    assert [(entry.actor, entry.settings, entry.before) for entry in history] == [
        ("U2", second, first),
        ("U1", first, ChannelSettings()),
    ]


async def test_a_form_that_is_sent_twice_is_one_change(database) -> None:
    store = ChannelSettingsStore(database)
    wish = ChannelSettings(language="German")
    changes = [await store.change("T1", "C1", wish, actor="U1", request_id="view/V1") for _ in range(2)]
    assert changes[0] == changes[1]
    assert await store.change("T1", "C1", wish, actor="U1", request_id="view/V2") is None
    assert len(await store.history("T1", "C1")) == 1


async def test_a_form_that_two_processes_get_at_once_is_one_change(database) -> None:
    store = ChannelSettingsStore(database)
    wish = ChannelSettings(language="German")
    await asyncio.gather(
        *(store.change("T1", "C1", wish, actor="U1", request_id=f"view/V{n % 2}") for n in range(8))
    )
    assert len(await store.history("T1", "C1")) == 1
