"""The agent that answers a question about documents that were analysed before, from their words alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from smallprint.agents.answers.answer import ANSWER_CONTRACT, ANSWER_SHAPES, to_stated_answer
from smallprint.agents.bundle import Bundle
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.point_stream import PointStream
from smallprint.agents.requests import Assignment, request_for, shape_for, utc_today
from smallprint.agents.structured import ask, parse_answer
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import AgentRun, Document, Prompt, Question, StatedAnswer, StatedPoint

Heard = Callable[[Sequence[StatedPoint]], None]
"""Told the points of an answer as they come, unverified; must be quick and must not raise."""


class FollowUp:
    """Unverified answers; what does not stand in the document is sorted out later."""

    def __init__(self, model: LanguageModel, *, today: Callable[[], date] = utc_today) -> None:
        self._model = model
        self._today = today

    @property
    def sees(self) -> bool:
        """True if the model can look at pictures."""
        return self._model.sees

    def build_prompt(
        self,
        bundle: Bundle,
        seen: Sequence[Document],
        question: Question,
        prompt: Prompt,
        assignment: Assignment,
    ) -> CompletionRequest:
        """The documents as data, the question and the conversation before it as data beside them, and the versioned task.

        `seen`: the bundle's documents, or windows of them. The prefix up to the documents is kept by the vendor, so
        that the next question of the thread reads them for a fraction.

        Raises:
            PromptError: the prompt is broken or made for another contract.
        """
        shape = shape_for(prompt, ANSWER_SHAPES)
        request = request_for(prompt, seen[0], assignment, shape, today=self._today())
        return replace(
            request,
            document_name=bundle.name,
            document_text=bundle.text(seen),
            attachment=_as_data(question),
            pictures=seen[0].pictures if len(seen) == 1 else (),
            cache=True,
            stream=True,
        )

    async def answer(
        self, request: CompletionRequest, contract: str, heard: Heard
    ) -> tuple[StatedAnswer, AgentRun]:
        """Ask once, repair the form of the answer once; `heard` gets the points while they come.

        Raises:
            ModelError: there is no usable answer.
        """
        points = PointStream()
        asked = replace(request, hears=lambda text: heard(points.feed(text)))
        return await ask(self._model, asked, lambda text: self.parse_response(text, contract))

    def parse_response(self, text: str, contract: str = ANSWER_CONTRACT) -> StatedAnswer:
        """Raises InvalidAnswer: it is not what we asked for; `fault` says how."""
        return to_stated_answer(parse_answer(ANSWER_SHAPES[contract], text))


def _as_data(question: Question) -> str:
    earlier = [{"question": each.question, "answer": each.answer} for each in question.earlier]
    return json.dumps({"earlier": earlier, "question": question.text}, ensure_ascii=False, indent=1)
