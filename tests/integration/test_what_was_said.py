"""Retention of what people said: questions, comparisons, thumbs and decisions lose their words, never their rows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, select, update

from smallprint.models.database import answers, comparisons, feedback, finding_decisions, jobs, questions
from smallprint.models.domain import (
    Answer,
    AnswerPoint,
    Brief,
    Decision,
    Evidence,
    Feedback,
    FindingDecision,
    Job,
    JobKind,
    Match,
    Profile,
    Thumb,
)
from smallprint.services.database.calls import CallStore
from smallprint.services.database.comparisons import ComparisonStore
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.feedback import FeedbackStore
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.questions import QuestionStore
from smallprint.services.database.retention import Purged, Retention
from smallprint.services.database.statistics import PromptStatistics
from tests.fakes.versions import some_changes
from tests.integration.databases import DIALECTS, fresh_database
from tests.integration.retaining import (
    LONG_AGO,
    NINETY,
    NOTHING,
    NOW,
    SECRET,
    a_call,
    a_report,
    analysed,
    bytes_of,
    kept_job,
    kept_report,
    rows,
)

SAID = (questions, comparisons, feedback, finding_decisions)
GONE, STAYS = "U0GONEGONE", "U0STAYS"
ANSWERED = Answer(
    points=(AnswerPoint(f"{SECRET} point", (Evidence(Match.EXACT, f"{SECRET} words", passage=1),)),),
    found=True,
    documents=(f"{SECRET}.pdf",),
)


@dataclass(frozen=True)
class Talk:
    """What people said in one installation, and what is kept of it."""

    database: Database
    retention: Retention

    async def asks(
        self, name: str, user: str, at: datetime = LONG_AGO, state: JobState = JobState.DONE
    ) -> None:
        """A question with its answer, and what the answer was made of."""
        brief = Brief(profile=Profile.THOROUGH, question=f"Is there a {SECRET}?")
        job = Job(name, "T1", "C1", "1.0", "", user, "app_mention", brief=brief, kind=JobKind.QUESTION)
        await self._job(job, state, at)
        store = QuestionStore(self.database)
        await store.begin(job, "doc-1")
        await store.finish(name, ANSWERED)
        await CallStore(self.database).record(a_call(name, at), f"{name}/main", f"{SECRET} answer")
        await self._at(questions, at, questions.c.id == name)

    async def compares(
        self, name: str, user: str, at: datetime = LONG_AGO, state: JobState = JobState.DONE
    ) -> None:
        brief = Brief(compare_with="doc-1")
        job = Job(name, "T1", "C1", "1.0", "F2", user, "changes", brief=brief, kind=JobKind.CHANGES)
        await self._job(job, state, at)
        await ComparisonStore(self.database).keep(
            job, some_changes(summary=f"{SECRET} summary", created_at=at)
        )

    async def rates(self, name: str, user: str, at: datetime = LONG_AGO) -> None:
        store, why = FeedbackStore(self.database), f"{SECRET} is missing"
        await store.rate(Feedback("doc-1", user, Thumb.DOWN, why, f"view/{name}", at))

    async def dismisses(self, name: str, user: str, at: datetime = LONG_AGO) -> None:
        why = f"{SECRET} is what we agreed on"
        wanted = FindingDecision("doc-1", f"F-{name}", Decision.DISMISSED, user, why, f"view/{name}", at)
        assert await FeedbackStore(self.database).decide(wanted) is not None

    async def says_everything(self, user: str, at: datetime = LONG_AGO) -> None:
        await self.asks(f"q-{user}", user, at)
        await self.compares(f"c-{user}", user, at)
        await self.rates(f"t-{user[:4]}-{at:%j}", user, at)
        await self.dismisses(f"d-{user[:4]}-{at:%j}", user, at)

    async def counts(self) -> dict[str, int]:
        async with self.database.read() as connection:
            return {
                table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                for table in SAID
            }

    async def opinions(self) -> tuple[int, ...]:
        """As the statistics of prompt versions have them: 👍, 👎, accepted, dismissed."""
        (found,) = await PromptStatistics(self.database).compare("document_analysis")
        total = found.total
        return total.thumbs_up, total.thumbs_down, total.accepted, total.dismissed

    async def everything(self) -> str:
        """All that is written down of what was said, of the jobs behind it, and of paid answers."""
        return json.dumps([await rows(self.database, table) for table in (*SAID, jobs, answers)])

    async def _job(self, job: Job, state: JobState, at: datetime) -> None:
        store = JobStore(self.database)
        await store.add([Arrival(job, state, at)])
        if state is JobState.DONE:
            await store.finish(job.id, state, "answered")
            await self._at(jobs, at, jobs.c.id == job.id)

    async def _at(self, table: Table, at: datetime, its: Any) -> None:
        when = {"created_at": to_iso(at), "finished_at": to_iso(at)}
        async with self.database.write() as connection:
            await connection.execute(update(table).where(its).values(when))


@pytest.fixture(params=DIALECTS)
async def talk(request, tmp_path) -> AsyncIterator[Talk]:
    async with fresh_database(request.param, tmp_path) as database:
        yield Talk(database, Retention(database, clock=lambda: NOW))


@pytest.fixture
async def on_disk(tmp_path) -> AsyncIterator[Talk]:
    async with fresh_database("sqlite", tmp_path) as database:
        yield Talk(database, Retention(database, clock=lambda: NOW))


# --- purge -----------------------------------------------------------------------------------------------


async def test_what_was_said_long_ago_loses_its_words_and_keeps_its_rows(talk):
    await talk.says_everything("U1")
    before = await talk.counts()

    assert await talk.retention.purge(NINETY) == Purged(answers=1, jobs=1, said=4)

    assert await talk.counts() == before == dict.fromkeys(before, 1)
    assert SECRET not in await talk.everything()
    assert await QuestionStore(talk.database).answer("q-U1") is None
    assert await ComparisonStore(talk.database).changes("c-U1") is None
    assert (await kept_job(talk.database, "q-U1")).brief == Brief(profile=Profile.THOROUGH)


async def test_who_said_what_and_how_it_was_decided_stays(talk):
    await talk.says_everything("U1")
    await talk.retention.purge(NINETY)
    (thumb,) = await rows(talk.database, feedback)
    (decision,) = (await FeedbackStore(talk.database).decisions("doc-1")).values()
    assert (thumb["thumb"], thumb["user_id"], thumb["reason"]) == ("down", "U1", "")
    assert (decision.decision, decision.user, decision.reason) == (Decision.DISMISSED, "U1", "")


async def test_what_is_not_too_old_stays_as_it_is_and_a_second_purge_finds_nothing(talk):
    await talk.says_everything("U1")
    await talk.says_everything("U2", NOW - timedelta(days=89))
    assert (await talk.retention.purge(NINETY)).said == 4
    assert await QuestionStore(talk.database).answer("q-U2") == ANSWERED
    assert await ComparisonStore(talk.database).changes("c-U2") is not None
    assert await talk.retention.purge(NINETY) == Purged()
    assert {row["reason"] != "" for row in await rows(talk.database, feedback)} == {True, False}


@pytest.mark.parametrize("state", [JobState.ACCEPTED, JobState.QUEUED, JobState.UNDELIVERED])
async def test_a_question_and_a_comparison_stay_whole_until_somebody_has_seen_the_answer(talk, state):
    await talk.asks("q", "U1", NOW - timedelta(days=1, hours=1), state)
    await talk.compares("c", "U1", NOW - timedelta(days=1, hours=1), state)
    assert await talk.retention.purge(NOTHING) == Purged()
    assert await QuestionStore(talk.database).answer("q") == ANSWERED
    assert await CallStore(talk.database).answer("q/main") is not None
    for job_id in ("q", "c"):
        await JobStore(talk.database).finish(job_id, JobState.DONE, "answered")
    assert (await talk.retention.purge(NOTHING)).said == 2


async def test_after_the_purge_no_word_that_was_said_is_in_the_bytes_of_the_file(on_disk, tmp_path):
    for number in range(8):
        await on_disk.says_everything(f"U{number}", LONG_AGO - timedelta(days=number))
    assert SECRET.encode() in bytes_of(tmp_path)
    await on_disk.retention.purge(NINETY)
    await on_disk.retention.compact()
    assert SECRET.encode() not in bytes_of(tmp_path)


# --- forgetting a user -----------------------------------------------------------------------------------


async def test_of_a_user_who_is_forgotten_the_rows_stay_without_id_and_words(talk):
    await talk.says_everything(GONE, NOW)
    await talk.says_everything(STAYS, NOW)
    before = await talk.counts()

    await talk.retention.forget(GONE)

    assert await talk.counts() == before == dict.fromkeys(before, 2)
    for table in SAID:
        assert {row["user_id"] for row in await rows(talk.database, table)} == {None, STAYS}
    assert {row["thumb"] for row in await rows(talk.database, feedback)} == {"down"}
    assert await QuestionStore(talk.database).answer(f"q-{GONE}") is None
    assert await CallStore(talk.database).answer(f"q-{GONE}/main") is None
    assert await QuestionStore(talk.database).answer(f"q-{STAYS}") == ANSWERED
    assert await ComparisonStore(talk.database).changes(f"c-{STAYS}") is not None
    assert [row["reason"] for row in await rows(talk.database, finding_decisions)].count("") == 1


async def test_thumbs_and_decisions_of_people_who_are_forgotten_count_as_before(talk):
    await analysed(talk.database, "doc-1", user="U0ASKED")
    for user, thumbs in {GONE: "up down", "U0ALSO": "down up", STAYS: "down", "U0ONCE": "down"}.items():
        for number, thumb in enumerate(thumbs.split()):
            press = Feedback("doc-1", user, Thumb(thumb), "", f"press/{user}/{number}", NOW)
            await FeedbackStore(talk.database).rate(press)
        await talk.dismisses(user, user, NOW)
    before = await talk.opinions()

    for user in (GONE, "U0ALSO", "U0ONCE"):
        await talk.retention.forget(user)

    assert await talk.opinions() == before == (1, 3, 0, 4)
    assert sorted(row["user_id"] or "" for row in await rows(talk.database, feedback)) == ["", "", "", STAYS]


async def test_a_question_that_is_still_being_answered_is_left_until_it_is_over(talk):
    await talk.asks("q", GONE, NOW, JobState.QUEUED)
    await talk.compares("c", GONE, NOW, JobState.QUEUED)
    assert (await talk.retention.forget(GONE)).running == 2
    assert await QuestionStore(talk.database).answer("q") == ANSWERED
    assert await CallStore(talk.database).answer("q/main") is not None
    for job_id in ("q", "c"):
        await JobStore(talk.database).finish(job_id, JobState.DONE, "answered")
    assert (await talk.retention.forget(GONE)).running == 0
    assert GONE not in await talk.everything()


async def test_who_stopped_the_analysis_of_somebody_else_is_forgotten_too(talk):
    database = talk.database
    for name, by in (("stopped", GONE), ("other", STAYS)):
        await analysed(database, name, user="U0ASKED", report=a_report(name, stopped_by=by))
        async with database.write() as connection:
            await connection.execute(update(jobs).where(jobs.c.id == name).values(stopped_by=by))

    await talk.retention.forget(GONE)

    assert {row["id"]: row["stopped_by"] for row in await rows(database, jobs)} == {
        "stopped": "",
        "other": STAYS,
    }
    assert (await kept_report(database, "stopped")).stopped_by == ""
    assert (await kept_report(database, "stopped")).summary.startswith(SECRET)
    assert (await kept_report(database, "other")).stopped_by == STAYS


async def test_neither_the_id_nor_the_words_of_who_is_forgotten_are_in_the_bytes_of_the_file(
    on_disk, tmp_path
):
    for number in range(8):
        at = NOW - timedelta(days=number)
        await on_disk.asks(f"q-{number}", GONE, at)
        await on_disk.compares(f"c-{number}", GONE, at)
        await on_disk.rates(f"t-{number}", GONE, at)
        await on_disk.dismisses(f"d-{number}", GONE, at)
    assert GONE.encode() in bytes_of(tmp_path)
    await on_disk.retention.forget(GONE)
    left = bytes_of(tmp_path)
    assert (GONE.encode() in left, SECRET.encode() in left) == (False, False)
