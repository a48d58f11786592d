from __future__ import annotations

import pytest

from smallprint.documents.legacy.reader import (
    NOT_READ_APART,
    WITHOUT_NUMBERS,
    read_legacy_slides,
    read_legacy_word,
)
from smallprint.documents.reading import Reading, Refused
from tests.fakes import documents, legacy_office, office


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in reading.blocks]


def refusal(content: bytes, kind: str) -> str:
    with pytest.raises(Refused) as refused:
        read_legacy_word(content, kind)
    return refused.value.code


def test_an_older_word_file_says_what_is_not_read_apart() -> None:
    reading = read_legacy_word(legacy_office.legacy_word("1. Fees are due – “now”.", "2. Term."), "doc")
    assert told(reading) == [("body", "1. Fees are due – “now”."), ("body", "2. Term.")]
    assert reading.warnings == [NOT_READ_APART]


def test_older_slides_are_read_by_their_titles() -> None:
    reading = read_legacy_slides(legacy_office.legacy_slides(("Offer", "5 dollars"), ("Terms", "30 days")))
    assert [(block.section, block.text) for block in reading.blocks] == [
        ("Offer", "Offer"),
        ("Offer", "5 dollars"),
        ("Terms", "Terms"),
        ("Terms", "30 days"),
    ]
    assert (reading.warnings, reading.notes["unit"]) == ([WITHOUT_NUMBERS], "slide")


def test_clause_numbers_of_rtf_are_kept() -> None:
    body = r"{\pard{\listtext 4.1\tab}\ls1 Fees are due.\par}{\pard{\listtext 4.2\tab}\ls1 Term is long.\par}"
    reading = read_legacy_word(office.rtf(body), "rtf")
    assert told(reading) == [("body", "4.1 Fees are due."), ("body", "4.2 Term is long.")]


def test_clause_numbers_of_open_text_are_kept() -> None:
    style = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"'
        ' style:num-suffix="."/></text:list-style>'
    )
    items = "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in ("Fees", "Term"))
    content = office.open_text(
        f'<text:h text:outline-level="1">Terms</text:h><text:list text:style-name="L1">{items}</text:list>',
        styles=style,
    )
    reading = read_legacy_word(content, "odt")
    assert told(reading) == [("body", "Terms"), ("body", "1. Fees"), ("body", "2. Term")]
    assert reading.blocks[-1].section == "Terms"


def test_tables_are_read_by_row() -> None:
    cells = (
        r"\trowd\cellx2000\cellx4000 Item\cell Price\cell\row \trowd\cellx2000\cellx4000 Cap\cell $5\cell\row"
    )
    assert told(read_legacy_word(office.rtf(cells), "rtf")) == [("table", "Item | Price\nCap | $5")]


def test_what_cannot_be_read_is_refused_by_its_reason() -> None:
    assert refusal(legacy_office.legacy_word("Hello", encrypted=True), "doc") == "encrypted"
    assert refusal(documents.zipped({"a.txt": b"Hello"}), "odt") == "corrupt"
    manifest = {"META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>"}
    assert refusal(office.open_text("<text:p>Hello</text:p>", extra=manifest), "odt") == "encrypted"
    notice = "This document is protected by Microsoft Rights Management. Content is rights-managed."
    assert refusal(legacy_office.legacy_word(notice), "doc") == "rights_managed"


def test_macros_of_older_files_are_noticed() -> None:
    assert read_legacy_word(legacy_office.legacy_word("Hello"), "doc").notes["macros"] is False
    scripts = {"Basic/Standard/Module1.xml": b"<script/>"}
    reading = read_legacy_word(office.open_text("<text:p>Hello</text:p>", extra=scripts), "odt")
    assert reading.notes["macros"] is True
