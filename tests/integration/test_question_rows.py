"""Questions and the documents of threads, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from smallprint.models.domain import Brief, Erasure, ErasureKind, Exchange, Job
from smallprint.services.database.connection import Database
from smallprint.services.database.erasures import ErasureStore
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.posts import PostStore
from smallprint.services.database.questions import KNOWN, QuestionStore
from smallprint.services.database.threads import ThreadStore
from tests.fakes.asked import a_verified_point, a_whole_answer
from tests.fakes.job_store import NOW, a_job
from tests.fakes.questions import ROOT, a_question
from tests.integration.databases import DIALECTS, fresh_database


@pytest.fixture(params=DIALECTS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as database:
        yield database


@pytest.fixture
def questions(database: Database) -> QuestionStore:
    return QuestionStore(database)


@pytest.fixture
def threads(database: Database) -> ThreadStore:
    return ThreadStore(database)


async def known(database: Database, *jobs: Job, state: JobState = JobState.DONE) -> None:
    for job in jobs:
        await JobStore(database).add([Arrival(job, state, NOW)])


def in_thread(number: int, **changes: object) -> Job:
    return replace(a_job(number), thread_ts=ROOT, **changes)  # type: ignore[arg-type]


async def test_an_answer_comes_back_as_it_was(questions) -> None:
    job, answer = a_question(), a_whole_answer(notes=("A note.",))
    assert not await questions.begun(job.id)
    await questions.begin(job, "doc-1")
    assert await questions.begun(job.id)
    assert await questions.answer(job.id) is None
    await questions.finish(job.id, answer)
    assert await questions.answer(job.id) == answer


async def test_the_first_answer_stays(questions) -> None:
    await questions.begin(a_question(), "doc-1")
    await questions.finish(a_question().id, a_whole_answer())
    await questions.finish(a_question().id, a_whole_answer(found=False))
    await questions.begin(a_question("Another?"), "doc-2")
    assert (await questions.answer(a_question().id)).found


async def test_earlier_questions_of_the_thread_are_known_the_last_few_in_order(questions) -> None:
    for number in range(KNOWN + 2):
        asked = a_question(f"Question {number}?", ts=f"17000000{number + 10}.0")
        await questions.begin(asked, "doc-1")
        await questions.finish(asked.id, a_whole_answer(a_verified_point(f"Answer {number}.")))
    elsewhere = replace(a_question("Elsewhere?", ts="1"), thread_ts="1.1")
    await questions.begin(elsewhere, "doc-1")
    await questions.finish(elsewhere.id, a_whole_answer())
    unanswered = a_question("Nobody knows?", ts="2")
    await questions.begin(unanswered, "doc-1")
    last = a_question("And now?", ts="1700000099.0")
    await questions.begin(last, "doc-1")
    earlier = await questions.earlier(last)
    assert earlier[0] == Exchange("Question 2?", "Answer 2.")
    assert earlier[-1] == Exchange(f"Question {KNOWN + 1}?", f"Answer {KNOWN + 1}.")
    assert len(earlier) == KNOWN


async def test_a_threads_documents_are_those_shared_in_it_oldest_first(database, threads) -> None:
    await known(database, in_thread(1), in_thread(2), a_job(3), replace(in_thread(4), channel="C2"))
    await known(database, in_thread(5), state=JobState.DECLINED)
    await known(database, in_thread(6), state=JobState.QUEUED)
    await known(database, a_question())
    found = await threads.documents(a_question())
    assert [job.file_id for job in found] == ["F1", "F2", "F6"]


async def test_of_a_file_that_was_analysed_again_the_latest_job_counts(database, threads) -> None:
    await known(database, in_thread(1), in_thread(2), in_thread(1, id="doc-again"))
    assert [job.id for job in await threads.documents(a_question())] == [a_job(2).id, "doc-again"]


@pytest.mark.parametrize(("private", "channel", "user", "found"), [
    (False, "C1", "U9", ["F1"]),
    (False, "C2", "U1", []),
    (True, "D1", "U1", ["F1"]),
    (True, "D1", "U9", []),
])  # fmt: skip
async def test_a_command_s_thread_is_known_and_a_private_one_to_its_owner_alone(
    database, threads, private, channel, user, found
) -> None:
    job = Job(
        "cmd-1-F1", "T1", "C1", "", "F1", "U1", "command", message_ts="cmd-1", brief=Brief(private=private)
    )
    await known(database, job)
    posts = PostStore(database)
    await posts.claim("cmd-1/request", "me")
    await posts.sent("cmd-1/request", ROOT)
    asked = replace(a_question(), channel=channel, user=user)
    assert [each.file_id for each in await threads.documents(asked)] == found


async def test_the_latest_thread_of_a_conversation_is_the_one_before_the_question(database, threads) -> None:
    await known(database, a_job(1), a_job(2), replace(a_job(3), thread_ts=a_job(2).thread_ts), a_job(9))
    asked = replace(a_question(), thread_ts="1700000005.000100")
    assert [job.file_id for job in await threads.latest(asked)] == ["F2", "F3"]
    assert await threads.latest(replace(asked, channel="D9")) == ()


@pytest.mark.parametrize("kind", [ErasureKind.MESSAGE, ErasureKind.JOB])
async def test_a_forgotten_document_is_not_read_again_for_a_question(database, threads, kind) -> None:
    gone, kept = in_thread(1, message_ts="1700000002.000100"), in_thread(2)
    again = in_thread(3, id=f"{gone.id}-again", file_id=gone.file_id)
    await known(database, gone, again, kept)
    reference = gone.message_ts if kind is ErasureKind.MESSAGE else gone.id
    await ErasureStore(database).add([Erasure("e1", kind, gone.team, gone.channel, reference)])
    assert [job.id for job in await threads.documents(a_question())] == [kept.id]
