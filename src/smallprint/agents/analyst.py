"""The analyst reads a document and states findings, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TypeVar

from smallprint.agents.answers import ANALYSIS_CONTRACT, ANALYSIS_SHAPES, to_finding
from smallprint.agents.document_text import numbered
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.structured import ask, parse_answer
from smallprint.errors import UnknownPromptVersion, UnsupportedContract
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import AgentRun, Analysis, Document, Prompt
from smallprint.prompts.templates import render, system_rules

NO_PROMPT = "The AI analyst has no prompt version to work with."
WRONG_CONTRACT = "The prompt {agent} {label} asks for {contract}, but this agent answers in {expected}."

Shape = TypeVar("Shape")


def utc_today() -> date:
    return datetime.now(UTC).date()


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
        return CompletionRequest(
            analysis_id=analysis_id,
            agent=prompt.agent,
            purpose="main",
            model=prompt.model or self._default_model,
            effort=prompt.effort,
            max_tokens=prompt.max_tokens,
            system=system_rules(),
            task=render(prompt, values_for(prompt, document, self._today())),
            document_name=document.name,
            document_text=numbered(document),
            output_schema=shape.model_json_schema(),
            pictures=document.pictures,
            prompt_version=prompt.version,
            stream=True,
        )

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


def shape_for(prompt: Prompt, shapes: Mapping[str, type[Shape]]) -> type[Shape]:
    """The form of the answer that the prompt asks for. Raises UnsupportedContract when the agent cannot parse it."""
    shape = shapes.get(prompt.contract)
    if shape is None:
        expected = " or ".join(shapes)
        raise UnsupportedContract(
            WRONG_CONTRACT.format(
                agent=prompt.agent, label=prompt.label, contract=prompt.contract, expected=expected
            )
        )
    return shape


def values_for(prompt: Prompt, document: Document, today: date) -> dict[str, str]:
    """What the prompt's variables stand for: short and ours, never a word of the document."""
    known = {"document_kind": document.kind.value, "today": today.isoformat()}
    return {name: known[name] for name in prompt.variables if name in known}
