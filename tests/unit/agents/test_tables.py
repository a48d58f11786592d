from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.tables import tables_of
from smallprint.models.domain import Document, PassageKind
from tests.fakes.passages import document_of

TABLE = PassageKind.TABLE


def placed(document: Document, *places: str) -> Document:
    passages = tuple(
        replace(passage, place=place) for passage, place in zip(document.passages, places, strict=True)
    )
    return replace(document, passages=passages)


def test_the_first_row_that_names_columns_is_the_header():
    (table,) = tables_of(document_of((TABLE, "Prices of 2026\nItem | Days | Price\nDesign | 4 | EUR 100")))
    assert table.headers == ("item", "days", "price")
    assert [row.cells for row in table.rows] == [("Design", "4", "EUR 100")]
    assert table.column("price", "sum") == 2
    assert table.column("owner") is None


def test_years_and_quarters_are_names_of_columns():
    (table,) = tables_of(document_of((TABLE, "Line | Q1 | 2027\nSales | 100 | 200")))
    assert table.headers == ("line", "q1", "2027")


def test_a_sheet_that_stands_in_several_passages_is_one_table():
    document = document_of((TABLE, "No. | Question\n1 | Is it?"), (TABLE, "2 | Was it?"))
    (table,) = tables_of(placed(document, "Sheet!A1:B2", "Sheet!A3:B3"))
    assert [row.passage for row in table.rows] == [1, 2]


def test_tables_of_two_sheets_are_two():
    document = document_of((TABLE, "No. | Question\n1 | Is it?"), (TABLE, "Name | Town\nAnn | Bath"))
    assert len(list(tables_of(placed(document, "One!A1:B2", "Two!A1:B2")))) == 2


def test_a_document_without_tables_has_none():
    assert not list(tables_of(document_of("A | B is not a table.")))


@given(st.lists(st.text(alphabet="ab1 |\n", max_size=60), max_size=4))
def test_a_row_quotes_the_passage_word_for_word(texts):
    document = document_of(*((TABLE, text) for text in texts))
    for table in tables_of(document):
        for row in table.rows:
            assert row.quotation.text in document.passages[row.passage - 1].text
