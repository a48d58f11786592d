"""Makes the binary formats of older Office programs, byte by byte: no library writes them any more.

Only what a reader needs stands in them. Formats: [MS-CFB], [MS-DOC], [MS-PPT], [MS-XLS], [MS-XLSB] (Microsoft Open Specifications).
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence

_SECTOR = 512
_SMALLEST_STREAM = 4_096  # smaller ones would need the container's second allocation table
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file with the streams at its top."""
    padded = {
        name: _padded(data)
        for name, data in sorted(streams.items(), key=lambda item: (len(item[0]), item[0]))
    }
    directory_sectors = -(-(1 + len(padded)) * 128 // _SECTOR)
    sectors = directory_sectors + sum(len(data) // _SECTOR for data in padded.values())
    tables = -(-sectors // (_SECTOR // 4 - 1))
    chains: list[int] = [_TABLE] * tables + _chain(tables, directory_sectors)
    entries = _entry("Root Entry", 5, child=1, start=_END, size=0)
    for number, (name, data) in enumerate(padded.items(), 1):
        right = number + 1 if number < len(padded) else _FREE
        entries += _entry(name, 2, right=right, start=len(chains), size=len(data))
        chains += _chain(len(chains), len(data) // _SECTOR)
    body = entries.ljust(directory_sectors * _SECTOR, b"\0") + b"".join(padded.values())
    chains += [_FREE] * (tables * _SECTOR // 4 - len(chains))
    return _header(tables) + struct.pack(f"<{len(chains)}L", *chains) + body


def legacy_workbook(
    sheets: Mapping[str, Sequence[Sequence[str | float]]],
    *,
    hidden: Iterable[str] = (),
    protected: bool = False,
) -> bytes:
    """An .xls with the sheets' rows from A1 on."""
    start = _biff(0x809, struct.pack("<HHHHLL", 0x600, 5, 0x0DBB, 0x07CC, 0, 6))
    if protected:
        start += _biff(0x2F, struct.pack("<HHH", 0, 1, 2) + bytes(48))
    bounds = {
        name: struct.pack("<BBBB", int(name in hidden), 0, len(name), 0) + name.encode("latin-1")
        for name in sheets
    }
    position = len(start) + sum(len(bound) + 8 for bound in bounds.values()) + 4
    parts = []
    for name, rows in sheets.items():
        bounds[name] = struct.pack("<L", position) + bounds[name]
        parts.append(_biff_sheet(rows))
        position += len(parts[-1])
    listed = b"".join(_biff(0x85, bound) for bound in bounds.values())
    return compound({"Workbook": start + listed + _biff(0x0A, b"") + b"".join(parts)})


def binary_workbook(sheets: Mapping[str, Sequence[Sequence[str | float]]]) -> bytes:
    """An .xlsb with the sheets' rows from A1 on."""
    listed = b"".join(
        _bin(156, struct.pack("<LL", 0, number) + _wide(f"rId{number}") + _wide(name))
        for number, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        f' Target="worksheets/sheet{number}.bin"/>'
        for number in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": _relations(
            '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
            ' Target="xl/workbook.bin"/>'
        ),
        "xl/workbook.bin": _bin(131, b"") + _bin(143, b"") + listed + _bin(144, b"") + _bin(132, b""),
        "xl/_rels/workbook.bin.rels": _relations(relations),
    }
    for number, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{number}.bin"] = _bin_sheet(rows)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def legacy_word(*paragraphs: str, encrypted: bool = False) -> bytes:
    """A .doc of plain paragraphs in Windows' Western encoding."""
    text = "".join(f"{paragraph}\r" for paragraph in paragraphs).encode("cp1252")
    text_start = 0x800
    head = bytearray(text_start)
    flags = 0x0200 | (0x0100 if encrypted else 0)  # the table stream is "1Table"
    struct.pack_into("<HHHHHH", head, 0, 0xA5EC, 0x00C1, 0, 0x0409, 0, flags)
    struct.pack_into("<H", head, 32, 14)
    struct.pack_into("<H", head, 62, 22)
    struct.pack_into("<L", head, 64, text_start + len(text))
    struct.pack_into("<L", head, 0x4C, len(text))
    struct.pack_into("<H", head, 152, 93)
    pieces = struct.pack("<LL", 0, len(text)) + struct.pack("<HLH", 0, text_start * 2 | 0x40000000, 0)
    table = b"\x02" + struct.pack("<L", len(pieces)) + pieces
    struct.pack_into("<LL", head, 0x1A2, 0, len(table))
    return compound({"WordDocument": bytes(head) + text, "1Table": table})


def legacy_slides(*slides: tuple[str, str]) -> bytes:
    """A .ppt; each slide has a title and a text."""
    outline = b""
    for number, (title, text) in enumerate(slides):
        outline += _record(0x03F3, struct.pack("<LLlLL", number + 3, 0, 2, 256 + number, 0))
        for kind, words in ((0, title), (1, text)):
            outline += _record(0x0F9F, struct.pack("<L", kind)) + _record(0x0FA0, words.encode("utf-16-le"))
    document = _record(
        0x03E8,
        _record(0x03E9, bytes(40), version=1) + _record(0x0FF0, outline, version=0xF, instance=0),
        version=0xF,
    )
    slide = _record(0x03EE, _record(0x03EF, bytes(24), version=2), version=0xF)
    body, offsets = document, [0]
    for _ in slides:
        offsets.append(len(body))
        body += slide
    persisted = len(body)
    numbers = [1, *range(3, 3 + len(slides))]
    entries = b"".join(
        struct.pack("<LL", number | 1 << 20, offset) for number, offset in zip(numbers, offsets, strict=True)
    )
    body += _record(0x1772, entries)
    edit = len(body)
    body += _record(0x0FF5, struct.pack("<LHBBLLLLHH", 256, 0, 0, 3, 0, persisted, 1, 100, 1, 0))
    user = _record(0x0FF6, struct.pack("<LLLHHBBH", 20, 0xE391C05F, edit, 0, 1012, 3, 0, 0))
    return compound({"PowerPoint Document": body, "Current User": user})


def _padded(data: bytes) -> bytes:
    return data.ljust(max(_SMALLEST_STREAM, -(-len(data) // _SECTOR) * _SECTOR), b"\0")


def _chain(start: int, sectors: int) -> list[int]:
    return [*range(start + 1, start + sectors), _END]


def _header(tables: int) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<LLLLLLLLL", 0, tables, tables, 0, _SMALLEST_STREAM, _END, 0, _END, 0)
    return (head + struct.pack(f"<{tables}L", *range(tables))).ljust(_SECTOR, b"\xff")


def _entry(name: str, kind: int, *, start: int, size: int, right: int = _FREE, child: int = _FREE) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBLLL", len(raw), kind, 1, _FREE, right, child)
        + bytes(36)
        + struct.pack("<LQ", start, size)
    )


def _biff(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _biff_sheet(rows: Sequence[Sequence[str | float]]) -> bytes:
    width = max(map(len, rows), default=0)
    sheet = _biff(0x809, struct.pack("<HHHHLL", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    sheet += _biff(0x200, struct.pack("<LLHHH", 0, len(rows), 0, width, 0))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                sheet += _biff(0x204, place + struct.pack("<HB", len(value), 0) + value.encode("latin-1"))
            else:
                sheet += _biff(0x203, place + struct.pack("<d", value))
    return sheet + _biff(0x0A, b"")


def _bin(kind: int, data: bytes) -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while length >= 0x80:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return number + size + bytes([length]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def _bin_sheet(rows: Sequence[Sequence[str | float]]) -> bytes:
    width = max(map(len, rows), default=1)
    sheet = _bin(129, b"") + _bin(148, struct.pack("<LLLL", 0, len(rows) - 1, 0, width - 1)) + _bin(145, b"")
    for row, cells in enumerate(rows):
        sheet += _bin(0, struct.pack("<LLHBBBL", row, 0, 300, 0, 0, 0, 0))
        for column, value in enumerate(cells):
            place = struct.pack("<LL", column, 0)
            sheet += (
                _bin(6, place + _wide(value))
                if isinstance(value, str)
                else _bin(5, place + struct.pack("<d", value))
            )
    return sheet + _bin(146, b"") + _bin(130, b"")


def _relations(inside: str) -> bytes:
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'.encode()


def _record(kind: int, data: bytes, *, version: int = 0, instance: int = 0) -> bytes:
    return struct.pack("<HHL", version | instance << 4, kind, len(data)) + data
