"""Clauses that a parser took for a table: "(a)" in one column, the words in another. Child process only.

In justified text the gaps of neighbouring lines may stand one under the other; as a table such clauses come out with
words in the wrong places. Their lines, top to bottom, are right.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from typing import Any

_MARKER = re.compile(r"\(?(?:[a-zA-Z]|[ivxIVX]{1,5}|\d{1,3}(?:\.\d{1,3})*)[.)]?(?:\s|$)")
_MARKED_SHARE = 0.5
_COLUMNS = 2
_PROSE_CHARACTERS = 60
_SAME_LINE = 0.5
_SLACK_PT = 2


def clauses_in_columns(rows: list[list[str]]) -> bool:
    """True if the first of two columns holds clause numbers and the cells are as long as sentences."""
    rows = [row for row in rows if row]
    if not rows or max(map(len, rows)) != _COLUMNS:
        return False
    cells = [cell for row in rows for cell in row if cell]
    marked = sum(bool(_MARKER.match(row[0])) for row in rows)
    long_enough = sum(map(len, cells)) >= _PROSE_CHARACTERS * len(cells)
    return long_enough and marked >= _MARKED_SHARE * len(rows)


def lines_within(page: Any, box: Any) -> list[str]:
    """The lines of text in a rectangle of a page, top to bottom."""
    inside = [item for item in page.text_items if _middle_inside(item, box)]
    lines: list[list[Any]] = []
    for item in sorted(inside, key=lambda item: (item.y + item.height / 2, item.x)):
        above = lines[-1][0] if lines else None
        if above and item.y + item.height / 2 - above.y - above.height / 2 < _SAME_LINE * above.height:
            lines[-1].append(item)
        else:
            lines.append([item])
    return [" ".join(item.text for item in sorted(line, key=lambda item: item.x)) for line in lines]


def _middle_inside(item: Any, box: Any) -> bool:
    x, y = item.x + item.width / 2, item.y + item.height / 2
    return bool(
        box.x - _SLACK_PT <= x <= box.x + box.width + _SLACK_PT
        and box.y - _SLACK_PT <= y <= box.y + box.height + _SLACK_PT
    )
