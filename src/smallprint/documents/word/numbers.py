"""Keeps clause numbers right where anydoc counts otherwise than Word. Child process only.

- It counts an empty numbered paragraph that only carries a section break (w:sectPr); Word and LibreOffice do not, so
  every clause after it would come out one too high.
- It takes the level of a numbered style from the numbering alone; where that does not name the style, Word takes the
  style's own level, and "1.1" would come out as "2".
"""

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.archive import Archive

_STYLES, _NUMBERING = "word/styles.xml", "word/numbering.xml"
_EMPTY_PARAGRAPH = re.compile(
    rb"<w:p(?: [^>]{0,1000})?><w:pPr>((?:(?!</w:pPr>).){0,8000})</w:pPr></w:p>", re.DOTALL
)
_NUMBER = re.compile(rb"<w:numPr>.{0,1000}?</w:numPr>|<w:numPr/>", re.DOTALL)
_STYLE_MARK = re.compile(rb"<w:pStyle [^>]{0,400}/>")
_NUMBERED_STYLE = re.compile(
    rb"<w:style [^>]{0,1000}w:styleId=\"([^\"]{1,255})\"[^>]{0,1000}>(?:(?!</w:style>).){0,8000}?"
    rb"<w:numPr><w:ilvl w:val=\"([1-8])\"/><w:numId w:val=\"(\d{1,9})\"/></w:numPr>",
    re.DOTALL,
)
_STYLED_PARAGRAPH = re.compile(
    rb"<w:pPr><w:pStyle w:val=\"([^\"]{1,255})\"/>((?:(?!</w:pPr>).){0,8000})</w:pPr>", re.DOTALL
)
_EXPLICIT = b'<w:numPr><w:ilvl w:val="%s"/><w:numId w:val="%s"/></w:numPr>'


def with_right_numbers(content: bytes, archive: Archive, main_part: str) -> bytes:
    """The same file, changed only where its numbers would come out wrong."""
    if _NUMBERING not in archive.names:
        return content
    main = archive.read(main_part)
    changed = _with_levels(main, archive)
    if changed.count(b"<w:sectPr") > 1:  # the last one is the document's own
        changed = _EMPTY_PARAGRAPH.sub(_unnumbered, changed)
    return content if changed == main else _with_part(archive, main_part, changed)


def _with_levels(main: bytes, archive: Archive) -> bytes:
    numbering = archive.read(_NUMBERING)
    levels = {
        style: (level, number)
        for style, level, number in _NUMBERED_STYLE.findall(archive.read(_STYLES))
        if b'<w:pStyle w:val="%s"' % style not in numbering
    }

    def numbered(paragraph: re.Match[bytes]) -> bytes:
        style, rest = paragraph.groups()
        if style not in levels or b"<w:numPr" in rest:
            return paragraph[0]
        number = _EXPLICIT % levels[style]
        return b'<w:pPr><w:pStyle w:val="%s"/>%s%s</w:pPr>' % (style, number, rest)

    return _STYLED_PARAGRAPH.sub(numbered, main) if levels else main


def _unnumbered(paragraph: re.Match[bytes]) -> bytes:
    properties = paragraph[1]
    if b"<w:sectPr" not in properties:
        return paragraph[0]
    without = _NUMBER.sub(b"", properties)
    style = _STYLE_MARK.match(without)
    if without == properties and style is None:
        return paragraph[0]
    place = style.end() if style else 0  # number 0, right after the style, takes back the style's own
    silent = without[:place] + _EXPLICIT % (b"0", b"0") + without[place:]
    return paragraph[0].replace(properties, silent, 1)


def _with_part(archive: Archive, changed_part: str, part: bytes) -> bytes:
    from io import BytesIO  # noqa: PLC0415 - only few documents need these, and zipfile costs 20 ms
    from zipfile import ZipFile  # noqa: PLC0415

    buffer = BytesIO()
    with ZipFile(buffer, "w") as rewritten:
        for name in sorted(archive.names):
            rewritten.writestr(name, part if name == changed_part else archive.read(name))
    return buffer.getvalue()
