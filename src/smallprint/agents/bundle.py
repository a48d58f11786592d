"""Several documents as one that a model reads: passages numbered through, and quotations led back to whose they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from smallprint.agents.document_text import numbered
from smallprint.agents.grounding import DocumentQuotes
from smallprint.agents.merge import Quotes
from smallprint.models.domain import (
    AnswerPoint,
    Document,
    Evidence,
    Quotation,
    StatedPoint,
)
from smallprint.reports.text import plain, shorten_name

BEGINS = "[Note] Document {number} of {count}, passages P{first} to P{last}: {name}"
AND = " and "
_NAME = 100


class Bundle:
    """The documents that a question is about, in full; what a model is shown of them may be less."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = tuple(documents)
        sizes = [len(document.passages) for document in documents]
        self._before = tuple(accumulate(sizes, initial=0))[:-1]
        """Passages of the documents before each."""

    @property
    def name(self) -> str:
        return AND.join(document.name for document in self.documents)

    def text(self, seen: Sequence[Document] | None = None) -> str:
        """What the model reads; `seen`: the same documents through windows, their passages numbered as before."""
        shown = seen or self.documents
        return "\n\n".join(self._part(place, document) for place, document in enumerate(shown))

    def place_of(self, passage: int | None) -> tuple[int, int | None]:
        """The document that a number of ours stands in, and the passage's own number there."""
        for place in reversed(range(len(self.documents))):
            if passage is not None and passage > self._before[place]:
                return place, passage - self._before[place]
        return 0, None

    def number_of(self, place: int, passage: int) -> int:
        """The number under which the model knows a document's passage."""
        return self._before[place] + passage

    def _part(self, place: int, document: Document) -> str:
        if len(self.documents) == 1:
            return numbered(document)
        before, whole = self._before[place], self.documents[place]
        begins = BEGINS.format(
            number=place + 1,
            count=len(self.documents),
            first=before + 1,
            last=before + len(whole.passages),
            name=shorten_name(plain(document.name), _NAME),
        )
        moved = (replace(passage, number=passage.number + before) for passage in document.passages)
        return f"{begins}\n\n{numbered(replace(document, passages=tuple(moved)))}"


class BundleQuotes:
    """Looks the quotations of points up: first in the document that the passage's number names, then in the others."""

    def __init__(self, bundle: Bundle, index: Callable[[Document], Quotes] = DocumentQuotes) -> None:
        self._bundle = bundle
        self._quotes = [index(document) for document in bundle.documents]

    def verify(self, stated: StatedPoint) -> AnswerPoint:
        """The point with the words that may be shown for it. They all come from one document: the first one that fits."""
        found = [self._locate(quotation) for quotation in stated.quotations]
        shown = [(place, evidence) for place, evidence in found if evidence.match.shown]
        if not shown:
            return AnswerPoint(stated.statement)
        home = shown[0][0]
        evidence = tuple(evidence for place, evidence in shown if place == home)
        return AnswerPoint(stated.statement, evidence, home)

    def _locate(self, quotation: Quotation) -> tuple[int, Evidence]:
        first: tuple[int, Evidence] | None = None
        for place, passage in self._candidates(quotation):
            evidence = self._quotes[place].locate(replace(quotation, passage=passage))
            if evidence.match.grounded:
                return place, evidence
            first = first or (place, evidence)
        assert first is not None  # noqa: S101 - a bundle has a document
        return first

    def _candidates(self, quotation: Quotation) -> Iterator[tuple[int, int | None]]:
        named, own = self._bundle.place_of(quotation.passage)
        yield named, own
        yield from ((place, None) for place in range(len(self._quotes)) if place != named)
