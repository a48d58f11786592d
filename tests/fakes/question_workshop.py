"""A question's workflow with its surroundings, and an engine's memory of steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from smallprint.jobs.questions import QuestionWorkflow
from smallprint.jobs.steps import Steps
from smallprint.jobs.stops import Stops
from smallprint.jobs.workflows import Workflows
from smallprint.models.domain import Answer, Job, JobKind
from smallprint.services.database.jobs import Arrival, JobState
from tests.fakes.files import PlainReader, ShelfOfFiles
from tests.fakes.job_store import NOW, InMemoryJobStore
from tests.fakes.questions import (
    Members,
    PaidAnswerer,
    QuestionLog,
    RecordingAnswers,
    Thread,
    a_question,
)

T = TypeVar("T")
QUESTION = a_question()


class Killed(BaseException):
    """The process is gone."""


class Workshop:
    """The workflow with its surroundings, and an engine's memory of steps."""

    def __init__(self, *documents: Job, files: tuple[Job, ...] = (), earlier: tuple[Job, ...] = ()) -> None:
        self.store, self.log = InMemoryJobStore(), QuestionLog()
        self.thread = Thread(*documents, files=files, earlier=earlier)
        self.files, self.reader = ShelfOfFiles(), PlainReader()
        self.answerer, self.delivery = PaidAnswerer(), RecordingAnswers()
        self.members = Members("U1")
        self.remembered: dict[str, object] = {}
        self.killed_after = ""
        self.stops: Stops | None = None

    def workflow(self) -> Workflows:
        """As after a restart: nothing in memory."""
        questions = QuestionWorkflow(
            steps=Steps(self.store, retry_interval_s=0),
            files=self.files,
            reader=self.reader,
            answerer=self.answerer,
            threads=self.thread,
            thread_files=self.thread,
            questions=self.log,
            hand_over=self.thread.hand_over,
            askers=self.members,
            delivery=self.delivery,
            concurrency=2,
            stops=self.stops,
        )
        return Workflows(self.store, {JobKind.QUESTION: questions})

    async def run(self, job: Job = QUESTION) -> str:
        await self.store.add([Arrival(job, JobState.QUEUED, NOW)])
        return await self.workflow().run(job.id, self.step)

    async def step(self, name: str, action: Callable[[], Awaitable[T]], /) -> T:
        if name not in self.remembered:
            result = await action()
            if name == self.killed_after:
                self.killed_after = ""
                raise Killed  # done, but not recorded
            self.remembered[name] = result
        return self.remembered[name]  # type: ignore[return-value]

    @property
    def shown(self) -> Answer | str | None:
        (shown,) = self.delivery.shown.values() or (None,)
        return shown

    def row(self, job: Job = QUESTION) -> tuple[JobState, str]:
        row = self.store.rows[job.id]
        return row.state, row.outcome
