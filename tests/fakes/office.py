"""Makes small presentations, workbooks and texts of the Office programs in memory: what a person could have shared."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pptx
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

from tests.fakes.documents import zipped

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_ODF_NAMES = (
    " ".join(f'xmlns:{name}="{_OFFICE}:{name}:1.0"' for name in ("office", "text", "table", "style", "draw"))
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)

Rows = Sequence[Sequence[str | float]]


# --- presentations ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SlideOf:
    """What one slide shows."""

    title: str = ""
    texts: tuple[str, ...] = ()
    """One text box each; lines are paragraphs."""
    table: Rows = ()
    chart: tuple[str, Mapping[str, float]] | None = None
    """The series' name and its values by category."""
    notes: str = ""
    hidden: bool = False
    grouped: str = ""
    """A text in a group in a group."""
    off_slide: str = ""
    tiny: str = ""


def presentation(*slides: SlideOf) -> bytes:
    """A PPTX."""
    deck = pptx.Presentation()
    for content in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[5 if content.title else 6])
        _fill(slide, content)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def presentation_with_comment(author: str, text: str) -> bytes:
    """One slide and a comment on it, as PowerPoint 2007 to 2019 keep it."""
    comment = f'<p:cmLst xmlns:p="{_PRESENTATION}"><p:cm authorId="0" idx="1"><p:text>{text}</p:text></p:cm></p:cmLst>'
    authors = f'<p:cmAuthorLst xmlns:p="{_PRESENTATION}"><p:cmAuthor id="0" name="{author}"/></p:cmAuthorLst>'
    content = presentation(SlideOf(title="Offer"))
    content = with_relation(content, "ppt/slides/slide1.xml", "comments", "../comments/comment1.xml")
    return with_parts(
        content,
        {"ppt/comments/comment1.xml": comment.encode(), "ppt/commentAuthors.xml": authors.encode()},
    )


def presentation_with_diagram(*points: str) -> bytes:
    """One slide with SmartArt."""
    frame = (
        f'<p:graphicFrame xmlns:p="{_PRESENTATION}" xmlns:a="{_DRAWING}"><p:nvGraphicFramePr/><a:graphic><a:graphicData>'
        f'<dgm:relIds xmlns:dgm="d" xmlns:r="{_RELATIONS}" r:dm="rIdNew"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    data = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{point}</a:t></a:r></a:p></dgm:t></dgm:pt>" for point in points
    )
    content = presentation(SlideOf(title="Offer"))
    slide = part(content, "ppt/slides/slide1.xml").replace(b"</p:spTree>", f"{frame}</p:spTree>".encode())
    content = with_relation(content, "ppt/slides/slide1.xml", "diagramData", "../diagrams/data1.xml")
    model = f'<dgm:dataModel xmlns:dgm="d" xmlns:a="{_DRAWING}"><dgm:ptLst>{data}</dgm:ptLst></dgm:dataModel>'
    return with_parts(content, {"ppt/slides/slide1.xml": slide, "ppt/diagrams/data1.xml": model.encode()})


def _fill(slide: Slide, content: SlideOf) -> None:
    shapes = slide.shapes
    if shapes.title is not None:
        shapes.title.text = content.title
    for text in content.texts:
        _text_box(shapes, text)
    _draw_data(slide, content)
    if content.grouped:
        _text_box(shapes.add_group_shape().shapes.add_group_shape().shapes, content.grouped)
    if content.off_slide:
        _text_box(shapes, content.off_slide, left=40)
    if content.tiny:
        _text_box(shapes, content.tiny).paragraphs[0].runs[0].font.size = Pt(1)
    notes = slide.notes_slide.notes_text_frame if content.notes else None
    if notes is not None:
        notes.text = content.notes
    if content.hidden:
        slide._element.set("show", "0")


def _draw_data(slide: Slide, content: SlideOf) -> None:
    place = (Inches(1), Inches(1), Inches(4), Inches(2))
    if content.table:
        table = slide.shapes.add_table(len(content.table), len(content.table[0]), *place).table
        for row, cells in zip(table.rows, content.table, strict=True):
            for cell, value in zip(row.cells, cells, strict=True):
                cell.text = str(value)
    if content.chart:
        name, values = content.chart
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # python-pptx is typed in part
        data.categories = list(values)
        data.add_series(name, list(values.values()))
        slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)


def _text_box(shapes: Any, text: str, left: float = 1) -> TextFrame:
    frame: TextFrame = shapes.add_textbox(Inches(left), Inches(1), Inches(4), Inches(1)).text_frame
    frame.text = text
    return frame


# --- workbooks -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetOf:
    """What one sheet holds; a text that begins with "=" is a formula, with its result after a tab."""

    rows: Rows
    hidden: bool = False
    very_hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    """1-based, as a reader counts."""
    hidden_columns: tuple[str, ...] = ()
    """Letters."""
    comments: tuple[tuple[str, str, str], ...] = ()
    """Cell, author, text."""
    percent_columns: tuple[str, ...] = ()


def workbook(sheets: Mapping[str, SheetOf]) -> bytes:
    """An XLSX; the first sheet must be visible."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    percent = book.add_format({"num_format": "0%"})
    for name, content in sheets.items():
        sheet = book.add_worksheet(name)
        for letter in content.percent_columns:
            sheet.set_column(f"{letter}:{letter}", None, percent)
        for row, cells in enumerate(content.rows):
            for column, value in enumerate(cells):
                _write(sheet, row, column, value)
        for row in content.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
        for letter in content.hidden_columns:
            sheet.set_column(f"{letter}:{letter}", None, None, {"hidden": True})
        for cell, author, text in content.comments:
            sheet.write_comment(cell, text, {"author": author})
        if content.very_hidden:
            sheet.very_hidden()
        elif content.hidden:
            sheet.hide()
    book.close()
    return buffer.getvalue()


def workbook_of(rows: Rows) -> bytes:
    """One sheet called Budget."""
    return workbook({"Budget": SheetOf(rows)})


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: str | float) -> None:
    if isinstance(value, str) and value.startswith("="):
        formula, _, result = value.partition("\t")
        sheet.write_formula(row, column, formula, None, result)
    elif value != "":
        sheet.write(row, column, value)


# --- parts of a package ----------------------------------------------------------------------------------


def part(content: bytes, name: str) -> bytes:
    """One part of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The package with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**kept, **parts})


def with_relation(content: bytes, source: str, kind: str, target: str, *, external: bool = False) -> bytes:
    """The package with one more relationship, "rIdNew", from a part."""
    folder, _, name = source.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    mode = ' TargetMode="External"' if external else ""
    added = f'<Relationship Id="rIdNew" Type="{_RELATIONS}/{kind}" Target="{target}"{mode}/></Relationships>'
    try:
        before = part(content, relations)
    except KeyError:
        before = f'<Relationships xmlns="{_PACKAGE}"></Relationships>'.encode()
    return with_parts(content, {relations: before.replace(b"</Relationships>", added.encode())})


# --- OpenDocument and RTF --------------------------------------------------------------------------------


def open_text(body: str, *, styles: str = "", header: str = "", extra: Mapping[str, bytes] = {}) -> bytes:
    """An ODT with this XML in its text."""
    content = (
        f"<office:document-content {_ODF_NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    head = f"<style:header><text:p>{header}</text:p></style:header>" if header else ""
    pages = (
        f"<office:document-styles {_ODF_NAMES}><office:master-styles><style:master-page>{head}</style:master-page>"
        "</office:master-styles></office:document-styles>"
    )
    return _open_document("text", {"content.xml": content.encode(), "styles.xml": pages.encode(), **extra})


def open_sheets(sheets: Mapping[str, Rows], *, hidden: Iterable[str] = ()) -> bytes:
    """An ODS."""
    style = '<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>'
    tables = "".join(
        f'<table:table table:name="{name}"{_style(name, hidden)}>'
        + "".join(map(_open_row, rows))
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f"<office:document-content {_ODF_NAMES}><office:automatic-styles>{style}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return _open_document("spreadsheet", {"content.xml": content.encode()})


def part_of_open_document(kind: str) -> bytes:
    """An OpenDocument file of this kind, without anything in it: "presentation", "graphics"."""
    return _open_document(kind, {})


def rtf(body: str) -> bytes:
    """An RTF file with this body."""
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{{\fonttbl{{\f0 Arial;}}}} {body}}}".encode("ascii")


def _open_document(kind: str, parts: Mapping[str, bytes]) -> bytes:
    """The entry "mimetype" comes first and is not packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        for name, content in {"META-INF/manifest.xml": b"<manifest/>", **parts}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _style(name: str, hidden: Iterable[str]) -> str:
    return ' table:style-name="gone"' if name in hidden else ""


def _open_row(cells: Sequence[str | float]) -> str:
    return "<table:table-row>" + "".join(map(_open_cell, cells)) + "</table:table-row>"


def _open_cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
