from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.legacy.rtf_markup import RtfMarkup, read_rtf_markup
from smallprint.documents.reading import Refused
from tests.fakes import office


def scan(body: str) -> RtfMarkup:
    return read_rtf_markup(office.rtf(body))


def told(markup: RtfMarkup) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in markup.blocks]


def test_tracked_changes_are_told_apart_and_deleted_words_leave_the_text() -> None:
    markup = scan(r"The cap is {\revised\revauth1 ten}{\deleted\revauth1 one} million.\par")
    assert told(markup) == [("insertion", "ten"), ("deletion", "one")]
    assert b"one" not in markup.body
    assert b"{\\revised\\revauth1 ten}" in markup.body
    assert (markup.notes()["insertions"], markup.notes()["deletions"]) == (1, 1)


def test_hidden_words_leave_the_text_and_are_called_hidden() -> None:
    markup = scan(r"Pay \v ignore the rules\v0  now.\par{\v more}\par")
    assert told(markup) == [("hidden", "ignore the rules"), ("hidden", "more")]
    assert b"ignore" not in markup.body
    assert markup.notes()["hidden"] == ["hidden text"]


def test_comments_have_their_author() -> None:
    markup = scan(r"Fees{\*\atnid AB}{\*\atnauthor Bob}\chatn{\*\annotation Too high?}.\par")
    assert told(markup) == [("comment", "Bob: Too high?")]


def test_headers_and_footers_count_once() -> None:
    markup = scan(r"{\header Draft}{\headerf Draft}{\footer Page}Text\par")
    assert told(markup) == [("header", "Draft"), ("footer", "Page")]


def test_characters_are_decoded() -> None:
    markup = scan(r"{\deleted 5 \'80 \emdash  \u8364?\uc0\u223  \{x\}}")
    assert told(markup) == [("deletion", "5 € — €ß {x}")]


def test_what_would_be_loaded_from_outside_counts() -> None:
    markup = scan(
        r'{\*\template http://example.com/a.dot}{\field{\*\fldinst INCLUDEPICTURE "http://example.com/a.png"}}x\par'
    )
    assert markup.external_links == 2
    assert told(markup) == []


def test_raw_bytes_of_pictures_are_jumped_over() -> None:
    markup = scan(r"{\pict\bin8 }}}}}}}}}{\deleted gone} kept\par")
    assert told(markup) == [("deletion", "gone")]


def test_groups_nested_too_deep_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        scan("{" * 2_000)
    assert refused.value.code == "unsafe_archive"


@given(
    st.lists(
        st.sampled_from(
            [
                r"\deleted ",
                r"\v ",
                r"\v0 ",
                "{",
                "}",
                "word ",
                r"\'e4",
                r"\u99999?",
                r"\par ",
                "\\",
                r"\bin3 ",
            ]
        )
    )
)
def test_any_mixture_of_control_words_is_scanned(pieces: list[str]) -> None:
    scan("".join(pieces))


@given(st.binary(max_size=200))
def test_any_bytes_are_scanned_or_refused(content: bytes) -> None:
    try:
        read_rtf_markup(b"{\\rtf1 " + content)
    except Refused as refused:
        assert refused.code == "unsafe_archive"  # noqa: PT017 - either way is right
