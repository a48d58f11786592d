from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.plain import GUESSED_ENCODING, decode, join_lines, read_text
from smallprint.documents.reading import split_long, tidy

RUSSIAN = "Настоящий договор вступает в силу с момента подписания обеими сторонами и действует один год. " * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_unicode_is_recognised(encoding: str) -> None:
    sentence = "The fee is 5 EUR, naturally." if encoding == "utf-16-le" else "Die Gebühr beträgt 5 €."
    assert decode(sentence.encode(encoding)) == (sentence, [])


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
def test_an_old_encoding_is_guessed_and_said(encoding: str) -> None:
    text, warnings = decode(RUSSIAN.encode(encoding))
    assert text == RUSSIAN
    assert warnings[0].startswith(GUESSED_ENCODING.partition("{")[0])


def test_western_text_without_unicode_is_read() -> None:
    sentence = (
        "Die Vergütung beträgt fünf Euro, zahlbar am Ende des Monats, gemäß den Bedingungen der Anlage. "
    )
    assert decode((sentence * 5).encode("cp1252"))[0] == sentence * 5


def test_what_html_declares_is_tried_first() -> None:
    assert decode(RUSSIAN.encode("koi8-r"), "koi8-r") == (RUSSIAN, [])


def test_wrapped_lines_are_joined_and_clauses_parted() -> None:
    wrapped = [
        "1.1 The Licensor grants to the Licensee a royalty-",
        "free licence to use the Software for the whole term",
        "of this Agreement.",
        "1.2 The Licensee shall not sublicense the Software.",
    ]
    assert join_lines(wrapped) == [
        "1.1 The Licensor grants to the Licensee a royalty-free licence to use the Software for the whole term of this Agreement.",
        "1.2 The Licensee shall not sublicense the Software.",
    ]


def test_tables_drawn_with_spaces_keep_their_lines() -> None:
    assert join_lines(
        ["Item          Price of it in the catalogue", "Apple         1.00 EUR for every one of them"]
    ) == ["Item Price of it in the catalogue\nApple 1.00 EUR for every one of them"]


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert [block.text for block in read_text(b"One.\r\n\r\nTwo.\r\n \t\r\nThree.").blocks] == [
        "One.",
        "Two.",
        "Three.",
    ]


def test_a_long_paragraph_is_cut_at_the_end_of_a_sentence_near_1200_characters() -> None:
    sentence = "The Supplier shall deliver the goods to the place that the Customer names in the order. "
    pieces = split_long((sentence * 60).strip())
    assert all(piece.endswith("order.") for piece in pieces)
    assert all(len(piece) <= 1_600 for piece in pieces)
    assert " ".join(pieces) == (sentence * 60).strip()


@given(st.text(max_size=6_000))
def test_cutting_loses_nothing_but_spaces(text: str) -> None:
    assert "".join("".join(split_long(text)).split()) == "".join(text.split())


@given(st.text(max_size=300))
def test_tidy_text_is_one_line_that_any_database_takes(text: str) -> None:
    tidied = tidy(text)
    assert tidied == " ".join(tidied.split())
    assert "\x00" not in tidied
    tidied.encode()


@given(st.binary(max_size=300))
def test_any_bytes_decode(content: bytes) -> None:
    text, _ = decode(content)
    assert isinstance(text, str)
