"""Blocks → DOCX, with tracked changes, comments and hidden text where the notation marks them."""

from __future__ import annotations

import io

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from evaluation.datasets.house.making.dates import EPOCH, with_fixed_dates
from evaluation.datasets.house.making.markup import Block, BlockKind, blocks, runs

_STAMP = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ")


def word(source: str, *, title: str, author: str, header: str) -> bytes:
    """The document; `author` also made its tracked changes and comments."""
    document = docx.Document()
    _set_up(document, title, author, header)
    for block in blocks(source):
        _add(document, block, author)
    written = io.BytesIO()
    document.save(written)
    return with_fixed_dates(written.getvalue())


def _set_up(document: Document, title: str, author: str, header: str) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = EPOCH
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10.5)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.header.paragraphs[0].text = header


def _add(document: Document, block: Block, author: str) -> None:
    match block.kind:
        case BlockKind.TITLE:
            document.add_heading(block.text, level=0)
        case BlockKind.HEADING:
            document.add_heading(block.text, level=1)
        case BlockKind.SUBTITLE:
            document.add_paragraph(block.text).alignment = WD_ALIGN_PARAGRAPH.CENTER
        case BlockKind.ITEM:
            document.add_paragraph(block.text, style="List Bullet")
        case BlockKind.TABLE:
            _add_table(document, block)
        case BlockKind.PAGE_BREAK:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case BlockKind.PARAGRAPH:
            _add_paragraph(document, block.text, author)


def _add_paragraph(document: Document, text: str, author: str) -> None:
    paragraph = document.add_paragraph()
    for run in runs(text):
        match run.mark:
            case "+" | "-":
                paragraph._p.append(_change(run.mark, run.text, author))  # noqa: SLF001 - no public way to track changes
            case ">":
                _comment(document, paragraph, run.text, author)
            case ".":
                paragraph.add_run(run.text).font.hidden = True
            case _:
                paragraph.add_run(run.text)


def _comment(document: Document, paragraph: Paragraph, text: str, author: str) -> None:
    comment = document.add_comment(paragraph.runs[-1], text, author, author[:1])
    comment._comment_elm.date = EPOCH  # noqa: SLF001 - else it is the time of writing


def _change(mark: str, words: str, author: str) -> BaseOxmlElement:
    deleted = mark == "-"
    change, run = OxmlElement("w:del" if deleted else "w:ins"), OxmlElement("w:r")
    for name, value in (("w:id", "901" if deleted else "902"), ("w:author", author), ("w:date", _STAMP)):
        change.set(qn(name), value)
    text = OxmlElement("w:delText" if deleted else "w:t")
    text.text = words
    text.set(qn("xml:space"), "preserve")
    run.append(text)
    change.append(run)
    return change


def _add_table(document: Document, block: Block) -> None:
    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Light Grid Accent 1")
    for row, texts in zip(table.rows, block.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph()
