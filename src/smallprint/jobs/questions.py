"""A question in a thread as a durable job: understand, announce, answer, deliver; each step recorded when it is done.

An answer is written down before it is shown, and found there after a crash; what was paid for is found among the paid
answers. The engine sees ids and codes: questions, documents and answers stand in our own tables or in memory.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypedDict

import structlog

from smallprint.errors import DocumentError, FileError, NotAllowed, SmallprintError, Stopped
from smallprint.jobs.about import ABOUT, about, courtesy
from smallprint.jobs.question_ports import (
    AnswerDelivery,
    Answerer,
    Askers,
    HandOver,
    QuestionLog,
    ThreadFiles,
    Threads,
)
from smallprint.jobs.serialization import JobError, sentence_for
from smallprint.jobs.steps import StepRunner, Steps
from smallprint.jobs.stops import Stops, Unstoppable
from smallprint.jobs.workflow import FileSource, Reader
from smallprint.models.domain import (
    AnalysisRequest,
    Answer,
    Document,
    Job,
    Question,
)
from smallprint.services.database.jobs import JobState

log = structlog.get_logger()

ANSWERED, NOT_FOUND = "answered", "not_in_the_document"
HANDED_OVER = "handed_over"
"""Outcome of a mention that asked nothing: the thread's files are analysed, and that is the answer."""
WHAT_TO_ASK, NO_DOCUMENT = "what_to_ask", "no_document"
HELP: Mapping[str, str] = {
    WHAT_TO_ASK: "What would you like to know? Ask me about the document in this thread, for example “How long is"
    " the notice period?”, and I answer from its words, with quotations.",
    NO_DOCUMENT: "There is no document in this thread that I could answer from. Share one here or send it to me"
    " directly (PDF, Word, PowerPoint, Excel, e-mail and more): I read it and answer in its thread, and there"
    " you can ask me about it.",
    **ABOUT,
}
MEMBERS_ONLY = (
    "I answer questions only for full members of this workspace. Please ask a colleague who is one."
)

MOST_DOCUMENTS = 3
"""Asked about at once: the latest of the thread."""
LEFT_OUT = "This thread has more documents; I looked at the {count} latest."
NOT_READ = "I couldn't read one of the documents in this thread: {reason}"


class _Understood(TypedDict):
    """What the engine stores of the first step."""

    documents: list[str]
    """Ids of their jobs, oldest first."""
    left_out: bool
    says: str
    """A code of HELP or HANDED_OVER; empty when there is something to answer."""


class QuestionWorkflow:
    """The steps of a question. Their names and order are part of the data of running jobs."""

    def __init__(
        self,
        *,
        steps: Steps,
        files: FileSource,
        reader: Reader,
        answerer: Answerer,
        threads: Threads,
        thread_files: ThreadFiles,
        questions: QuestionLog,
        hand_over: HandOver,
        askers: Askers,
        delivery: AnswerDelivery,
        concurrency: int,
        stops: Stops | None = None,
    ) -> None:
        """`concurrency`: questions that are answered at once. `stops`: None for questions that nobody can stop."""
        self._does = steps
        self._files = files
        self._reader = reader
        self._answerer = answerer
        self._threads = threads
        self._thread_files = thread_files
        self._questions = questions
        self._hand_over = hand_over
        self._askers = askers
        self._delivery = delivery
        self._stops = stops or Stops(Unstoppable())
        self._slots = asyncio.Semaphore(concurrency)

    async def run(self, job: Job, step: StepRunner) -> str:
        """The whole job; returns its outcome: answered or not, handed over, a code of HELP, or an error's code."""
        try:
            understood = await step("understand", partial(self._understand_step, job))
            if understood["says"]:
                return (await step("say", partial(self._say_step, job, understood["says"])))["outcome"]
            await step("announce", partial(self._announce_step, job))
            async with self._slots:
                outcome = (await step("answer", partial(self._answer_step, job, understood)))["outcome"]
            return (await step("deliver", partial(self._deliver_step, job, outcome)))["outcome"]
        except Exception as error:  # noqa: BLE001 - whatever it is, the asker gets a sentence
            return (await step("fail", partial(self._fail_step, job, JobError.of(error, job.id))))["outcome"]

    async def show(self, job: Job, outcome: str) -> tuple[JobState, str]:
        """Deliver the answer if there is one, else what stands for it. Raises SmallprintError."""
        answer = await self._questions.answer(job.id)
        if answer is not None:
            await self._delivery.deliver(job, answer)
            return JobState.DONE, _outcome(answer)
        if outcome == HANDED_OVER:
            return JobState.DONE, outcome
        await self._unanswered(job, outcome, HELP.get(outcome) or sentence_for(outcome, job.id))
        return (JobState.DONE if outcome in HELP else JobState.FAILED), outcome

    # --- the steps: what they return is stored by the engine -------------------------------------------------

    async def _understand_step(self, job: Job) -> _Understood:
        return await self._does.work(job, "understand", lambda _: self._understand(job))

    async def _announce_step(self, job: Job) -> dict[str, str]:
        await self._does.announce(job, lambda _: self._delivery.announce(job))
        return {}

    async def _answer_step(self, job: Job, understood: _Understood) -> dict[str, str]:
        try:
            async with self._stops.guard(job):
                answer = await self._does.work(job, "answer", partial(self._answer, job, understood))
        except Stopped as stopped:
            await self._answerer.settle(job.id)
            known = await self._questions.answer(job.id)
            if known is None:
                raise JobError.of(stopped, job.id) from None
            answer = known  # the stop came too late
        return {"outcome": _outcome(answer)}

    async def _deliver_step(self, job: Job, outcome: str) -> dict[str, str]:
        async def deliver(_last_try: bool) -> None:  # noqa: FBT001 - called by Retries
            answer = await self._questions.answer(job.id)
            if answer is None:
                raise SmallprintError
            await self._delivery.deliver(job, answer)

        return await self._does.end(job, "deliver", deliver, JobState.DONE, outcome)

    async def _say_step(self, job: Job, says: str) -> dict[str, str]:
        if says == HANDED_OVER:
            await self._does.finish(job, JobState.DONE, says)
            return {"outcome": says}
        return await self._does.end(
            job, "say", lambda _: self._delivery.say(job, HELP[says]), JobState.DONE, says
        )

    async def _fail_step(self, job: Job, failure: JobError) -> dict[str, str]:
        return await self._does.fail(
            job, failure, lambda _: self._unanswered(job, failure.code, failure.sentence)
        )

    # --- what the steps do ------------------------------------------------------------------------------------

    async def _understand(self, job: Job) -> _Understood:
        may_ask = await self._askers.is_full_member(job.user)
        if not may_ask and not _is_direct(job):
            raise NotAllowed(MEMBERS_ONLY)
        if says := courtesy(job.brief.question):
            return _asked_of((), says)
        documents: Sequence[Job] = await self._threads.documents(job)
        if not documents and (says := about(job.brief.question)):
            return _asked_of((), says)
        if not may_ask:
            raise NotAllowed(MEMBERS_ONLY)
        if not job.brief.question:
            return _asked_of((), await self._understand_bare(job, documents))
        documents = documents or await self._handed_over(job, documents)
        if not documents and _is_direct(job):
            documents = await self._threads.latest(job)
        if not documents:
            return _asked_of((), NO_DOCUMENT)
        await self._questions.begin(job, documents[-1].id)
        return _asked_of(documents, "")

    async def _understand_bare(self, job: Job, documents: Sequence[Job]) -> str:
        """A mention that asks nothing: files of the thread that were not analysed are meant."""
        # One that was understood before a crash has handed them over already.
        if await self._handed_over(job, documents) or await self._questions.begun(job.id):
            return HANDED_OVER
        return WHAT_TO_ASK if documents else NO_DOCUMENT

    async def _handed_over(self, job: Job, documents: Sequence[Job]) -> Sequence[Job]:
        """The files of the thread that are no documents yet, on their way to become some."""
        known = {document.file_id for document in documents}
        fresh = [file for file in await self._thread_files.files(job) if file.file_id not in known]
        if fresh:
            await self._questions.begin(job, fresh[0].id)
            await self._hand_over(fresh)
        return fresh

    async def _answer(self, job: Job, understood: _Understood, last_try: bool) -> Answer:  # noqa: FBT001 - called by Retries
        known = await self._questions.answer(job.id)
        if known is not None:
            return known
        started = time.monotonic()
        question = Question(job.brief.question, await self._questions.earlier(job))
        request = AnalysisRequest(job.id, job.team, job.channel, job.user, job.trigger, job.brief)
        async with self._delivery.live(job) as show:
            documents, notes = await self._read(understood["documents"])
            answer = await self._answerer.answer(documents, question, request, show, last_try=last_try)
        if understood["left_out"]:
            notes.append(LEFT_OUT.format(count=MOST_DOCUMENTS))
        await self._questions.finish(job.id, _noted(answer, notes))
        log.info(
            "question answered",
            job=job.id,
            seconds=round(time.monotonic() - started, 3),
            documents=len(documents),
            points=len(answer.points),
            found=answer.found,
        )
        return answer

    async def _unanswered(self, job: Job, code: str, sentence: str) -> None:
        if code == Stopped.code:
            await self._delivery.stopped(job)
        else:
            await self._delivery.say(job, sentence)

    async def _read(self, job_ids: Sequence[str]) -> tuple[list[Document], list[str]]:
        """Those that can be read, and why the others can't. Raises what the last one raised if none can."""
        documents, failures = list[Document](), list[SmallprintError]()
        for job_id in job_ids:
            job = await self._threads.get(job_id)
            if job is None:
                continue  # forgotten meanwhile
            try:
                file = await self._files.fetch(job)
                documents.append(await self._reader.read(file.name, file.content))
            except (FileError, DocumentError) as error:
                if error.retryable:
                    raise
                failures.append(error)
        if not documents:
            raise failures[-1] if failures else DocumentError(HELP[NO_DOCUMENT])
        return documents, [NOT_READ.format(reason=failure.user_message) for failure in failures]


def _asked_of(documents: Sequence[Job], says: str) -> _Understood:
    latest = [job.id for job in documents[-MOST_DOCUMENTS:]]
    return {"documents": latest, "left_out": len(documents) > len(latest), "says": says}


def _is_direct(job: Job) -> bool:
    """Written to us directly: where its thread has no document, it means what was spoken of before."""
    return job.trigger == "message"


def _outcome(answer: Answer) -> str:
    return ANSWERED if answer.found else NOT_FOUND


def _noted(answer: Answer, notes: Sequence[str]) -> Answer:
    return replace(answer, notes=(*answer.notes, *notes))
