"""Ask a model, check the answer, and show it its fault once if the answer does not hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from smallprint.agents.language_model import LanguageModel
from smallprint.errors import InvalidAnswer
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import AgentRun, Usage

log = structlog.get_logger()

MAX_FAULTS_SHOWN = 8
MAX_BRACES_TRIED = 100
MAIN, REPAIR = "main", "repair"

Value = TypeVar("Value")
Answer = TypeVar("Answer", bound=BaseModel)


async def ask(
    model: LanguageModel, request: CompletionRequest, parse: Callable[[str], Value]
) -> tuple[Value, AgentRun]:
    """The parsed answer, and what it took: usage, cost and seconds of both calls if it had to be repaired.

    Raises:
        InvalidAnswer: the repaired answer does not hold either.
        ModelError: whatever kept the model from answering.
    """
    first = await model.complete(request)
    try:
        return parse(first.text), _run(request, first)
    except InvalidAnswer as error:
        log.info("answer needs repair", analysis=request.analysis_id, agent=request.agent)
        repair = replace(request, purpose=_repair_of(request), faulty_answer=first.text, fault=error.fault)
    second = await model.complete(repair)
    return parse(second.text), _run(request, first, second)


def _repair_of(request: CompletionRequest) -> str:
    return REPAIR if request.purpose == MAIN else f"{request.purpose}, {REPAIR}"


def parse_answer(shape: type[Answer], text: str) -> Answer:
    """The answer as an instance of `shape`; prose or a Markdown fence round it is forgiven (local servers add them).

    Raises:
        InvalidAnswer: its `fault` lists what is wrong, in words for the model.
    """
    try:
        return shape.model_validate_json(_json_in(text))
    except ValidationError as error:
        raise InvalidAnswer(fault=_faults(error)) from None


def _run(request: CompletionRequest, *completions: Completion) -> AgentRun:
    costs = [completion.cost_nano_usd for completion in completions]
    return AgentRun(
        agent=request.agent,
        model=completions[-1].model,
        prompt_version=request.prompt_version,
        usage=sum((completion.usage for completion in completions), Usage()),
        cost_nano_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        seconds=sum(completion.seconds for completion in completions),
        instead_of=completions[-1].instead_of,
    )


def _json_in(text: str) -> str:
    """The longest JSON object in a text that is not one itself; the text when there is none."""
    bare = text.strip()
    if bare.startswith("{") and bare.endswith("}"):
        return bare
    return max(_objects_in(text), key=len, default=text)


def _objects_in(text: str) -> Iterator[str]:
    """Outermost JSON objects, in order, as far as a bounded search finds them."""
    decoder, end = json.JSONDecoder(), 0
    for _ in range(MAX_BRACES_TRIED):
        start = text.find("{", end)
        if start < 0:
            return
        try:
            _, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield text[start:end]


def _faults(error: ValidationError) -> str:
    faults = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'answer'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    shown = faults[:MAX_FAULTS_SHOWN]
    if len(faults) > len(shown):
        shown.append(f"and {len(faults) - len(shown)} more of this kind")
    return "; ".join(shown)
