"""Grounding: does a quotation that an agent claims stand in the document? Decided without AI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, pairwise, product

from smallprint.documents.quotes.contradictions import contradicts, negated, same_figures, turned_round
from smallprint.documents.quotes.folding import Flow, ends_word, fold, starts_word
from smallprint.documents.quotes.running_text import running_text
from smallprint.documents.quotes.similarity import SimilarText
from smallprint.documents.quotes.voices import one_voice, text_first
from smallprint.models.domain import Document, Evidence, Match, Quotation

APPROXIMATE_FROM = 92.0
"""rapidfuzz partial ratio, 0 to 100."""
SHORTEST_ANYWHERE = 12
"""Letters and digits; a shorter quotation only counts in the passage that was named."""

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3}|\. \. \.)\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,}|\. \. \.)\s*")
_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)")
_SHORTEST_PART = 4
_WIDEST_GAP = 5_000
_MOST_OCCURRENCES = 500
_SHOWN_GAP = 300
_CONTEXT = 80
_LEADING_SIGNS = "$€£¥₹§-−–"
_TRAILING_SIGNS = "%‰"
_OPENING = "([\"“‘'"
_CLOSING = ".,;:!?)]\"”’'"


@dataclass(frozen=True, slots=True)
class _Found:
    """Where something stands: a folded range of a flow."""

    match: Match
    flow: Flow
    start: int
    end: int


class QuoteIndex:
    """Looks quotations up in one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._flow = Flow(document.passages)

    def locate(self, quotation: Quotation) -> Evidence:
        """Exact, approximate, contradicted or missing; grounded evidence carries the document's own words."""
        folded = fold(quotation.text)
        if len(folded) < SHORTEST_ANYWHERE:
            found = self._in_named_passage(quotation, folded)
        else:
            found = self._anywhere(quotation, folded)
        return self._evidence(quotation.text, found) if found else Evidence(Match.MISSING)

    # --- looking up ---------------------------------------------------------------------------------------

    def _in_named_passage(self, quotation: Quotation, folded: str) -> list[_Found]:
        if not folded or not 1 <= (quotation.passage or 0) <= len(self._flow.passages):
            return []
        start, end = self._flow.bounds((quotation.passage or 0) - 1)
        found = _first_same(self._flow, quotation.text, self._flow.occurrences(folded, start, end))
        return [found] if found and found.match.grounded else []

    def _anywhere(self, quotation: Quotation, folded: str) -> list[_Found]:
        whole = self._whole(quotation, folded)
        if whole and whole.match.grounded:
            return [whole]
        parts = self._in_parts(quotation)
        if parts:
            return parts
        found = whole or self._similar(quotation, folded)
        return [found] if found else []

    def _whole(self, quotation: Quotation, folded: str) -> _Found | None:
        found = _first_same(self._flow, quotation.text, _near_first(self._flow, folded, quotation.passage))
        if found is None and self._running_text is not self._flow:
            flow = self._running_text
            found = _first_same(flow, quotation.text, _near_first(flow, folded, quotation.passage))
        return found

    def _in_parts(self, quotation: Quotation) -> list[_Found]:
        """A quotation with an ellipsis: its parts in the document's order, not far apart, nothing negated between."""
        parts = [part for part in _ELLIPSIS.split(quotation.text) if len(fold(part)) >= _SHORTEST_PART]
        if not parts or not _ELLIPSIS.search(quotation.text):
            return []
        flow = self._running_text
        first = fold(parts[0])
        for start in islice(_near_first(flow, first, quotation.passage), _MOST_OCCURRENCES):
            found = _chain_of_parts(flow, parts, start)
            if found:
                return found
        return []

    def _similar(self, quotation: Quotation, folded: str) -> _Found | None:
        flow = self._running_text
        place = self._similarity.find(quotation.text, folded, APPROXIMATE_FROM, quotation.passage)
        if place is None:
            return None
        before, text, after = _with_context(flow, *place)
        match = Match.CONTRADICTED if contradicts(quotation.text, before, text, after) else Match.APPROXIMATE
        return _Found(match, flow, *place)

    @cached_property
    def _running_text(self) -> Flow:
        passages = running_text(self._document.passages)
        return self._flow if len(passages) == len(self._document.passages) else Flow(passages)

    @cached_property
    def _similarity(self) -> SimilarText:
        return SimilarText(self._running_text)

    # --- evidence -----------------------------------------------------------------------------------------

    def _evidence(self, quotation: str, found: list[_Found]) -> Evidence:
        match = Match.CONTRADICTED if _hides_negation(found) else found[0].match
        first = found[0].flow.passages[found[0].flow.index_of(found[0].start)]
        spans = [
            _shown_spans(
                part, opening=quotation.strip()[0] in _OPENING, closing=quotation.strip()[-1] in _CLOSING
            )
            for part in found
        ]
        return Evidence(
            match=match,
            text=self._shown(spans) if match.grounded else "",
            passage=first.number,
            page=first.page,
            locator=first.locator,
            kind=first.kind,
            start=spans[0][0][0],
            end=spans[-1][-1][1],
        )

    def _shown(self, parts: list[list[tuple[int, int]]]) -> str:
        """The document's own words; what an ellipsis left out is shown too where it is short."""
        text = self._slice(parts[0])
        for above, below in pairwise(parts):
            start, end = above[-1][1], below[0][0]
            between = self._document.text[start:end] if end - start <= _SHOWN_GAP else " … "
            text += between + self._slice(below)
        return " ".join(text.split())

    def _slice(self, spans: list[tuple[int, int]]) -> str:
        return " ".join(self._document.text[start:end] for start, end in spans)


def _near_first(flow: Flow, folded: str, passage: int | None) -> Iterator[int]:
    """Where a folded string stands: in or across the named passage first, then in the text, then in comments and the like."""
    everywhere = text_first(
        flow.passages, ((position, flow.index_of(position)) for position in flow.occurrences(folded))
    )
    index = flow.index_of_number(passage)
    if index is None:
        return everywhere
    start, end = flow.bounds(index)
    near = flow.occurrences(folded, max(0, start - len(folded) + 1), end + len(folded) - 1)
    return chain(near, everywhere)


def _first_same(flow: Flow, text: str, positions: Iterable[int]) -> _Found | None:
    """The first place where it stands as whole words with the same figures; else a contradicted one, if any."""
    contradicted = None
    length = len(fold(text))
    for start in islice(positions, _MOST_OCCURRENCES):
        end = start + length
        if not flow.whole_words(start, end) or not one_voice(flow.passages_of(start, end)):
            continue
        if any(same_figures(text, reading) for reading in _with_signs(flow, start, end)):
            return _Found(Match.EXACT, flow, start, end)
        contradicted = contradicted or _Found(Match.CONTRADICTED, flow, start, end)
    return contradicted


def _chain_of_parts(flow: Flow, parts: list[str], start: int) -> list[_Found]:
    found: list[_Found] = []
    for part in parts:
        positions: Iterable[int] = [start]
        if found:
            end = found[-1].end
            positions = flow.occurrences(fold(part), end, end + _WIDEST_GAP)
        place = _first_same(flow, part, positions)
        if place is None or not place.match.grounded:
            return []
        if found and not one_voice(flow.passages_of(found[0].start, place.end)):
            return []
        found.append(place)
    return found


def _hides_negation(found: list[_Found]) -> bool:
    """True if an ellipsis swallowed a "not" in the middle of a sentence."""
    for above, below in pairwise(found):
        if below.start > above.end:
            gap = " ".join(_texts(above.flow, above.end, below.start))
            if turned_round(gap) and not _SENTENCE_END.search(gap):
                return True
    return False


def _texts(flow: Flow, start: int, end: int) -> list[str]:
    return [flow.passages[index].text[first:last] for index, first, last in flow.span(start, end)]


def _with_signs(flow: Flow, start: int, end: int) -> Iterator[str]:
    """The text of a folded range with the signs that touch it ("$1.5", not "1.5"), or all up to the next word, a side each."""
    pieces = flow.span(start, end)
    inner = " ".join(flow.passages[index].text[first:last] for index, first, last in pieces)
    before = flow.passages[pieces[0][0]].text[: pieces[0][1]]
    after = flow.passages[pieces[-1][0]].text[pieces[-1][2] :]
    stop = next((offset for offset, character in enumerate(after) if character.isalnum()), len(after))
    start_of_gap = next((offset for offset in range(len(before), 0, -1) if before[offset - 1].isalnum()), 0)
    left = dict.fromkeys((before[_leading(before, len(before)) :], before[start_of_gap:]))
    right = dict.fromkeys((after[: _trailing(after, 0, _TRAILING_SIGNS)], after[:stop]))
    return (one + inner + other for one, other in product(left, right))


def _with_context(flow: Flow, start: int, end: int) -> tuple[str, str, str]:
    """The text before a folded range, its whole words, and the text after it."""
    pieces = flow.span(start, end)
    first, begin = flow.passages[pieces[0][0]].text, pieces[0][1]
    last, stop = flow.passages[pieces[-1][0]].text, pieces[-1][2]
    while not starts_word(first, begin):
        begin -= 1
    while not ends_word(last, stop):
        stop += 1
    begin = _leading(first, begin)
    stop = _trailing(last, stop, _TRAILING_SIGNS)
    if len(pieces) == 1:
        text = first[begin:stop]
    else:
        middle = [flow.passages[index].text[one:two] for index, one, two in pieces[1:-1]]
        text = " ".join([first[begin:], *middle, last[:stop]])
    return first[max(0, begin - _CONTEXT) : begin], text, last[stop : stop + _CONTEXT]


def _shown_spans(found: _Found, *, opening: bool, closing: bool) -> list[tuple[int, int]]:
    """Offsets into the document's text, whole words; a negation right before it belongs to it."""
    flow = found.flow
    pieces = flow.span(found.start, found.end)
    first, last = flow.passages[pieces[0][0]], flow.passages[pieces[-1][0]]
    spans = [
        (flow.passages[index].start + begin, flow.passages[index].start + stop)
        for index, begin, stop in pieces
    ]
    begin, stop = pieces[0][1], pieces[-1][2]
    while not starts_word(first.text, begin):
        begin -= 1
    while not ends_word(last.text, stop):
        stop += 1
    begin = _leading(first.text, begin, _LEADING_SIGNS + (_OPENING if opening else ""))
    if negated(first.text[max(0, begin - _CONTEXT) : begin]):
        begin = first.text.rfind(" ", 0, len(first.text[:begin].rstrip())) + 1
    stop = _trailing(last.text, stop, _TRAILING_SIGNS + (_CLOSING if closing else ""))
    spans[0] = (first.start + begin, spans[0][1])
    spans[-1] = (spans[-1][0], last.start + stop)
    return spans


def _leading(text: str, begin: int, signs: str = _LEADING_SIGNS) -> int:
    while begin and text[begin - 1] in signs:
        begin -= 1
    return begin


def _trailing(text: str, stop: int, signs: str) -> int:
    while stop < len(text) and text[stop] in signs:
        stop += 1
    return stop
