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
    RightsManaged,
    UnsupportedKind,
)
from smallprint.models.domain import DocumentKind
from tests.fakes import documents, legacy_office, office

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
TABLE = "Item,Price,Count\nCap,5,1\nFee,7,2\nTax,9,3\n"
MAIL = b"Return-Path: <a@example.com>\r\nSubject: Hello\r\n there\r\n\r\nHello"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.docx", documents.pdf(["Hello"]), DocumentKind.PDF),
        ("mail attachment", b"\r\n\r\n" + documents.pdf(["Hello"]), DocumentKind.PDF),
        ("a.pdf", documents.word("Hello"), DocumentKind.DOCX),
        ("a.bin", documents.zipped({"word/document2.xml": b""}), DocumentKind.DOCX),
        ("a.bin", legacy_office.legacy_word("Hello"), DocumentKind.DOC),
        ("a.bin", office.open_text("<text:p>Hello</text:p>"), DocumentKind.ODT),
        ("a.doc", office.rtf("Hello"), DocumentKind.RTF),
        ("a.bin", documents.zipped({"ppt/presentation.xml": b""}), DocumentKind.PPTX),
        ("a.bin", legacy_office.legacy_slides(("Hello", "there")), DocumentKind.PPT),
        ("a.bin", documents.zipped({"xl/workbook.xml": b""}), DocumentKind.XLSX),
        ("a.bin", legacy_office.legacy_workbook({"A": [["Hello"]]}), DocumentKind.XLS),
        ("a.bin", legacy_office.binary_workbook({"A": [["Hello"]]}), DocumentKind.XLSB),
        ("a.bin", office.open_sheets({"A": [["Hello"]]}), DocumentKind.ODS),
        ("a.ods", documents.zipped({"content.xml": b"", "META-INF/manifest.xml": b""}), DocumentKind.ODS),
        ("a.pdf", b"\x89PNG\r\n\x1a\n....", DocumentKind.PNG),
        ("a.pdf", b"\xff\xd8\xff\xe0....", DocumentKind.JPEG),
        ("a.pdf", b"GIF89a....", DocumentKind.GIF),
        ("a.pdf", b"RIFF\x00\x00\x00\x00WEBPVP8 ", DocumentKind.WEBP),
        ("a.txt", b"<!DOCTYPE html><p>Hello</p>", DocumentKind.HTML),
        ("a.xls", b"<html><table><tr><td>exported to Excel</td></tr></table>", DocumentKind.HTML),
        ("a.txt", b"\xef\xbb\xbf <!-- made by hand --> <html lang=en><p>Hello</p>", DocumentKind.HTML),
        ("a.html", b"<p>Hello</p>", DocumentKind.HTML),
        ("a.eml", b"Hello", DocumentKind.EMAIL),
        ("a.bin", MAIL, DocumentKind.EMAIL),
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


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.csv", TABLE, DocumentKind.CSV),
        ("a.csv", "Name\nAnn\nBob\n", DocumentKind.CSV),
        ("a.tsv", TABLE.replace(",", "\t"), DocumentKind.TSV),
        ("a.txt", TABLE, DocumentKind.CSV),
        ("a.txt", TABLE.replace(",", "\t"), DocumentKind.TSV),
        ("export.xls", TABLE.replace(",", "\t"), DocumentKind.TSV),
        ("a.txt", 'Item,Note,Count\nCap,"dear, very",1\nFee,none,2\nTax,none,3\n', DocumentKind.CSV),
        ("a.csv", "This clause, which is long, " * 20, DocumentKind.CSV),
        # Prose stays prose, whatever it is called.
        ("a.csv", "A clause without any mark that could part it " * 20, DocumentKind.TEXT),
        ("a.txt", "First, we met.\nSecond, we ate.\nThird, we left.\nFourth, we slept.\n", DocumentKind.TEXT),
        ("a.txt", "Dear Ann,\nplease, pay, now\nor, well, later\nas, you, like\n", DocumentKind.TEXT),
        ("a.py", TABLE, DocumentKind.TEXT),
    ],
)
def test_a_text_with_columns_is_a_table_if_its_name_or_every_line_says_so(
    name: str, text: str, kind: DocumentKind
) -> None:
    assert detect_kind(name, text.encode()) is kind


def test_a_memo_is_no_mail_though_it_begins_like_one() -> None:
    memo = b"From: Ann\nTo: Bob\nSubject: Fees\n\nFrom the desk of Ann.\nReceived: with thanks."
    assert detect_kind("memo.txt", memo) is DocumentKind.TEXT


def test_a_letter_with_a_workbook_in_it_is_a_letter() -> None:
    streams = {"WordDocument": b"letter", "Data": "Workbook".encode("utf-16-le")}
    assert detect_kind("a.doc", legacy_office.compound(streams)) is DocumentKind.DOC
    assert detect_kind(
        "a.xls", legacy_office.compound({"Workbook": b"", "Data": "WordDocument".encode("utf-16-le")})
    ) is (DocumentKind.XLS)


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf", b"\x00\x00"])
def test_a_file_without_content_is_empty(content: bytes) -> None:
    with pytest.raises(EmptyDocument):
        detect_kind("a.pdf", content)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (documents.zipped({"a.txt": b"Hello"}), "a zip archive"),
        (OLE, "an older Office file"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "a program"),
        (b"ID3\x04\x00\x00\x00", "an audio file"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "a video"),
        (b"\x1aE\xdf\xa3\x00\x00", "a video"),
        (bytes(range(256)) * 4, "a binary file I don't know"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_can(content: bytes, found: str) -> None:
    with pytest.raises(UnsupportedKind, match="share it as PDF, Word, PowerPoint, Excel") as refusal:
        detect_kind("a.bin", content)
    assert f"(it is {found})" in refusal.value.user_message


@pytest.mark.parametrize(
    ("content", "found", "instead"),
    [
        (legacy_office.compound({"__properties_version1.0": b""}), "an Outlook message (.msg)", "EML or PDF"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "a HEIC picture", "PNG, JPEG or PDF"),
        (b"II*\x00....", "a TIFF picture", "PNG, JPEG or PDF"),
        (b"BM\x00\x00\x00\x00", "a BMP picture", "PNG, JPEG or PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG picture", "PNG, JPEG or PDF"),
        (
            b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><a/>",
            "an older Office XML file",
            "Word",
        ),
        (documents.zipped({"META-INF/container.xml": b""}), "an e-book (.epub)", "PDF"),
        (office.part_of_open_document("presentation"), "an OpenDocument presentation (.odp)", "PowerPoint"),
        (documents.zipped({"Index/Document.iwa": b""}), "an Apple Pages, Numbers or Keynote file", "PDF"),
    ],
)
def test_what_its_own_program_can_save_otherwise_is_told_how(
    content: bytes, found: str, instead: str
) -> None:
    with pytest.raises(UnsupportedKind) as refusal:
        detect_kind("a.bin", content)
    assert f"(it is {found}). Please save it as {instead}" in refusal.value.user_message


@pytest.mark.parametrize("stream", ["EncryptedPackage", "EncryptedSummary"])
def test_an_office_file_with_a_password_is_called_protected(stream: str) -> None:
    with pytest.raises(EncryptedDocument):
        detect_kind("a.docx", legacy_office.compound({stream: b""}))


@pytest.mark.parametrize("stream", ["\tDRMContent", "DRMEncryptedDataSpace"])
def test_an_office_file_under_rights_management_is_called_that(stream: str) -> None:
    with pytest.raises(RightsManaged):
        detect_kind("a.doc", legacy_office.compound({stream: b"", "EncryptedPackage": b""}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", documents.word("Hello")[:2_000]),
        ("a.docx", bytes(range(256)) * 4),
        ("a.xlsx", documents.zipped({"a.txt": b"Hello"})),
        ("a.png", bytes(range(256)) * 4),
    ],
)
def test_half_a_document_is_damaged(name: str, content: bytes) -> None:
    with pytest.raises(CorruptDocument):
        detect_kind(name, content)


@pytest.mark.parametrize(
    ("name", "kind", "warning"),
    [
        ("a.pdf", DocumentKind.PDF, None),
        ("A.PDF", DocumentKind.PDF, None),
        ("a", DocumentKind.PDF, None),
        ("notes.log", DocumentKind.TEXT, None),
        ("a.docm", DocumentKind.DOCX, None),
        ("a.doc", DocumentKind.RTF, None),
        ("a.xltm", DocumentKind.XLSX, None),
        ("a.csv", DocumentKind.CSV, None),
        ("a.csv", DocumentKind.TEXT, None),
        ("a.docx", DocumentKind.PDF, "Read as PDF although it is named .docx."),
        ("a.pdf", DocumentKind.TEXT, "Read as plain text although it is named .pdf."),
        ("a.xls", DocumentKind.TSV, "Read as TSV although it is named .xls."),
        ("a.png", DocumentKind.JPEG, "Read as JPEG picture although it is named .png."),
    ],
)
def test_a_name_that_promises_something_else_is_mentioned(
    name: str, kind: DocumentKind, warning: str | None
) -> None:
    assert mismatch_warning(name, kind) == warning


def test_every_kind_has_a_name() -> None:
    assert all(mismatch_warning("a.zip", kind) for kind in DocumentKind)


def test_only_a_short_plain_ending_is_a_suffix() -> None:
    assert (suffix_of("a.PDF"), suffix_of("a"), suffix_of("v1.0 final draft"), suffix_of("")) == (
        "pdf",
        "",
        "",
        "",
    )


@given(
    st.text(max_size=20),
    st.one_of(st.binary(max_size=400), st.text("a,;\t\n\"'|:<", max_size=200).map(str.encode)),
)
def test_any_bytes_are_a_kind_or_a_document_error(name: str, content: bytes) -> None:
    try:
        assert detect_kind(name, content) in DocumentKind
    except DocumentError as refusal:
        assert refusal.user_message  # noqa: PT017 - either way is right


@given(st.binary(max_size=200), st.sampled_from([b"PK\x03\x04", OLE[:8]]))
def test_any_broken_container_is_a_kind_or_a_document_error(rest: bytes, start: bytes) -> None:
    try:
        detect_kind("a.docx", start + rest + b"PK\x05\x06" + rest)
    except DocumentError as refusal:
        assert refusal.user_message  # noqa: PT017


@given(st.integers(0, 3_000), st.binary(min_size=1, max_size=60))
def test_a_damaged_compound_file_never_hangs(place: int, noise: bytes) -> None:
    content = bytearray(legacy_office.legacy_workbook({"A": [["Hello"]]}))
    content[place : place + len(noise)] = noise
    try:
        detect_kind("a.xls", bytes(content))
    except DocumentError as refusal:
        assert refusal.user_message  # noqa: PT017
