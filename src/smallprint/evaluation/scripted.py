"""A language model made from a data set's labels: the whole product runs on it, without a key, and its faults are known.

It shows that the metrics move when agents get worse and that the product holds when they do. It says nothing about a
prompt: it does not read one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from smallprint.evaluation import scripted_analyst, scripted_reviewer
from smallprint.evaluation.runner import repeat_of
from smallprint.evaluation.scripted_analyst import Answer, Reading
from smallprint.evaluation.shown import Labels, Shown
from smallprint.evaluation.temperaments import PERFECT, Dice, Temperament
from smallprint.evaluation.values import LabelledDocument
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import Agent, Usage

CHARACTERS_PER_TOKEN = 4
INPUT_NANO_USD, OUTPUT_NANO_USD = 2_000, 10_000
"""Per token: about what a middling model costs."""
TOKENS_PER_SECOND = 80

_REVIEWING = frozenset({Agent.REVIEWER.value, Agent.ADJUDICATOR.value})


class ScriptedReader:
    """Recognises a labelled document by its text and answers as an agent of the given temperament would.

    Analyst, triage, repair and reduction share one temperament, reviewer and adjudicator the other. The same seed
    gives the same faults; each repeat has its own.
    """

    sees = True

    def __init__(
        self,
        documents: Sequence[LabelledDocument],
        *,
        analyst: Temperament = PERFECT,
        reviewer: Temperament = PERFECT,
        seed: int = 0,
    ) -> None:
        self._labels = Labels(documents)
        self._analyst = analyst
        self._reviewer = reviewer
        self._seed = seed

    async def complete(self, request: CompletionRequest) -> Completion:
        """At once. Raises EvaluationError for a document without labels."""
        text = json.dumps(_fitted(self._answer(request), request.output_schema), ensure_ascii=False)
        usage = _usage(request, text)
        return Completion(
            text=text,
            model=f"scripted-{self._temperament(request).name}",
            usage=usage,
            cost_nano_usd=usage.input_tokens * INPUT_NANO_USD + usage.output_tokens * OUTPUT_NANO_USD,
            seconds=usage.output_tokens / TOKENS_PER_SECOND,
        )

    def _answer(self, request: CompletionRequest) -> Answer:
        reading, given = self._reading(request), _attached(request)
        match request.agent:
            case Agent.REVIEWER:
                return scripted_reviewer.review(reading, given["findings_to_review"])
            case Agent.ADJUDICATOR:
                return scripted_reviewer.rulings(reading, given["disputed_findings"])
            case Agent.REPAIR:
                return scripted_analyst.repair(reading, given["findings_to_support"])
            case Agent.REDUCER:
                return scripted_analyst.reduction(reading, given["parts"])
            case Agent.TRIAGE:
                return scripted_analyst.triage(reading)
            case _:
                return scripted_analyst.analysis(reading)

    def _reading(self, request: CompletionRequest) -> Reading:
        shown = Shown(request.document_text)
        document = self._labels.document_of(request, shown)
        role = "reviewer" if request.agent in _REVIEWING else "analyst"
        seed = f"{self._seed}/{document.id}/{repeat_of(request.analysis_id)}/{role}"
        return Reading(document, shown, self._temperament(request), Dice(seed))

    def _temperament(self, request: CompletionRequest) -> Temperament:
        return self._reviewer if request.agent in _REVIEWING else self._analyst


def _attached(request: CompletionRequest) -> Mapping[str, Any]:
    given: Mapping[str, Any] = json.loads(request.attachment) if request.attachment else {}
    return given


def _fitted(answer: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any] | None = None) -> Any:
    """Only the fields that this form of the answer has: older prompt versions ask for less."""
    definitions = schema.get("$defs", {}) if definitions is None else definitions
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if isinstance(answer, dict):
        fields = schema["properties"]
        return {name: _fitted(answer[name], field, definitions) for name, field in fields.items()}
    if isinstance(answer, list):
        return [_fitted(item, schema["items"], definitions) for item in answer]
    return answer


def _usage(request: CompletionRequest, answer: str) -> Usage:
    asked = (request.system, request.task, request.document_text, request.attachment or "")
    return Usage(
        input_tokens=sum(map(len, asked)) // CHARACTERS_PER_TOKEN,
        output_tokens=len(answer) // CHARACTERS_PER_TOKEN,
    )
