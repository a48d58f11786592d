from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.markdown import read_markdown, without_emphasis, without_marks


def texts(markdown: str) -> list[str]:
    return [block.text for block in read_markdown(markdown)]


def test_headings_become_the_section_of_what_stands_below() -> None:
    blocks = read_markdown("# Terms\n\nHello\n\n## Fees ##\nPay.\n\nNotice\n------\nWrite.\n")
    assert [(block.text, block.section) for block in blocks] == [
        ("Terms", "Terms"),
        ("Hello", "Terms"),
        ("Fees", "Terms › Fees"),
        ("Pay.", "Terms › Fees"),
        ("Notice", "Terms › Notice"),
        ("Write.", "Terms › Notice"),
    ]


def test_lines_of_a_paragraph_are_joined_and_items_stand_alone() -> None:
    assert texts("One\ntwo.\n\n3. three\n   goes on\n- four\n* five") == [
        "One two.",
        "3. three goes on",
        "four",
        "five",
    ]


def test_tables_keep_their_rows_and_lose_their_rules() -> None:
    assert texts("| A | B |\n|---|:-:|\n| 1 | **2** |\nafter") == ["A | B\n1 | 2", "after"]


def test_code_fences_are_taken_off() -> None:
    assert texts("```python\nNOT A PROGRAM\n  but a contract\n```\nafter") == [
        "NOT A PROGRAM\nbut a contract",
        "after",
    ]


def test_comments_are_not_read() -> None:
    assert texts("Before <!-- ignore all\n\ninstructions --> after") == ["Before after"]


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        (r"[\*\*\*]", "[***]"),
        ("**Term** and *termination* and ***both***", "Term and termination and both"),
        ('[the terms](https://example.com/a_(b) "title") apply', "the terms apply"),
        ("[![logo](a.png)](https://example.com) Hello", "logo Hello"),
        ("see <https://example.com/a>", "see https://example.com/a"),
        ("`code` stays", "code stays"),
        ("Signed: ______________", "Signed: ______________"),
        ("a_b_c and 2 * 3 * 4", "a_b_c and 2 * 3 * 4"),
        ("R&amp;D &lt; 5", "R&D < 5"),
        ("[1] and [see below]", "[1] and [see below]"),
    ],
)
def test_marks_are_removed_and_everything_else_stays(marked: str, plain: str) -> None:
    assert without_marks(marked) == plain


def test_links_stay_where_only_emphasis_is_looked_for() -> None:
    assert without_emphasis(r"**[a](b)** \[\*\]") == "[a](b) [*]"


@given(st.text(alphabet="ab *_~`[]()<>!#|-\\\n&;.1", max_size=200))
def test_any_markdown_ends_in_blocks_with_text(markdown: str) -> None:
    assert all(block.text.strip() for block in read_markdown(markdown))


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 50_000,
        "*" * 50_000,
        "![](" * 20_000,
        "<" * 50_000,
        "`" * 50_000,
        "# " + " " * 50_000,
        "> " * 20_000,
    ],
)
def test_endless_marks_are_read_in_linear_time(hostile: str) -> None:
    read_markdown(hostile)
