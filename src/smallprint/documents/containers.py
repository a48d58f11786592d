"""What a zip or OLE container holds, by the names in its directory; nothing is unpacked here.

Formats: PKWARE APPNOTE.TXT 6.3.10 §4.3; Microsoft [MS-CFB] §2 (compound file), [MS-OFFCRYPTO] §1.3 (protection).
"""

from __future__ import annotations

import re
import struct

from smallprint.errors import CorruptDocument, EncryptedDocument, RightsManaged
from smallprint.models.domain import DocumentKind

ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Some programs number the main part; its true name stands in the relationships, which are packed.
_OFFICE_PARTS = (
    (re.compile(rb"word/document\d*\.xml"), DocumentKind.DOCX),
    (re.compile(rb"ppt/presentation\d*\.xml"), DocumentKind.PPTX),
    (re.compile(rb"xl/workbook\d*\.bin"), DocumentKind.XLSB),
    (re.compile(rb"xl/workbook\d*\.xml"), DocumentKind.XLSX),
)
_OFFICE_SUFFIX = re.compile(r"(?:doc|dot|xls|xlt|ppt|pot|pps)[xmb]|od[ts]|ot[ts]")
_ZIP_PARTS = (
    (b"Index/Document.iwa", "an Apple Pages, Numbers or Keynote file"),
    (b"visio/document.xml", "a Visio drawing"),
    (b"AndroidManifest.xml", "a program"),
    (b"META-INF/container.xml", "an e-book (.epub)"),
)
_OPEN_DOCUMENT = (
    (b"opendocument.text", DocumentKind.ODT),
    (b"opendocument.spreadsheet", DocumentKind.ODS),
    (b"opendocument.presentation", "an OpenDocument presentation (.odp)"),
    (b"opendocument.graphics", "an OpenDocument drawing (.odg)"),
)
_OPEN_DOCUMENT_SUFFIXES = {
    "odt": DocumentKind.ODT,
    "ott": DocumentKind.ODT,
    "ods": DocumentKind.ODS,
    "ots": DocumentKind.ODS,
}
_MIMETYPE_BYTES = 200  # an OpenDocument file begins with an entry "mimetype", stored: ODF 1.3 part 2, §3.3
_OLE_STREAMS = (
    ("WordDocument", DocumentKind.DOC),
    ("PowerPoint Document", DocumentKind.PPT),
    ("Workbook", DocumentKind.XLS),
    ("Book", DocumentKind.XLS),
    ("__properties_version1.0", "an Outlook message (.msg)"),
    ("VisioDocument", "a Visio drawing"),
    ("Quill", "a Publisher document"),
)
_PROTECTED_STREAMS = ("EncryptedPackage", "EncryptedSummary")
_RIGHTS_STREAMS = ("DRMEncryptedDataSpace", "DRMEncryptedTransform", "\tDRMContent", "DRMContent")

_OLE_ENTRY_BYTES = 128
_OLE_NO_ENTRY = 0xFFFFFFFF
_OLE_LAST_SECTOR = 0xFFFFFFF9  # this and above are no sectors: [MS-CFB] §2.1
_LARGE_SECTORS = 12  # the shift of version 4; version 3 has 9
_MOST_DIRECTORY_SECTORS = 512


def zip_kind(suffix: str, content: bytes) -> DocumentKind | str:
    """The kind, or what it is in words if we do not read it. Raises CorruptDocument."""
    directory = _zip_directory(content)
    start = content[:_MIMETYPE_BYTES]
    found: DocumentKind | str | None = next(
        (kind for part, kind in _OFFICE_PARTS if part.search(directory)), None
    )
    found = found or next((kind for part, kind in _ZIP_PARTS if part in directory), None)
    found = found or next((kind for part, kind in _OPEN_DOCUMENT if part in start), None)
    if found is None and b"content.xml" in directory and b"META-INF/manifest.xml" in directory:
        found = _OPEN_DOCUMENT_SUFFIXES.get(suffix)
    if found is None and _OFFICE_SUFFIX.fullmatch(suffix):
        raise CorruptDocument  # its main part is missing
    return found or "a zip archive"


def ole_kind(content: bytes) -> DocumentKind | str:
    """The kind, or what it is in words. Raises EncryptedDocument or RightsManaged."""
    if any(_mentions(content, stream) for stream in _RIGHTS_STREAMS):
        raise RightsManaged
    if any(_mentions(content, stream) for stream in _PROTECTED_STREAMS):
        raise EncryptedDocument
    names = _root_names(content)
    found = next((kind for stream, kind in _OLE_STREAMS if stream in names), None)
    # A damaged directory still mentions its streams; the parser then says what can be saved.
    found = found or next((kind for stream, kind in _OLE_STREAMS if _mentions(content, stream)), None)
    return found or "an older Office file"


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


def _mentions(content: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in content


def _root_names(content: bytes) -> set[str]:
    """Names of the streams at the top: an embedded workbook deeper down does not make a letter a workbook."""
    try:
        directory = _ole_directory(content)
        names: set[str] = set()
        waiting, seen = [_entry(directory, 0)[3]], set()
        while waiting:
            number = waiting.pop()
            if number == _OLE_NO_ENTRY or number in seen:
                continue
            seen.add(number)
            name, left, right, _ = _entry(directory, number)
            names.add(name)
            waiting += [left, right]
    except struct.error:  # cut off, or damaged
        return set()
    return names


def _entry(directory: bytes, number: int) -> tuple[str, int, int, int]:
    """Name, left sibling, right sibling and child of a directory entry: [MS-CFB] §2.6.1."""
    start = number * _OLE_ENTRY_BYTES
    raw, length, left, right, child = struct.unpack_from("<64sHxxLLL", directory, start)
    return raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"), left, right, child


def _ole_directory(content: bytes) -> bytes:
    """The sectors of the directory, joined. Raises struct.error."""
    (shift,) = struct.unpack_from("<H", content, 30)
    size = 4_096 if shift == _LARGE_SECTORS else 512
    (sector,) = struct.unpack_from("<L", content, 48)
    tables = struct.unpack_from("<109L", content, 76)
    sectors = bytearray()
    for _ in range(_MOST_DIRECTORY_SECTORS):
        if sector > _OLE_LAST_SECTOR:
            break
        sectors += content[(sector + 1) * size : (sector + 2) * size]
        table, index = divmod(sector, size // 4)
        if table >= len(tables):  # the allocation table goes on elsewhere: 7 MB into the file
            break
        (sector,) = struct.unpack_from("<L", content, (tables[table] + 1) * size + index * 4)
    return bytes(sectors)
