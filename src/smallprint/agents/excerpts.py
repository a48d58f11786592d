"""What a quick look at a document shows: its beginning, its end, and places with words that may speak to an AI. Pure.

The words only choose what a cheap model gets to see, so they are many, in many languages, and may be wrong:
"shipping instructions" costs a few tokens, no finding. What rules decide by themselves stands in `injection.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from smallprint.models.domain import Document, Passage, PassageKind

FIRST_CHARACTERS = 2_400
LAST_CHARACTERS = 800
FLAGGED_CHARACTERS = 2_800
"""With the two above some 1,500 tokens of English, at most 2,500."""
BEFORE_FLAG, AFTER_FLAG = 120, 440
"""Characters that are shown round a flagged word."""
MOST_HITS = 50
"""Of one word in one passage: whoever fills a document with decoys gets the decoys looked at."""


def excerpts(document: Document) -> Document:
    """The document with pieces of its passages, each verbatim and under its passage's number; without pictures.

    A document that has no passages stays as it is, with its first picture.
    """
    passages = document.passages
    if not passages:
        return replace(document, pictures=document.pictures[:1])
    pieces = [*_first(passages), *_last(passages), *_flagged(passages)]
    kept = (_cut(passages[piece.index], piece) for piece in _joined(pieces))
    return replace(document, passages=tuple(kept), pictures=())


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    """Characters `start` to `end` of the passage at `index`."""

    index: int
    start: int
    end: int


def _cut(passage: Passage, piece: _Piece) -> Passage:
    text = passage.text[piece.start : piece.end]
    return replace(passage, text=text, start=passage.start + piece.start, end=passage.start + piece.end)


def _first(passages: Sequence[Passage]) -> Iterator[_Piece]:
    room = FIRST_CHARACTERS
    for index, passage in enumerate(passages):
        if room <= 0:
            return
        yield _Piece(index, 0, min(room, len(passage.text)))
        room -= len(passage.text)


def _last(passages: Sequence[Passage]) -> Iterator[_Piece]:
    room = LAST_CHARACTERS
    for index in range(len(passages) - 1, -1, -1):
        if room <= 0:
            return
        length = len(passages[index].text)
        yield _Piece(index, max(0, length - room), length)
        room -= length


def _flagged(passages: Sequence[Passage]) -> Iterator[_Piece]:
    """Most suspicious places first, as many as there is room for."""
    places = sorted(_places(passages), key=lambda place: (-place.score, place.index, place.start))
    room = FLAGGED_CHARACTERS
    for place in places:
        length = len(passages[place.index].text)
        piece = _Piece(place.index, max(0, place.start - BEFORE_FLAG), min(length, place.start + AFTER_FLAG))
        if (room := room - (piece.end - piece.start)) < 0:
            return
        yield piece


def _joined(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """In the order of the document; pieces that touch become one."""
    for index, group in groupby(sorted(pieces), key=lambda piece: piece.index):
        start, end = 0, -1
        for piece in group:
            if piece.start > end:
                if end >= 0:
                    yield _Piece(index, start, end)
                start = piece.start
            end = max(end, piece.end)
        yield _Piece(index, start, end)


# --- flagged places ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Flagged words that stand close together."""

    index: int
    start: int
    score: int
    """Of how many sorts they are; one more where readers do not look."""


def _places(passages: Sequence[Passage]) -> Iterator[_Place]:
    for index, passage in enumerate(passages):
        if passage.kind is PassageKind.PROFILE:  # our own words
            continue
        unseen = int(passage.kind in _UNSEEN)
        for start, sorts in _clusters(sorted(_hits(passage.text))):
            yield _Place(index, start, sorts + unseen)


def _clusters(hits: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Where each run of hits begins that can be shown together, and of how many sorts they are."""
    start, sorts = -1, set[str]()
    for position, sort in hits:
        if start >= 0 and position > start + AFTER_FLAG:
            yield start, len(sorts)
            start, sorts = -1, set()
        start = position if start < 0 else start
        sorts.add(sort)
    if start >= 0:
        yield start, len(sorts)


def _hits(text: str) -> Iterator[tuple[int, str]]:
    """Position and sort of flagged words, in no order; of each word at most `MOST_HITS`."""
    # The dotted capital I is the only letter that is longer in lower case; places must not shift.
    lowered = text.replace("İ", "I").lower()
    for found in islice(_ABBREVIATIONS.finditer(text), MOST_HITS):
        yield found.start(), "ai"
    for sort, words in _WORDS.items():
        for word in words:
            position = lowered.find(word)
            for _ in range(MOST_HITS):
                if position < 0:
                    break
                yield position, sort
                position = lowered.find(word, position + len(word))


_UNSEEN = frozenset({PassageKind.HIDDEN, PassageKind.COMMENT, PassageKind.NOTES, PassageKind.MAIL_HEADER})

_ABBREVIATIONS = re.compile(r"\b(?:AI|KI|IA|ИИ|ШІ|LLMs?)\b")

# Plain strings: looking for each of them is ten times faster than one pattern of them all.
_WORDS: Mapping[str, Sequence[str]] = {
    "ai": (
        *(
            "gpt",
            "claude",
            "gemini",
            "copilot",
            "chatbot",
            "chat-bot",
            "deepseek",
            "mistral",
            "a.i.",
            "language model",
        ),
        *("artificial intelligence", "sprachmodell", "künstliche intelligenz", "modèle de langage"),
        *(
            "intelligence artificielle",
            "modelo de lenguaje",
            "modelo de linguagem",
            "inteligencia artificial",
        ),
        *("inteligência artificial", "modello linguistico", "intelligenza artificiale", "taalmodel"),
        *(
            "kunstmatige intelligentie",
            "språkmodell",
            "językow",
            "sztuczn",
            "jazykov",
            "yapay zek",
            "dil modeli",
        ),
        *(
            "языков",
            "нейросет",
            "искусственн",
            "人工智能",
            "语言模型",
            "大模型",
            "人工知能",
            "言語モデル",
            "인공지능",
        ),
        *("언어 모델", "ذكاء اصطناعي", "الذكاء الاصطناعي"),
    ),
    "reader": (
        *("assistant", "assistent", "asistent", "asystent", "asistan", "ассистент", "помощник", "助手"),
        *("アシスタント", "어시스턴트", "automated review", "automated analysis", "automated system"),
        *("automatische prüfung", "automatische analyse"),
    ),
    "orders": (
        *(
            "instruction",
            "prompt",
            "anweisung",
            "consigne",
            "instrucci",
            "istruzion",
            "instruç",
            "instructies",
        ),
        *(
            "instrukcj",
            "instruktion",
            "инструкц",
            "указани",
            "指令",
            "提示词",
            "指示",
            "命令",
            "プロンプト",
            "지시",
        ),
        *("talimat", "تعليمات", "pokyn"),
    ),
    "ignore": (
        *("ignor", "disregard", "forget", "overrid", "vergiss", "vergessen", "missacht", "oubli", "olvid"),
        *(
            "dimentic",
            "esquec",
            "esqueç",
            "desconsider",
            "negeer",
            "vergeet",
            "pomiń",
            "bortse",
            "glöm",
            "игнорир",
        ),
        *("забуд", "忽略", "无视", "忘记", "無視", "忘れ", "무시", "görmezden", "yok say", "تجاهل"),
    ),
    "verdict": (
        *("low risk", "low-risk", "no risk", "minimal risk", "zero risk", "risk-free", "niedriges risiko"),
        *("geringes risiko", "kein risiko", "keine risiken", "risque faible", "sans risque", "bajo riesgo"),
        *(
            "riesgo bajo",
            "sin riesgo",
            "rischio basso",
            "senza rischi",
            "risco baixo",
            "sem risco",
            "laag risico",
        ),
        *(
            "niskie ryzyko",
            "do not report",
            "do not flag",
            "do not mention",
            "低风险",
            "低リスク",
            "низкий риск",
        ),
    ),
    "marks": (
        "<|",
        "[inst]",
        "[/inst]",
        "<<sys>>",
        "system prompt",
        "</system",
        "### system",
        "### assistant",
    ),
}
