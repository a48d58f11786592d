"""Figures of tables that cannot be right: totals that do not add up, formula errors, an amount far from its row. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median

from smallprint.agents.tables import Row, Table, tables_of
from smallprint.models.domain import Document, Finding, PassageKind, Quotation, RiskLevel

_TOTAL = (
    "document.figures_do_not_add_up",
    "A total does not add up",
    "The rows above “{label}” come to {sum}, but the table says {total}.",
    "Whoever relies on the total decides on a figure that its own parts do not support.",
    "Ask for the calculation, and find out whether a row or the total is wrong.",
)
_ERROR = (
    "document.formula_error",
    "A formula has failed",
    "{count} of a table shows a formula error instead of a value.",
    "What depends on that value is missing or wrong, and nobody seems to have looked.",
    "Ask for the workbook with the formula repaired, and check what was computed from it.",
)
_OUTLIER = (
    "document.outlier",
    "A figure is far from the others of its row",
    "In “{label}” one figure is about {times} times the others.",
    "One digit too many is a common slip, and every total above it inherits it.",
    "Ask whether the figure is meant, and what explains it.",
)

MAX_QUOTATIONS = 3


def find_figures(document: Document) -> tuple[Finding, ...]:
    """At most one finding of each sort, each with up to three rows. Ids are given by the analyst."""
    tables = [table for table in tables_of(document) if len(table.rows) <= _MOST_ROWS]
    far = _outliers(tables) or _far_from_column(document)
    return tuple(finding for finding in (_totals(tables), _errors(tables), far) if finding)


_MOST_ROWS = 2_000


# --- totals ------------------------------------------------------------------------------------------------

_IS_TOTAL = re.compile(r"\b(?:sub-?|grand )?totals?\b|^sum\b|^altogether\b|^in all\b")
_NOT_ADDED = re.compile(
    r"average|mean|rate\b|%|per ?cent|ratio|price per|unit price|per unit|year$|index|share"
)
_FEWEST_ADDED = 2
_STRUCTURE_MISREAD = 2  # further off than twice or half, it is likelier that we misread what is added
_NUMBER = re.compile(
    r"(?P<minus>[-−(]?)(?:[A-Z]{3}|[$€£])? ?(?P<digits>\d{1,3}(?:[, ']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\)?"
)  # fmt: skip


def _number(cell: str) -> Decimal | None:
    found = _NUMBER.fullmatch(cell.strip().replace("\u00a0", " "))
    if found is None:
        return None
    value = Decimal(re.sub(r"[, ']", "", found["digits"]))
    return -value if found["minus"] else value


def _totals(tables: Sequence[Table]) -> Finding | None:
    wrong = [each for table in tables for each in _wrong_totals(table)]
    if not wrong:
        return None
    row, added, total = wrong[0]
    says = _TOTAL[2].format(label=row.name, sum=f"{added:,}", total=f"{total:,}")
    rows = [row for row, _, _ in wrong]
    return _finding(_TOTAL, says, RiskLevel.MEDIUM, [row.quotation for row in rows])


def _wrong_totals(table: Table) -> Iterator[tuple[Row, Decimal, Decimal]]:
    """Rows called a total whose column above comes to something else, however one adds it."""
    width = max((len(row.cells) for row in table.rows), default=0)
    for column in range(1, width):
        header = table.headers[column] if column < len(table.headers) else ""
        if not _NOT_ADDED.search(header) or header == "year":
            yield from _wrong_in(table.rows, column)


def _wrong_in(rows: Sequence[Row], column: int) -> Iterator[tuple[Row, Decimal, Decimal]]:
    block: list[Decimal] = []
    everything: list[Decimal] = []
    subtotals: list[Decimal] = []
    for row in rows:
        value = _number(row.cells[column]) if column < len(row.cells) else None
        if not _IS_TOTAL.search(row.label):
            block = [] if _is_section(row) else block
            if value is not None:
                block.append(value)
                everything.append(value)
            continue
        if value is not None:
            sums = {
                sum(part, Decimal()) for part in (block, everything, subtotals) if len(part) >= _FEWEST_ADDED
            }
            if len(block) >= _FEWEST_ADDED and _is_wrong(value, sums):
                yield row, sum(block, Decimal()), value
            subtotals.append(value)
        block = []


def _is_section(row: Row) -> bool:
    """A line that only names what follows."""
    return not any(row.cells[1:])


def _is_wrong(total: Decimal, sums: set[Decimal]) -> bool:
    exponent = total.as_tuple().exponent
    rounding = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) * 2
    near = [added for added in sums if abs(added) <= abs(total) * _STRUCTURE_MISREAD]
    near = [added for added in near if abs(added) * _STRUCTURE_MISREAD >= abs(total)]
    return bool(near) and all(abs(total - added) > rounding for added in sums)


# --- formula errors and outliers ---------------------------------------------------------------------------

_FORMULA_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!)")
_FEWEST_IN_ROW = 4
_ALIKE = Decimal("1.5")
_ONE_DIGIT = (Decimal(7), Decimal(13))
_FAR = re.compile(r"^Far outside the rest of their column: .+$", re.MULTILINE)
"""A sentence of the table's computed profile (documents/sheets/table_profile.py)."""


def _errors(tables: Sequence[Table]) -> Finding | None:
    rows = [row for table in tables for row in table.rows if _FORMULA_ERROR.search(row.text)]
    if not rows:
        return None
    says = _ERROR[2].format(count="A cell" if len(rows) == 1 else f"{len(rows)} rows")
    return _finding(_ERROR, says, RiskLevel.MEDIUM, [row.quotation for row in rows])


def _outliers(tables: Sequence[Table]) -> Finding | None:
    found = [(row, times) for table in tables for row in table.rows if (times := _times(table, row))]
    if not found:
        return None
    row, times = found[0]
    says = _OUTLIER[2].format(label=row.name, times=times)
    return _finding(_OUTLIER, says, RiskLevel.MEDIUM, [row.quotation for row, _ in found])


def _times(table: Table, row: Row) -> int:
    """How many times its equals one figure of a row is, if that looks like a slip of one digit; else 0."""
    summed = table.column("year", "total", "sum")
    cells = row.cells[1:summed] if summed else row.cells[1:]
    numbers = sorted(number for cell in cells if (number := _number(cell)) is not None and number > 0)
    if len(numbers) < _FEWEST_IN_ROW or numbers[-2] > numbers[0] * _ALIKE:
        return 0
    times = numbers[-1] / median(numbers[:-1])
    return round(times) if _ONE_DIGIT[0] <= times <= _ONE_DIGIT[1] else 0


def _far_from_column(document: Document) -> Finding | None:
    """What the table's profile has found; less telling than a row whose other figures are alike."""
    for passage in document.passages:
        found = _FAR.search(passage.text) if passage.kind is PassageKind.PROFILE else None
        if found:
            category, _, _, why, ask = _OUTLIER
            quotations = (Quotation(found[0], passage.number),)
            title, says = "Figures lie far outside the rest of their column", found[0]
            return Finding("", category, title, says, why, ask, RiskLevel.LOW, quotations)
    return None


def _finding(
    words: tuple[str, str, str, str, str], says: str, severity: RiskLevel, quotations: Sequence[Quotation]
) -> Finding:
    category, title, _, why, ask = words
    return Finding(
        "", category, title, says, why, ask, severity, tuple(dict.fromkeys(quotations))[:MAX_QUOTATIONS]
    )
