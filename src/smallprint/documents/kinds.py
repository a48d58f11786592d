"""What a file really is: decided by its first bytes and its directory, by its name only among text formats."""

from __future__ import annotations

import re

from smallprint.documents.containers import OLE_SIGNATURE, ZIP_SIGNATURES, ole_kind, zip_kind
from smallprint.documents.text_kinds import BYTE_ORDER_MARKS, is_text, text_kind
from smallprint.errors import FORMATS, CorruptDocument, EmptyDocument, UnsupportedKind
from smallprint.models.domain import DocumentKind

UNSUPPORTED = f"I can't read this kind of file (it is {{found}}). Please share it as {FORMATS}."
SAVE_AS = "I can't read this kind of file (it is {found}). Please save it as {instead} and share that."
READ_AS = "Read as {kind} although it is named {suffix}."

# What a program that shows the file can save it as, where we know better than the whole list.
_INSTEAD = (
    ("Outlook message", "EML or PDF"),
    ("picture", "PNG, JPEG or PDF"),
    ("OpenDocument presentation", "PowerPoint (.pptx) or PDF"),
    ("OpenDocument drawing", "PDF"),
    ("Pages, Numbers or Keynote", "PDF or as Word, Excel or PowerPoint"),
    ("Visio", "PDF"),
    ("e-book", "PDF"),
    ("PostScript", "PDF"),
    ("Office XML", "Word (.docx), Excel (.xlsx) or PDF"),
    ("flat OpenDocument", "OpenDocument (.odt, .ods) or PDF"),
)
_KIND_NAMES = {
    DocumentKind.PDF: "PDF",
    DocumentKind.DOCX: "Word document",
    DocumentKind.DOC: "older Word document (.doc)",
    DocumentKind.ODT: "OpenDocument text",
    DocumentKind.RTF: "RTF",
    DocumentKind.PPTX: "PowerPoint presentation",
    DocumentKind.PPT: "older PowerPoint presentation (.ppt)",
    DocumentKind.XLSX: "Excel workbook",
    DocumentKind.XLS: "older Excel workbook (.xls)",
    DocumentKind.XLSB: "binary Excel workbook (.xlsb)",
    DocumentKind.ODS: "OpenDocument spreadsheet",
    DocumentKind.CSV: "CSV",
    DocumentKind.TSV: "TSV",
    DocumentKind.HTML: "HTML",
    DocumentKind.MARKDOWN: "Markdown",
    DocumentKind.TEXT: "plain text",
    DocumentKind.EMAIL: "e-mail",
    DocumentKind.PNG: "PNG picture",
    DocumentKind.JPEG: "JPEG picture",
    DocumentKind.GIF: "GIF picture",
    DocumentKind.WEBP: "WebP picture",
}
_SUFFIXES = {
    DocumentKind.PDF: {"pdf"},
    DocumentKind.DOCX: {"docx", "docm", "dotx", "dotm"},
    DocumentKind.DOC: {"doc", "dot", "wiz"},
    DocumentKind.ODT: {"odt", "ott"},
    DocumentKind.RTF: {"rtf", "doc"},  # Word itself names RTF .doc on request
    DocumentKind.PPTX: {"pptx", "pptm", "potx", "potm", "ppsx", "ppsm"},
    DocumentKind.PPT: {"ppt", "pps", "pot"},
    DocumentKind.XLSX: {"xlsx", "xlsm", "xltx", "xltm"},
    DocumentKind.XLS: {"xls", "xlt"},
    DocumentKind.XLSB: {"xlsb"},
    DocumentKind.ODS: {"ods", "ots"},
    DocumentKind.HTML: {"html", "htm", "xhtml"},
    DocumentKind.MARKDOWN: {"md", "markdown"},
    DocumentKind.EMAIL: {"eml", "mht", "mhtml"},
    DocumentKind.PNG: {"png"},
    DocumentKind.JPEG: {"jpg", "jpeg", "jpe", "jfif"},
    DocumentKind.GIF: {"gif"},
    DocumentKind.WEBP: {"webp"},
}
_TEXT_KINDS = {DocumentKind.TEXT, DocumentKind.CSV, DocumentKind.TSV}
_TEXT_SUFFIXES = frozenset({"md", "markdown", "eml", "mht", "mhtml"})
# Suffixes that promise more than plain text; any other suffix promises nothing.
_FORMATTED = frozenset[str]().union(*_SUFFIXES.values()) | {"zip"}

_PDF_HEADER_BYTES = 1_024  # PDF 1.7 (ISO 32000-1), Annex H.3.4.1: readers accept the header anywhere in these
_READABLE = (
    (b"\x89PNG\r\n\x1a\n", DocumentKind.PNG),
    (b"\xff\xd8\xff", DocumentKind.JPEG),
    (b"GIF87a", DocumentKind.GIF),
    (b"GIF89a", DocumentKind.GIF),
    (b"{\\rt", DocumentKind.RTF),
)
_UNREADABLE = (
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\x00asm", "a program"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"%!PS", "a PostScript file"),
    (b"ID3", "an audio file"),
    (b"\xff\xfb", "an audio file"),
    (b"OggS", "an audio file"),
    (b"fLaC", "an audio file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a database"),
)
_MAY_BEGIN_WORDS = 4  # bytes: "BMW", "MZ", "ID3", "BZh" may stand at the start of a sentence
_PICTURE_BRANDS = {
    b"heic": "a HEIC picture",
    b"heix": "a HEIC picture",
    b"hevc": "a HEIC picture",
    b"mif1": "a HEIC picture",
    b"msf1": "a HEIC picture",
    b"avif": "an AVIF picture",
    b"avis": "an AVIF picture",
}
_AUDIO_BRANDS = {b"M4A ", b"M4B "}


def detect_kind(name: str, content: bytes) -> DocumentKind:
    """Raises EmptyDocument, EncryptedDocument, RightsManaged, CorruptDocument or UnsupportedKind.

    Costs well under a millisecond: it reads signatures, directories and the start, never the whole.
    """
    if not content.strip(b"\x00\t\n\r\x0b\x0c ") or content in BYTE_ORDER_MARKS:
        raise EmptyDocument
    suffix = suffix_of(name)
    if content.startswith(ZIP_SIGNATURES):
        return _known(zip_kind(suffix, content))
    if content.startswith(OLE_SIGNATURE):
        return _known(ole_kind(content))
    signed = _signed_kind(content)
    if signed is not None:
        return _known(signed)
    if b"%PDF-" in content[:_PDF_HEADER_BYTES]:
        return DocumentKind.PDF
    if is_text(content):
        return _known(text_kind(suffix, content))
    if suffix in _FORMATTED - _TEXT_SUFFIXES:
        raise CorruptDocument
    raise _unsupported("a binary file I don't know")


def mismatch_warning(name: str, kind: DocumentKind) -> str | None:
    """A sentence if the name promises another kind than the content."""
    suffix = suffix_of(name)
    expected = _SUFFIXES.get(kind)
    as_expected = suffix in expected if expected else suffix not in _FORMATTED
    if not suffix or as_expected:
        return None
    return READ_AS.format(kind=_KIND_NAMES[kind], suffix=f".{suffix}")


def suffix_of(name: str) -> str:
    """Lower case, without the dot; empty if there is none, or nothing like one."""
    _, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and suffix.isalnum() and len(suffix) <= 10 else ""  # noqa: PLR2004 - longer is no suffix


def _known(found: DocumentKind | str) -> DocumentKind:
    if isinstance(found, DocumentKind):
        return found
    raise _unsupported(found)


def _unsupported(found: str) -> UnsupportedKind:
    instead = next((instead for part, instead in _INSTEAD if part in found), None)
    return UnsupportedKind(
        SAVE_AS.format(found=found, instead=instead) if instead else UNSUPPORTED.format(found=found)
    )


def _signed_kind(content: bytes) -> DocumentKind | str | None:
    """What the first bytes say; None if they say nothing."""
    for signature, kind in _READABLE:
        if content.startswith(signature):
            return kind
    for signature, found in _UNREADABLE:
        if content.startswith(signature) and not (len(signature) <= _MAY_BEGIN_WORDS and is_text(content)):
            return found
    if content.startswith(b"RIFF"):
        return DocumentKind.WEBP if content[8:12] == b"WEBP" else "an audio or video file"
    return _boxed_kind(content[4:12])


def _boxed_kind(box: bytes) -> str | None:
    """HEIC, AVIF and MP4 share a container: ISO/IEC 14496-12, §4.3 (a "ftyp" box with the brand)."""
    if not re.match(rb"ftyp[\w ]{4}", box):
        return None
    brand = box[4:]
    return _PICTURE_BRANDS.get(brand) or ("an audio file" if brand in _AUDIO_BRANDS else "a video")
