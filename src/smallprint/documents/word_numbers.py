"""Keeps clause numbers right where a section break stands in a numbered paragraph. Child process only.

anydoc counts an empty numbered paragraph that only carries a section break (w:sectPr); Word and LibreOffice do not,
so every clause after it would come out one too high.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.archive import Archive

_EMPTY_PARAGRAPH = re.compile(
    rb"<w:p(?: [^>]{0,1000})?><w:pPr>((?:(?!</w:pPr>).){0,8000})</w:pPr></w:p>", re.DOTALL
)
_NUMBERING = re.compile(rb"<w:numPr>.{0,1000}?</w:numPr>|<w:numPr/>", re.DOTALL)
_STYLE = re.compile(rb"<w:pStyle [^>]{0,400}/>")
_NO_NUMBER = b'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'


def without_numbered_breaks(content: bytes, archive: Archive, main_part: str) -> bytes:
    """The same file, except that paragraphs which only break a section have no number."""
    main = archive.read(main_part)
    if main.count(b"<w:sectPr") < 2 or b"word/numbering.xml" not in content:  # noqa: PLR2004 - the last one is the document's own
        return content
    changed = _EMPTY_PARAGRAPH.sub(_unnumbered, main)
    return content if changed == main else _with_part(archive, main_part, changed)


def _unnumbered(paragraph: re.Match[bytes]) -> bytes:
    properties = paragraph[1]
    if b"<w:sectPr" not in properties:
        return paragraph[0]
    start = paragraph.start(1) - paragraph.start()
    without = _NUMBERING.sub(b"", properties)
    style = _STYLE.match(without)
    if without == properties and style is None:
        return paragraph[0]
    place = (
        style.end() if style else 0
    )  # the number of a style is taken back by number 0, right after the style
    return (
        paragraph[0][:start]
        + without[:place]
        + _NO_NUMBER
        + without[place:]
        + paragraph[0][start + len(properties) :]
    )


def _with_part(archive: Archive, changed_part: str, part: bytes) -> bytes:
    from io import BytesIO  # noqa: PLC0415 - only few documents need these, and zipfile costs 20 ms
    from zipfile import ZipFile  # noqa: PLC0415

    buffer = BytesIO()
    with ZipFile(buffer, "w") as rewritten:
        for name in sorted(archive.names):
            rewritten.writestr(name, part if name == changed_part else archive.read(name))
    return buffer.getvalue()
