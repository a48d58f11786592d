"""Text blocks → numbered passages with offsets into the document's text."""

from __future__ import annotations

from collections.abc import Iterable

from smallprint.models.domain import Passage

SEPARATOR = "\n\n"


def number_passages(blocks: Iterable[tuple[str, int | None, str]]) -> tuple[str, tuple[Passage, ...]]:
    """The document's text and its passages, from (text, page, section) in reading order."""
    passages: list[Passage] = []
    start = 0
    for number, (text, page, section) in enumerate(blocks, 1):
        end = start + len(text)
        passages.append(Passage(number, text, start, end, page, section))
        start = end + len(SEPARATOR)
    return SEPARATOR.join(passage.text for passage in passages), tuple(passages)
