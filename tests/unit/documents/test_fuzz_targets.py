"""What the fuzz targets check holds for what hypothesis thinks of, too."""

from __future__ import annotations

import json
from typing import Any

from fuzz import kinds, protocol, quotes
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.documents.quotes import QuoteIndex
from smallprint.models.domain import Evidence, Match, Quotation
from tests.fakes.passages import document_of

SIGNATURES = [b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff",
              b"RIFF\x00\x00\x00\x00WEBP", b"{\\rtf", b"<html>", b"From: a@b\r\n", b"a,b\n1,2\n", b"\xff\xfe", b"\x00\x00\xfe\xff"]  # fmt: skip
FIELDS = [
    "blocks",
    "pages",
    "pages_without_text",
    "warnings",
    "notes",
    "refused",
    "message",
    "pictures",
    "other",
]
SENTENCES = [
    "The Supplier shall not be liable.",
    "Fees rise by 5 % each year.",
    "not",
    "…",
    "5",
    "liable",
    " ",
    "\u00ad",
    "ﬁ",
]
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(["corrupt", "hidden", "body"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.integers(0, 255), st.sampled_from([b"", *SIGNATURES]), st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_every_file_has_a_kind_or_one_of_our_errors(name: int, start: bytes, rest: bytes) -> None:
    kinds.check(bytes([name]) + start + rest)


@given(st.dictionaries(st.sampled_from(FIELDS), values))
@settings(max_examples=100, deadline=None)
def test_whatever_a_child_answers_is_a_reading_or_one_of_our_errors(answer: dict[str, Any]) -> None:
    protocol.check(json.dumps(answer).encode())


@given(st.binary(min_size=4, max_size=30))
def test_a_good_answer_that_is_changed_somewhere_is_a_reading_or_one_of_our_errors(change: bytes) -> None:
    protocol.check(b"@" + change)


@given(st.binary(max_size=200))
def test_an_answer_that_is_no_json_is_one_of_our_errors(answer: bytes) -> None:
    protocol.check(answer)


@given(
    st.lists(st.sampled_from(SENTENCES) | st.text(max_size=20), min_size=1, max_size=6),
    st.lists(st.sampled_from(SENTENCES) | st.text(max_size=20), max_size=5),
)
@settings(max_examples=100, deadline=None)
def test_what_is_shown_as_a_quotation_stands_in_the_document(passages: list[str], claim: list[str]) -> None:
    lines = [" ".join(claim), *passages]
    quotes.check("\n".join(line.replace("\n", " ") for line in lines).encode("utf-8", "replace"))


def test_the_check_of_quotations_would_see_an_invented_word() -> None:
    document = document_of("The Supplier shall not be liable.")
    genuine = QuoteIndex(document).locate(Quotation("the supplier shall not be liable"))
    assert genuine.match is Match.EXACT
    assert quotes.stands_in(document, genuine)
    assert not quotes.stands_in(document, Evidence(Match.EXACT, "The Customer", start=0, end=genuine.end))
