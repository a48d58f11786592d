"""The repairer looks again for the words of findings whose quotations do not stand in the document.

It sees windows only: round the passages that were named and round the text that is most similar to what was quoted.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from smallprint.agents.answers.findings import to_quotations
from smallprint.agents.answers.repair import REPAIR_SHAPES
from smallprint.agents.finding_data import finding_data
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.requests import Assignment, request_for, shape_for, utc_today
from smallprint.agents.structured import ask, parse_answer
from smallprint.agents.windows import beginning, windows
from smallprint.documents.quotes.folding import Flow, fold
from smallprint.documents.quotes.similarity import SimilarText
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import AgentRun, Document, Finding, Prompt, Quotation

REPAIR_CONTRACT = "repair/1"
SIMILAR_FROM = 40.0
"""rapidfuzz partial ratio, 0 to 100: a paraphrase has some 50 to 80."""


class EvidenceRepairer:
    """New quotations for findings that had none in the document."""

    def __init__(self, model: LanguageModel, *, today: Callable[[], date] = utc_today) -> None:
        self._model = model
        self._today = today

    async def repair(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, assignment: Assignment
    ) -> tuple[tuple[Finding, ...], AgentRun]:
        """The findings that it has words for, under their old ids, unverified; the others are left out.

        Ask once, repair the form of the answer once.

        Raises:
            ModelError: there is no usable answer.
            PromptError: the prompt is broken or made for another contract.
        """
        # Indexing a long document takes a second: not in the event loop.
        request = await asyncio.to_thread(self.build_prompt, document, findings, prompt, assignment)
        return await ask(
            self._model, request, lambda text: self.parse_response(text, findings, prompt.contract)
        )

    def build_prompt(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, assignment: Assignment
    ) -> CompletionRequest:
        """The findings travel as data beside the windows, numbered from 1."""
        shape = shape_for(prompt, REPAIR_SHAPES)
        seen = _seen(document, findings)
        request = request_for(prompt, seen, assignment, shape, today=self._today())
        return replace(
            request,
            attachment=_as_data(findings),
            pictures=seen.pictures if self._model.sees else (),
        )

    def parse_response(
        self, text: str, findings: Sequence[Finding], contract: str = REPAIR_CONTRACT
    ) -> tuple[Finding, ...]:
        """The supported ones of `findings`, in their order, with the answer's quotations and statements.

        A number that was never shown is ignored. Of several answers on the same finding the first holds.

        Raises:
            InvalidAnswer: it is not what we asked for; `fault` says how.
        """
        answer = parse_answer(REPAIR_SHAPES[contract], text)
        repaired: dict[int, Finding] = {}
        for item in answer.repaired:
            quotations = to_quotations(item.evidence)
            if quotations and 1 <= item.finding <= len(findings):
                finding = findings[item.finding - 1]
                repaired.setdefault(
                    item.finding, replace(finding, quotations=quotations, statement=item.statement)
                )
        return tuple(repaired[number] for number in sorted(repaired))


def _seen(document: Document, findings: Sequence[Finding]) -> Document:
    """Never empty: a document of pictures alone is shown whole, and where nothing is similar the beginning."""
    if not document.passages:
        return document
    seen = windows(document, {*_named(findings), *_similar(document, findings)})
    if not seen.passages:
        seen = beginning(document)
    pages = {quotation.page for finding in findings for quotation in finding.quotations}
    pictures = (picture for picture in document.pictures if (picture.page or 1) in pages)
    return replace(seen, pictures=tuple(pictures))


def _named(findings: Sequence[Finding]) -> Iterator[int]:
    for finding in findings:
        yield from (quotation.passage for quotation in finding.quotations if quotation.passage)


def _similar(document: Document, findings: Sequence[Finding]) -> Iterator[int]:
    """The passage that resembles each quotation most, and the one that resembles the finding's own statement."""
    flow = Flow(document.passages)
    text = SimilarText(flow)
    for finding in findings:
        for words in (Quotation(finding.statement), *finding.quotations):
            folded = fold(words.text)
            place = text.find(words.text, folded, SIMILAR_FROM, words.passage) if folded else None
            if place is not None:
                yield document.passages[flow.index_of(place[0])].number


def _as_data(findings: Sequence[Finding]) -> str:
    shown = [
        {
            **finding_data(number, finding),
            "not_found": [_quotation_as_data(quotation) for quotation in finding.quotations],
        }
        for number, finding in enumerate(findings, start=1)
    ]
    return json.dumps({"findings_to_support": shown}, ensure_ascii=False, indent=1)


def _quotation_as_data(quotation: Quotation) -> dict[str, Any]:
    return {"passage": quotation.passage or 0, "page": quotation.page or 0, "quotation": quotation.text}
