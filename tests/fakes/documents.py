"""Makes small real documents in memory: what a person could have shared."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
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


LEGAL_OUTLINE = (
    ("upperRoman", "ARTICLE %1"),
    ("decimal", "%1.%2"),
    ("lowerLetter", "(%3)"),
    ("lowerRoman", "(%4)"),
)
"""Number formats of a contract's levels: ARTICLE II, 2.1 (the article in Arabic digits), (a), (iv)."""


def word_with_outline(
    clauses: Sequence[tuple[int, str]], levels: Sequence[tuple[str, str]] = LEGAL_OUTLINE
) -> bytes:
    """Clauses by depth (0 is the highest), numbered by one multi-level list as lawyers' templates do."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    abstract, number = OxmlElement("w:abstractNum"), OxmlElement("w:num")
    abstract.set(qn("w:abstractNumId"), "90")
    for depth, (kind, text) in enumerate(levels):
        abstract.append(_outline_level(depth, kind, text))
    number.set(qn("w:numId"), "90")
    number.append(_element("w:abstractNumId", "90"))
    numbering.insert(0, abstract)
    numbering.append(number)
    for depth, text in clauses:
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.append(_element("w:ilvl", str(depth)))
        properties.append(_element("w:numId", "90"))
    return _saved(document)


def _outline_level(depth: int, kind: str, text: str) -> BaseOxmlElement:
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), str(depth))
    legal = [_element("w:isLgl")] if "." in text and depth else []
    for part in [_element("w:start", "1"), _element("w:numFmt", kind), *legal, _element("w:lvlText", text)]:
        level.append(part)
    return level


def word_with_changes(clauses: Sequence[tuple[str, str, str]]) -> bytes:
    """A redline: each clause is its first words, then deleted ones, then inserted ones; empty ones are left out."""
    document = docx.Document()
    for number, (kept, deleted, inserted) in enumerate(clauses):
        paragraph = document.add_paragraph(kept)
        for kind, words in (("w:del", deleted), ("w:ins", inserted)):
            if words:
                paragraph._p.append(_change(kind, words, number))
    return _saved(document)


def _change(kind: str, words: str, number: int) -> BaseOxmlElement:
    change, run = OxmlElement(kind), OxmlElement("w:r")
    change.set(qn("w:id"), str(number))
    change.set(qn("w:author"), "Somebody")
    change.set(qn("w:date"), "2026-01-02T10:00:00Z")
    text = OxmlElement("w:delText" if kind == "w:del" else "w:t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(text)
    change.append(run)
    return change


def _element(name: str, value: str | None = None) -> BaseOxmlElement:
    element = OxmlElement(name)
    if value is not None:
        element.set(qn("w:val"), value)
    return element


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
