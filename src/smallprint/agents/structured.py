"""Ask a model, check the answer, and show it its fault once if the answer does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable
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
        repair = replace(request, purpose="repair", faulty_answer=first.text, fault=error.fault)
    second = await model.complete(repair)
    return parse(second.text), _run(request, first, second)


def parse_answer(shape: type[Answer], text: str) -> Answer:
    """The answer as an instance of `shape`; a Markdown fence round it is forgiven (local servers add one).

    Raises:
        InvalidAnswer: its `fault` lists what is wrong, in words for the model.
    """
    try:
        return shape.model_validate_json(_without_fence(text))
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
    )


_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


def _without_fence(text: str) -> str:
    fenced = _FENCE.match(text)
    return fenced[1] if fenced else text


def _faults(error: ValidationError) -> str:
    faults = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'answer'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    shown = faults[:MAX_FAULTS_SHOWN]
    if len(faults) > len(shown):
        shown.append(f"and {len(faults) - len(shown)} more of this kind")
    return "; ".join(shown)
