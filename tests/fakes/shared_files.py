"""What teams share: a small real file of every format, and one for every way a file can be unreadable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smallprint import errors
from tests.fakes import bombs, legacy_office
from tests.fakes.documents import pdf, zipped
from tests.fakes.mails import mail
from tests.fakes.office import SlideOf, open_sheets, open_text, presentation, rtf, workbook_of
from tests.fakes.pictures import picture, scan

EXAMPLES = Path(__file__).parents[2] / "examples"
CLAUSES = (
    "The supplier may raise its prices at any time without notice to the customer.",
    "The customer shall pay a penalty of 5,000 euros for each day of delay.",
    "The liability of the supplier is excluded to the extent permitted by law.",
)
TEXT = "\n\n".join(CLAUSES).encode()
PAGE = f"<!doctype html><html><body><h1>Terms</h1>{''.join(f'<p>{clause}</p>' for clause in CLAUSES)}</body></html>".encode()
_TIERS: list[list[str | float]] = [
    [f"Licence tier {tier} for the whole company", tier * 100] for tier in range(1, 9)
]
PRICES: list[list[str | float]] = [["Item", "Price"], *_TIERS]
RIGHTS_MANAGED = "This document is protected by Microsoft Rights Management. Content is rights-managed."
NOT_VERIFIED = "not machine-verified"


@dataclass(frozen=True)
class Readable:
    """A file, and what its quotations' place looks like (a regular expression)."""

    name: str
    content: bytes
    place: str
    picture: bool = False
    """Nothing to read for who cannot see."""


@dataclass(frozen=True)
class Unreadable:
    """A file, and a part of the sentence it ends in."""

    name: str
    content: bytes
    sentence: str


def _delimited(separator: str) -> bytes:
    return "\n".join(separator.join(map(str, row)) for row in PRICES).encode()


READABLE = [
    Readable("services-agreement.pdf", (EXAMPLES / "services-agreement.pdf").read_bytes(), r"p\. [123]"),
    Readable(
        "remote-work-policy.docx", (EXAMPLES / "remote-work-policy.docx").read_bytes(), r"\d\. \w+|passage \d"
    ),
    Readable("lease.doc", legacy_office.legacy_word(*CLAUSES), r"passage \d"),
    Readable(
        "lease.odt", open_text("".join(f"<text:p>{clause}</text:p>" for clause in CLAUSES)), r"passage \d"
    ),
    Readable("lease.rtf", rtf("".join(f"{clause}\\par " for clause in CLAUSES)), r"passage \d"),
    Readable(
        "deck.pptx",
        presentation(*(SlideOf(title="Offer", texts=(clause,)) for clause in CLAUSES)),
        r"slide [123]",
    ),
    Readable(
        "deck.ppt",
        legacy_office.legacy_slides(*(("Offer", clause) for clause in CLAUSES)),
        r"passage \d|slide|Offer",
    ),
    Readable("budget.xlsx", workbook_of(PRICES), r"Budget!A\d"),
    Readable("budget.xls", legacy_office.legacy_workbook({"Budget": PRICES}), r"Budget!A\d"),
    Readable("budget.xlsb", legacy_office.binary_workbook({"Budget": PRICES}), r"Budget!A\d"),
    Readable("budget.ods", open_sheets({"Budget": PRICES}), r"Budget!A\d"),
    Readable("prices.csv", _delimited(","), r"A\d|row"),
    Readable("prices.tsv", _delimited("\t"), r"A\d|row"),
    Readable("terms.html", PAGE, "Terms"),
    Readable("notes.md", b"# Lease\n\n" + TEXT, "Lease"),
    Readable("lease.txt", TEXT, r"passage \d"),
    Readable(
        "offer.eml",
        mail(TEXT.decode(), attachments={"offer.pdf": pdf(CLAUSES)}).as_bytes(),
        r"offer\.pdf|passage \d|body",
    ),
    Readable("scan.pdf", scan(None, None), NOT_VERIFIED, picture=True),
    *(
        Readable(f"photo.{form}", picture(form), NOT_VERIFIED, picture=True)
        for form in ("png", "jpeg", "gif", "webp")
    ),
]

UNREADABLE = [
    Unreadable("empty.pdf", b"", errors.EmptyDocument.sentence),
    Unreadable("tool.bin", b"\x7fELF" + bytes(64), "a program"),
    Unreadable("secret.pdf", pdf(CLAUSES, password="x"), errors.EncryptedDocument.sentence),
    Unreadable("protected.doc", legacy_office.legacy_word(RIGHTS_MANAGED), errors.RightsManaged.sentence),
    Unreadable("broken.pdf", b"%PDF-1.7 nonsense", errors.CorruptDocument.sentence),
    Unreadable("files.zip", zipped({"a.txt": b"a"}), "archive"),
    Unreadable("scans.pdf", scan(*[None] * 21), "21"),
    Unreadable("book.pdf", bombs.many_pages(601), "601"),
    Unreadable("long.csv", b"a,b\n" * 3_000_000, "10 MB"),
    Unreadable("bomb.docx", bombs.zip_ratio(), errors.UnsafeArchive.sentence),
    Unreadable("photo.heic", b"\x00\x00\x00\x18ftypheic" + bytes(64), "HEIC"),
]
