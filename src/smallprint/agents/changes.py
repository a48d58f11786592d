"""Explains the changes that a program found between two documents: it sees those, not the documents, and finds none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from smallprint.agents.answers.changes import CHANGES_SHAPES, ExplanationAnswer
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.requests import Assignment, request_for, shape_for, utc_today
from smallprint.agents.structured import ask, parse_answer
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    AgentRun,
    ChangeExplanation,
    ChangeKind,
    Direction,
    Document,
    PassageChange,
    PassageChanges,
    Piece,
    PieceKind,
    Prompt,
    RiskLevel,
)

CHANGES_CONTRACT = "changes/1"
NO_TEXT = "[Note] The documents' text is not shown here, only what differs between the two."
MOST_EXPLAINED = 60
"""More changes are counted, not explained: those that matter most go first."""

_LONGEST_KEPT = 160
"""Characters of unchanged words on each side of a change."""
_LONGEST_CHANGED = 2_000
_ELLIPSIS = " … "
_RANKS = {
    ChangeKind.CHANGED: 3,
    ChangeKind.ADDED: 2,
    ChangeKind.REMOVED: 2,
    ChangeKind.REWORDED: 1,
    ChangeKind.MOVED: 0,
}
_MARK = re.compile(r"\[-|-\]|\{\+|\+\}")
"""What a document could pass words off with as old or new."""
_MARKS = {PieceKind.KEPT: "{}", PieceKind.GONE: "[-{}-]", PieceKind.COME: "{{+{}+}}"}


@dataclass(frozen=True, slots=True)
class Explained:
    """What the model makes of the changes."""

    summary: str
    explanations: tuple[ChangeExplanation, ...]
    side: str = ""


class ChangesExplainer:
    """What each change means for the reader's side."""

    def __init__(self, model: LanguageModel, *, today: Callable[[], date] = utc_today) -> None:
        self._model = model
        self._today = today

    async def explain(
        self, before: Document, after: Document, found: PassageChanges, prompt: Prompt, assignment: Assignment
    ) -> tuple[Explained, AgentRun]:
        """Ask once, repair once. `found` must hold something worth explaining, see `worth_explaining`.

        Raises:
            ModelError: there is no usable answer.
            PromptError: the prompt is broken or made for another contract.
        """
        request = self.build_prompt(before, after, found, prompt, assignment)
        shown = [change.id for change in worth_explaining(found)]
        return await ask(self._model, request, lambda text: self.parse_response(text, shown, prompt.contract))

    def build_prompt(
        self, before: Document, after: Document, found: PassageChanges, prompt: Prompt, assignment: Assignment
    ) -> CompletionRequest:
        """Of the documents only their names travel; the changes quote them, so they are data beside the task."""
        shape = shape_for(prompt, CHANGES_SHAPES)
        nothing = replace(after, passages=(), pictures=())
        request = request_for(prompt, nothing, assignment, shape, today=self._today())
        return replace(request, document_text=NO_TEXT, attachment=_as_data(before, after, found))

    def parse_response(self, text: str, shown: Sequence[str], contract: str = CHANGES_CONTRACT) -> Explained:
        """The answer in the form of `contract`; `shown` are the ids of the changes that it was asked about.

        Others are ignored, of several explanations of one change the first holds, and a change may have none.

        Raises:
            InvalidAnswer: it is not what we asked for; `fault` says how.
        """
        answer = parse_answer(CHANGES_SHAPES[contract], text)
        explanations: dict[str, ChangeExplanation] = {}
        for each in answer.explanations:
            change_id = each.change.strip().upper()
            if change_id in shown and each.meaning:
                explanations.setdefault(change_id, _to_explanation(each, change_id))
        ordered = tuple(explanations[change_id] for change_id in shown if change_id in explanations)
        return Explained(answer.summary, ordered, answer.side)


def worth_explaining(found: PassageChanges) -> tuple[PassageChange, ...]:
    """The changes that a model is shown, in the order of the document: at most 60, by kind and then by size."""
    candidates = [change for change in found.changes if change.kind is not ChangeKind.MOVED]
    kept = sorted(candidates, key=lambda change: (-_RANKS[change.kind], -change.characters))[:MOST_EXPLAINED]
    ids = {change.id for change in kept}
    return tuple(change for change in candidates if change.id in ids)


def _as_data(before: Document, after: Document, found: PassageChanges) -> str:
    shown = worth_explaining(found)
    data = {
        "old_document": before.name,
        "new_document": after.name,
        "counts": {kind.value: count for kind, count in found.counts().items()},
        "not_shown": len(found.changes) - len(shown),
        "changes": [_change_as_data(change, before, after) for change in shown],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _change_as_data(change: PassageChange, before: Document, after: Document) -> dict[str, Any]:
    document, stretch = (after, change.after) if change.after else (before, change.before)
    number = stretch.passages[0] if stretch else 0
    section = next((each.section for each in document.passages if each.number == number), "")
    return {
        "change": change.id,
        "kind": change.kind.value,
        "section": section,
        "place": stretch.locator if stretch else "",
        "text": _marked(change.pieces),
    }


def _marked(pieces: Iterable[Piece]) -> str:
    return "".join(_MARKS[piece.kind].format(_shortened(piece)) for piece in pieces)


def _shortened(piece: Piece) -> str:
    """Without the middle of what is too long, and without marks that are not ours."""
    most = 2 * _LONGEST_KEPT if piece.kind is PieceKind.KEPT else _LONGEST_CHANGED
    text = _MARK.sub(lambda found: " ".join(found[0]), piece.text)
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}{_ELLIPSIS}{text[-most // 2 :]}"


def _to_explanation(answer: ExplanationAnswer, change_id: str) -> ChangeExplanation:
    return ChangeExplanation(
        change_id=change_id,
        meaning=answer.meaning,
        direction=Direction(answer.direction),
        severity=RiskLevel(answer.severity),
    )
