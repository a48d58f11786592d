"""What Slack would refuse of rich text and of tables, for `limits.py`.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block and …/table-block
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from smallprint.slack.blocks.text import length

MAX_ROWS = 100
MAX_COLUMNS = 20
"""https://docs.slack.dev/reference/block-kit/blocks/table-block"""
MAX_CELL = 2_000
"""Characters; not documented, as cautious as for other fields."""

_RICH_TEXT_PARTS = frozenset(
    {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"}
)
_RICH_TEXT_WORDS = {
    "text": "text",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "emoji": "name",
    "link": "url",
}


def check_table(block: Mapping[str, Any]) -> Iterator[str]:
    """Rows of equally many cells, each of raw text or rich text, none empty."""
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= MAX_ROWS:
        yield f"{len(rows)} rows, 1 to {MAX_ROWS} are allowed"
    widths = {len(row) for row in rows}
    if len(widths) > 1 or not all(1 <= width <= MAX_COLUMNS for width in widths):
        yield f"rows need equally many cells, 1 to {MAX_COLUMNS}"
    for row in rows:
        for cell in row:
            yield from _check_cell(cell)


def _check_cell(cell: Mapping[str, Any]) -> Iterator[str]:
    if cell.get("type") == "rich_text":
        yield from check_rich_text(cell)
    elif cell.get("type") != "raw_text":
        yield f"unknown cell {cell.get('type')!r}"
    elif not 1 <= length(str(cell.get("text", ""))) <= MAX_CELL:
        yield f"a cell takes 1 to {MAX_CELL} characters"


def check_rich_text(block: Mapping[str, Any]) -> Iterator[str]:
    parts = block.get("elements", [])
    if not parts:
        yield "no elements"
    for part in parts:
        yield from _check_part(part)


def _check_part(part: Mapping[str, Any]) -> Iterator[str]:
    kind = part.get("type")
    elements = part.get("elements", [])
    if kind not in _RICH_TEXT_PARTS:
        yield f"unknown rich text element {kind!r}"
    elif not elements:
        yield f"{kind} without elements"
    elif kind == "rich_text_list":
        if part.get("style") not in {"bullet", "ordered"}:
            yield "a list needs the style bullet or ordered"
        for item in elements:
            yield from _check_part(item)
    else:
        yield from _check_words(elements)


def _check_words(elements: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for element in elements:
        kind = element.get("type")
        needed = _RICH_TEXT_WORDS.get(kind) if isinstance(kind, str) else None
        if needed is None:
            yield f"unknown rich text element {kind!r}"
        elif not isinstance(element.get(needed), str) or not element[needed]:
            yield f"rich text {kind} without {needed}"
