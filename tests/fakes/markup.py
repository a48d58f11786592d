"""Makes documents that say more than their text: tracked changes, comments, hidden words, form fields."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.fakes.documents import zipped

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_LEFT, _TOP, _LEADING = 72, 770, 15

Drawing = Callable[[Canvas], None]


def run(text: str, properties: str = "") -> str:
    """A run; `properties` are the elements of its w:rPr."""
    formatted = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{formatted}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{''.join(content)}</w:p>"


def heading(text: str, level: int = 1) -> str:
    return paragraph(
        run(text), properties=f'<w:pStyle w:val="Heading{level}"/><w:outlineLvl w:val="{level - 1}"/>'
    )


def inserted(text: str, author: str = "Ann", date: str = "2026-01-03T10:00:00Z", tag: str = "ins") -> str:
    """A tracked change that adds text; `tag` moveTo for text that came from elsewhere."""
    return f'<w:{tag} w:id="1" w:author="{author}" w:date="{date}">{run(text)}</w:{tag}>'


def deleted(text: str, author: str = "Ann", date: str = "2026-01-03T10:00:00Z", tag: str = "del") -> str:
    """A tracked change that removes text; `tag` moveFrom for text that went elsewhere."""
    words = run(text)
    if tag == "del":
        words = words.replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
    return f'<w:{tag} w:id="2" w:author="{author}" w:date="{date}">{words}</w:{tag}>'


def commented(text: str, number: int) -> str:
    """Text that a comment is about."""
    mark = f'w:id="{number}"/>'
    return f"<w:commentRangeStart {mark}{run(text)}<w:commentRangeEnd {mark}<w:r><w:commentReference {mark}</w:r>"


def comment(number: int, text: str, author: str = "Bob", date: str = "2026-02-04T09:00:00Z") -> str:
    return (
        f'<w:comment w:id="{number}" w:author="{author}" w:date="{date}">'
        f'<w:p w14:paraId="{number:08X}">{run(text)}</w:p></w:comment>'
    )


def resolved(number: int) -> str:
    return f'<w15:commentEx w15:paraId="{number:08X}" w15:done="1"/>'


def table(*rows: Sequence[str], properties: str = "") -> str:
    """Cells are the XML of paragraphs."""
    cells = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:tcPr>{properties}</w:tcPr>{cell}</w:tc>' for cell in row)}</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{cells}</w:tbl>"


def marked_word(
    *body: str,
    comments: Sequence[str] = (),
    states: Sequence[str] = (),
    headers: Sequence[str] = (),
    footers: Sequence[str] = (),
    footnotes: Sequence[str] = (),
    styles: str = "",
    numbering: str = "",
    template: str = "",
    macros: bool = False,
) -> bytes:
    """A DOCX made of raw XML. `template` is the address of an attached one."""
    stories = {
        "comments": [_part("comments", *comments)] if comments else [],
        "commentsExtended": [f'<w15:commentsEx xmlns:w15="{_W15}">{"".join(states)}</w15:commentsEx>'] if states else [],
        "header": [_part("hdr", each) for each in headers],
        "footer": [_part("ftr", each) for each in footers],
        "footnotes": [_part("footnotes", *footnotes)] if footnotes else [],
        "styles": [_part("styles", styles)] if styles else [],
        "numbering": [_part("numbering", numbering)] if numbering else [],
    }  # fmt: skip
    names = {
        f"{kind}{number}.xml" if kind in ("header", "footer") else f"{kind}.xml": (kind, content)
        for kind, parts in stories.items()
        for number, content in enumerate(parts, 1)
    }
    related = [(kind, name, "") for name, (kind, _) in names.items()]
    if template:
        related.append(("attachedTemplate", template, ' TargetMode="External"'))
    parts = {f"word/{name}": content.encode() for name, (_, content) in names.items()}
    if macros:
        parts["word/vbaProject.bin"] = b"macros"
    return zipped(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _relationships([("officeDocument", "word/document.xml", "")]),
            "word/document.xml": _part("document", f"<w:body>{''.join(body)}</w:body>").encode(),
            "word/_rels/document.xml.rels": _relationships(related),
            **parts,
        }
    )


def drawn_pdf(*pages: Drawing) -> bytes:
    """A PDF whose pages are drawn by functions."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    for draw in pages:
        canvas.setFont("Times-Roman", 11)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*texts: str, top: float = _TOP) -> Drawing:
    """Ordinary text, a line each."""

    def draw(canvas: Canvas) -> None:
        for index, text in enumerate(texts):
            canvas.drawString(_LEFT, top - _LEADING * index, text)

    return draw


def _part(tag: str, *content: str) -> str:
    return f'<w:{tag} xmlns:w="{_W}" xmlns:w14="{_W14}" xmlns:r="{_OFFICE}">{"".join(content)}</w:{tag}>'


def _relationships(related: Sequence[tuple[str, str, str]]) -> bytes:
    each = "".join(
        f'<Relationship Id="r{index}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'
        for index, (kind, target, mode) in enumerate(related)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'.encode()
