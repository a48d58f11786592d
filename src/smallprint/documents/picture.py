"""PNG, JPEG, GIF and WebP → a picture to be looked at, after a look at its header. Child process only.

Nothing is decoded here: a header that promises 60,000 × 60,000 pixels costs nobody anything.
Formats: W3C PNG §5.6; ITU T.81 §B.1.1.3; GIF89a §18; RFC 9649 §2 (WebP).
"""

from __future__ import annotations

import struct
from binascii import b2a_base64

from smallprint.documents.reading import Reading, Refused

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from collections.abc import Callable

TOO_MANY_PIXELS = (
    "This picture has {width:,} × {height:,} pixels; I look at pictures of up to {side:,} pixels a side and"
    " {megapixels} megapixels. Please share a smaller version."
)
TOO_MANY_BYTES = (
    "This picture has {size:.1f} MB; I look at pictures of up to {limit} MB. Please share a smaller version."
)

MAX_SIDE_PX = 8_000
"""Claude's own limit (platform.claude.com: Vision)."""
MAX_MEGAPIXELS = 40
MAX_BYTES = 5 * 1024**2

_MIB = 1024**2
_MEGA = 1_000_000
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, 0xFF, *range(0xD0, 0xD9)})


def read_picture(content: bytes, kind: str) -> Reading:
    """No text: the document is the picture. Raises Refused: corrupt, too_large."""
    try:
        width, height = _SIZES[kind](content)
    except (struct.error, IndexError) as error:
        raise Refused("corrupt") from error
    if not width or not height or not _ENDS[kind](content):
        raise Refused("corrupt")
    if max(width, height) > MAX_SIDE_PX or width * height > MAX_MEGAPIXELS * _MEGA:
        raise Refused(
            "too_large",
            TOO_MANY_PIXELS.format(width=width, height=height, side=MAX_SIDE_PX, megapixels=MAX_MEGAPIXELS),
        )
    if len(content) > MAX_BYTES:
        raise Refused("too_large", TOO_MANY_BYTES.format(size=len(content) / _MIB, limit=MAX_BYTES // _MIB))
    return Reading([], pictures=[(None, f"image/{kind}", b2a_base64(content, newline=False).decode("ascii"))])


def _png_size(content: bytes) -> tuple[int, int]:
    if content[12:16] != b"IHDR":
        raise Refused("corrupt")
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _gif_size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", content, 6)
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    position = 2
    while True:
        if content[position] != 0xFF:  # noqa: PLR2004 - every marker begins so
            raise Refused("corrupt")
        marker = content[position + 1]
        if marker in _WITHOUT_LENGTH:
            position += 1 if marker == 0xFF else 2  # noqa: PLR2004 - fill bytes
            continue
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, position + 5)
            return width, height
        (length,) = struct.unpack_from(">H", content, position + 2)
        position += 2 + max(length, 2)


def _webp_size(content: bytes) -> tuple[int, int]:
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise Refused("corrupt")


_SIZES: dict[str, Callable[[bytes], tuple[int, int]]] = {
    "png": _png_size,
    "jpeg": _jpeg_size,
    "gif": _gif_size,
    "webp": _webp_size,
}
# A picture that was cut off would be refused only by Claude, in words that help nobody.
_ENDS: dict[str, Callable[[bytes], bool]] = {
    "png": lambda content: b"IEND" in content,
    "jpeg": lambda content: content.rfind(b"\xff\xd9") > 0,
    "gif": lambda content: b"\x2c" in content[13:],
    "webp": lambda content: struct.unpack_from("<I", content, 4)[0] <= len(content),
}
