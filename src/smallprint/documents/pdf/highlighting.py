"""Marks in a PDF: highlights over quotations, each with a comment. Child process only.

The same PDFium as in pdfium.py, through fpdf_annot.h, fpdf_text.h and fpdf_save.h. A quotation is looked for on its page
as it is looked for in the document: letters and digits only (documents/quotes/folding.py).
"""

from __future__ import annotations

import ctypes

from smallprint.documents.pdf.pdfium import PdfiumDocument
from smallprint.documents.quotes.folding import fold

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from collections.abc import Sequence

_HIGHLIGHT = 9  # FPDF_ANNOT_HIGHLIGHT
_PRINT = 4  # FPDF_ANNOT_FLAG_PRINT
_COLOUR = 0  # FPDFANNOT_COLORTYPE_Color
_NO_INCREMENTAL = (
    2  # FPDF_NO_INCREMENTAL: the whole file anew, so that nothing depends on how the old one was broken
)
_MOST_CHARACTERS = 200_000
"""Of one page; the densest real one measured has 12,000."""
_PARTS = (1.0, 0.5)
"""Of a quotation that runs over the page's end, the beginning may be all that stands there."""
_AUTHOR = "Smallprint"

_pointer, _int, _uint, _double = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_double
_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "FPDFText_CountChars": (_int, [_pointer]),
    "FPDFText_GetUnicode": (_uint, [_pointer, _int]),
    "FPDFText_CountRects": (_int, [_pointer, _int, _int]),
    "FPDFText_GetRect": (_int, [_pointer, _int, *([_pointer] * 4)]),
    "FPDFPage_CreateAnnot": (_pointer, [_pointer, _int]),
    "FPDFPage_CloseAnnot": (None, [_pointer]),
    "FPDFAnnot_SetColor": (_int, [_pointer, _int, _uint, _uint, _uint, _uint]),
    "FPDFAnnot_SetFlags": (_int, [_pointer, _int]),
    "FPDFAnnot_SetRect": (_int, [_pointer, _pointer]),
    "FPDFAnnot_AppendAttachmentPoints": (_int, [_pointer, _pointer]),
    "FPDFAnnot_SetStringValue": (_int, [_pointer, ctypes.c_char_p, ctypes.c_char_p]),
    "FPDF_SaveAsCopy": (_int, [_pointer, _pointer, ctypes.c_ulong]),
}


class Mark:
    """What to highlight: words on a 1-based page, the comment, and red, green, blue from 0 to 255."""

    __slots__ = ("colour", "note", "page", "text")

    def __init__(self, page: int, text: str, note: str, colour: Sequence[int]) -> None:
        self.page, self.text, self.note, self.colour = page, text, note, tuple(colour)


class _Rect(ctypes.Structure):
    _fields_ = [(side, ctypes.c_float) for side in ("left", "top", "right", "bottom")]


class _Quad(ctypes.Structure):
    _fields_ = [(f"{axis}{corner}", ctypes.c_float) for corner in range(1, 5) for axis in "xy"]


class _Writer(ctypes.Structure):
    _fields_ = [
        ("version", _int),
        ("write", ctypes.CFUNCTYPE(_int, _pointer, _pointer, ctypes.c_ulong)),
    ]


def highlight(content: bytes, marks: Sequence[Mark]) -> tuple[bytes, list[int]]:
    """The PDF with its marks, and the indices of those that found their place. Raises OSError as PdfiumDocument does."""
    document = PdfiumDocument(content)
    pdfium = document.library
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(pdfium, name)
        function.restype, function.argtypes = result, arguments
    placed: list[int] = []
    for number in sorted({mark.page for mark in marks}):
        own = [(index, mark) for index, mark in enumerate(marks) if mark.page == number]
        placed += _mark_page(pdfium, document.handle, number, own)
    return _saved(pdfium, document.handle), sorted(placed)


def _mark_page(pdfium: ctypes.CDLL, document: int, number: int, marks: list[tuple[int, Mark]]) -> list[int]:
    page = pdfium.FPDF_LoadPage(document, number - 1)
    text = pdfium.FPDFText_LoadPage(page) if page else None
    if not text:
        return []
    try:
        words = _PageWords(pdfium, text)
        return [index for index, mark in marks if _place(pdfium, page, words, mark)]
    finally:
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)


def _place(pdfium: ctypes.CDLL, page: int, words: _PageWords, mark: Mark) -> bool:
    rects = words.rects_of(mark.text)
    annotation = pdfium.FPDFPage_CreateAnnot(page, _HIGHLIGHT) if rects else None
    if not annotation:
        return False
    red, green, blue = mark.colour
    pdfium.FPDFAnnot_SetColor(annotation, _COLOUR, red, green, blue, 255)
    pdfium.FPDFAnnot_SetFlags(annotation, _PRINT)
    for left, top, right, bottom in rects:
        quad = _Quad(left, top, right, top, left, bottom, right, bottom)
        pdfium.FPDFAnnot_AppendAttachmentPoints(annotation, ctypes.byref(quad))
    whole = _Rect(
        min(rect[0] for rect in rects),
        max(rect[1] for rect in rects),
        max(rect[2] for rect in rects),
        min(rect[3] for rect in rects),
    )
    pdfium.FPDFAnnot_SetRect(annotation, ctypes.byref(whole))
    pdfium.FPDFAnnot_SetStringValue(annotation, b"Contents", _wide(mark.note))
    pdfium.FPDFAnnot_SetStringValue(annotation, b"T", _wide(_AUTHOR))
    pdfium.FPDFPage_CloseAnnot(annotation)
    return True


class _PageWords:
    """A page's characters, folded, with the way back to their places."""

    def __init__(self, pdfium: ctypes.CDLL, text: int) -> None:
        self._pdfium, self._text = pdfium, text
        count = min(pdfium.FPDFText_CountChars(text), _MOST_CHARACTERS)
        folded = [fold(_character(pdfium.FPDFText_GetUnicode(text, index))) for index in range(count)]
        self._folded = "".join(folded)
        self._index = [index for index, letters in enumerate(folded) for _ in letters]

    def rects_of(self, quotation: str) -> list[tuple[float, float, float, float]]:
        """Left, top, right, bottom of each line that the quotation stands in; empty if it does not."""
        wanted = fold(quotation)
        for share in _PARTS:
            part = wanted[: max(1, round(len(wanted) * share))]
            at = self._folded.find(part) if part else -1
            if at >= 0:
                return self._rects(self._index[at], self._index[at + len(part) - 1])
        return []

    def _rects(self, first: int, last: int) -> list[tuple[float, float, float, float]]:
        found = []
        sides = [_double() for _ in range(4)]
        for place in range(self._pdfium.FPDFText_CountRects(self._text, first, last - first + 1)):
            if self._pdfium.FPDFText_GetRect(self._text, place, *(ctypes.byref(side) for side in sides)):
                left, top, right, bottom = (side.value for side in sides)
                found.append((left, top, right, bottom))
        return found


def _saved(pdfium: ctypes.CDLL, document: int) -> bytes:
    pieces = bytearray()

    def write(_: object, data: int, size: int) -> int:
        pieces.extend(ctypes.string_at(data, size))
        return 1

    writer = _Writer(1, _Writer._fields_[1][1](write))
    if not pdfium.FPDF_SaveAsCopy(document, ctypes.byref(writer), _NO_INCREMENTAL):
        raise OSError
    return bytes(pieces)


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""  # noqa: PLR2004 - Unicode's bounds


def _wide(text: str) -> bytes:
    """UTF-16 with a final NUL, as PDFium reads it."""
    return text.encode("utf-16-le", "replace") + b"\x00\x00"
