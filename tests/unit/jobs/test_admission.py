"""Who is let in: decided once, written down, and only then seen."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from smallprint.errors import SlackRefused, SlackUnavailable
from smallprint.jobs.admission import Gate
from smallprint.jobs.repeats import anew, consented, wanted
from smallprint.models.domain import Against, Brief, Job, JobKind
from smallprint.services.database.admissions import Decision
from smallprint.services.database.jobs import Arrival, JobState
from tests.fakes.admission import InMemoryAdmissions, ScriptedAdmission
from tests.fakes.job_store import NOW, InMemoryJobStore, a_job, jobs_of_message

OFFER = {"F1": Against.OFFERED.value}


class Door:
    """A gate with its surroundings; `again` is the next process's."""

    def __init__(self, admission: ScriptedAdmission, store: InMemoryJobStore | None = None) -> None:
        self.store = store or InMemoryJobStore()
        self.rows = InMemoryAdmissions(self.store)
        self.admission = admission
        self.gate = Gate(self.rows, admission, patience_s=0.05, tell_again_s=0)

    async def put(self, *jobs: Job) -> None:
        await self.store.add([Arrival(job, JobState.ACCEPTED, NOW) for job in jobs])

    async def admitted(self) -> list[str]:
        return [job.id for job in await self.gate.admitted()]

    async def tell(self) -> None:
        await self.gate.tell()
        await asyncio.sleep(0.01)

    def state(self, job: Job) -> JobState:
        return self.store.rows[job.id].state


async def test_what_is_let_in_has_the_channel_s_wishes_in_its_row() -> None:
    door = Door(ScriptedAdmission(brief=Brief(language="German")))
    await door.put(a_job(1))
    (job,) = await door.gate.admitted()
    assert job.brief == Brief(language="German")
    assert door.state(job) is JobState.ADMITTED


async def test_what_was_decided_stays_decided_when_the_settings_change_and_the_process_dies() -> None:
    door = Door(ScriptedAdmission())
    await door.put(a_job(1))
    await door.admitted()
    after = Door(ScriptedAdmission(OFFER), door.store)
    assert await after.admitted() == [a_job(1).id]
    assert after.admission.decided == []


async def test_an_offer_is_made_once_also_when_the_process_dies_between_deciding_and_making_it() -> None:
    door = Door(ScriptedAdmission(OFFER))
    await door.put(a_job(1))
    assert await door.admitted() == []
    after = Door(ScriptedAdmission(), door.store)
    assert await after.admitted() == []
    await after.tell()
    await after.tell()
    assert after.admission.told == [(a_job(1).id, Against.OFFERED)]


async def test_silence_is_told_to_nobody() -> None:
    door = Door(ScriptedAdmission({"F1": Against.TOO_SMALL.value}))
    await door.put(a_job(1), a_job(2))
    assert await door.admitted() == [a_job(2).id]
    await door.tell()
    assert door.admission.told == []
    assert door.store.rows[a_job(1).id].outcome == Against.TOO_SMALL


@pytest.mark.parametrize("trouble", [SlackUnavailable(), ValueError()])
async def test_what_cannot_be_said_now_is_asked_again_and_holds_up_nobody(trouble) -> None:
    door = Door(ScriptedAdmission({}, trouble))
    await door.put(a_job(1), a_job(2))
    assert await door.admitted() == [a_job(2).id]
    assert door.state(a_job(1)) is JobState.ACCEPTED
    assert sorted(await door.admitted()) == [a_job(1).id, a_job(2).id]


async def test_the_files_of_one_message_are_decided_on_together_or_not_yet() -> None:
    door = Door(ScriptedAdmission({}, SlackUnavailable()))
    first, second = jobs_of_message(2)
    await door.put(first, second, a_job(9))
    assert await door.admitted() == [a_job(9).id]
    assert door.state(first) is door.state(second) is JobState.ACCEPTED
    await door.admitted()
    assert door.state(first) is door.state(second) is JobState.ADMITTED


async def test_a_channel_that_slack_is_slow_about_holds_up_nobody() -> None:
    class Slow(ScriptedAdmission):
        async def decide(self, job: Job) -> Decision:
            await asyncio.sleep(30 if job.file_id == "F1" else 0)
            return Decision(job)

    door = Door(Slow())
    await door.put(a_job(1), a_job(2))
    assert await door.admitted() == [a_job(2).id]


async def test_questions_are_decided_on_too() -> None:
    door = Door(ScriptedAdmission({"": Against.SHARED_CHANNEL.value}))
    await door.put(replace(a_job(2), file_id="", kind=JobKind.QUESTION))
    assert await door.admitted() == []


async def test_repeats_and_what_follows_from_a_document_need_no_decision() -> None:
    door = Door(ScriptedAdmission({"F1": Against.ONLY_WHEN_ASKED.value, "F2": "never"}))
    changes = replace(a_job(2), kind=JobKind.CHANGES)
    repeats = [make(a_job(1), user="U2", thread_ts="9.9") for make in (consented, anew)]
    await door.put(changes, *repeats)
    assert len(await door.admitted()) == 3
    assert door.admission.decided == []


async def test_what_nobody_can_be_told_any_more_is_over() -> None:
    admission = ScriptedAdmission(OFFER)
    door = Door(admission)
    await door.put(a_job(1))
    await door.admitted()
    admission.troubles = [SlackRefused("thread_not_found")]
    await door.tell()
    assert await door.rows.to_be_told() == []


async def test_an_offer_that_slack_did_not_take_is_made_later() -> None:
    admission = ScriptedAdmission(OFFER)
    door = Door(admission)
    await door.put(a_job(1))
    await door.admitted()
    admission.troubles = [SlackUnavailable()]
    await door.tell()
    assert admission.told == []
    await door.tell()
    assert len(admission.told) == 1


async def test_stopping_leaves_what_was_not_told_to_the_next_process() -> None:
    class Slow(ScriptedAdmission):
        async def tell(self, job: Job, code: str) -> None:
            await asyncio.sleep(30)

    door = Door(Slow(OFFER))
    await door.put(a_job(1))
    await door.admitted()
    await door.gate.tell()
    await door.gate.stop()
    assert len(await door.rows.to_be_told()) == 1


async def test_a_wanted_file_comes_in_anew_under_its_own_id() -> None:
    door = Door(ScriptedAdmission(OFFER))
    await door.put(a_job(1))
    await door.admitted()
    door.admission.codes.clear()
    (job,) = wanted(await door.rows.declined_with(a_job(1), Against.OFFERED), user="U9")
    await door.put(job)
    await door.put(job, replace(job, user="U8"))
    assert await door.admitted() == [a_job(1).id]
    assert door.store.rows[a_job(1).id].job.user == "U9"


async def test_the_files_of_one_message_are_wanted_together() -> None:
    door = Door(ScriptedAdmission(dict.fromkeys(("F1", "F2"), Against.OFFERED.value)))
    first, second, third = jobs_of_message(3)
    await door.put(first, second, third)
    assert await door.admitted() == [third.id]
    offered = await door.rows.declined_with(second, Against.OFFERED)
    assert [job.id for job in offered] == [first.id, second.id]
    assert [(job.ordinal, job.of) for job in wanted(offered, user="U9")] == [(0, 2), (1, 2)]
