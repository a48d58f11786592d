"""Scanned pages and pictures through the real child process."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from smallprint.documents.pdf import page_images
from smallprint.documents.pdf.page_images import MAX_SIDE_PX, MAX_TOTAL_BYTES
from smallprint.documents.reader import DocumentReader
from smallprint.errors import CorruptDocument, DocumentTooLarge, ScannedDocument
from smallprint.models.domain import Document, DocumentKind, Picture
from tests.fakes.documents import pdf
from tests.fakes.pictures import FORMATS, noise, picture, scan

CLAUSE = "The Supplier's liability under this agreement is unlimited in every respect. " * 4
NOTICE = (
    "Either party may terminate this agreement with ninety days' written notice, in any month of the year."
)

POSTCARD = (298.0, 420.0)
"""In points; where only the number of pages counts, a quarter of a sheet is drawn in a quarter of the time."""


async def read(name: str, content: bytes) -> Document:
    return await DocumentReader().read(name, content)


def size_of(shown: Picture) -> tuple[int, int]:
    with Image.open(io.BytesIO(shown.content)) as image:
        image.load()
        return image.size


@pytest.mark.parametrize("form", FORMATS)
async def test_a_picture_file_is_a_document_of_one_picture(form):
    content = picture(form)

    document = await read(f"photo.{form}", content)

    assert document.kind is DocumentKind(form)
    assert document.pictures == (Picture(f"image/{form}", content),)
    assert (document.text, document.passages) == ("", ())


async def test_a_picture_that_was_cut_off_is_damaged():
    with pytest.raises(CorruptDocument):
        await read("photo.png", picture(size=(600, 600))[:200])


async def test_a_picture_that_is_too_large_is_refused_with_its_size():
    with pytest.raises(DocumentTooLarge, match="9,000 × 20 pixels"):
        await read("photo.png", picture(size=(9_000, 20)))


async def test_a_scan_is_a_document_of_its_pages_as_pictures():
    document = await read("scan.pdf", scan(None, None))

    assert [shown.page for shown in document.pictures] == [1, 2]
    assert document.receipt.pages_as_pictures == (1, 2)
    assert document.receipt.pages_without_text == ()
    assert document.receipt.pages == 2
    assert all(1_400 < max(size_of(shown)) <= MAX_SIDE_PX for shown in document.pictures)


async def test_of_a_mixed_document_only_the_scanned_pages_come_as_pictures():
    document = await read("mixed.pdf", scan(CLAUSE, None, NOTICE))

    assert [shown.page for shown in document.pictures] == [2]
    assert {passage.page for passage in document.passages} == {1, 3}
    assert (document.receipt.pages_as_pictures, document.receipt.pages_without_text) == ((2,), ())
    assert document.receipt.warnings == ()


async def test_a_document_with_text_on_every_page_has_no_pictures():
    assert (await read("text.pdf", pdf([CLAUSE], [NOTICE]))).pictures == ()


async def test_twenty_scanned_pages_are_looked_at_and_twenty_one_are_refused_with_their_number():
    assert len((await read("scan.pdf", scan(*[None] * 20, page_size=POSTCARD))).pictures) == 20
    with pytest.raises(ScannedDocument, match="21 scanned pages"):
        await read("scan.pdf", scan(*[None] * 21, page_size=POSTCARD))


async def test_of_more_scanned_pages_in_a_text_the_rest_is_named_as_unread():
    document = await read("mixed.pdf", scan(CLAUSE, *[None] * 22, page_size=POSTCARD))

    assert document.receipt.pages_as_pictures == tuple(range(2, 22))
    assert document.receipt.pages_without_text == (22, 23)
    assert any(warning.startswith("Pages 22 and 23 had no text") for warning in document.receipt.warnings)


def test_pages_that_would_be_too_heavy_are_shown_less_sharply_so_that_all_fit(monkeypatch):
    # Nine photographs at the real limit take so long to draw that a busy machine would run out of its time for them.
    limit = MAX_TOTAL_BYTES // 5
    monkeypatch.setattr(page_images, "MAX_TOTAL_BYTES", limit)
    pictures = page_images.render_pages(scan(*[noise((1_000, 1_414))] * 3), [1, 2, 3])

    assert [page for page, _, _ in pictures] == [1, 2, 3]
    assert sum(len(data) for _, _, data in pictures) <= limit
    assert all(max(size_of(Picture(kind, data))) < 0.9 * MAX_SIDE_PX for _, kind, data in pictures)


async def test_a_page_of_two_hundred_inches_is_drawn_no_larger_than_any_other():
    document = await read("poster.pdf", scan(None, page_size=(14_400, 14_400)))

    assert max(size_of(document.pictures[0])) <= MAX_SIDE_PX


async def test_a_picture_never_shows_in_a_log_line():
    document = await read("photo.png", picture())

    assert "content" not in repr(document)
    assert "content" not in repr(document.pictures[0])
