"""From a prompt version and a document to the request that an agent sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

from pydantic import BaseModel

from smallprint.agents.document_text import numbered
from smallprint.agents.profiles import ModelChoice
from smallprint.errors import UnsupportedContract
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import Brief, Document, DocumentType, Prompt
from smallprint.prompts.checklists import checklist_text
from smallprint.prompts.templates import render, system_rules

WRONG_CONTRACT = "The prompt {agent} {label} asks for {contract}, but this agent answers in {expected}."
NOT_STATED = "not stated"
OWN_LANGUAGE = "the language of the document"

Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Assignment:
    """What an agent's work is for: the analysis, the model, and what the asker wants."""

    analysis_id: str
    choice: ModelChoice
    brief: Brief = field(default_factory=Brief)
    purpose: str = "main"
    """"main", or the part of a long document: with analysis and agent it names the answer that is paid for."""
    document_types: tuple[DocumentType, ...] = tuple(DocumentType)
    """What kind of document it may be: decides which checklists the analyst gets."""
    read_again: bool = False
    """The same document will go to the same model in the same form again within minutes: worth a cache."""


def utc_today() -> date:
    return datetime.now(UTC).date()


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


def request_for(
    prompt: Prompt, document: Document, assignment: Assignment, shape: type[BaseModel], *, today: date
) -> CompletionRequest:
    """What every agent's request has in common: the rules, the document as data, and the versioned task after it.

    A prompt version that names a model gets that one; `shape` is the form of the answer. `document` may be a window
    of the whole (windows.py).
    """
    choice = assignment.choice
    return CompletionRequest(
        analysis_id=assignment.analysis_id,
        agent=prompt.agent,
        purpose=assignment.purpose,
        model=prompt.model or choice.model,
        effort=choice.effort or prompt.effort,
        max_tokens=prompt.max_tokens,
        system=system_rules(),
        task=render(prompt, _values(prompt, document, assignment, today)),
        document_name=document.name,
        document_text=numbered(document),
        output_schema=shape.model_json_schema(),
        prompt_version=prompt.version,
        cache=assignment.read_again,
    )


def _values(prompt: Prompt, document: Document, assignment: Assignment, today: date) -> dict[str, str]:
    """What the prompt's variables stand for: short and ours or the asker's, never a word of the document."""
    brief = assignment.brief
    known = {
        "document_kind": document.kind.value,
        "today": today.isoformat(),
        "side": brief.side or NOT_STATED,
        "focus": brief.focus or NOT_STATED,
        "language": brief.language or OWN_LANGUAGE,
        "checklist_1": checklist_text(1, assignment.document_types),
    }
    return {name: known[name] for name in prompt.variables if name in known}
