"""The analyst reads a document and states findings, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from smallprint.agents.answers.analysis import (
    ANALYSIS_CONTRACT,
    ANALYSIS_SHAPES,
    AnyAnalystAnswer,
    SidedAnalystAnswer,
    to_fact,
)
from smallprint.agents.answers.findings import to_finding
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.requests import Assignment, request_for, shape_for, utc_today
from smallprint.agents.structured import ask, parse_answer
from smallprint.errors import UnknownPromptVersion
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import AgentRun, Analysis, Document, DocumentType, Prompt

NO_PROMPT = "The AI analyst has no prompt version to work with."


class DocumentAnalyst:
    """Unverified findings from one reading; what does not stand in the document is sorted out later."""

    offline = False

    def __init__(self, model: LanguageModel, *, today: Callable[[], date] = utc_today) -> None:
        self._model = model
        self._today = today

    @property
    def sees(self) -> bool:
        """True if the model can look at pictures."""
        return self._model.sees

    async def analyse(
        self, document: Document, prompt: Prompt | None, assignment: Assignment
    ) -> tuple[Analysis, AgentRun]:
        """Ask once, repair once.

        Raises:
            ModelError: there is no usable answer.
            PromptError: the prompt is missing, broken or made for another contract.
        """
        if prompt is None:
            raise UnknownPromptVersion(NO_PROMPT)
        request = self.build_prompt(document, prompt, assignment)
        return await ask(self._model, request, lambda text: self.parse_response(text, prompt.contract))

    def build_prompt(self, document: Document, prompt: Prompt, assignment: Assignment) -> CompletionRequest:
        """The request: the rules, the document as data, and the versioned task after it."""
        shape = shape_for(prompt, ANALYSIS_SHAPES)
        request = request_for(prompt, document, assignment, shape, today=self._today())
        return replace(request, stream=True, pictures=document.pictures)

    def parse_response(self, text: str, contract: str = ANALYSIS_CONTRACT) -> Analysis:
        """The answer in the form of `contract` as an Analysis, findings numbered F1, F2, …

        Raises:
            InvalidAnswer: it is not what we asked for; `fault` says how.
        """
        answer: AnyAnalystAnswer = parse_answer(ANALYSIS_SHAPES[contract], text)
        analysis = Analysis(
            summary=answer.summary,
            findings=tuple(to_finding(found, f"F{n}") for n, found in enumerate(answer.findings, start=1)),
            looked_for_not_found=tuple(phrase for phrase in answer.looked_for_and_not_found if phrase),
        )
        return _with_facts(analysis, answer) if isinstance(answer, SidedAnalystAnswer) else analysis


def _with_facts(analysis: Analysis, answer: SidedAnalystAnswer) -> Analysis:
    return replace(
        analysis,
        document_type=DocumentType(answer.document_type),
        language=answer.language,
        side=answer.side,
        facts=tuple(to_fact(fact) for fact in answer.key_facts if fact.label and fact.value),
    )
