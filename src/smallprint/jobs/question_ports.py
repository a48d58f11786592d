"""What a question's job needs of the world outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from smallprint.models.domain import AnalysisRequest, Answer, AnswerPoint, Document, Exchange, Job, Question

Show = Callable[[Sequence[AnswerPoint]], Awaitable[None]]


class Threads(Protocol):
    """Which documents a thread holds (services/database/threads.py)."""

    async def documents(self, asked: Job) -> tuple[Job, ...]: ...

    async def latest(self, asked: Job) -> tuple[Job, ...]:
        """Of the conversation's latest thread that has any."""
        ...

    async def get(self, job_id: str) -> Job | None: ...


class ThreadFiles(Protocol):
    """Files that people shared in a thread, as jobs to analyse them (slack/thread_files.py)."""

    async def files(self, asked: Job) -> tuple[Job, ...]: ...


class QuestionLog(Protocol):
    """services/database/questions.py."""

    async def begin(self, job: Job, analysis_id: str) -> None: ...

    async def begun(self, question_id: str) -> bool: ...

    async def answer(self, question_id: str) -> Answer | None: ...

    async def earlier(self, job: Job) -> tuple[Exchange, ...]: ...

    async def finish(self, question_id: str, answer: Answer) -> None: ...


class Answerer(Protocol):
    """agents/answering.py."""

    async def answer(
        self,
        documents: Sequence[Document],
        question: Question,
        request: AnalysisRequest,
        show: Show,
        *,
        last_try: bool,
    ) -> Answer: ...

    async def settle(self, question_id: str) -> None:
        """Nobody goes on with the question: what was held for it is free."""
        ...


class Askers(Protocol):
    """Who may ask (slack/permissions.py)."""

    async def is_full_member(self, user: str) -> bool: ...


class AnswerDelivery(Protocol):
    """How an answer shows itself (slack/answers.py). Everything may be called again without harm."""

    async def announce(self, job: Job) -> None: ...

    def live(self, job: Job) -> AbstractAsyncContextManager[Show]:
        """Round the answering: shows points as they come. Best effort, never raises."""
        ...

    async def deliver(self, job: Job, answer: Answer) -> None: ...

    async def say(self, job: Job, sentence: str) -> None:
        """A sentence in the answer's place."""
        ...

    async def stopped(self, job: Job) -> None:
        """In the answer's place: who stopped it, and what it had cost by then."""
        ...


HandOver = Callable[[Sequence[Job]], Awaitable[None]]
"""Returns when the jobs are on disk; those that are there already do nothing."""
