"""Pages of a PDF as pictures, for an AI to look at where there is no text. Child process only.

Claude takes pictures of up to 1,568 px at full size and shrinks larger ones (platform.claude.com: Vision); a
request may have 32 MB, in base64, with everything else that is in it.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from binascii import b2a_base64

from smallprint.documents.apart import apart
from smallprint.documents.native import load_native

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from typing import Any

TOO_MANY_SCANS = (
    "This document has {count:,} scanned pages without text; I look at up to {limit}."
    " Please share the pages that matter, or a version with text (for example, run it through OCR)."
)

MAX_PICTURES = 20
MAX_TOTAL_BYTES = 20 * 1024**2
MAX_PICTURE_BYTES = 5 * 1024**2
MAX_SIDE_PX = 1_568
RENDERING_S = 20.0

_SHARPEST_DPI, _COARSEST_DPI = 150.0, 80.0
_SAMPLE_PAGES = 4
_MARGIN = 0.8
_POINTS_PER_INCH = 72
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

Rendered = list[tuple[int, str, bytes]]


def picture_pages(
    content: bytes, pages: list[int], most: int = MAX_PICTURES
) -> list[tuple[int | None, str, str]]:
    """The first `most` of the 1-based pages, each with its media type and base64; those that fail are missing.

    Rendering decodes what parsing leaves alone, so it has a process of its own.
    """
    if not pages or not most:
        return []

    def work() -> bytes:
        rendered = render_pages(content, pages[:most])
        return json.dumps(
            [(page, kind, b2a_base64(data, newline=False).decode("ascii")) for page, kind, data in rendered]
        ).encode()

    answer = apart(work, RENDERING_S)
    return [] if answer is None else [(page, kind, data) for page, kind, data in json.loads(answer)]


def too_many_scans(count: int) -> str:
    """The sentence for a document of so many pages without text."""
    return TOO_MANY_SCANS.format(count=count, limit=MAX_PICTURES)


def render_pages(content: bytes, pages: list[int]) -> Rendered:
    """PNGs in the order of the pages, `MAX_TOTAL_BYTES` in all; blank pages and those that don't fit are left out.

    Photographs are drawn less sharply, so that all of them fit; the first few tell how heavy the others will be.
    """
    sizes = _sizes(content, pages)
    first = dict(list(sizes.items())[:_SAMPLE_PAGES])
    rendered = _render(content, first, _SHARPEST_DPI)
    dpi = _fitting(_SHARPEST_DPI, _weight(rendered) * len(sizes) / max(len(first), 1))
    if dpi < _SHARPEST_DPI or len(first) < len(sizes):
        rendered = _render(content, sizes, dpi)
    if _weight(rendered) > MAX_TOTAL_BYTES:
        rendered = _render(content, sizes, _fitting(dpi, _weight(rendered)))
    return _that_fit(rendered)


def _weight(rendered: Rendered) -> float:
    """Bytes; more if a single one is too heavy."""
    bytes_of_each = [len(data) for _, _, data in rendered]
    return max(sum(bytes_of_each), max(bytes_of_each, default=0) * MAX_TOTAL_BYTES / MAX_PICTURE_BYTES)


def _fitting(dpi: float, weight: float) -> float:
    """Bytes grow with the area; small print stays legible at the coarsest."""
    if weight <= MAX_TOTAL_BYTES:
        return dpi
    return max(_COARSEST_DPI, dpi * math.sqrt(_MARGIN * MAX_TOTAL_BYTES / weight))


def _sizes(content: bytes, pages: list[int]) -> dict[int, float]:
    """The long side of each page, in points."""
    parsed = _parse(content, pages)
    return {page.page_num: max(page.width, page.height, 1.0) for page in parsed.pages}


def _render(content: bytes, sizes: dict[int, float], dpi: float) -> Rendered:
    by_dpi: dict[float, list[int]] = {}
    for page, points in sizes.items():
        by_dpi.setdefault(min(dpi, MAX_SIDE_PX * _POINTS_PER_INCH / points), []).append(page)
    rendered: Rendered = [
        (shot.page_num, "image/png", repacked(bytes(shot.image_bytes)))
        for page_dpi, pages in by_dpi.items()
        for shot in _parse(content, pages, dpi=page_dpi, extract_screenshots=True).screenshots
        if not shot.is_solid_fill
    ]
    return sorted(rendered)


def _parse(content: bytes, pages: list[int], **options: Any) -> Any:
    parser = load_native("liteparse", "_liteparse").LiteParse(
        ocr_enabled=False,  # it would download its models
        quiet=True,
        image_mode="off",
        continue_on_page_error=True,
        num_workers=1,
        target_pages=",".join(map(str, pages)),
        **options,
    )
    return parser.parse_bytes(content)


def _that_fit(rendered: Rendered) -> Rendered:
    kept, total = [], 0
    for page, kind, data in rendered:
        if len(data) <= MAX_PICTURE_BYTES and total + len(data) <= MAX_TOTAL_BYTES:
            kept.append((page, kind, data))
            total += len(data)
    return kept


def repacked(png: bytes) -> bytes:
    """The same PNG compressed properly: liteparse's are twice as large as they need be, for 40 ms a page."""
    header, data, position = b"", b"", len(_PNG_SIGNATURE)
    while position < len(png):
        (length,) = struct.unpack_from(">I", png, position)
        name, body = png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        if name == b"IHDR":
            header = body
        elif name == b"IDAT":
            data += body
        position += length + 12
    smaller = zlib.compress(zlib.decompress(data), 6)
    return _PNG_SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", smaller) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
