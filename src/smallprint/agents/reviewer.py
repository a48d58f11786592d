"""The reviewer checks the analyst's findings against the document, without knowing how bad the analyst thinks they are."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from smallprint.agents.answers.findings import to_finding
from smallprint.agents.answers.review import REVIEW_CONTRACT, REVIEW_SHAPES, VerdictAnswer
from smallprint.agents.finding_data import finding_data
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.requests import Assignment, request_for, shape_for, utc_today
from smallprint.agents.structured import ask, parse_answer
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    AgentRun,
    Document,
    Finding,
    FindingReview,
    Prompt,
    Quotation,
    Review,
    RiskLevel,
    Verdict,
)


class DocumentReviewer:
    """A second opinion per finding, and up to five findings that the analyst missed (unverified)."""

    def __init__(self, model: LanguageModel, *, today: Callable[[], date] = utc_today) -> None:
        self._model = model
        self._today = today

    async def review(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, assignment: Assignment
    ) -> tuple[Review, AgentRun]:
        """Ask once, repair once. `findings` may be empty: then only missed ones are looked for.

        Raises:
            ModelError: there is no usable answer.
            PromptError: the prompt is broken or made for another contract.
        """
        request = self.build_prompt(document, findings, prompt, assignment)
        order = blind_order(findings, assignment.analysis_id)
        return await ask(self._model, request, lambda text: self.parse_response(text, order, prompt.contract))

    def build_prompt(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, assignment: Assignment
    ) -> CompletionRequest:
        """The findings quote the document, so they travel as data beside it and never through the template."""
        shape = shape_for(prompt, REVIEW_SHAPES)
        request = request_for(prompt, document, assignment, shape, today=self._today())
        return replace(
            request,
            attachment=_as_data(blind_order(findings, assignment.analysis_id)),
            pictures=document.pictures if self._model.sees else (),
        )

    def parse_response(self, text: str, order: Sequence[Finding], contract: str = REVIEW_CONTRACT) -> Review:
        """The answer in the form of `contract` as a Review; `order` is that in which the findings were shown.

        A verdict on a finding that was never shown is ignored. Of several on the same finding the first holds.

        Raises:
            InvalidAnswer: it is not what we asked for; `fault` says how.
        """
        answer = parse_answer(REVIEW_SHAPES[contract], text)
        verdicts: dict[str, FindingReview] = {}
        for verdict in answer.verdicts:
            if 1 <= verdict.finding <= len(order):
                finding_id = order[verdict.finding - 1].id
                verdicts.setdefault(finding_id, _to_review(verdict, finding_id))
        return Review(
            verdicts=tuple(verdicts.values()),
            missed=tuple(to_finding(found, f"M{n}") for n, found in enumerate(answer.missed, start=1)),
        )


def blind_order(findings: Sequence[Finding], analysis_id: str) -> tuple[Finding, ...]:
    """Shuffled, the same way on every retry: the place in a list must not hint at the severity."""
    shuffled = list(findings)
    random.Random(analysis_id).shuffle(shuffled)  # noqa: S311  must be repeatable, guards nothing
    return tuple(shuffled)


def _as_data(order: Sequence[Finding]) -> str:
    shown = [
        {
            **finding_data(number, finding),
            "evidence": [_quotation_as_data(quotation) for quotation in finding.quotations],
        }
        for number, finding in enumerate(order, start=1)
    ]
    return json.dumps({"findings_to_review": shown}, ensure_ascii=False, indent=1)


def _quotation_as_data(quotation: Quotation) -> dict[str, int | str | None]:
    if quotation.page is None:
        return {"passage": quotation.passage, "quotation": quotation.text}
    return {"passage": 0, "page": quotation.page, "quotation": quotation.text}


def _to_review(answer: VerdictAnswer, finding_id: str) -> FindingReview:
    # Its evidence made the model look before it judged; it is not verified, so it goes no further.
    return FindingReview(
        finding_id=finding_id,
        verdict=Verdict(answer.verdict),
        severity=RiskLevel(answer.severity),
        comment=answer.comment,
    )
