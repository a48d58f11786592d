"""What a question's job meets, in memory: the thread, the log of questions, who answers, and where it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from smallprint.errors import Stopped
from smallprint.jobs.question_ports import Show
from smallprint.models.domain import (
    AnalysisRequest,
    Answer,
    AnswerPoint,
    Brief,
    Document,
    Exchange,
    Job,
    JobKind,
    Question,
)
from tests.fakes.asked import a_whole_answer

ROOT = "1700000001.000100"


def a_question(text: str = "How long is the notice period?", *, ts: str = "1700000009.000100") -> Job:
    """A mention in the thread of `a_job()`."""
    return Job(
        f"ask-{ts}",
        "T1",
        "C1",
        ROOT,
        "",
        "U1",
        "app_mention",
        message_ts=ts,
        brief=Brief(question=text),
        kind=JobKind.QUESTION,
    )


class Thread:
    """A thread's documents and files; `hand_over` makes documents of files."""

    def __init__(self, *documents: Job, files: Sequence[Job] = (), earlier: Sequence[Job] = ()) -> None:
        self.known = {job.id: job for job in documents}
        self.shared = tuple(files)
        self.before = {job.id: job for job in earlier}
        """Of the thread before, in the same conversation."""
        self.handed_over: list[str] = []

    async def documents(self, asked: Job) -> tuple[Job, ...]:
        return tuple(self.known.values())

    async def latest(self, asked: Job) -> tuple[Job, ...]:
        return tuple(self.before.values())

    async def get(self, job_id: str) -> Job | None:
        return {**self.before, **self.known}.get(job_id)

    async def files(self, asked: Job) -> tuple[Job, ...]:
        return self.shared

    async def hand_over(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if job.id not in self.known:
                self.known[job.id] = job
                self.handed_over.append(job.id)


class QuestionLog:
    """Questions by id, with their answers."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Job, str]] = {}
        self.answers: dict[str, Answer] = {}

    async def begin(self, job: Job, analysis_id: str) -> None:
        self.rows.setdefault(job.id, (job, analysis_id))

    async def begun(self, question_id: str) -> bool:
        return question_id in self.rows

    async def answer(self, question_id: str) -> Answer | None:
        return self.answers.get(question_id)

    async def earlier(self, job: Job) -> tuple[Exchange, ...]:
        before = [known for known, _ in self.rows.values() if known.message_ts < job.message_ts]
        return tuple(
            Exchange(known.brief.question, self.answers[known.id].points[0].statement)
            for known in before
            if known.id in self.answers
        )

    async def finish(self, question_id: str, answer: Answer) -> None:
        self.answers.setdefault(question_id, answer)


class PaidAnswerer:
    """Answers at once; `troubles` are raised first, one a call. What was answered for an id costs once."""

    def __init__(self, *troubles: Exception, answer: Answer | None = None) -> None:
        self.troubles = list(troubles)
        self.paid: dict[str, int] = {}
        self.questions: list[Question] = []
        self.documents: list[list[str]] = []
        self._answer = answer or a_whole_answer()
        self.settled: list[str] = []
        self.never_ends = False

    async def answer(
        self,
        documents: Sequence[Document],
        question: Question,
        request: AnalysisRequest,
        show: Show,
        *,
        last_try: bool,
    ) -> Answer:
        if self.troubles:
            raise self.troubles.pop(0)
        if self.never_ends:
            await asyncio.get_running_loop().create_future()
        self.paid.setdefault(request.analysis_id, len(self.paid) + 1)
        self.questions.append(question)
        self.documents.append([document.name for document in documents])
        await show(self._answer.points)
        return self._answer

    async def settle(self, question_id: str) -> None:
        self.settled.append(question_id)


class Members:
    """Full members of the workspace."""

    def __init__(self, *users: str) -> None:
        self._users = users

    async def is_full_member(self, user: str) -> bool:
        return user in self._users


class RecordingAnswers:
    """A delivery that shows one thing a question. `troubles` are raised by deliver and say, one a call."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.announced: list[str] = []
        self.live_points: list[AnswerPoint] = []
        self.shown: dict[str, Answer | str] = {}
        """What stands in the thread in the end."""

    async def announce(self, job: Job) -> None:
        if job.id not in self.announced:
            self.announced.append(job.id)

    @asynccontextmanager
    async def live(self, job: Job) -> AsyncIterator[Show]:
        async def show(points: Sequence[AnswerPoint]) -> None:
            self.live_points += points

        yield show

    async def deliver(self, job: Job, answer: Answer) -> None:
        self._stumble()
        self.shown[job.id] = answer

    async def say(self, job: Job, sentence: str) -> None:
        self._stumble()
        self.shown[job.id] = sentence

    async def stopped(self, job: Job) -> None:
        await self.say(job, Stopped.sentence)

    def _stumble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
