from __future__ import annotations

import re
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.blocks.text import escape_mrkdwn, length, plain, plain_lines, shorten, shorten_name

HIDDEN = {"Cc", "Cf", "Cs", "Co"}
JOINERS = {0x200C: None, 0x200D: None}  # spelling in some scripts


@given(st.text())
def test_escaped_text_holds_no_token_that_slack_would_read(text: str):
    escaped = escape_mrkdwn(text)
    assert not re.search(r"[<>*~`]", escaped)
    assert not re.search(r"&(?!amp;|lt;|gt;)", escaped)
    assert "://" not in escaped
    assert not re.search(r"@(?:channel|here|everyone)\b", escaped, re.IGNORECASE)


@given(st.text())
def test_plain_text_is_one_line_that_shows_all_it_holds(text: str):
    shown = plain(text)
    assert shown == " ".join(shown.split())
    assert not any(category(character) in HIDDEN for character in shown.translate(JOINERS))
    assert plain(shown) == shown
    shown.encode("utf-8")


@given(st.text(), st.integers(8, 60))
def test_shortened_text_is_within_its_limit_and_ends_visibly(text: str, limit: int):
    shown = shorten(text, limit)
    assert length(shown) <= limit
    assert shown == text or shown.endswith("…")


@given(st.text(min_size=1), st.integers(20, 60))
def test_a_shortened_name_keeps_its_ending(name: str, limit: int):
    shown = shorten_name(f"{name}.docx", limit)
    assert length(shown) <= limit
    assert shown.endswith(".docx")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("pay\u200bment\u00ad", "payment"),
        ("a\x1b[31mb\x00", "a[31mb"),
        ("one\r\ntwo\u2028three\tfour\u00a0five", "one two three four five"),
        ("\U000e0041\U000e0042tags", "tags"),
        ("\u3164blank\u2800", "blank"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ud800half", "half"),
    ],
)
def test_invisible_characters_go_and_the_spelling_of_other_scripts_stays(text: str, expected: str):
    assert plain(text) == expected


def test_line_breaks_can_be_kept():
    assert plain_lines("a  b \r\n\n\n\nc\x07 ") == "a b\n\nc"


def test_underscores_inside_file_names_stay_and_those_that_make_italics_go():
    assert escape_mrkdwn("services_agreement_v2.pdf") == "services_agreement_v2.pdf"
    assert "_" not in escape_mrkdwn("_italic_")


def test_text_is_cut_between_words_and_a_word_too_long_is_cut_inside():
    assert shorten("the supplier shall indemnify", 20) == "the supplier shall…"
    assert shorten("x" * 30, 10) == "x" * 9 + "…"
