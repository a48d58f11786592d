"""The passages that are the document's own text: page numbers, running headers and footers left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from smallprint.documents.quotes.voices import FLOWING
from smallprint.models.domain import Passage

_EDGE_PASSAGES = 2
_REPEATED_ON_PAGES = 3
_LONGEST_FURNITURE = 200
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.)?\W*(?:\d{1,4}|[ivxlc]{1,7})(?:\W*(?:of|von|/)\W*\d{1,4})?\W*$", re.IGNORECASE
)


def running_text(passages: Sequence[Passage]) -> list[Passage]:
    """Sentences run on over the end of a page only if what stands there on every page is taken out."""
    furniture = _furniture(passages)
    return [passage for passage in passages if passage.number not in furniture]


def _furniture(passages: Sequence[Passage]) -> set[int]:
    edges = [passage for passage in _page_edges(passages) if len(passage.text) <= _LONGEST_FURNITURE]
    alike: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in edges:
        alike[re.sub(r"[\W\d]+", "", passage.text).lower()].append(passage)
    furniture = {passage.number for passage in edges if _PAGE_NUMBER.match(passage.text)}
    for same in alike.values():
        if len({passage.page for passage in same}) >= _REPEATED_ON_PAGES:
            furniture |= {passage.number for passage in same}
    return furniture


def _page_edges(passages: Sequence[Passage]) -> list[Passage]:
    edges: dict[int, Passage] = {}
    text = (passage for passage in passages if passage.kind in FLOWING)
    for page, on_page in groupby(text, key=lambda passage: passage.page):
        if page is not None:
            listed = list(on_page)
            for passage in (*listed[:_EDGE_PASSAGES], *listed[-_EDGE_PASSAGES:]):
                edges[passage.number] = passage
    return list(edges.values())
