"""Makes small real pictures, and scans: PDFs whose pages are nothing but a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

FORMATS = ("png", "jpeg", "gif", "webp")


def picture(
    form: str = "png", size: tuple[int, int] = (320, 200), text: str = "Liability is unlimited."
) -> bytes:
    """A picture with some words on it."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((10, 10), text, fill="black")
    buffer = io.BytesIO()
    image.save(buffer, form.upper())
    return buffer.getvalue()


def noise(size: tuple[int, int]) -> bytes:
    """A JPEG that no compression makes small: a photograph at its worst."""
    buffer = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def scan(*pages: str | bytes | None, page_size: tuple[float, float] = A4) -> bytes:
    """A PDF: a text is a page with text, bytes are a page that is this picture, None is a scanned page of some words."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=page_size, invariant=True)
    for number, page in enumerate(pages, start=1):
        if isinstance(page, str):
            _write(canvas, simpleSplit(page, "Times-Roman", 11, page_size[0] - 144), page_size[1] - 72)
        else:
            shown = picture("jpeg", (620, 877), f"Scanned page {number}") if page is None else page
            canvas.drawImage(ImageReader(io.BytesIO(shown)), 0, 0, *page_size)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _write(canvas: Canvas, lines: Sequence[str], top: float) -> None:
    canvas.setFont("Times-Roman", 11)
    for number, line in enumerate(lines):
        canvas.drawString(72, top - 15 * number, line)
