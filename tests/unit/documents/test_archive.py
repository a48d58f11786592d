from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents import archive
from smallprint.documents.archive import Archive
from smallprint.documents.reading import Refused
from tests.fakes import documents


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        Archive(content)
    return refused.value.code


def test_parts_are_read_by_name() -> None:
    opened = Archive(documents.zipped({"a.xml": b"<a/>" * 100, "b.bin": b"\x00\x01"}))
    assert opened.names == {"a.xml", "b.bin"}
    assert opened.read("a.xml") == b"<a/>" * 100
    assert opened.read("missing") == b""


def test_what_stands_before_the_archive_does_not_matter_for_its_directory() -> None:
    assert Archive(documents.zipped({"a.xml": b"<a/>"})).names == {"a.xml"}


def test_a_bomb_is_refused_from_its_directory() -> None:
    assert refusal(documents.zipped({"word/document.xml": bytes(12 * 1024**2)})) == "unsafe_archive"


def test_too_many_entries_are_refused() -> None:
    assert (
        refusal(documents.zipped({f"{n}": b"" for n in range(archive.MAX_ENTRIES + 1)})) == "unsafe_archive"
    )


def test_a_part_that_claims_to_be_small_is_still_stopped_while_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = bytearray(documents.zipped({"a.xml": bytes(4 * 1024**2)}))
    directory = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, directory + 24, 10)
    monkeypatch.setattr(archive, "MAX_PART_BYTES", 1024**2)  # so that the test needs no 64 MiB
    with pytest.raises(Refused) as refused:
        Archive(bytes(content)).read("a.xml")
    assert refused.value.code == "unsafe_archive"


def test_an_encrypted_entry_is_called_protected() -> None:
    content = bytearray(documents.zipped({"a.xml": b"<a/>"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(content)) == "encrypted"


def test_half_an_archive_is_damaged() -> None:
    assert refusal(documents.zipped({"a.xml": b"<a/>"})[:40]) == "corrupt"


@given(st.binary(max_size=300), st.integers(0, 200))
def test_any_damage_is_refused_and_never_a_crash(noise: bytes, place: int) -> None:
    content = bytearray(documents.zipped({"a.xml": b"<a/>" * 10}))
    content[place : place + len(noise)] = noise
    try:
        opened = Archive(bytes(content))
        for name in opened.names:
            opened.read(name)
    except Refused as refused:
        assert refused.code in {"corrupt", "unsafe_archive", "encrypted"}  # noqa: PT017 - either way is right


def test_what_is_packed_can_be_opened_by_anybody() -> None:
    packed = archive.pack({"mimetype": b"text", "a/b.xml": b"<a/>"})
    assert Archive(packed).read("a/b.xml") == b"<a/>"
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == ["mimetype", "a/b.xml"]
