"""Makes small real documents in memory: what a person could have shared."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

_LEFT, _TOP, _LEADING = 72, 770, 15
_FONT, _SIZE = "Times-Roman", 11


def pdf(*pages: Sequence[str], password: str | None = None) -> bytes:
    """One page for each sequence of paragraphs; lines wrap as in a contract. An empty one is a page without text."""
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, pagesize=A4, encrypt=StandardEncryption(password) if password else None, invariant=True
    )
    for paragraphs in pages:
        _draw(canvas, paragraphs)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, paragraphs: Sequence[str]) -> None:
    y = _TOP
    canvas.setFont(_FONT, _SIZE)
    if not paragraphs:
        canvas.rect(_LEFT, 400, 200, 200, fill=1)
    for paragraph in paragraphs:
        for line in simpleSplit(paragraph, _FONT, _SIZE, A4[0] - 2 * _LEFT):
            canvas.drawString(_LEFT, y, line)
            y -= _LEADING
        y -= _LEADING


def word(*paragraphs: str, headings: Mapping[int, str] = {}, table: Sequence[Sequence[str]] = ()) -> bytes:
    """A DOCX; `headings` maps the index of a paragraph to the heading that stands before it."""
    document = docx.Document()
    for index, paragraph in enumerate(paragraphs):
        if index in headings:
            document.add_heading(headings[index], level=1)
        document.add_paragraph(paragraph)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    return _saved(document)


def word_with_numbers(*paragraphs: str) -> bytes:
    """Numbered clauses whose numbers stand only in numbering.xml, as lawyers write them."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph, style="List Number")
    return _saved(document)


def word_with_deletion(kept: str, deleted: str) -> bytes:
    """A paragraph with a tracked deletion."""
    document = docx.Document()
    paragraph = document.add_paragraph(kept)
    change = OxmlElement("w:del")
    change.set(qn("w:id"), "1")
    change.set(qn("w:author"), "Somebody")
    run, text = OxmlElement("w:r"), OxmlElement("w:delText")
    text.text = deleted
    run.append(text)
    change.append(run)
    paragraph._p.append(change)
    return _saved(document)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive with the parts, deflated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def html(body: str, title: str = "Terms") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def _saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
