"""The answer to a question as one Slack message, from the first sign of life to the last line. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from smallprint.models.domain import Answer, AnswerPoint, Evidence
from smallprint.reports import answers, wording
from smallprint.slack.blocks.elements import bold, context, italic, quote, rich_text, section, words
from smallprint.slack.blocks.finding import Scissors
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, MAX_FALLBACK, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten

LOOKING = "Looking it up in the document…"
WRITING = "Still writing…"
ANSWER = "Answer"
SHORTENED = "There is more than fits here: the complete answer is in the file below."

_STATEMENT, _QUOTATION, _PLACE, _NOTE, _MADE_BY = 1_200, 600, 120, 400, 500
_NOTES = 4
_LONGEST = 1_300
"""More than any of them."""
_SENTENCE = 2_000
_SCALES = ((1.0, 3), (0.7, 3), (0.5, 2), (0.35, 2), (0.25, 1), (0.15, 1), (0.1, 1), (0.05, 1))
"""Of texts, and quotations for each point. Tried in turn: only long answers, or scripts whose characters are many bytes
in JSON, need the smaller ones."""
_ROOM = MAX_BLOCKS_JSON - 500
"""What is left is for the lines that are added."""


class _Scissors(Scissors):
    """Also leave quotations out."""

    def __init__(self, scale: float, quotations: int) -> None:
        super().__init__(scale)
        self._quotations = quotations

    def some(self, found: Sequence[Evidence]) -> Sequence[Evidence]:
        self.used = self.used or len(found) > self._quotations
        return found[: self._quotations]


def looking_message() -> Message:
    """The placeholder."""
    return Message(LOOKING, [context(LOOKING)])


def looking_block(block_id: str) -> Block:
    """How a stream begins: `block_id` is ours and tells whose it is."""
    return {**context(LOOKING), "block_id": block_id}


def points_blocks(points: Sequence[AnswerPoint]) -> list[Block]:
    """Points while the answer still comes: each verified already, shortened for now."""
    answer = _bounded(Answer(tuple(points), found=True, documents=("",)))
    return _fitting(lambda scissors: [_point(point, answer, scissors) for point in answer.points])[0]


def points_message(points: Sequence[AnswerPoint]) -> Message:
    """As `points_blocks`, where a stream is not possible: the whole message so far."""
    return Message(LOOKING, [*points_blocks(points), context(WRITING)])


def answer_message(answer: Answer) -> Message:
    """The whole answer; `overflow` when something had to be shortened."""
    answer = _bounded(answer)
    blocks, shortened = _fitting(lambda scissors: _blocks(answer, scissors))
    if shortened:
        blocks.append(context(SHORTENED))
    return Message(_fallback(answer), blocks, overflow=shortened)


def sentence_message(sentence: str) -> Message:
    """What stands in an answer's place."""
    told = shorten(plain(sentence), _SENTENCE) or answers.NO_POINTS
    return Message(escape_mrkdwn(shorten(told, MAX_FALLBACK // 5)), [rich_text(section(words(told)))])


def _bounded(answer: Answer) -> Answer:
    """Of each text what can be shown at most and a little more: so that a giant one is looked at once, not in every scale."""
    points = (
        replace(
            point,
            statement=_head(point.statement),
            evidence=tuple(
                replace(each, text=_head(each.text), locator=_head(each.locator)) for each in point.evidence
            ),
        )
        for point in answer.points
    )
    return replace(
        answer,
        points=tuple(points),
        documents=tuple(map(_head, answer.documents)),
        notes=tuple(map(_head, answer.notes)),
    )


def _head(text: str) -> str:
    return text if len(text) <= _LONGEST else plain(text)[:_LONGEST]


def _blocks(answer: Answer, scissors: _Scissors) -> list[Block]:
    told = answers.headline(answer)
    nearest = f" {answers.NEAREST}" if told and any(answers.shown(point) for point in answer.points) else ""
    return [
        *([rich_text(section(bold(f"{told}."), words(nearest) if nearest else None))] if told else []),
        *(_point(point, answer, scissors) for point in answer.points),
        *(_nothing(answer)),
        *(context(f"⚠️ {scissors.cut(note, _NOTE)}") for note in answers.notes(answer)[:_NOTES]),
        context(scissors.cut(" · ".join(answers.made_by(answer)), _MADE_BY)),
    ]


def _nothing(answer: Answer) -> list[Block]:
    return [] if answer.points or not answer.found else [rich_text(section(words(answers.NO_POINTS)))]


def _point(point: AnswerPoint, answer: Answer, scissors: _Scissors) -> Block:
    caution = answers.caution(point, answer)
    return rich_text(
        section(words(scissors.cut(answers.statement(point), _STATEMENT))),
        *(_quotation(evidence, point, answer, scissors) for evidence in scissors.some(answers.shown(point))),
        section(italic(f"⚠️ {caution}")) if caution else None,
    )


def _quotation(evidence: Evidence, point: AnswerPoint, answer: Answer, scissors: _Scissors) -> Block:
    text = scissors.cut(plain(evidence.text), _QUOTATION)
    where = scissors.cut(answers.place(evidence, point, answer), _PLACE)
    return quote(words(f"“{text}”"), italic(f"\n{where} · {wording.verification(evidence)}"))


def _fallback(answer: Answer) -> str:
    told = answers.headline(answer) or ANSWER
    said = " ".join(answers.statement(point) for point in answer.points) or answers.NO_POINTS
    return escape_mrkdwn(shorten(f"{told}: {said}", MAX_FALLBACK // 5))


def _fitting(make: Callable[[_Scissors], list[Block]]) -> tuple[list[Block], bool]:
    """The blocks in the largest scale that Slack takes, and whether something was shortened."""
    blocks, shortened = list[Block](), False
    for scale, quotations in _SCALES:
        scissors = _Scissors(scale, quotations)
        blocks = make(scissors)
        shortened = scissors.used
        if json_size(blocks) <= _ROOM:
            break
    return blocks, shortened
