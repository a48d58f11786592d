"""What the Messages API says about image blocks (platform.claude.com: Vision, as of 2026-08)."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.fakes.claude.refusal import invalid

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
MAX_ENCODED_BYTES = 10 * 1024 * 1024
MAX_SIDE_PX = 8_000
MANY_IMAGES = 20
MAX_SIDE_OF_MANY_PX = 2_000
MAX_IMAGES = 600


def check_image(block: Mapping[str, Any], role: str, where: str) -> None:
    """Raises ApiRefusal for one block that the API would not take."""
    if role == "assistant":
        raise invalid(f"{where}: image blocks are not supported in assistant messages")
    source = block.get("source", {})
    if source.get("type") != "base64":
        raise invalid(f"{where}.source: this fake knows base64 sources only")
    if source.get("media_type") not in FORMATS:
        raise invalid(f"{where}.source.media_type: must be one of {', '.join(FORMATS)}")
    if len(source["data"]) > MAX_ENCODED_BYTES:
        raise invalid(f"{where}.source: image exceeds 10 MB maximum")
    form, size = _header(source["data"], where)
    if form != FORMATS[source["media_type"]]:
        raise invalid(f"{where}.source: media_type {source['media_type']} does not match the image")
    if max(size) > MAX_SIDE_PX:
        raise invalid(f"{where}.source: image dimensions exceed max allowed size: {MAX_SIDE_PX} pixels")


def check_images(blocks: Sequence[Mapping[str, Any]]) -> None:
    """Raises ApiRefusal for all images of a request together; each was checked before."""
    if len(blocks) > MAX_IMAGES:
        raise invalid(f"too many images: {len(blocks)}")
    if len(blocks) > MANY_IMAGES and any(
        max(_header(block["source"]["data"], "messages")[1]) > MAX_SIDE_OF_MANY_PX for block in blocks
    ):
        raise invalid(
            f"image dimensions exceed max allowed size for many-image requests: {MAX_SIDE_OF_MANY_PX} pixels"
        )


def _header(data: str, where: str) -> tuple[str | None, tuple[int, int]]:
    try:
        with Image.open(io.BytesIO(base64.b64decode(data, validate=True))) as image:
            return image.format, image.size
    except (binascii.Error, UnidentifiedImageError, OSError):
        raise invalid(f"{where}.source: could not process image") from None
