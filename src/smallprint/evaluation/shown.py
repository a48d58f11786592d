"""What a request shows of a document, seen with the eyes of somebody who knows the labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from smallprint.documents.quotes import QuoteIndex
from smallprint.documents.quotes.folding import fold
from smallprint.errors import EvaluationError
from smallprint.evaluation.values import ExpectedFinding, LabelledDocument
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import Document, DocumentKind, Evidence, Passage, Quotation, ReadingReceipt

UNKNOWN_DOCUMENT = (
    "The scripted model knows only the documents that it has labels for, and {name} is none of them."
)

LONGEST_QUOTATION = 240
TELLING = 20
"""Letters and digits from which a passage tells one document from another."""
COMPARED = 60
"""Passages, the longest ones, that are enough to recognise a document."""
LIKENESS = 0.5

_MARK = re.compile(r"(?:^|\n\n)\[P(\d+)[^\]\n]*\] ")


@dataclass(frozen=True)
class Shown:
    """The passages that an agent got to see."""

    text: str
    """`CompletionRequest.document_text`."""

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(_passages(self.text))

    @property
    def begins(self) -> bool:
        """True if the document's first passage is here."""
        return any(passage.number == 1 for passage in self.passages)

    @cached_property
    def opening(self) -> Evidence | None:
        """Words to point at when something is not in the document at all."""
        return next((self.words_of(passage) for passage in self.passages if _telling(passage.text)), None)

    def find(self, words: str, passage: int | None = None) -> Evidence | None:
        """Where the words stand, as far as an agent could quote them; None when they are not here.

        `passage` is where they are said to stand: of a few letters only that one counts.
        """
        place = next((place for place, each in enumerate(self.passages, 1) if each.number == passage), None)
        return self._at(words, place)

    def find_label(self, label: ExpectedFinding, text: str) -> Evidence | None:
        """The first of a label's quotations that is here; `text` is what the label's places refer to."""
        found = (
            self._at(quote, self._place(quote, text.count(quote, 0, start)))
            for quote, (start, _) in zip(label.quotes, label.spans, strict=True)
        )
        return next((evidence for evidence in found if evidence is not None), None)

    def words_of(self, passage: Passage) -> Evidence | None:
        """The passage's first words."""
        return self.find(passage.text, passage.number)

    def _place(self, quote: str, before: int) -> int | None:
        """The passage that holds the words when they stood elsewhere `before` times; the first that holds them else."""
        holding = [place for place, passage in enumerate(self.passages, 1) if quote in passage.text]
        return next(iter(holding[before:] or holding), None)

    def _at(self, words: str, place: int | None) -> Evidence | None:
        found = self._index.locate(Quotation(_first_words(words), place))
        if not found.match.grounded or found.passage is None:
            return None
        return replace(found, passage=self.passages[found.passage - 1].number)

    @cached_property
    def _index(self) -> QuoteIndex:
        """Of the passages as if they were all there is: numbered by their places here."""
        passages = tuple(replace(passage, number=place) for place, passage in enumerate(self.passages, 1))
        text = "\n\n".join(passage.text for passage in passages)
        return QuoteIndex(Document("shown", DocumentKind.TEXT, "", text, passages, ReadingReceipt()))


class Labels:
    """The labelled documents, to be recognised by what a request shows."""

    def __init__(self, documents: Sequence[LabelledDocument]) -> None:
        self._folded = [(document, fold(document.text)) for document in documents]

    def document_of(self, request: CompletionRequest, shown: Shown) -> LabelledDocument:
        """The document most of whose shown passages stand in its text; of equals the one with the request's file name.

        Raises:
            EvaluationError: none of them.
        """
        telling = sorted((fold(passage.text) for passage in shown.passages), key=len)[-COMPARED:]
        telling = [passage for passage in telling if len(passage) >= TELLING]

        def likeness(known: tuple[LabelledDocument, str]) -> tuple[float, bool]:
            named = known[0].file.name == request.document_name
            if not telling:
                return float(named), named
            return sum(passage in known[1] for passage in telling) / len(telling), named

        best = max(self._folded, key=likeness, default=None)
        if best is None or likeness(best)[0] < LIKENESS:
            raise EvaluationError(UNKNOWN_DOCUMENT.format(name=request.document_name))
        return best[0]


def overlap(one: Evidence, other: Evidence) -> bool:
    """True if both stand, at least in part, on the same words."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def _passages(text: str) -> Iterator[Passage]:
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    start = 0
    for mark, end in zip(marks, ends, strict=False):
        words = text[mark.end() : end]
        yield Passage(int(mark[1]), words, start, start + len(words))
        start += len(words) + 2


def _telling(text: str) -> bool:
    return len(fold(text)) >= TELLING


def _first_words(text: str) -> str:
    """Ends at a word: an agent quotes what decides, not half a page."""
    if len(text) <= LONGEST_QUOTATION:
        return text
    return text[:LONGEST_QUOTATION].rsplit(None, 1)[0]
