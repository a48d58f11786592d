"""The analyst reads a document and states findings, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from smallprint.agents.answers import ANALYSIS_CONTRACT, ANALYSIS_SHAPES, to_finding
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.requests import request_for, shape_for, utc_today
from smallprint.agents.structured import ask, parse_answer
from smallprint.errors import UnknownPromptVersion
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import AgentRun, Analysis, Document, Prompt

NO_PROMPT = "The AI analyst has no prompt version to work with."


class DocumentAnalyst:
    """Unverified findings from one reading; what does not stand in the document is sorted out later."""

    offline = False

    def __init__(
        self, model: LanguageModel, *, default_model: str, today: Callable[[], date] = utc_today
    ) -> None:
        self._model = model
        self._default_model = default_model
        self._today = today

    @property
    def sees(self) -> bool:
        """True if the model can look at pictures."""
        return self._model.sees

    async def analyse(
        self, document: Document, prompt: Prompt | None, analysis_id: str
    ) -> tuple[Analysis, AgentRun]:
        """Ask once, repair once.

        Raises:
            ModelError: there is no usable answer.
            PromptError: the prompt is missing, broken or made for another contract.
        """
        if prompt is None:
            raise UnknownPromptVersion(NO_PROMPT)
        request = self.build_prompt(document, prompt, analysis_id)
        return await ask(self._model, request, lambda text: self.parse_response(text, prompt.contract))

    def build_prompt(self, document: Document, prompt: Prompt, analysis_id: str) -> CompletionRequest:
        """The request: the rules, the document as data, and the versioned task after it."""
        shape = shape_for(prompt, ANALYSIS_SHAPES)
        request = request_for(
            prompt, document, analysis_id, shape, model=self._default_model, today=self._today()
        )
        return replace(request, stream=True, pictures=document.pictures)

    def parse_response(self, text: str, contract: str = ANALYSIS_CONTRACT) -> Analysis:
        """The answer in the form of `contract` as an Analysis, findings numbered F1, F2, …

        Raises:
            InvalidAnswer: it is not what we asked for; `fault` says how.
        """
        answer = parse_answer(ANALYSIS_SHAPES[contract], text)
        return Analysis(
            summary=answer.summary,
            findings=tuple(to_finding(found, f"F{n}") for n, found in enumerate(answer.findings, start=1)),
            looked_for_not_found=tuple(phrase for phrase in answer.looked_for_and_not_found if phrase),
        )
