"""Which passages of a document a question is about, by its words: no AI. Pure.

Okapi BM25 over passages (Robertson and Zaragoza, 2009), words cut to their beginning, so that "terminated" finds
"termination". Scripts without spaces are compared by pairs of characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from smallprint.agents.document_text import CHARACTERS_PER_TOKEN
from smallprint.agents.windows import windows
from smallprint.models.domain import Document, Passage, PassageKind

K1, B = 1.2, 0.75
STEM = 6
BEGINNING = 3
"""Passages that say what the document is: title, parties."""
AROUND = 1
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0fff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EMPTY_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "being",
        "between",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "down",
        "during",
        "each",
        "else",
        "ever",
        "few",
        "for",
        "from",
        "further",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "me",
        "more",
        "most",
        "must",
        "my",
        "no",
        "nor",
        "not",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "ours",
        "out",
        "over",
        "own",
        "per",
        "please",
        "s",
        "same",
        "shall",
        "she",
        "should",
        "so",
        "some",
        "such",
        "t",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "theirs",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "document",
        "contract",
        "agreement",
        "say",
        "says",
        "said",
        "mean",
        "means",
        "anything",
        "something",
    ]
)
"""Of English only: in other languages it is rarity alone that tells words apart."""


@dataclass(frozen=True, slots=True)
class Relevant:
    """A passage, and how far a question is about it."""

    passage: Passage
    score: float
    share: float
    """Of the question's words, weighed by rarity, that stand in it: 0 to 1."""


def ranked(document: Document, words: str) -> tuple[Relevant, ...]:
    """The passages that share a word with the question, the best first."""
    passages = [passage for passage in document.passages if passage.kind is not PassageKind.PROFILE]
    asked = set(_terms(words))
    texts = [Counter(_terms(f"{passage.section} {passage.text}")) for passage in passages]
    rarity = _rarity(asked, texts)
    whole = sum(rarity.values())
    usual = sum(map(len, texts)) / max(len(texts), 1)
    found = (
        Relevant(
            passage, _score(text, rarity, usual), sum(rarity[term] for term in asked & text.keys()) / whole
        )
        for passage, text in zip(passages, texts, strict=True)
        if asked & text.keys()
    )
    return tuple(sorted(found, key=lambda each: (-each.score, each.passage.number)))


def relevant_part(document: Document, words: str, max_tokens: int) -> Document:
    """The document with its beginning and the passages that the question is about, with their neighbours, within `max_tokens`.

    As much as there is room for: the best first. Without pictures.
    """
    order = (*document.passages[:BEGINNING], *(each.passage for each in ranked(document, words)))
    chosen, room = set[int](), max_tokens * CHARACTERS_PER_TOKEN
    for passage in order:
        near = set(_near(passage.number, len(document.passages))) - chosen
        room -= sum(len(document.passages[number - 1].text) for number in near)
        if room < 0:
            break
        chosen |= near
    return windows(document, chosen, around=0)


def _near(number: int, count: int) -> Iterable[int]:
    return range(max(1, number - AROUND), min(count, number + AROUND) + 1)


def _terms(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        if _UNSPACED.search(word):
            yield from (word[start : start + 2] for start in range(max(1, len(word) - 1)))
        elif word not in _EMPTY_WORDS:
            yield word[:STEM]


def _rarity(asked: Iterable[str], texts: Sequence[Counter[str]]) -> dict[str, float]:
    count = len(texts)
    holding = {term: sum(term in text for text in texts) for term in asked}
    return {term: math.log(1 + (count - n + 0.5) / (n + 0.5)) for term, n in holding.items()}


def _score(text: Counter[str], rarity: dict[str, float], usual: float) -> float:
    long = K1 * (1 - B + B * len(text) / max(usual, 1))
    return sum(weight * text[term] * (K1 + 1) / (text[term] + long) for term, weight in rarity.items())
