"""The small notation in which the documents are written: blocks of text, and marks inside them.

`#` title, `##` heading, `^` a line under the title, `-` list item, `|` table row, `===` page break; everything else is
a paragraph. Blocks stand apart by an empty line; lines of one paragraph are joined. Inside a paragraph `{+…+}` is a
tracked insertion, `{-…-}` a tracked deletion, `{>…<}` a comment on the words before it and `{.….}` hidden text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is in its document."""

    TITLE = "title"
    HEADING = "heading"
    SUBTITLE = "subtitle"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    PAGE_BREAK = "page break"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or table."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    """Of a table; the first is its head."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph."""

    text: str
    mark: str = ""
    """"+", "-", ">" or "." as in the notation; empty for plain text."""


_PREFIXES = {
    "# ": BlockKind.TITLE,
    "## ": BlockKind.HEADING,
    "^ ": BlockKind.SUBTITLE,
    "- ": BlockKind.ITEM,
}
_MARKED = re.compile(r"\{([+\->.])(.+?)[+\-<.]\}", re.DOTALL)


def blocks(source: str) -> tuple[Block, ...]:
    """The blocks of a document, in order."""
    return tuple(_block(chunk) for chunk in re.split(r"\n\s*\n", source.strip()))


def runs(text: str) -> Iterator[Run]:
    """The pieces of a paragraph, in order."""
    end = 0
    for found in _MARKED.finditer(text):
        if plain := text[end : found.start()]:
            yield Run(plain)
        yield Run(found[2], found[1])
        end = found.end()
    if plain := text[end:]:
        yield Run(plain)


def _block(chunk: str) -> Block:
    if chunk == "===":
        return Block(BlockKind.PAGE_BREAK)
    if chunk.startswith("|"):
        return Block(BlockKind.TABLE, rows=tuple(_cells(line) for line in chunk.splitlines()))
    text = _typographic(" ".join(chunk.split()))
    for prefix, kind in _PREFIXES.items():
        if text.startswith(prefix):
            return Block(kind, text.removeprefix(prefix))
    return Block(BlockKind.PARAGRAPH, text)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(_typographic(cell.strip()) for cell in line.strip().strip("|").split("|"))


def _typographic(text: str) -> str:
    """Quotation marks and apostrophes as word processors set them."""
    return re.sub(r'"(?=\w)', "“", text).replace('"', "”").replace("'", "’")
