"""Text blocks → numbered passages with offsets into the document's text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from smallprint.models.domain import Passage, PassageKind

SEPARATOR = "\n\n"


class PlacedText(NamedTuple):
    """A text and where it stands."""

    text: str
    page: int | None = None
    section: str = ""
    kind: PassageKind = PassageKind.BODY
    place: str = ""


def number_passages(blocks: Iterable[tuple[Any, ...]]) -> tuple[str, tuple[Passage, ...]]:
    """The document's text and its passages, from the fields of PlacedText in reading order."""
    passages: list[Passage] = []
    start = 0
    for number, fields in enumerate(blocks, 1):
        placed = PlacedText(*fields)
        end = start + len(placed.text)
        passages.append(Passage(number, placed.text, start, end, *placed[1:]))
        start = end + len(SEPARATOR)
    return SEPARATOR.join(passage.text for passage in passages), tuple(passages)
