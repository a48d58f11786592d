"""Every format of the Office programs, read for real: each test starts the child process that parses."""

from __future__ import annotations

import pytest

from smallprint import errors
from smallprint.documents.quotes import QuoteIndex
from smallprint.documents.reader import DocumentReader, ReadingLimits
from smallprint.documents.sheets.reader import RANGE_TOO_LARGE
from smallprint.models.domain import DocumentKind, Match, PassageKind, Quotation
from tests.fakes import documents, legacy_office, office
from tests.fakes.office import SheetOf, SlideOf

CLAUSE = "The Supplier shall pay a penalty of 5 percent for each week of delay."
ROWS: office.Rows = [["Item", "Terms"], ["Delay", CLAUSE], ["Cap", "none"], ["Law", "Delaware"]]
TABLE = "\n".join(",".join(map(str, row)) for row in ROWS).encode()


@pytest.fixture
def reader() -> DocumentReader:
    return DocumentReader(children=2)


@pytest.mark.parametrize(
    ("name", "content", "kind", "locator"),
    [
        ("a.doc", legacy_office.legacy_word(CLAUSE), DocumentKind.DOC, "passage 1"),
        (
            "a.odt",
            office.open_text(f"<text:h text:outline-level='1'>Delay</text:h><text:p>{CLAUSE}</text:p>"),
            DocumentKind.ODT,
            "Delay",
        ),
        ("a.rtf", office.rtf(rf"{{\pard {CLAUSE}\par}}"), DocumentKind.RTF, "passage 1"),
        (
            "a.pptx",
            office.presentation(SlideOf("Offer"), SlideOf("Delay", (CLAUSE,))),
            DocumentKind.PPTX,
            "slide 2",
        ),
        ("a.ppt", legacy_office.legacy_slides(("Delay", CLAUSE)), DocumentKind.PPT, "Delay"),
        ("a.xlsx", office.workbook_of(ROWS), DocumentKind.XLSX, "Budget!A1:B4"),
        ("a.xls", legacy_office.legacy_workbook({"Terms": ROWS}), DocumentKind.XLS, "Terms!A1:B4"),
        ("a.xlsb", legacy_office.binary_workbook({"Terms": ROWS}), DocumentKind.XLSB, "Terms!A1:B4"),
        ("a.ods", office.open_sheets({"Our terms": ROWS}), DocumentKind.ODS, "'Our terms'!A1:B4"),
        ("a.csv", TABLE, DocumentKind.CSV, "A1:B4"),
        ("a.tsv", TABLE.replace(b",", b"\t"), DocumentKind.TSV, "A1:B4"),
    ],
)
async def test_a_quotation_is_found_with_the_place_that_its_format_has(
    reader: DocumentReader, name: str, content: bytes, kind: DocumentKind, locator: str
) -> None:
    document = await reader.read(name, content)
    assert document.kind is kind
    assert all(document.text[passage.start : passage.end] == passage.text for passage in document.passages)
    evidence = QuoteIndex(document).locate(Quotation(CLAUSE))
    assert (evidence.match, evidence.locator) == (Match.EXACT, locator)


async def test_a_receipt_says_what_nobody_sees_in_a_workbook(reader: DocumentReader) -> None:
    content = office.workbook(
        {
            "Budget": SheetOf(ROWS, hidden_rows=(3,), comments=(("A2", "Ann", "Too much?"),)),
            "Old prices": SheetOf([["secret"]], hidden=True),
        }
    )
    content = office.with_parts(content, {"xl/vbaProject.bin": b"macro"})
    receipt = (await reader.read("a.xlsm", content)).receipt
    assert (receipt.unit, receipt.pages, receipt.pages_without_text) == ("sheet", 2, ())
    assert receipt.hidden == ("row 3 of sheet Budget", "sheet Old prices")
    assert (receipt.comments, receipt.macros, receipt.external_links) == (1, True, 0)
    assert receipt.warnings == ()


async def test_a_receipt_says_what_nobody_sees_in_a_presentation(reader: DocumentReader) -> None:
    content = office.presentation(SlideOf("Offer", notes="Quietly."), SlideOf("Old", hidden=True))
    document = await reader.read("a.pptx", content)
    assert (document.receipt.unit, document.receipt.pages) == ("slide", 2)
    assert document.receipt.hidden == ("slide 2",)
    assert [(passage.kind, passage.locator) for passage in document.passages] == [
        (PassageKind.BODY, "slide 1"),
        (PassageKind.NOTES, "slide 1, notes"),
        (PassageKind.HIDDEN, "slide 2"),
    ]


async def test_a_large_table_comes_as_its_profile_and_a_few_rows(reader: DocumentReader) -> None:
    rows = "".join(f"K{number},{number}\n" for number in range(12_345))
    document = await reader.read("a.csv", f"Key,Amount\n{rows}".encode())
    assert document.passages[0].kind is PassageKind.PROFILE
    assert document.receipt.characters < 3_000
    assert document.receipt.warnings == ("The table: 12,345 rows were summarised; 51 are shown.",)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.pptx", office.presentation(SlideOf()), errors.EmptyDocument),
        ("a.xlsx", office.workbook_of([]), errors.EmptyDocument),
        ("a.odt", office.open_text(""), errors.EmptyDocument),
        ("a.rtf", office.rtf(""), errors.EmptyDocument),
        ("a.doc", legacy_office.legacy_word(CLAUSE, encrypted=True), errors.EncryptedDocument),
        ("a.xls", legacy_office.legacy_workbook({"A": ROWS}, protected=True), errors.EncryptedDocument),
        ("a.docx", legacy_office.compound({"EncryptedPackage": b""}), errors.EncryptedDocument),
        ("a.xls", legacy_office.compound({"\tDRMContent": b""}), errors.RightsManaged),
        ("a.xlsx", office.workbook_of(ROWS)[:3_000], errors.CorruptDocument),
        ("a.xlsx", documents.zipped({"xl/workbook.xml": b"<x/>"}), errors.CorruptDocument),
        ("a.doc", legacy_office.compound({"WordDocument": b"noise"}), errors.CorruptDocument),
        ("a.ppt", legacy_office.compound({"PowerPoint Document": b"noise"}), errors.CorruptDocument),
        ("a.xls", legacy_office.compound({"Workbook": b"noise"}), errors.CorruptDocument),
        ("a.msg", legacy_office.compound({"__properties_version1.0": b""}), errors.UnsupportedKind),
    ],
)
async def test_what_cannot_be_read_has_its_own_error(
    reader: DocumentReader, name: str, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await reader.read(name, content)


async def test_limits_say_what_they_are(reader: DocumentReader) -> None:
    corner = office.part(office.workbook_of(ROWS), "xl/worksheets/sheet1.xml").replace(
        b'"B4"', b'"XFD1048576"'
    )
    content = office.with_parts(office.workbook_of(ROWS), {"xl/worksheets/sheet1.xml": corner})
    with pytest.raises(errors.DocumentTooComplex) as refusal:
        await reader.read("a.xlsx", content)
    assert refusal.value.user_message == RANGE_TOO_LARGE.format(sheet="Budget", cell="XFD1048576")
    with pytest.raises(errors.TooManyPages, match="3 slides; my limit is 2"):
        await DocumentReader(ReadingLimits(max_pages=2)).read(
            "a.pptx", office.presentation(*[SlideOf("a")] * 3)
        )
    with pytest.raises(errors.DocumentTooLarge, match="2 MB; I read up to 1 MB"):
        await DocumentReader(ReadingLimits(max_text_bytes=1024**2)).read("a.csv", TABLE * 10_000)
