"""From a prompt version and a document to the request that an agent sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TypeVar

from pydantic import BaseModel

from smallprint.agents.document_text import numbered
from smallprint.errors import UnsupportedContract
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import Document, Prompt
from smallprint.prompts.templates import render, system_rules

WRONG_CONTRACT = "The prompt {agent} {label} asks for {contract}, but this agent answers in {expected}."

Shape = TypeVar("Shape")


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
    prompt: Prompt, document: Document, analysis_id: str, shape: type[BaseModel], *, model: str, today: date
) -> CompletionRequest:
    """What every agent's request has in common: the rules, the document as data, and the versioned task after it.

    `model` is used unless the prompt names one; `shape` is the form of the answer.
    """
    return CompletionRequest(
        analysis_id=analysis_id,
        agent=prompt.agent,
        purpose="main",
        model=prompt.model or model,
        effort=prompt.effort,
        max_tokens=prompt.max_tokens,
        system=system_rules(),
        task=render(prompt, _values(prompt, document, today)),
        document_name=document.name,
        document_text=numbered(document),
        output_schema=shape.model_json_schema(),
        prompt_version=prompt.version,
    )


def _values(prompt: Prompt, document: Document, today: date) -> dict[str, str]:
    """What the prompt's variables stand for: short and ours, never a word of the document."""
    known = {"document_kind": document.kind.value, "today": today.isoformat()}
    return {name: known[name] for name in prompt.variables if name in known}
