"""Answers without an AI: the passages that match a question best, quoted and said to be that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smallprint.agents.bundle import Bundle, BundleQuotes
from smallprint.agents.relevance import Relevant, ranked
from smallprint.models.domain import Answer, AnswerPoint, Document, Question, Quotation, StatedPoint

CLOSEST = "This passage matches the words of your question."
NOT_AN_AI = "No AI has read your question: these are the passages that share the most words with it."

MOST_POINTS = 3
LEAST_SHARE = 0.3
"""Of the question's words, weighed by rarity: less is chance."""
AS_GOOD = 0.5
"""Of the best passage's score: worse ones only distract."""
MAX_QUOTATION = 400
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")


def answer_by_words(documents: Sequence[Document], question: Question) -> Answer:
    """The best passages of all documents, verbatim; `found` is False when hardly any word of the question is there."""
    bundle = Bundle(documents)
    quotes = BundleQuotes(bundle)
    points = tuple(quotes.verify(stated) for stated in _stated(bundle, question.text))
    verified = tuple(point for point in points if point.verified)
    names = tuple(document.name for document in documents)
    return Answer(_distinct(verified), bool(verified), names, notes=(NOT_AN_AI,), offline=True)


def _stated(bundle: Bundle, words: str) -> Iterator[StatedPoint]:
    found = [
        (each, place) for place, document in enumerate(bundle.documents) for each in ranked(document, words)
    ]
    found.sort(key=lambda each: -each[0].score)
    best = found[0][0].score if found else 0.0
    near = [each for each in found if each[0].share >= LEAST_SHARE and each[0].score >= AS_GOOD * best]
    for relevant, place in near[:MOST_POINTS]:
        number = bundle.number_of(place, relevant.passage.number)
        yield StatedPoint(CLOSEST, (Quotation(_words(relevant, words), number),))


def _words(relevant: Relevant, question: str) -> str:
    """The passage, or the run of its sentences that has the most to do with the question."""
    text = relevant.passage.text
    if len(text) <= MAX_QUOTATION:
        return text
    asked = set(re.findall(r"\w{4,}", question.casefold()))
    sentences = _SENTENCE.split(text)
    scores = [len(asked & set(re.findall(r"\w{4,}", sentence.casefold()))) for sentence in sentences]
    best = sentences[scores.index(max(scores))]
    return best if len(best) <= MAX_QUOTATION else best[:MAX_QUOTATION].rsplit(None, 1)[0]


def _distinct(points: Sequence[AnswerPoint]) -> tuple[AnswerPoint, ...]:
    kept = {(point.document, point.evidence[0].text): point for point in reversed(points)}
    return tuple(reversed(kept.values()))
