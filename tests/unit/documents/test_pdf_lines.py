from __future__ import annotations

from typing import NamedTuple

from smallprint.documents.pdf.lines import clauses_in_columns, lines_within


class Item(NamedTuple):
    text: str
    x: float
    y: float
    width: float = 40
    height: float = 10


class Page(NamedTuple):
    text_items: list[Item]


def test_the_lines_of_a_rectangle_come_from_top_to_bottom_and_left_to_right() -> None:
    page = Page(
        [
            Item("services to the Company;", 150, 112),
            Item("(a)", 72, 100),
            Item("provides", 90, 112.4),
            Item("solicit any person who", 90, 100.3),
            Item("a footer", 72, 700),
        ]
    )
    box = Item("", 70, 98, width=300, height=30)
    assert lines_within(page, box) == ["(a) solicit any person who", "provides services to the Company;"]


def test_clauses_are_told_from_tables_by_their_numbers_and_their_length() -> None:
    clause = "solicit, induce, recruit or encourage any of the Company's employees, contractors or any person who serves it, ever"
    assert clauses_in_columns([["(a) provides", clause], ["(b)", clause * 2]])
    assert clauses_in_columns([["4.1", clause * 2], ["", clause]])
    assert not clauses_in_columns([["Service", clause], ["Fees", clause]])
    assert not clauses_in_columns([["1", "Cap"], ["2", "Fee"]])
    assert not clauses_in_columns([["1", clause, "x"], ["2", clause, "y"]])
    assert not clauses_in_columns([])
