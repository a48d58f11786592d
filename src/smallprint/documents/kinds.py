"""What a file really is: decided by its first bytes and its directory, by its name only among text formats."""

from __future__ import annotations

import re
import struct

from smallprint.documents.plain import utf_16_without_mark
from smallprint.errors import CorruptDocument, EmptyDocument, EncryptedDocument, UnsupportedKind
from smallprint.models.domain import DocumentKind

UNSUPPORTED = "I can't read this kind of file (it is {found}). Please share it as PDF, Word (.docx), HTML, Markdown or plain text."
READ_AS = "Read as {kind} although it is named {suffix}."

_KIND_NAMES = {
    DocumentKind.PDF: "PDF",
    DocumentKind.DOCX: "Word document",
    DocumentKind.HTML: "HTML",
    DocumentKind.MARKDOWN: "Markdown",
    DocumentKind.TEXT: "plain text",
}
_SUFFIXES = {
    DocumentKind.PDF: {"pdf"},
    DocumentKind.DOCX: {"docx", "docm", "dotx", "dotm"},
    DocumentKind.HTML: {"html", "htm", "xhtml"},
    DocumentKind.MARKDOWN: {"md", "markdown"},
}
_FORMATTED = {
    "pdf",
    "docx",
    "docm",
    "doc",
    "xlsx",
    "xls",
    "pptx",
    "ppt",
    "odt",
    "rtf",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "zip",
}

_PDF_HEADER_BYTES = 1_024  # PDF 1.7 (ISO 32000-1), Annex H.3.4.1: readers accept the header anywhere in these
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
    (b"ID3", "an audio file"),
    (b"OggS", "an audio file"),
    (b"SQLite format 3", "a database"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("WordDocument", "an older Word document (.doc)"),
    ("Workbook", "an older Excel workbook (.xls)"),
    ("PowerPoint Document", "an older PowerPoint presentation (.ppt)"),
    ("__properties_version1.0", "an Outlook message (.msg)"),
)
_ZIP_PARTS = (
    (b"xl/workbook.bin", "an Excel workbook (.xlsb)"),
    (b"xl/workbook.xml", "an Excel workbook (.xlsx)"),
    (b"ppt/presentation.xml", "a PowerPoint presentation (.pptx)"),
    (b"META-INF/container.xml", "an e-book (.epub)"),
)
_OPEN_DOCUMENT = (
    (b"opendocument.text", "an OpenDocument text (.odt)"),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)"),
    (b"opendocument.presentation", "an OpenDocument presentation (.odp)"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_SAMPLE_BYTES = 65_536
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL_SHARE = 0.05  # random bytes have 0.11, EBCDIC text about 0.01
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SVG_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!(?:--|doctype).{0,2000}?>\s*)*<svg\b", re.IGNORECASE | re.DOTALL
)
_MAIL_START = re.compile(
    rb"(?:From |Return-Path:|Received:|Delivered-To:|MIME-Version:|Message-ID:)", re.IGNORECASE
)


def detect_kind(name: str, content: bytes) -> DocumentKind:
    """Raises EmptyDocument, EncryptedDocument, CorruptDocument or UnsupportedKind; costs well under a millisecond."""
    if not content.strip(b"\x00\t\n\r\x0b\x0c ") or content in _BOMS:
        raise EmptyDocument
    if b"%PDF-" in content[:_PDF_HEADER_BYTES]:
        return DocumentKind.PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(content)
    if content.startswith(_OLE):
        raise _ole_error(content)
    for signature, found in _SIGNATURES:
        if content.startswith(signature) and not (len(signature) < 3 and _is_text(content)):  # noqa: PLR2004 - "BM", "MZ" begin words too
            raise UnsupportedKind(UNSUPPORTED.format(found=found))
    return _text_kind(suffix_of(name), content)


def mismatch_warning(name: str, kind: DocumentKind) -> str | None:
    """A sentence if the name promises another kind than the content."""
    suffix = suffix_of(name)
    expected = _SUFFIXES.get(kind)
    if not suffix or (suffix in expected if expected else suffix not in _FORMATTED | {"html", "htm"}):
        return None
    return READ_AS.format(kind=_KIND_NAMES[kind], suffix=f".{suffix}")


def suffix_of(name: str) -> str:
    """Lower case, without the dot; empty if there is none, or nothing like one."""
    _, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and suffix.isalnum() and len(suffix) <= 10 else ""  # noqa: PLR2004 - longer is no suffix


def _zip_kind(content: bytes) -> DocumentKind:
    directory = _zip_directory(content)
    if b"word/document.xml" in directory or b"word/document2.xml" in directory:
        return DocumentKind.DOCX
    found = next((found for part, found in _ZIP_PARTS if part in directory), None)
    found = found or next((found for part, found in _OPEN_DOCUMENT if part in content[:200]), "a zip archive")
    raise UnsupportedKind(UNSUPPORTED.format(found=found))


def _zip_directory(content: bytes) -> bytes:
    """The bytes of the central directory, which holds the names in the clear."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    if end < 0:
        raise CorruptDocument
    try:
        size, _ = struct.unpack_from("<LL", content, end + 12)
    except struct.error as error:
        raise CorruptDocument from error
    return content[max(0, end - size) : end]


def _ole_error(content: bytes) -> CorruptDocument | EncryptedDocument | UnsupportedKind:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return EncryptedDocument()
    for stream, found in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            return UnsupportedKind(UNSUPPORTED.format(found=found))
    return UnsupportedKind(UNSUPPORTED.format(found="an older Office file"))


def _text_kind(suffix: str, content: bytes) -> DocumentKind:
    if not _is_text(content):
        if suffix in {"pdf", "docx"}:
            raise CorruptDocument
        raise UnsupportedKind(UNSUPPORTED.format(found=_binary_name(content)))
    start = content.removeprefix(_BOMS[0])[: _PDF_HEADER_BYTES * 4]
    if _SVG_START.match(start):
        raise UnsupportedKind(UNSUPPORTED.format(found="an SVG picture"))
    if suffix in {"eml", "mht", "mhtml"} or _MAIL_START.match(start):
        raise UnsupportedKind(UNSUPPORTED.format(found="an e-mail"))
    if suffix in _SUFFIXES[DocumentKind.HTML] or _HTML_START.match(start):
        return DocumentKind.HTML
    return DocumentKind.MARKDOWN if suffix in _SUFFIXES[DocumentKind.MARKDOWN] else DocumentKind.TEXT


def _is_text(content: bytes) -> bool:
    if content.startswith(_BOMS) or utf_16_without_mark(content):
        return True
    sample = content[:_SAMPLE_BYTES]
    controls = len(_CONTROL.findall(sample))
    return b"\x00" not in sample and controls <= _MOST_CONTROL_SHARE * len(sample)


def _binary_name(content: bytes) -> str:
    box = content[4:12]
    if box.startswith(b"ftyp"):
        return "a HEIC picture" if box[4:] in {b"heic", b"heix", b"mif1", b"msf1"} else "a video"
    if content.startswith(b"RIFF"):
        return "a WebP picture" if content[8:12] == b"WEBP" else "an audio or video file"
    return "a binary file I don't know"
