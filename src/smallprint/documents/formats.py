"""Which reader reads which kind. Child process only: a parser is imported when its kind comes up, and no other."""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.reading import Reading

# Kind → the module beside this one, its function (bytes → Reading) and what else the function wants to know.
_READERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "pdf": ("pdf", "read_pdf", ("max_pages",)),
    "docx": ("word", "read_word", ()),
    "doc": ("legacy_word", "read_legacy_word", ("kind",)),
    "odt": ("legacy_word", "read_legacy_word", ("kind",)),
    "rtf": ("legacy_word", "read_legacy_word", ("kind",)),
    "pptx": ("slides", "read_slides", ("max_pages",)),
    "ppt": ("legacy_word", "read_legacy_slides", ()),
    "xlsx": ("sheets", "read_workbook", ("kind",)),
    "xls": ("sheets", "read_workbook", ("kind",)),
    "xlsb": ("sheets", "read_workbook", ("kind",)),
    "ods": ("sheets", "read_workbook", ("kind",)),
    "csv": ("delimited", "read_delimited", ()),
    "tsv": ("delimited", "read_delimited", ()),
    "html": ("html", "read_html", ()),
    "markdown": ("plain", "read_markdown_file", ()),
    "text": ("plain", "read_text", ()),
    "eml": ("mail", "read_mail", ("max_pages",)),
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
