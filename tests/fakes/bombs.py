"""Small files that ask for a lot: each kind of bomb, built when a test runs, none of them committed as bytes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping

_MIB = 1024**2
_WORD_START = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
_WORD_END = "</w:body></w:document>"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


# --- zip containers --------------------------------------------------------------------------------------


def zip_ratio() -> bytes:
    """A Word file of some 0.3 MB whose text unpacks to 300 MB, a thousand to one."""
    return _word(_filled(_WORD_START, b"<w:p><w:r><w:t>A</w:t></w:r></w:p>", 300 * _MIB, _WORD_END))


def lying_zip() -> bytes:
    """As `zip_ratio`, but the directory claims that the part is small."""
    honest = zip_ratio()
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    return honest.replace(struct.pack("<L", size), struct.pack("<L", 5_000))


def nested_zip() -> bytes:
    """A Word file with an archive in an archive in an archive … in it, each holding two."""
    inner = _zip({"a.txt": b"0" * _MIB})
    for _ in range(12):
        inner = _zip({"1.zip": inner, "2.zip": inner}, method=zipfile.ZIP_STORED)
    return _word(_paragraphs("A clause."), extra={"word/embeddings/oleObject1.zip": inner})


def many_entries() -> bytes:
    """A Word file of 5,001 parts."""
    return _word(_paragraphs("A clause."), extra={f"word/media/{number}.bin": b"" for number in range(5_001)})


# --- XML -------------------------------------------------------------------------------------------------


def billion_laughs() -> bytes:
    """Ten entities, each ten of the one before: 10 GB of "lol"."""
    entities = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10)
    )
    text = f"{_XML}<!DOCTYPE w:document [{entities}]>{_WORD_START}<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>{_WORD_END}"
    return _word([text.encode()])


def external_entity() -> bytes:
    """Asks for a file of the machine (XXE)."""
    doctype = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = f"{_XML}{doctype}{_WORD_START}<w:p><w:r><w:t>A clause. &x;</w:t></w:r></w:p>{_WORD_END}"
    return _word([text.encode()])


def external_dtd() -> bytes:
    """Asks a server for its grammar."""
    doctype = '<!DOCTYPE w:document SYSTEM "http://127.0.0.1:9/evil.dtd">'
    text = f"{_XML}{doctype}{_WORD_START}<w:p><w:r><w:t>A clause.</w:t></w:r></w:p>{_WORD_END}"
    return _word([text.encode()])


def deep_nesting() -> bytes:
    """A hundred thousand elements within each other."""
    depth = 100_000
    text = f"{_XML}{_WORD_START}{'<w:sdt>' * depth}{'</w:sdt>' * depth}{_WORD_END}"
    return _word([text.encode()])


def deep_html() -> bytes:
    return b"<html><body>" + b"<div>" * 300_000 + b"A clause." + b"</div>" * 300_000


# --- spreadsheets ----------------------------------------------------------------------------------------


def giant_range() -> bytes:
    """Two cells: the first and the last that a sheet can have, 17 thousand million cells apart."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return _workbook(
        [f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'.encode()]
    )


def shared_strings() -> bytes:
    """One long text that 60,000 cells point to: 1.9 GB if each gets its own."""
    text = "A" * 32_000
    strings = f'{_XML}<sst xmlns="{_SHEET}"><si><t>{text}</t></si></sst>'
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 60_001))
    sheet = f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    return _workbook([sheet.encode()], strings.encode())


def one_line_csv() -> bytes:
    """9 MB of cells without a line break."""
    return (b"cell," * (9 * _MIB // 5))[:-1]


# --- PDF -------------------------------------------------------------------------------------------------


def flate_gibibyte() -> bytes:
    """A page whose drawing commands unpack to 1 GiB."""
    packed = b"".join(_deflated(b"0 0 m 1 1 l S\n", 1024 * _MIB))
    return _pdf(
        _page_objects(["4 0 R"]) | {4: _stream(packed, "/Filter /FlateDecode")},
    )


def nested_flate() -> bytes:
    """As `flate_gibibyte`, but packed twice: a few kilobytes."""
    once = b"".join(_deflated(b"0 0 m 1 1 l S\n", 1024 * _MIB))
    return _pdf(
        _page_objects(["4 0 R"])
        | {4: _stream(zlib.compress(once, 9), "/Filter [/FlateDecode /FlateDecode]")},
    )


def recursive_forms() -> bytes:
    """Ten forms, each drawing the next ten times: 10,000,000,000 drawings."""
    first, levels = 5, 10
    objects = _page_objects(["4 0 R"], f"/XObject << /X {first} 0 R >>") | {4: _stream(b"/X Do")}
    for level in range(levels):
        following = first + level + 1
        resources = f"/Resources << /XObject << /X {following} 0 R >> >>" if level < levels - 1 else ""
        commands = b"/X Do " * 10 if level < levels - 1 else b"BT /F1 9 Tf (word) Tj ET"
        form = f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}"
        objects[first + level] = _stream(commands, form)
    return _pdf(objects)


def form_in_itself() -> bytes:
    """A form that draws itself."""
    form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    objects = _page_objects(["4 0 R"], "/XObject << /X 5 0 R >>")
    return _pdf(objects | {4: _stream(b"/X Do"), 5: _stream(b"/X Do", form)})


def page_tree_loop() -> bytes:
    """A page tree that is its own child."""
    return _pdf({
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 >>",
    })  # fmt: skip


def many_pages(count: int = 300_000) -> bytes:
    """One page object, named so often in the tree."""
    return _pdf({
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{'3 0 R ' * count}] /Count {count} >>".encode(),
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    })  # fmt: skip


# --- pictures and mail -----------------------------------------------------------------------------------


def giant_picture() -> bytes:
    """A PNG whose header declares 60,000 × 60,000 pixels: 10 GB when drawn, a few hundred bytes here."""
    header = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _png_chunk(kind, data)
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1_000))), (b"IEND", b""))
    )


def nested_mail() -> bytes:
    """1,500 multiparts within each other."""
    depth = 1_500
    opening = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n' for level in range(depth)
    )
    head = "From: a@example.com\r\nTo: b@example.com\r\nSubject: Depth\r\nMIME-Version: 1.0\r\n"
    closing = "".join(f"\r\n--b{level}--\r\n" for level in reversed(range(depth)))
    return f"{head}{opening}Content-Type: text/plain\r\n\r\nA clause.{closing}".encode()


BOMBS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "zip ratio": ("bomb.docx", zip_ratio),
    "zip that lies about sizes": ("bomb.docx", lying_zip),
    "nested zip": ("bomb.docx", nested_zip),
    "5,001 entries": ("bomb.docx", many_entries),
    "billion laughs": ("bomb.docx", billion_laughs),
    "external entity": ("bomb.docx", external_entity),
    "external DTD": ("bomb.docx", external_dtd),
    "deep nesting": ("bomb.docx", deep_nesting),
    "deep HTML": ("bomb.html", deep_html),
    "giant sheet range": ("bomb.xlsx", giant_range),
    "shared strings": ("bomb.xlsx", shared_strings),
    "one-line CSV": ("bomb.csv", one_line_csv),
    "1 GiB Flate": ("bomb.pdf", flate_gibibyte),
    "1 GiB Flate, packed twice": ("bomb.pdf", nested_flate),
    "XObject recursion": ("bomb.pdf", recursive_forms),
    "a form in itself": ("bomb.pdf", form_in_itself),
    "a page tree in itself": ("bomb.pdf", page_tree_loop),
    "300,000 pages": ("bomb.pdf", many_pages),
    "giant picture": ("bomb.png", giant_picture),
    "1,500 nested multiparts": ("bomb.eml", nested_mail),
}
"""What it is called → the name it is shared under, and how it is built."""


def _paragraphs(*texts: str) -> list[bytes]:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    return [f"{_XML}{_WORD_START}{body}{_WORD_END}".encode()]


def _filled(start: str, unit: bytes, size: int, end: str) -> Iterable[bytes]:
    yield f"{_XML}{start}".encode()
    chunk = unit * (_MIB // len(unit))
    for _ in range(size // len(chunk)):
        yield chunk
    yield end.encode()


def _word(document: Iterable[bytes], extra: Mapping[str, bytes] = {}) -> bytes:
    types = (
        f'{_XML}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        '.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    return _package("word/document.xml", types, {"word/document.xml": document}, extra)


def _workbook(sheets: list[bytes], strings: bytes = b"") -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = (
        f'{_XML}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        f'.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>'
    )
    workbook = f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
    relations = (
        f'{_XML}<Relationships xmlns="{_PACKAGE_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    parts = {
        "xl/workbook.xml": [workbook.encode()],
        "xl/_rels/workbook.xml.rels": [relations.encode()],
        "xl/worksheets/sheet1.xml": sheets,
        "xl/sharedStrings.xml": [strings or f'{_XML}<sst xmlns="{_SHEET}"/>'.encode()],
    }
    return _package("xl/workbook.xml", types, parts)


def _package(
    main: str, types: str, parts: Mapping[str, Iterable[bytes]], extra: Mapping[str, bytes] = {}
) -> bytes:
    relation = f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="{main}"/>'
    relations = f'{_XML}<Relationships xmlns="{_PACKAGE_RELATIONS}">{relation}</Relationships>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", relations)
        for name, chunks in parts.items():
            with archive.open(name, "w", force_zip64=False) as part:
                for chunk in chunks:
                    part.write(chunk)
        for name, content in extra.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _zip(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _deflated(unit: bytes, size: int) -> Iterable[bytes]:
    packer = zlib.compressobj(1)
    chunk = unit * (4 * _MIB // len(unit))
    for _ in range(size // len(chunk)):
        yield packer.compress(chunk)
    yield packer.flush()


def _page_objects(contents: list[str], resources: str = "") -> dict[int, bytes]:
    """Catalog, tree and one page with these contents."""
    page = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents [{' '.join(contents)}] /Resources << {resources} >>"
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: f"<< {page} >>".encode(),
    }


def _stream(data: bytes, entries: str = "") -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _pdf(objects: Mapping[int, bytes]) -> bytes:
    out, offsets = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in objects.items():
        offsets[number] = out.tell()
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{offset:010d} 00000 n \n".encode() for _, offset in sorted(offsets.items()))
    out.write(f"trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
