"""The reducer makes one analysis of those of a long document's parts, from the findings alone.

It says which findings are the same matter, and what the document as a whole is. It cannot drop, lower or reword a
finding: there is no place for that in its answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from smallprint.agents.answers.reduction import REDUCTION_SHAPES
from smallprint.agents.finding_data import finding_data
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.requests import Assignment, request_for, shape_for, utc_today
from smallprint.agents.structured import ask, parse_answer
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    AgentRun,
    Analysis,
    Document,
    DocumentType,
    Finding,
    Prompt,
    Reduction,
)

REDUCTION_CONTRACT = "reduction/1"
NO_TEXT = "[Note] The document's text is not shown here, only what was found in its parts."


class FindingsReducer:
    """Joins what the analysts of the parts state twice."""

    def __init__(self, model: LanguageModel, *, today: Callable[[], date] = utc_today) -> None:
        self._model = model
        self._today = today

    async def reduce(
        self, document: Document, parts: Sequence[Analysis], prompt: Prompt, assignment: Assignment
    ) -> tuple[Reduction, AgentRun]:
        """Ask once, repair once. The findings' ids must differ: "P2.F1".

        Raises:
            ModelError: there is no usable answer.
            PromptError: the prompt is broken or made for another contract.
        """
        request = self.build_prompt(document, parts, prompt, assignment)
        ids = [finding.id for finding in _findings(parts)]
        return await ask(self._model, request, lambda text: self.parse_response(text, ids, prompt.contract))

    def build_prompt(
        self, document: Document, parts: Sequence[Analysis], prompt: Prompt, assignment: Assignment
    ) -> CompletionRequest:
        """Of the document only its name travels; the findings come as data, numbered through all parts."""
        shape = shape_for(prompt, REDUCTION_SHAPES)
        nothing = replace(document, passages=(), pictures=())
        request = request_for(prompt, nothing, assignment, shape, today=self._today())
        return replace(request, document_text=NO_TEXT, attachment=_as_data(parts))

    def parse_response(self, text: str, ids: Sequence[str], contract: str = REDUCTION_CONTRACT) -> Reduction:
        """The answer in the form of `contract`; `ids` are the findings' in the order in which they were shown.

        Numbers that were never shown are ignored, a finding belongs to the first group that names it, and a group
        of one is none.

        Raises:
            InvalidAnswer: it is not what we asked for; `fault` says how.
        """
        answer = parse_answer(REDUCTION_SHAPES[contract], text)
        return Reduction(
            same_matter=_groups((group.findings for group in answer.same_matter), ids),
            looked_for_not_found=tuple(phrase for phrase in answer.looked_for_and_not_found if phrase),
            document_type=DocumentType(answer.document_type),
            summary=answer.summary,
        )


def _findings(parts: Iterable[Analysis]) -> list[Finding]:
    return [finding for part in parts for finding in part.findings]


def _groups(numbers: Iterable[Sequence[int]], ids: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    taken: set[str] = set()
    groups = []
    for group in numbers:
        shown = dict.fromkeys(ids[number - 1] for number in group if 1 <= number <= len(ids))
        new = tuple(finding_id for finding_id in shown if finding_id not in taken)
        if len(new) > 1:
            groups.append(new)
            taken.update(new)
    return tuple(groups)


def _as_data(parts: Sequence[Analysis]) -> str:
    number, shown = 1, []
    for place, part in enumerate(parts, start=1):
        shown.append(
            {
                "part": place,
                "document_type": part.document_type.value,
                "summary": part.summary,
                "looked_for_and_not_found": list(part.looked_for_not_found),
                "key_facts": [f"{fact.label}: {fact.value}" for fact in part.facts],
                "findings": [_finding_as_data(n, each) for n, each in enumerate(part.findings, start=number)],
            }
        )
        number += len(part.findings)
    return json.dumps({"parts": shown}, ensure_ascii=False, indent=1)


def _finding_as_data(number: int, finding: Finding) -> dict[str, Any]:
    passages = [quotation.passage for quotation in finding.quotations if quotation.passage]
    return {**finding_data(number, finding), "passages": passages}
