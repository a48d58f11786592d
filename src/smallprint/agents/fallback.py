"""When the model that was asked does not answer, another one is asked the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import structlog

from smallprint.agents.language_model import LanguageModel
from smallprint.errors import ModelError, ModelOverloaded, ModelRefused
from smallprint.models.completion import Completion, CompletionRequest

log = structlog.get_logger()

# A refusal is one model's judgement, an overload one model's queue. Not ContextExceeded: every current Claude has
# the same window, so the same document would be read in vain at a higher price.
ANOTHER_MAY_ANSWER = (ModelRefused, ModelOverloaded)

_CLAUDE = re.compile(r"claude(?:-(?:[a-z]+|\d{1,2})(?![0-9a-z]))+")


class ModelWithFallbacks:
    """A LanguageModel. What another model answered is kept under the key of the request, and says so again later."""

    def __init__(self, model: LanguageModel, fallbacks: Sequence[str]) -> None:
        """`fallbacks` are names of models at the same endpoint, the first choice first."""
        self._model = model
        self._fallbacks = tuple(fallbacks)

    @property
    def sees(self) -> bool:
        """As the endpoint's models do."""
        return self._model.sees

    async def complete(self, request: CompletionRequest) -> Completion:
        """The answer; `instead_of` names the model that was asked if another one gave it.

        Raises:
            ModelError: the first model's error, when no fallback answered either.
        """
        try:
            completion = await self._model.complete(request)
        except ANOTHER_MAY_ANSWER as error:
            answered = await self._from_another(request, error)
            if answered is None:
                raise
            return answered
        return self._told_apart(completion, request)

    async def _from_another(self, request: CompletionRequest, error: ModelError) -> Completion | None:
        for model in self._fallbacks:
            if same_model(model, request.model):
                continue
            log.warning(
                "model replaced",
                analysis=request.analysis_id,
                agent=request.agent,
                model=request.model,
                by=model,
                code=error.code,
            )
            try:
                completion = await self._model.complete(replace(request, model=model))
            except ModelError as another:
                log.warning("model that stepped in failed too", model=model, code=another.code)
                continue
            return replace(completion, instead_of=request.model)
        return None

    def _told_apart(self, completion: Completion, request: CompletionRequest) -> Completion:
        """An answer that was paid for before a restart can be a fallback's: its model says so."""
        if same_model(completion.model, request.model):
            return completion
        replaced = any(same_model(completion.model, model) for model in self._fallbacks)
        return (
            replace(completion, instead_of=request.model) if completion.replayed and replaced else completion
        )


def same_model(one: str, other: str) -> bool:
    """True for the names that one Claude has: by alias, with its date, at a cloud."""
    return _family(one) == _family(other)


def _family(name: str) -> str:
    claude = _CLAUDE.search(name)
    return claude[0] if claude else name
