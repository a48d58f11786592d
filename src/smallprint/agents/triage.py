"""The triage looks at a document's beginning and end: what it is, in which language, and whether it speaks to an AI.

It is cheap enough to run on every document (about 2,500 tokens, whatever the length), beside the analyst.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from smallprint.agents.answers.findings import to_quotations
from smallprint.agents.answers.triage import TRIAGE_SHAPES
from smallprint.agents.excerpts import excerpts
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.requests import Assignment, request_for, shape_for, utc_today
from smallprint.agents.structured import ask, parse_answer
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import AgentRun, Document, DocumentType, Prompt, Triage
from smallprint.prompts.templates import SHORT_RULES, system_rules

TRIAGE_CONTRACT = "triage/1"


class DocumentTriage:
    """A first quick look by a cheap model."""

    def __init__(self, model: LanguageModel, *, today: Callable[[], date] = utc_today) -> None:
        self._model = model
        self._today = today

    async def triage(
        self, document: Document, prompt: Prompt, assignment: Assignment
    ) -> tuple[Triage, AgentRun]:
        """Ask once, repair once.

        Raises:
            ModelError: there is no usable answer.
            PromptError: the prompt is broken or made for another contract.
        """
        # Looking for flagged words in a long document takes a tenth of a second: not in the event loop.
        request = await asyncio.to_thread(self.build_prompt, document, prompt, assignment)
        return await ask(self._model, request, lambda text: self.parse_response(text, prompt.contract))

    def build_prompt(self, document: Document, prompt: Prompt, assignment: Assignment) -> CompletionRequest:
        """Excerpts as data, under rules that are shorter than the other agents' and as strict on untrusted text."""
        shape = shape_for(prompt, TRIAGE_SHAPES)
        seen = excerpts(document)
        request = request_for(prompt, seen, assignment, shape, today=self._today())
        return replace(
            request,
            system=system_rules(SHORT_RULES),
            pictures=seen.pictures if self._model.sees else (),
        )

    def parse_response(self, text: str, contract: str = TRIAGE_CONTRACT) -> Triage:
        """The answer in the form of `contract` as a Triage; what it quotes is unverified.

        Raises:
            InvalidAnswer: it is not what we asked for; `fault` says how.
        """
        answer = parse_answer(TRIAGE_SHAPES[contract], text)
        return Triage(
            document_type=DocumentType(answer.document_type),
            language=answer.language,
            addressing_ai=to_quotations(answer.addressing_ai),
        )
