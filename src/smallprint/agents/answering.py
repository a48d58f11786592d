"""One question's way: prompt and budget settled, the documents read as far as there is room, the answer verified.

It never knows who asked: Slack and the command line call the same `answer`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from smallprint.agents.allowances import Allowances
from smallprint.agents.best_passages import answer_by_words
from smallprint.agents.budgets import Budgets, estimated_usage
from smallprint.agents.bundle import Bundle, BundleQuotes
from smallprint.agents.document_text import estimated_tokens
from smallprint.agents.estimate import Price
from smallprint.agents.follow_up import FollowUp, Heard
from smallprint.agents.pictures import as_seen
from smallprint.agents.ports import PromptSource
from smallprint.agents.profiles import Staffing
from smallprint.agents.relevance import relevant_part
from smallprint.agents.requests import Assignment
from smallprint.errors import ModelOverloaded, ModelUnreachable
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    Agent,
    AgentRun,
    AnalysisRequest,
    Answer,
    AnswerPoint,
    Document,
    Profile,
    Prompt,
    Question,
    StatedAnswer,
    StatedPoint,
)
from smallprint.services.tracing import NoTracing, Tracing

log = structlog.get_logger()

PART_READ = "{name} is long, so I read only the parts that match your question best. What stands elsewhere in it is not covered."
PICTURES_LEFT_OUT = "{name} has scanned pages, which I can't look at while I answer about several documents at once. This doesn't cover them."
AI_DOWN = "The AI can't be reached at the moment. Please ask again later for a real answer."

SHOW_PATIENCE_S = 4.0
"""For what is being shown when the answer is complete."""

Show = Callable[[Sequence[AnswerPoint]], Awaitable[None]]
"""Told verified points while the answer comes; best effort."""


async def show_nothing(_: Sequence[AnswerPoint]) -> None:
    """For who waits for the whole answer."""


class Answering:
    """Turns a question into an answer, once per id: a paid answer is found again."""

    def __init__(
        self,
        agent: FollowUp | None,
        *,
        prompts: PromptSource,
        staffings: Mapping[Profile, Staffing],
        price: Price,
        budgets: Budgets | None = None,
        long_document_tokens: int = 150_000,
        offline_fallback: bool = False,
        tracing: Tracing | None = None,
    ) -> None:
        """`agent`: None answers without an AI. `budgets`: None spends without limit.

        `offline_fallback`: the best passages stand in when the AI cannot be reached any more.
        """
        self._agent = agent
        self._prompts = prompts
        self._staffings = staffings
        self._price = price
        self._budgets = budgets
        self._allowances = Allowances(price, budgets=budgets)
        self._most_tokens = long_document_tokens
        self._offline_fallback = offline_fallback
        self._tracing = tracing or NoTracing()

    async def answer(
        self,
        documents: Sequence[Document],
        question: Question,
        request: AnalysisRequest,
        show: Show = show_nothing,
        *,
        last_try: bool = True,
    ) -> Answer:
        """The verified answer; `show` gets its points as they come. `request` says who asks, by the question's id.

        Raises:
            BudgetReached: a limit would not hold; nothing was spent.
            ScannedDocument: there are only pictures, and nobody can look at them.
            ModelError, PromptError: there can be no answer; the sentence says why.
        """
        if self._agent is None:
            return await _by_words(documents, question)
        try:
            async with self._allowances.held(request.analysis_id, last_try=last_try):
                return await self._asked(self._agent, documents, question, request, show)
        except (ModelOverloaded, ModelUnreachable):
            if not (self._offline_fallback and last_try):
                raise
        log.warning("best passages stand in", question=request.analysis_id)
        answer = await _by_words(documents, question)
        return replace(answer, notes=(AI_DOWN, *answer.notes))

    async def settle(self, question_id: str) -> None:
        """The question was stopped in its middle: free what it holds of the budgets."""
        if self._budgets is not None:
            await self._budgets.settle(question_id)

    async def _asked(
        self,
        agent: FollowUp,
        documents: Sequence[Document],
        question: Question,
        request: AnalysisRequest,
        show: Show,
    ) -> Answer:
        whole, left_out = _as_seen(documents, sees=agent.sees)
        bundle = Bundle(whole)
        seen, cut = await asyncio.to_thread(self._within_room, whole, question)
        prompt = await self._prompts.resolve(Agent.FOLLOW_UP, channel=request.channel)
        staffing = self._staffings[request.brief.profile or Profile.BALANCED]
        assignment = Assignment(request.analysis_id, staffing.analyst, request.brief)
        asked = agent.build_prompt(bundle, seen, question, prompt, assignment)
        if self._budgets is not None:
            await self._budgets.reserve(request, self._cost(asked))
        quotes = await asyncio.to_thread(BundleQuotes, bundle)
        async with _shown(quotes, show) as heard:
            stated, run = await self._stated(agent, asked, prompt, heard)
        points = await asyncio.to_thread(_verified, quotes, stated.points)
        run = replace(run, prompt_arm=prompt.arm)
        names = tuple(document.name for document in whole)
        return Answer(points, stated.found, names, (run,), (*cut, *left_out))

    async def _stated(
        self, agent: FollowUp, asked: CompletionRequest, prompt: Prompt, heard: Heard
    ) -> tuple[StatedAnswer, AgentRun]:
        with self._tracing.agent(Agent.FOLLOW_UP.value, asked.analysis_id, prompt) as took:
            stated, run = await agent.answer(asked, prompt.contract, heard)
            took(run)
        return stated, run

    def _within_room(
        self, documents: Sequence[Document], question: Question
    ) -> tuple[tuple[Document, ...], tuple[str, ...]]:
        """Each document whole, or what of it the question is about; and a note on those that are not whole."""
        share = self._most_tokens // len(documents)
        words = " ".join([question.text, *(each.question for each in question.earlier[-1:])])
        seen, notes = [], []
        for document in documents:
            if estimated_tokens(document) > share:
                notes.append(PART_READ.format(name=document.name))
                document = relevant_part(document, words, share)  # noqa: PLW2901 - what is left of it
            seen.append(document)
        return tuple(seen), tuple(notes)

    def _cost(self, asked: CompletionRequest) -> int | None:
        return self._price(asked.model, estimated_usage(asked), datetime.now(UTC))[0]


async def _by_words(documents: Sequence[Document], question: Question) -> Answer:
    readable, left_out = _as_seen(documents, sees=False)
    answer = await asyncio.to_thread(answer_by_words, readable, question)
    return replace(answer, notes=(*answer.notes, *left_out))


def _as_seen(documents: Sequence[Document], *, sees: bool) -> tuple[tuple[Document, ...], tuple[str, ...]]:
    """What can be read of them, and notes on what can't. Pictures of several would have the same page numbers.

    Raises:
        ScannedDocument: there are only pictures, and nobody can look at them.
    """
    if len(documents) == 1:
        return (as_seen(documents[0], sees=sees),), ()
    with_text = tuple(document for document in documents if document.passages)
    if not with_text:
        return _as_seen(documents[:1], sees=sees)
    notes = (PICTURES_LEFT_OUT.format(name=each.name) for each in documents if each.pictures)
    return tuple(as_seen(document, sees=False) for document in with_text), tuple(notes)


def _verified(quotes: BundleQuotes, points: Sequence[StatedPoint]) -> tuple[AnswerPoint, ...]:
    return tuple(map(quotes.verify, points))


@asynccontextmanager
async def _shown(quotes: BundleQuotes, show: Show) -> AsyncIterator[Heard]:
    """What is heard is verified and shown beside the reading, which must not wait for either.

    It ends with the reading, but not in the middle of a call: Slack could carry that out after the whole answer's.
    """
    waiting: asyncio.Queue[StatedPoint | None] = asyncio.Queue()

    def heard(points: Sequence[StatedPoint]) -> None:
        for point in points:
            waiting.put_nowait(point)

    showing = asyncio.create_task(_show_all(waiting, quotes, show))
    try:
        yield heard
    finally:
        waiting.put_nowait(None)
        await asyncio.wait({showing}, timeout=SHOW_PATIENCE_S)
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _show_all(waiting: asyncio.Queue[StatedPoint | None], quotes: BundleQuotes, show: Show) -> None:
    while True:
        heard = [await waiting.get()]
        while not waiting.empty():
            heard.append(waiting.get_nowait())
        points = [point for point in heard if point is not None]
        if len(points) < len(heard):
            return  # the whole answer is there
        verified = await asyncio.to_thread(_verified, quotes, points)
        try:
            await show(verified)
        except Exception as error:  # noqa: BLE001 - the whole answer is shown anyway
            log.info("points not shown", error=type(error).__name__)
            return
