from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.documents.passages import number_passages
from smallprint.documents.quotes import QuoteIndex
from smallprint.documents.quotes.folding import fold
from smallprint.models.domain import (
    Document,
    DocumentKind,
    Evidence,
    Match,
    PassageKind,
    Quotation,
    ReadingReceipt,
)

CLAUSES = (
    "MASTER SERVICES AGREEMENT",
    "1.1 The Supplier shall not be liable for any indirect or consequential damages arising from this Agreement.",
    "1.2 The Customer shall pay a fee of $1.5 million within thirty (30) days of receipt of each invoice.",
    (
        "2.1 This Agreement renews automatically for further terms of 12 months unless either party gives notice in writing"
        " at least 60 days before the end of the current term; the confidential information stays protected."
    ),
    "Page 1 of 2",
    "2.2 Interest accrues at a rate of 1.5% per month on any amount that is overdue, as defined in § 4.2 below, and the",
    "Page 2 of 2",
    "Customer bears the costs of collection. Neither party may assign this Agreement without prior consent.",
    "The Supplier may terminate the non-exclusive licence for convenience. The office is in the first-class district.",
)
PAGES = (1, 1, 1, 1, 1, 2, 2, 3, 3)


def document(*texts: str, pages: tuple[int | None, ...] | None = None) -> Document:
    text, passages = number_passages(
        (each, pages[index] if pages else None, "") for index, each in enumerate(texts)
    )
    return Document("contract.pdf", DocumentKind.PDF, "0" * 64, text, passages, ReadingReceipt())


CONTRACT = document(*CLAUSES, pages=PAGES)
INDEX = QuoteIndex(CONTRACT)


def locate(text: str, passage: int | None = None, index: QuoteIndex = INDEX) -> Evidence:
    return index.locate(Quotation(text, passage))


# --- what is found ---------------------------------------------------------------------------------------


def test_evidence_says_what_kind_of_passage_it_stands_in() -> None:
    text, passages = number_passages([
        ("The fee is due in thirty days.", 1), ("The fee is due in ninety days.", 1, "", PassageKind.DELETION),
    ])  # fmt: skip
    index = QuoteIndex(Document("a.docx", DocumentKind.DOCX, "", text, passages, ReadingReceipt()))
    assert locate("the fee is due in ninety days", index=index).kind is PassageKind.DELETION
    assert locate("the fee is due in thirty days", index=index).kind is PassageKind.BODY


def test_evidence_carries_the_documents_own_words_and_their_place() -> None:
    evidence = locate("the customer SHALL pay a fee of $1.5 million")
    assert evidence == Evidence(
        Match.EXACT,
        "The Customer shall pay a fee of $1.5 million",
        3,
        1,
        "p. 1",
        evidence.start,
        evidence.end,
    )
    assert CONTRACT.text[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(
    "quotation",
    [
        "The Supplier shall not be liable for any in-\ndirect or conse-\nquential damages",
        "The Supplier shall not be liable\u00a0for  any\tindirect or consequential dam\u00adages",
        "“the supplier shall not be liable for any indirect or consequential damages”",
        "The Supplier shall not be liable for any indirect or consequential damages arising from this Agreement…",
        "terminate the nonexclusive licence for con\u00advenience",
        "terminate the non–exclusive licence for convenience",
        "the con\ufb01dential information stays protected",
        "The office is in the \ufb01rst-class district.",
    ],
)
def test_typography_and_line_breaks_do_not_hide_a_quotation(quotation: str) -> None:
    assert locate(quotation).match is Match.EXACT


def test_a_sentence_that_runs_over_the_end_of_a_page_is_found() -> None:
    evidence = locate("as defined in § 4.2 below, and the Customer bears the costs of collection.")
    assert evidence.match is Match.EXACT
    assert evidence.text == "as defined in § 4.2 below, and the Customer bears the costs of collection."
    assert (evidence.passage, evidence.page) == (6, 2)


def test_the_passage_that_was_named_comes_first() -> None:
    twice = document("The fee is due at once.", "A heading", "The fee is due at once.")
    assert locate("The fee is due at once.", 3, QuoteIndex(twice)).passage == 3
    assert locate("The fee is due at once.", None, QuoteIndex(twice)).passage == 1
    assert locate("The fee is due at once.", 2, QuoteIndex(twice)).passage == 1


def test_an_ellipsis_stands_for_words_left_out_in_order() -> None:
    evidence = locate("This Agreement renews automatically … at least 60 days before the end")
    assert evidence.match is Match.EXACT
    assert evidence.text.startswith("This Agreement renews automatically for further terms")
    assert (
        locate("at least 60 days before the end [...] This Agreement renews automatically").match
        is Match.MISSING
    )


def test_an_ellipsis_must_not_swallow_a_negation() -> None:
    assert (
        locate("The Supplier shall … be liable for any indirect or consequential damages").match
        is Match.CONTRADICTED
    )


def test_a_negation_right_before_the_quotation_is_shown_with_it() -> None:
    assert locate("be liable for any indirect or consequential damages").text.startswith("not be liable")


def test_small_slips_are_approximate_and_shown_as_the_document_has_them() -> None:
    evidence = locate(
        "The Supplier shall not be liable for any indirect or consequental damage arising from this Agreement."
    )
    assert evidence.match is Match.APPROXIMATE
    assert (
        evidence.text
        == "The Supplier shall not be liable for any indirect or consequential damages arising from this Agreement."
    )


# --- what is not -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quotation",
    [
        "The Customer shall pay a fee of $15 million within thirty",
        "The Customer shall pay a fee of $1.6 million within thirty",
        "The Customer shall pay a fee of €1.5 million within thirty",
        "The Customer shall pay a fee of 1.5 million within thirty",
        "The Customer shall pay a fee of $-1.5 million within thirty",
        "pay a fee of $1.5 million within sixty (30) days of receipt",
        "Interest accrues at a rate of 1.5 per month on any amount",
        "on any amount that is overdue, as defined in 4.2 below",
        "The Supplier shall be liable for any indirect or consequential damages arising from this Agreement.",
        "The Customer shall not pay a fee of $1.5 million within thirty (30) days of receipt of each invoice.",
        "The Supplier may not terminate the non-exclusive licence for convenience.",
        "Either party may assign this Agreement with prior consent.",
        "The Supplier shall terminate the non-exclusive licence for convenience.",
        "The Supplier may terminate the exclusive licence for convenience. The office is in the first-class district.",
    ],
)
def test_other_figures_signs_or_negations_never_count_as_found(quotation: str) -> None:
    evidence = locate(quotation)
    assert not evidence.match.grounded
    assert evidence.text == ""


def test_a_quotation_ending_inside_a_number_is_not_that_number() -> None:
    assert not locate("The Customer shall pay a fee of $1").match.grounded


def test_words_that_are_only_letters_of_other_words_are_not_found() -> None:
    assert (
        locate("able for any indirect or consequential damages arising from this Agre").match
        is not Match.EXACT
    )


@pytest.mark.parametrize(
    "quotation", ["", "   ", "…", "!?", "the fee", "The moon is made of green cheese and sold by weight."]
)
def test_nothing_is_made_up(quotation: str) -> None:
    assert locate(quotation) == Evidence(Match.MISSING)


def test_a_short_quotation_counts_only_in_the_passage_that_was_named() -> None:
    assert locate("thirty (30)", 3).match is Match.EXACT
    assert locate("thirty (30)", 2).match is Match.MISSING
    assert locate("thirty (30)").match is Match.MISSING
    assert locate("thirty (3)", 3).match is Match.MISSING
    assert locate("hirty (30)", 3).match is Match.MISSING


def test_an_empty_document_has_no_quotations() -> None:
    assert locate("anything at all, really", 1, QuoteIndex(document())) == Evidence(Match.MISSING)


# --- properties ------------------------------------------------------------------------------------------

_TYPOGRAPHY = (
    lambda text: text.replace("'", "’").replace('"', "“"),
    lambda text: text.replace("-", "–"),
    lambda text: text.replace("fi", "\ufb01").replace("fl", "\ufb02"),
    lambda text: text.replace(" ", "  "),
    lambda text: text.replace(" ", "\n", 2),
    lambda text: text.replace(" ", "\u00a0"),
    str.upper,
    str.lower,
)
_LINE_BREAKS = (
    lambda text: re.sub(r"([a-z]{3})([a-z]{3})", "\\1-\n\\2", text, count=2),
    lambda text: re.sub(r"([a-z]{4})([a-z]{3})", "\\1\u00ad\\2", text),
)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[int, str]:
    """A passage's number and at least five whole words of it."""
    number = draw(st.sampled_from([2, 3, 4, 6, 8, 9]))
    words = list(re.finditer(r"\S+", CLAUSES[number - 1]))
    first = draw(st.integers(0, len(words) - 5))
    last = draw(st.integers(first + 4, len(words) - 1))
    return number, CLAUSES[number - 1][words[first].start() : words[last].end()]


def changes_of(few: tuple[Callable[[str], str], ...]) -> st.SearchStrategy[list[Callable[[str], str]]]:
    return st.lists(st.sampled_from(few), max_size=3)


@given(stretches(), changes_of(_TYPOGRAPHY), changes_of(_LINE_BREAKS))
@settings(deadline=None)
def test_what_extraction_and_typography_do_does_not_hide_a_quotation(
    stretch: tuple[int, str], dressed: list[Callable[[str], str]], broken: list[Callable[[str], str]]
) -> None:
    number, text = stretch
    changed = text
    for change in (
        *dressed,
        *broken,
    ):  # in this order: a hyphen that a line break brought is never made a dash
        changed = change(changed)
    evidence = locate(changed, number)
    assert evidence.match is Match.EXACT
    assert evidence.passage == number
    assert fold(text) in fold(evidence.text)


@given(stretches(), st.integers(1, 9), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_a_changed_digit_is_never_grounded(
    stretch: tuple[int, str], shift: int, chance: random.Random
) -> None:
    _, text = stretch
    digits = [match.start() for match in re.finditer(r"\d", text)]
    if digits:
        place = chance.choice(digits)
        changed = text[:place] + str((int(text[place]) + shift) % 10) + text[place + 1 :]
        assert not locate(changed).match.grounded


@given(stretches(), st.sampled_from(["not", "never", "without"]), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_an_added_negation_is_never_grounded(
    stretch: tuple[int, str], negation: str, chance: random.Random
) -> None:
    words = stretch[1].split()
    words.insert(chance.randrange(1, len(words)), negation)
    assert not locate(" ".join(words)).match.grounded


@given(stretches())
@settings(deadline=None)
def test_a_dropped_negation_is_never_grounded(stretch: tuple[int, str]) -> None:
    words = stretch[1].split()
    inner = [
        index
        for index, word in enumerate(words[1:-1], 1)
        if word.lower() in {"not", "unless", "without", "neither"}
    ]
    for index in inner:
        assert not locate(" ".join(words[:index] + words[index + 1 :])).match.grounded


@given(
    st.lists(st.text(min_size=1, max_size=80), max_size=6),
    st.text(max_size=120),
    st.one_of(st.none(), st.integers(-2, 9)),
)
@settings(deadline=None)
def test_grounded_evidence_is_always_a_stretch_of_the_document(
    texts: list[str], quotation: str, passage: int | None
) -> None:
    known = document(*texts)
    evidence = QuoteIndex(known).locate(Quotation(quotation, passage))
    if evidence.match.grounded:
        assert evidence.text in " ".join(known.text.split())
        assert known.text[evidence.start : evidence.end].split() == evidence.text.split()


@given(st.lists(st.text(min_size=20, max_size=200), min_size=1, max_size=4), st.data())
@settings(deadline=None)
def test_a_whole_passage_is_found_in_any_script(texts: list[str], data: st.DataObject) -> None:
    known = document(*texts)
    passage = data.draw(st.sampled_from(known.passages))
    evidence = QuoteIndex(known).locate(Quotation(passage.text, passage.number))
    assert evidence.match in {Match.EXACT, Match.MISSING}, repr(passage.text)
    if evidence.match is Match.MISSING:  # hardly anything in it but signs
        assert sum(character.isalnum() for character in passage.text) < 12


# --- speed -----------------------------------------------------------------------------------------------


def test_a_million_characters_are_indexed_and_searched_quickly() -> None:
    chance = random.Random(1)
    vocabulary = [
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(3, 10))) for _ in range(3_000)
    ]
    texts = [" ".join(chance.choices(vocabulary, k=75)) + f" “clause {number}”." for number in range(1_900)]
    known = document(*texts)
    assert len(known.text) > 900_000
    started = time.process_time()
    index = QuoteIndex(known)
    indexed = time.process_time()
    assert index.locate(Quotation(texts[1_500])).match is Match.EXACT
    found = time.process_time()
    index.locate(Quotation(texts[1_200].replace("e", "", 3)))  # the first one also indexes the words
    first_similar = time.process_time()
    assert index.locate(Quotation(texts[1_300].replace("a", "", 3))).match is Match.APPROXIMATE
    similar = time.process_time()
    assert indexed - started < 1.0
    assert found - indexed < 0.05
    assert similar - first_similar < 0.25


def test_a_quotation_may_end_at_a_sign_and_begin_behind_another():
    evidence = locate("per month on any amount that is overdue, as defined in §")
    assert evidence.match is Match.EXACT
