"""E-mails with attachments through the real child process: one bad file costs nothing but itself."""

from __future__ import annotations

import pytest

from smallprint.documents.mail.attachments import MAX_ATTACHMENTS
from smallprint.documents.quotes import QuoteIndex
from smallprint.documents.reader import DocumentReader
from smallprint.models.domain import Document, DocumentKind, Match, PassageKind, Quotation
from tests.fakes.documents import html, pdf, word
from tests.fakes.mails import mail
from tests.fakes.pictures import picture, scan

CLAUSE = "The Supplier's liability under this agreement is unlimited in every respect."
NOTICE = "Either party may terminate this agreement with ninety days' written notice."


async def read(*, text: str = "See the attachments.", **attachments: bytes) -> Document:
    named = {name.replace("__", "."): content for name, content in attachments.items()}
    return await DocumentReader().read("offer.eml", mail(text, attachments=named).as_bytes())


def places(document: Document) -> list[str]:
    return [passage.place for passage in document.passages if passage.place]


async def test_an_attachment_is_read_by_its_own_reader_and_quoted_with_its_own_page():
    document = await read(contract__pdf=pdf([CLAUSE], [NOTICE]))

    found = QuoteIndex(document).locate(Quotation(NOTICE))

    assert document.kind is DocumentKind.EMAIL
    assert (found.match, found.locator) == (Match.EXACT, "contract.pdf, p. 2")
    assert document.receipt.attachments_read == ("contract.pdf",)
    assert document.passages[-1].kind is PassageKind.ATTACHMENT


async def test_where_a_format_has_no_pages_the_section_says_where():
    document = await read(terms__docx=word(CLAUSE, headings={0: "Liability"}))

    assert QuoteIndex(document).locate(Quotation(CLAUSE)).locator == "terms.docx, Liability"


async def test_what_an_attachment_is_decides_its_content_and_not_its_name():
    document = await read(notes__pdf=html(f"<p>{CLAUSE}</p>"))

    assert document.receipt.attachments_read == ("notes.pdf",)
    assert CLAUSE in document.text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("secret.pdf", pdf([CLAUSE], password="x"), "protected by a password"),
        ("broken.pdf", pdf([CLAUSE])[:300], "damaged"),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic" + bytes(100), "can't be read"),
        ("photo.png", picture(), "a picture; share it by itself"),
        ("scan.pdf", scan(None), "a scan without text; share it by itself"),
        ("nothing.txt", b"", "empty"),
        ("old.eml", mail().as_bytes(), "an e-mail inside an e-mail is not opened"),
    ],
)
async def test_an_attachment_that_cannot_be_read_is_skipped_with_its_reason(name, content, reason):
    document = await read(**{name.replace(".", "__"): content, "good__txt": CLAUSE.encode()})

    assert document.receipt.attachments_skipped == (f"{name} ({reason})",)
    assert document.receipt.attachments_read == ("good.txt",)
    assert "See the attachments." in document.text
    assert document.pictures == ()


async def test_a_forwarded_mail_is_not_opened():
    message = mail("See below.")
    message.add_attachment(mail("The hidden deal."))

    document = await DocumentReader().read("offer.eml", message.as_bytes())

    assert document.receipt.attachments_skipped == (
        "attachment 1 (an e-mail inside an e-mail is not opened)",
    )
    assert "hidden deal" not in document.text


async def test_ten_attachments_are_read_and_the_others_are_named():
    many = {f"file {number}.txt": CLAUSE.encode() for number in range(1, 13)}

    document = await DocumentReader().read("offer.eml", mail(attachments=many).as_bytes())

    assert len(document.receipt.attachments_read) == MAX_ATTACHMENTS
    assert document.receipt.attachments_skipped == (
        "file 11.txt (more than 10)",
        "file 12.txt (more than 10)",
    )


async def test_a_warning_about_an_attachment_names_it():
    document = await read(contract__pdf=scan(CLAUSE * 3, None))

    [warning] = document.receipt.warnings
    assert warning.startswith("contract.pdf: Page 2 had no text")


async def test_a_parser_that_crashes_takes_only_its_attachment_with_it():
    crashing = b"%PDF-1.7\n" + b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" * 10

    document = await read(fuzzed__pdf=crashing, good__txt=CLAUSE.encode())

    assert document.receipt.attachments_read == ("good.txt",)
