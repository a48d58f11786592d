from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.kinds import detect_kind, mismatch_warning, suffix_of
from smallprint.errors import (
    CorruptDocument,
    DocumentError,
    EmptyDocument,
    EncryptedDocument,
    UnsupportedKind,
)
from smallprint.models.domain import DocumentKind
from tests.fakes import documents

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.docx", documents.pdf(["Hello"]), DocumentKind.PDF),
        ("mail attachment", b"\r\n\r\n" + documents.pdf(["Hello"]), DocumentKind.PDF),
        ("a.pdf", documents.word("Hello"), DocumentKind.DOCX),
        ("a.txt", b"<!DOCTYPE html><p>Hello</p>", DocumentKind.HTML),
        ("a.txt", b"\xef\xbb\xbf <!-- made by hand --> <html lang=en><p>Hello</p>", DocumentKind.HTML),
        ("a.html", b"<p>Hello</p>", DocumentKind.HTML),
        ("README.md", b"# Hello", DocumentKind.MARKDOWN),
        ("README", b"# Hello", DocumentKind.TEXT),
        ("BMW.txt", b"BMW is a maker of cars", DocumentKind.TEXT),
        ("a.txt", "Grüße".encode("cp1252"), DocumentKind.TEXT),
        ("a.txt", "Grüße".encode("utf-16"), DocumentKind.TEXT),
        ("a.txt", "A plain sentence without a mark.".encode("utf-16-le"), DocumentKind.TEXT),
    ],
)
def test_content_decides_what_a_file_is(name: str, content: bytes, kind: DocumentKind) -> None:
    assert detect_kind(name, content) is kind


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf", b"\x00\x00"])
def test_a_file_without_content_is_empty(content: bytes) -> None:
    with pytest.raises(EmptyDocument):
        detect_kind("a.pdf", content)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x89PNG\r\n\x1a\n....", "a PNG picture"),
        (b"\xff\xd8\xff\xe0....", "a JPEG picture"),
        (documents.zipped({"xl/workbook.xml": b"<x/>"}), "an Excel workbook (.xlsx)"),
        (documents.zipped({"ppt/presentation.xml": b"<x/>"}), "a PowerPoint presentation (.pptx)"),
        (documents.zipped({"a.txt": b"Hello"}), "a zip archive"),
        (OLE + "WordDocument".encode("utf-16-le"), "an older Word document (.doc)"),
        (OLE, "an older Office file"),
        (b"{\\rtf1 Hello}", "an RTF document"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG picture"),
        (b"Return-Path: <a@example.com>\r\nSubject: Hello\r\n\r\nHello", "an e-mail"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "a HEIC picture"),
        (bytes(range(256)) * 4, "a binary file I don't know"),
    ],
)
def test_what_cannot_be_read_is_named(content: bytes, found: str) -> None:
    with pytest.raises(UnsupportedKind, match=r"PDF, Word \(\.docx\)") as refusal:
        detect_kind("a.bin", content)
    assert f"(it is {found})" in refusal.value.user_message


def test_an_office_file_with_a_password_is_called_protected() -> None:
    with pytest.raises(EncryptedDocument):
        detect_kind("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"))


@pytest.mark.parametrize("content", [documents.word("Hello")[:2_000], bytes(range(256)) * 4])
def test_half_a_document_is_damaged(content: bytes) -> None:
    with pytest.raises(CorruptDocument):
        detect_kind("a.docx", content)


@pytest.mark.parametrize(
    ("name", "kind", "warning"),
    [
        ("a.pdf", DocumentKind.PDF, None),
        ("A.PDF", DocumentKind.PDF, None),
        ("a", DocumentKind.PDF, None),
        ("notes.log", DocumentKind.TEXT, None),
        ("a.docm", DocumentKind.DOCX, None),
        ("a.docx", DocumentKind.PDF, "Read as PDF although it is named .docx."),
        ("a.pdf", DocumentKind.TEXT, "Read as plain text although it is named .pdf."),
    ],
)
def test_a_name_that_promises_something_else_is_mentioned(
    name: str, kind: DocumentKind, warning: str | None
) -> None:
    assert mismatch_warning(name, kind) == warning


def test_only_a_short_plain_ending_is_a_suffix() -> None:
    assert (suffix_of("a.PDF"), suffix_of("a"), suffix_of("v1.0 final draft"), suffix_of("")) == (
        "pdf",
        "",
        "",
        "",
    )


@given(st.text(max_size=20), st.binary(max_size=400))
def test_any_bytes_are_a_kind_or_a_document_error(name: str, content: bytes) -> None:
    try:
        assert detect_kind(name, content) in DocumentKind
    except DocumentError as refusal:
        assert refusal.user_message  # noqa: PT017 - either way is right


@given(st.binary(max_size=200))
def test_any_broken_zip_is_a_kind_or_a_document_error(rest: bytes) -> None:
    try:
        detect_kind("a.docx", b"PK\x03\x04" + rest + b"PK\x05\x06" + rest)
    except DocumentError as refusal:
        assert refusal.user_message  # noqa: PT017
