"""Which reader reads which kind. Child process only: a parser is imported when its kind comes up, and no other."""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.reading import Reading

# Kind → the module beside this one, its function (bytes → Reading) and what else the function wants to know.
_READERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "pdf": ("pdf.reader", "read_pdf", ("max_pages",)),
    "docx": ("word.reader", "read_word", ()),
    "doc": ("legacy.reader", "read_legacy_word", ("kind",)),
    "odt": ("legacy.reader", "read_legacy_word", ("kind",)),
    "rtf": ("legacy.reader", "read_legacy_word", ("kind",)),
    "pptx": ("slides.reader", "read_slides", ("max_pages",)),
    "ppt": ("legacy.reader", "read_legacy_slides", ()),
    "xlsx": ("sheets.reader", "read_workbook", ("kind",)),
    "xls": ("sheets.reader", "read_workbook", ("kind",)),
    "xlsb": ("sheets.reader", "read_workbook", ("kind",)),
    "ods": ("sheets.reader", "read_workbook", ("kind",)),
    "csv": ("sheets.delimited", "read_delimited", ()),
    "tsv": ("sheets.delimited", "read_delimited", ()),
    "html": ("html", "read_html", ()),
    "markdown": ("plain", "read_markdown_file", ()),
    "text": ("plain", "read_text", ()),
    "eml": ("mail.reader", "read_mail", ("max_pages",)),
    "png": ("picture", "read_picture", ("kind",)),
    "jpeg": ("picture", "read_picture", ("kind",)),
    "gif": ("picture", "read_picture", ("kind",)),
    "webp": ("picture", "read_picture", ("kind",)),
}


def read_as(kind: str, content: bytes, max_pages: int) -> Reading:
    """Read the bytes as what they are; `kind` is a DocumentKind's value. Raises Refused, and whatever a parser raises."""
    module, function, wanted = _READERS[kind]
    known = {"kind": kind, "max_pages": max_pages}
    read = getattr(importlib.import_module(f"smallprint.documents.{module}"), function)
    reading: Reading = read(content, **{name: known[name] for name in wanted})
    return reading
