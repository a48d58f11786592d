"""The adjudicator decides on findings that two readers see differently, without knowing who said what.

It sees windows round the words that the findings rest on, so that a strong model costs little however long the
document is.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from smallprint.agents.answers.rulings import RULING_SHAPES, RulingAnswer
from smallprint.agents.finding_data import finding_data
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.requests import Assignment, request_for, shape_for, utc_today
from smallprint.agents.reviewer import blind_order
from smallprint.agents.structured import ask, parse_answer
from smallprint.agents.windows import beginning, windows
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    AgentRun,
    Document,
    Evidence,
    Match,
    Prompt,
    ReportFinding,
    RiskLevel,
    Ruling,
    Verdict,
)

RULING_CONTRACT = "ruling/1"


class FindingsAdjudicator:
    """A third opinion, where the first two differ or much depends on them."""

    def __init__(self, model: LanguageModel, *, today: Callable[[], date] = utc_today) -> None:
        self._model = model
        self._today = today

    async def adjudicate(
        self, document: Document, disputed: Sequence[ReportFinding], prompt: Prompt, assignment: Assignment
    ) -> tuple[tuple[Ruling, ...], AgentRun]:
        """Ask once, repair once. A finding that the answer leaves out has no ruling.

        Raises:
            ModelError: there is no usable answer.
            PromptError: the prompt is broken or made for another contract.
        """
        request = self.build_prompt(document, disputed, prompt, assignment)
        ids = [each.finding.id for each in _order(disputed, assignment.analysis_id)]
        return await ask(self._model, request, lambda text: self.parse_response(text, ids, prompt.contract))

    def build_prompt(
        self, document: Document, disputed: Sequence[ReportFinding], prompt: Prompt, assignment: Assignment
    ) -> CompletionRequest:
        """The findings with both opinions travel as data beside the windows."""
        shape = shape_for(prompt, RULING_SHAPES)
        seen = _seen(document, disputed)
        request = request_for(prompt, seen, assignment, shape, today=self._today())
        return replace(
            request,
            attachment=_as_data(_order(disputed, assignment.analysis_id), assignment.analysis_id),
            pictures=seen.pictures if self._model.sees else (),
        )

    def parse_response(
        self, text: str, ids: Sequence[str], contract: str = RULING_CONTRACT
    ) -> tuple[Ruling, ...]:
        """The answer in the form of `contract`; `ids` are the findings' in the order in which they were shown.

        A ruling on a finding that was never shown is ignored. Of several on the same finding the first holds.

        Raises:
            InvalidAnswer: it is not what we asked for; `fault` says how.
        """
        answer = parse_answer(RULING_SHAPES[contract], text)
        rulings: dict[str, Ruling] = {}
        for ruling in answer.rulings:
            if 1 <= ruling.finding <= len(ids):
                finding_id = ids[ruling.finding - 1]
                rulings.setdefault(finding_id, _to_ruling(ruling, finding_id))
        return tuple(rulings.values())


def _order(disputed: Sequence[ReportFinding], analysis_id: str) -> tuple[ReportFinding, ...]:
    """Shuffled: they come most severe first, and the place in a list must not hint at that."""
    by_id = {each.finding.id: each for each in disputed}
    return tuple(by_id[each.id] for each in blind_order([each.finding for each in disputed], analysis_id))


def _seen(document: Document, disputed: Sequence[ReportFinding]) -> Document:
    """Windows round the evidence, and the pictures that evidence was read from; never empty."""
    evidence = [each for finding in disputed for each in finding.evidence]
    pages = {each.page or 1 for each in evidence if each.match is Match.UNVERIFIED}
    pictures = tuple(picture for picture in document.pictures if (picture.page or 1) in pages)
    seen = windows(document, [each.passage for each in evidence if each.passage])
    if not (seen.passages or pictures):
        return beginning(document) if document.passages else document
    return replace(seen, pictures=pictures)


def _as_data(order: Sequence[ReportFinding], analysis_id: str) -> str:
    shown = [
        {
            **finding_data(number, each.finding),
            "evidence": [_evidence_as_data(evidence) for evidence in each.evidence],
            **_opinions(each, analysis_id),
        }
        for number, each in enumerate(order, start=1)
    ]
    return json.dumps({"disputed_findings": shown}, ensure_ascii=False, indent=1)


def _evidence_as_data(evidence: Evidence) -> dict[str, Any]:
    page = evidence.page if evidence.match is Match.UNVERIFIED else None
    return {"passage": evidence.passage or 0, "page": page or 0, "quotation": evidence.text}


def _opinions(disputed: ReportFinding, analysis_id: str) -> dict[str, Any]:
    """Both, in an order that changes from finding to finding: neither a place nor a name says who is who."""
    finding, review = disputed.finding, disputed.review
    opinions = [_opinion(finding.severity, finding.why_it_matters)]
    if review is not None:
        opinions.append(_opinion(review.severity, review.comment))
    random.Random(f"{analysis_id}/{finding.id}").shuffle(opinions)  # noqa: S311  must be repeatable, guards nothing
    return {f"opinion_{letter}": opinion for letter, opinion in zip("AB", opinions, strict=False)}


def _opinion(severity: RiskLevel, comment: str) -> dict[str, str]:
    return {"severity": severity.value, "comment": comment}


def _to_ruling(answer: RulingAnswer, finding_id: str) -> Ruling:
    # Its evidence made the model look before it judged; it is not verified, so it goes no further.
    return Ruling(finding_id, Verdict(answer.verdict), RiskLevel(answer.severity), answer.comment)
