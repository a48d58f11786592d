"""Blocks → PDF, with a running foot and page numbers as in a printed contract."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from evaluation.datasets.house.making.markup import Block, BlockKind, blocks
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

_MARGIN = 2.5 * cm
_WIDTH = A4[0] - 2 * _MARGIN
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.9, 0.92, 0.95)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)


def pdf(source: str, *, title: str, author: str, foot: str, serif: bool = True) -> bytes:
    """The document; `foot` stands at the bottom of every page beside its number."""
    styles = _styles("Times" if serif else "Helvetica")
    written = io.BytesIO()
    template = SimpleDocTemplate(
        written,
        pagesize=A4,
        title=title,
        author=author,
        invariant=1,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=2.2 * cm,
        bottomMargin=2.4 * cm,
    )
    template.build(_story(blocks(source), styles), onFirstPage=_footer(foot), onLaterPages=_footer(foot))
    return written.getvalue()


def _story(content: Sequence[Block], styles: dict[BlockKind, ParagraphStyle]) -> list[Any]:
    """A heading stays with what follows it."""
    story: list[Any] = []
    heading: list[Any] = []
    for block in content:
        drawn = _drawn(block, styles)
        if block.kind is BlockKind.HEADING:
            heading.append(drawn)
        else:
            story.append(KeepTogether([*heading, drawn]) if block.kind is not BlockKind.PAGE_BREAK else drawn)
            heading = []
    return story + heading


def _drawn(block: Block, styles: dict[BlockKind, ParagraphStyle]) -> Any:
    match block.kind:
        case BlockKind.PAGE_BREAK:
            return PageBreak()
        case BlockKind.TABLE:
            return _table(block, styles[BlockKind.TABLE])
        case BlockKind.ITEM:
            return Paragraph(block.text, styles[block.kind], bulletText="•")
        case _:
            return Paragraph(block.text, styles[block.kind])


def _table(block: Block, style: ParagraphStyle) -> Any:
    """Columns as wide as their longest cell asks for, within reason."""
    longest = [min(60, max(12, *map(len, column))) for column in zip(*block.rows, strict=True)]
    widths = [_WIDTH * each / sum(longest) for each in longest]
    cells = [[Paragraph(text, style) for text in row] for row in block.rows]
    return Table(cells, colWidths=widths, style=_GRID, spaceBefore=4, spaceAfter=10, repeatRows=1)


def _footer(foot: str) -> Any:
    def draw(canvas: Canvas, _: Any) -> None:
        canvas.setFont("Helvetica", 7.5)
        canvas.setFillGray(0.35)
        canvas.drawString(_MARGIN, 1.3 * cm, foot)
        canvas.drawRightString(A4[0] - _MARGIN, 1.3 * cm, f"Page {canvas.getPageNumber()}")

    return draw


def _styles(family: str) -> dict[BlockKind, ParagraphStyle]:
    regular, bold = (f"{family}-Roman", f"{family}-Bold") if family == "Times" else (family, f"{family}-Bold")
    body = ParagraphStyle("body", fontName=regular, fontSize=10.5, leading=14, spaceAfter=7)
    return {
        BlockKind.PARAGRAPH: ParagraphStyle("text", parent=body, alignment=TA_JUSTIFY),
        BlockKind.ITEM: ParagraphStyle(
            "item", parent=body, leftIndent=14, bulletIndent=2, alignment=TA_JUSTIFY
        ),
        BlockKind.TITLE: ParagraphStyle(
            "title", parent=body, fontName=bold, fontSize=17, leading=22, alignment=TA_CENTER, spaceAfter=10
        ),
        BlockKind.SUBTITLE: ParagraphStyle("subtitle", parent=body, alignment=TA_CENTER),
        BlockKind.HEADING: ParagraphStyle(
            "heading", parent=body, fontName=bold, fontSize=12, leading=16, spaceBefore=8, spaceAfter=5
        ),
        BlockKind.TABLE: ParagraphStyle("cell", parent=body, fontSize=9, leading=11.5, spaceAfter=0),
    }
