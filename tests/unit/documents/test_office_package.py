from __future__ import annotations

import pytest

from smallprint.documents.office_package import OfficePackage
from smallprint.documents.reading import Refused
from tests.fakes import documents, office

SHEET = "xl/worksheets/sheet1.xml"


def test_parts_refer_to_each_other_by_names_without_dots() -> None:
    package = OfficePackage(office.presentation(office.SlideOf(title="Offer", notes="Quietly.")))
    assert package.main_part() == "ppt/presentation.xml"
    assert package.related("ppt/slides/slide1.xml", "notesSlide") == ["ppt/notesSlides/notesSlide1.xml"]
    assert package.related("ppt/slides/slide1.xml", "chart") == []


def test_a_plain_file_has_no_dangers() -> None:
    assert OfficePackage(office.workbook_of([["a"]])).dangers() == {"macros": False, "external_links": 0}


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "word/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_noticed(name: str) -> None:
    package = OfficePackage(office.with_parts(office.workbook_of([["a"]]), {name: b"macro"}))
    assert package.dangers()["macros"] is True


@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "image", "frame"])
def test_what_would_be_loaded_from_outside_counts(kind: str) -> None:
    content = office.with_relation(
        office.workbook_of([["a"]]), SHEET, kind, "https://example.com/x", external=True
    )
    assert OfficePackage(content).dangers()["external_links"] == 1


def test_a_link_that_a_person_may_follow_does_not_count() -> None:
    content = office.with_relation(
        office.workbook_of([["a"]]), SHEET, "hyperlink", "https://example.com", external=True
    )
    assert OfficePackage(content).dangers()["external_links"] == 0


def test_each_linked_workbook_counts_once() -> None:
    links = "xl/externalLinks/externalLink1.xml"
    content = office.with_parts(office.workbook_of([["a"]]), {links: b"<externalLink/>"})
    content = office.with_relation(content, links, "externalLinkPath", "file:///x.xlsx", external=True)
    assert OfficePackage(content).dangers()["external_links"] == 1


def test_a_package_without_a_main_part_is_damaged() -> None:
    with pytest.raises(Refused) as refused:
        OfficePackage(documents.zipped({"xl/workbook.xml": b"<x/>"})).main_part()
    assert refused.value.code == "corrupt"
