"""What liteparse does not tell of a PDF: the objects of a page, embedded files, scripts. Child process only.

liteparse carries PDFium as a library of its own; this asks the same copy a second time through PDFium's C interface
(fpdfview.h, fpdf_edit.h, fpdf_text.h, fpdf_attachment.h, fpdf_javascript.h). 300 pages cost 30 ms to open.
"""

from __future__ import annotations

import ctypes
import os
import sys

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT, PATH, IMAGE, SHADING, _FORM = 1, 2, 3, 4, 5  # FPDF_PAGEOBJ_*

_LIBRARIES = ("libpdfium.so", "libpdfium.dylib", "pdfium.dll")
_DEEPEST_FORM = 6
_MOST_OBJECTS = 20_000
_LONGEST_TEXT = 4_000
_LONGEST_NAME = 400
_PALE, _FAINT, _SMALL_PT = 240, 5, 1.6
_pointer, _int, _float = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "FPDF_InitLibrary": (None, []),
    "FPDF_LoadMemDocument64": (_pointer, [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p]),
    "FPDF_LoadPage": (_pointer, [_pointer, _int]),
    "FPDF_ClosePage": (None, [_pointer]),
    "FPDF_GetPageBoundingBox": (_int, [_pointer, _pointer]),
    "FPDFPage_CountObjects": (_int, [_pointer]),
    "FPDFPage_GetObject": (_pointer, [_pointer, _int]),
    "FPDFFormObj_CountObjects": (_int, [_pointer]),
    "FPDFFormObj_GetObject": (_pointer, [_pointer, ctypes.c_ulong]),
    "FPDFPageObj_GetType": (_int, [_pointer]),
    "FPDFPageObj_GetBounds": (_int, [_pointer] * 5),
    "FPDFPageObj_GetFillColor": (_int, [_pointer] * 5),
    "FPDFPageObj_GetMatrix": (_int, [_pointer] * 2),
    "FPDFPath_GetDrawMode": (_int, [_pointer] * 3),
    "FPDFTextObj_GetTextRenderMode": (_int, [_pointer]),
    "FPDFTextObj_GetFontSize": (_int, [_pointer] * 2),
    "FPDFTextObj_GetText": (ctypes.c_ulong, [_pointer, _pointer, _pointer, ctypes.c_ulong]),
    "FPDFText_LoadPage": (_pointer, [_pointer]),
    "FPDFText_ClosePage": (None, [_pointer]),
    "FPDFDoc_GetAttachmentCount": (_int, [_pointer]),
    "FPDFDoc_GetAttachment": (_pointer, [_pointer, _int]),
    "FPDFAttachment_GetName": (ctypes.c_ulong, [_pointer, _pointer, ctypes.c_ulong]),
    "FPDFDoc_GetJavaScriptActionCount": (_int, [_pointer]),
}


class PdfiumDocument:
    """A PDF that liteparse has read already. Raises OSError if PDFium is not where it is expected, or can't open it."""

    def __init__(self, content: bytes) -> None:
        self._content = content  # PDFium reads from these bytes as long as it lives
        self._pdfium = _load()
        self._document = self._pdfium.FPDF_LoadMemDocument64(content, len(content), None)
        if not self._document:
            raise OSError

    @property
    def library(self) -> ctypes.CDLL:
        """PDFium itself, for what this class does not offer."""
        return self._pdfium

    @property
    def handle(self) -> int:
        """PDFium's own of the document."""
        return int(self._document)

    def attachments(self, most: int) -> list[str]:
        """Names of the files embedded in the document."""
        count = self._pdfium.FPDFDoc_GetAttachmentCount(self._document)
        return [self._attachment(index) for index in range(max(0, min(count, most)))]

    @property
    def scripts(self) -> int:
        """How many JavaScripts run when the document is opened."""
        return max(0, int(self._pdfium.FPDFDoc_GetJavaScriptActionCount(self._document)))

    def page(self, number: int) -> PdfiumPage | None:
        """The page, 1-based; None if it cannot be loaded. Close it."""
        page = self._pdfium.FPDF_LoadPage(self._document, number - 1)
        return PdfiumPage(self._pdfium, page) if page else None

    def _attachment(self, index: int) -> str:
        attachment = self._pdfium.FPDFDoc_GetAttachment(self._document, index)
        if not attachment:
            return ""
        buffer = ctypes.create_string_buffer(_LONGEST_NAME)
        length = self._pdfium.FPDFAttachment_GetName(attachment, buffer, _LONGEST_NAME)
        return _text(buffer, length)


class PageObject:
    """A text, path, picture or shading, in painting order. Lengths in points, the origin at the bottom left."""

    __slots__ = ("bottom", "fill", "handle", "kind", "left", "mode", "right", "top")

    def __init__(
        self,
        handle: int,
        kind: int,
        mode: int,
        bounds: tuple[float, float, float, float],
        fill: tuple[int, int, int, int] | None,
    ) -> None:
        """`mode` is a text's way of painting, PDF 1.7 §9.3.6: 3 is invisible, 7 only clips.

        `fill`: red, green, blue and opacity, 0 to 255; None if it is no plain colour.
        """
        self.handle = handle
        self.kind = kind
        self.mode = mode
        self.left, self.bottom, self.right, self.top = bounds
        self.fill = fill


class PdfiumPage:
    """One page, loaded."""

    def __init__(self, pdfium: ctypes.CDLL, page: int) -> None:
        self._pdfium = pdfium
        self._page = page
        self._text_page = 0
        self._edges, self._colours = (_float * 4)(), (ctypes.c_uint * 4)()
        self._edge_pointers = [ctypes.byref(self._edges, 4 * index) for index in range(4)]
        self._colour_pointers = [ctypes.byref(self._colours, 4 * index) for index in range(4)]
        self._left_to_read = _MOST_OBJECTS
        self._mode_of = pdfium.FPDFTextObj_GetTextRenderMode
        self._fill_of = pdfium.FPDFPageObj_GetFillColor
        self._bounds_of = pdfium.FPDFPageObj_GetBounds
        self.plain_texts: list[int] = []
        """Handles of texts that every reader sees, unless something else is painted over them."""
        box = (_float * 4)()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        self.left, self.top, self.right, self.bottom = box

    def close(self) -> None:
        if self._text_page:
            self._pdfium.FPDFText_ClosePage(self._text_page)
        self._pdfium.FPDF_ClosePage(self._page)

    def unusual_objects(self) -> Iterator[PageObject]:
        """All but plain texts, which go to `plain_texts`: also those inside form XObjects, at most 20,000."""
        count = self._pdfium.FPDFPage_CountObjects(self._page)
        yield from self._objects(self._pdfium.FPDFPage_GetObject, self._page, count, None, 0)

    def filled(self, path: PageObject) -> bool:
        """True if a path is painted inside, not only along its line."""
        mode, stroked = _int(), _int()
        self._pdfium.FPDFPath_GetDrawMode(path.handle, ctypes.byref(mode), ctypes.byref(stroked))
        return mode.value != 0

    def font_size(self, text: PageObject) -> float:
        """In points as it is seen, scaling outside form XObjects included."""
        size = _float()
        self._pdfium.FPDFTextObj_GetFontSize(text.handle, ctypes.byref(size))
        _, _, c, d, _, _ = self._matrix(text.handle)
        scale: float = (c * c + d * d) ** 0.5
        return size.value * scale

    def text(self, handle: int) -> str:
        self._text_page = self._text_page or self._pdfium.FPDFText_LoadPage(self._page) or 0
        if not self._text_page:
            return ""
        buffer = ctypes.create_string_buffer(_LONGEST_TEXT)
        length = self._pdfium.FPDFTextObj_GetText(handle, self._text_page, buffer, _LONGEST_TEXT)
        return _text(buffer, length)

    def _objects(
        self, get: ctypes._NamedFuncPointer, parent: int, count: int, matrix: list[float] | None, depth: int
    ) -> Iterator[PageObject]:
        pdfium = self._pdfium
        type_of = pdfium.FPDFPageObj_GetType
        for index in range(min(count, self._left_to_read)):
            handle = get(parent, index)
            kind = type_of(handle) if handle else 0
            if kind == TEXT and matrix is None and self._plain(handle):
                self.plain_texts.append(handle)
            elif kind == _FORM and depth < _DEEPEST_FORM:
                inner = pdfium.FPDFFormObj_CountObjects(handle)
                joined = _joined(self._matrix(handle), matrix)
                yield from self._objects(pdfium.FPDFFormObj_GetObject, handle, inner, joined, depth + 1)
            elif TEXT <= kind <= SHADING:
                mode = pdfium.FPDFTextObj_GetTextRenderMode(handle) if kind == TEXT else 0
                yield PageObject(handle, kind, mode, self._bounds(handle, matrix), self._fill(handle))
        self._left_to_read -= count

    def _plain(self, text: int) -> bool:
        """Filled with a colour that is not pale, on the page, higher and wider than 1.6 pt: nine texts in ten."""
        if self._mode_of(text) or not self._fill_of(text, *self._colour_pointers):
            return False
        if self._colours[0] > _PALE or self._colours[3] <= _FAINT:
            return False
        self._bounds_of(text, *self._edge_pointers)
        left, bottom, right, top = self._edges
        return (
            right - left > _SMALL_PT
            and top - bottom > _SMALL_PT
            and right > self.left
            and left < self.right
            and top > self.bottom
            and bottom < self.top
        )

    def _fill(self, handle: int) -> tuple[int, int, int, int] | None:
        if not self._fill_of(handle, *self._colour_pointers):
            return None
        red, green, blue, opacity = self._colours
        return red, green, blue, opacity

    def _bounds(self, handle: int, matrix: list[float] | None) -> tuple[float, float, float, float]:
        if not self._bounds_of(handle, *self._edge_pointers):
            return 0.0, 0.0, 0.0, 0.0
        left, bottom, right, top = self._edges
        if matrix is None:
            return left, bottom, right, top
        a, b, c, d, e, f = matrix
        across = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
        up = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
        return min(across), min(up), max(across), max(up)

    def _matrix(self, handle: int) -> list[float]:
        matrix = (_float * 6)(1, 0, 0, 1, 0, 0)
        self._pdfium.FPDFPageObj_GetMatrix(handle, matrix)
        return list(matrix)


def _joined(inner: list[float], outer: list[float] | None) -> list[float]:
    """The matrix that applies `inner`, then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    k, m, n, p, q, r = outer
    return [
        a * k + b * n,
        a * m + b * p,
        c * k + d * n,
        c * m + d * p,
        e * k + f * n + q,
        e * m + f * p + r,
    ]


def _load() -> ctypes.CDLL:
    package = sys.modules["liteparse"].__path__[0]
    path = next(
        (found for name in _LIBRARIES if os.path.exists(found := os.path.join(package, name))),  # noqa: PTH110, PTH118 - pathlib costs 3 ms
        "",
    )
    if not path:
        raise OSError
    pdfium = ctypes.CDLL(path)
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(pdfium, name)
        function.restype, function.argtypes = result, arguments
    pdfium.FPDF_InitLibrary()  # does nothing where liteparse did it already
    return pdfium


def _text(buffer: ctypes.Array[ctypes.c_char], length: int) -> str:
    """UTF-16 with a final NUL, as PDFium writes it; `length` in bytes is what it would have needed."""
    return buffer.raw[: min(length, len(buffer))].decode("utf-16-le", "replace").rstrip("\x00")
