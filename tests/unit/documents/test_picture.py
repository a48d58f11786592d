import struct
from base64 import b64decode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.picture import MAX_BYTES, read_picture
from smallprint.documents.reading import Refused
from tests.fakes.pictures import FORMATS, picture

each_format = pytest.mark.parametrize("form", FORMATS)


def refusal_of(content: bytes, form: str) -> Refused:
    with pytest.raises(Refused) as refused:
        read_picture(content, form)
    return refused.value


def png_of(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds none."""
    content = bytearray(picture("png"))
    content[16:24] = struct.pack(">II", width, height)
    return bytes(content)


@each_format
def test_a_picture_is_taken_as_it_is(form):
    content = picture(form)

    reading = read_picture(content, form)

    [(page, media_type, encoded)] = reading.pictures
    assert (page, media_type, b64decode(encoded)) == (None, f"image/{form}", content)
    assert (reading.blocks, reading.pages_without_text) == ([], [])


@each_format
def test_the_largest_pictures_are_refused_by_their_header_alone(form):
    refused = refusal_of(picture(form, (8_001, 1)), form)

    assert refused.code == "too_large"
    assert "8,001 × 1 pixels" in str(refused.message)


def test_a_header_that_promises_billions_of_pixels_costs_nothing():
    assert refusal_of(png_of(60_000, 60_000), "png").code == "too_large"


def test_more_than_forty_megapixels_are_refused_even_if_no_side_is_too_long():
    assert refusal_of(png_of(7_000, 7_000), "png").code == "too_large"


def test_a_picture_of_too_many_bytes_is_refused_with_its_size():
    refused = refusal_of(picture() + bytes(MAX_BYTES), "png")

    assert refused.code == "too_large"
    assert "has 5.0 MB" in str(refused.message)


@each_format
def test_a_picture_that_was_cut_off_is_damaged(form):
    content = picture(form, (600, 600))

    assert refusal_of(content[: len(content) // 2] if form != "gif" else content[:13], form).code == "corrupt"


def test_a_picture_without_pixels_is_damaged():
    assert refusal_of(png_of(0, 10), "png").code == "corrupt"


@given(st.sampled_from(FORMATS), st.binary(max_size=400), st.integers(0, 60))
def test_whatever_follows_the_signature_ends_in_a_picture_or_a_refusal(form, noise, kept):
    with suppress(Refused):
        read_picture(picture(form)[:kept] + noise, form)
