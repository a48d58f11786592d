"""Which jobs hold something of what is to be forgotten, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from smallprint.models.domain import Brief, Erasure, ErasureKind, Job, JobKind
from smallprint.services.database.connection import Database
from smallprint.services.database.erasures import ErasureStore
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.questions import QuestionStore
from tests.fakes.job_store import NOW, a_job
from tests.fakes.questions import a_question
from tests.integration.databases import DIALECTS, fresh_database

ROOT, MESSAGE = "1700000000.000100", "1700000000.000200"


@pytest.fixture(params=DIALECTS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as database:
        yield database


async def known(database: Database, *jobs: Job) -> None:
    for job in jobs:
        await JobStore(database).add([Arrival(job, JobState.DONE, NOW)])


async def asked(database: Database, job: Job, document: Job) -> None:
    await known(database, job)
    await QuestionStore(database).begin(job, document.id)


async def named(database: Database, kind: ErasureKind, job: Job) -> set[str]:
    reference = {ErasureKind.FILE: job.file_id, ErasureKind.MESSAGE: job.message_ts, ErasureKind.JOB: job.id}
    wish = Erasure("e1", kind, job.team, job.channel, reference[kind])
    return {found.id for found, _ in await ErasureStore(database).jobs_of(wish)}


def document(number: int, **changes: object) -> Job:
    ours = replace(a_job(number), thread_ts=ROOT, message_ts=f"{MESSAGE[:-1]}{number}", file_id=f"F{number}")
    return replace(ours, **changes)  # type: ignore[arg-type]


def comparison(older: Job, newer: Job) -> Job:
    brief = Brief(compare_with=older.id)
    changes = replace(newer, id="chg-1", message_ts="", trigger="versions", brief=brief)
    return replace(changes, kind=JobKind.CHANGES)


def question(**changes: object) -> Job:
    ours = replace(a_question(), channel=a_job(1).channel, thread_ts=ROOT)
    return replace(ours, **changes)  # type: ignore[arg-type]


KINDS = [ErasureKind.FILE, ErasureKind.MESSAGE, ErasureKind.JOB]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [0, 1], ids=["older", "newer"])
async def test_a_comparison_is_forgotten_with_either_of_its_documents(database, kind, side) -> None:
    both = document(1), document(2)
    await known(database, *both, comparison(*both))
    assert await named(database, kind, both[side]) == {both[side].id, "chg-1"}


async def test_a_comparison_with_a_repeat_of_a_forgotten_analysis_goes_too(database) -> None:
    older, newer = document(1), document(2)
    again = replace(older, id=f"{older.id}-again", message_ts="", file_id="F1")
    await known(database, older, again, newer, comparison(again, newer))
    assert await named(database, ErasureKind.MESSAGE, older) == {older.id, again.id, "chg-1"}


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_about_several_documents_is_forgotten_with_each_of_them(database, kind) -> None:
    first, last = document(1), document(2)
    await known(database, first, last)
    await asked(database, question(), last)
    assert await named(database, kind, first) == {first.id, question().id}


async def test_so_is_one_that_was_asked_elsewhere_of_the_files_of_one_message(database) -> None:
    first, last = document(1, message_ts=MESSAGE), document(2, message_ts=MESSAGE)
    await known(database, first, last)
    elsewhere = question(thread_ts="1700000000.000900")
    await asked(database, elsewhere, last)
    assert await named(database, ErasureKind.FILE, first) == {first.id, elsewhere.id}


async def test_and_one_about_the_files_of_one_command(database) -> None:
    first = document(1, id="cmd-1-F1", thread_ts="", message_ts="cmd-1")
    last = document(2, id="cmd-1-F2", thread_ts="", message_ts="cmd-1")
    await known(database, first, last)
    await asked(database, question(thread_ts="1700000000.000900"), last)
    assert await named(database, ErasureKind.FILE, first) == {first.id, question().id}


async def test_what_was_asked_before_a_document_came_stays(database) -> None:
    first, late = document(1), document(2)
    await known(database, first)
    await asked(database, question(), first)
    await known(database, late)
    assert await named(database, ErasureKind.FILE, late) == {late.id}


async def test_questions_and_comparisons_of_other_threads_stay(database) -> None:
    mine, other = document(1), document(2, thread_ts="1700000000.000800")
    third = document(3, thread_ts="1700000000.000800")
    await known(database, mine, other, third, comparison(other, third))
    await asked(database, question(thread_ts="1700000000.000800"), other)
    assert await named(database, ErasureKind.FILE, mine) == {mine.id}


async def test_with_a_channel_go_answers_about_it_that_were_given_elsewhere(database) -> None:
    private = document(1, id="cmd-1-F1", thread_ts="", message_ts="cmd-1", brief=Brief(private=True))
    await known(database, private)
    elsewhere = question(channel="D1")
    await asked(database, elsewhere, private)
    wish = Erasure("e1", ErasureKind.CHANNEL, private.team, private.channel)
    found = await ErasureStore(database).jobs_of(wish)
    assert {job.id for job, _ in found} == {private.id, elsewhere.id}


async def test_a_deleted_question_is_forgotten_and_the_document_stays(database) -> None:
    mine = document(1)
    await known(database, mine)
    await asked(database, question(), mine)
    assert await named(database, ErasureKind.MESSAGE, question()) == {question().id}
