from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.changes import VERSION_OF, changes_between, similarity
from smallprint.models.domain import ChangeKind, PassageChange, PassageChanges, PassageKind, PieceKind
from tests.fakes.passages import document_of
from tests.fakes.versions import NEW, OLD, new_version, old_version

ADDED, REMOVED, CHANGED, REWORDED, MOVED = ChangeKind

CLAUSES = (
    "The Supplier delivers the goods to the Customer's warehouse in Leeds on every working day.",
    "Invoices are paid within 30 days of receipt, without any deduction, to the named account.",
    "Either party may terminate this agreement by written notice if the other is in breach.",
    "The total liability of the Supplier shall not exceed the fees paid in the preceding year.",
    "Each party keeps the information of the other secret and returns it at the end of the term.",
    "This agreement is governed by the laws of England and its courts have sole jurisdiction.",
)


def found(before: Sequence[str], after: Sequence[str]) -> PassageChanges:
    return changes_between(document_of(*before), document_of(*after))


def kinds(before: Sequence[str], after: Sequence[str]) -> list[ChangeKind]:
    return [change.kind for change in found(before, after).changes]


def only(before: str, after: str) -> PassageChange:
    """The one change, between clauses that stay."""
    (change,) = found([CLAUSES[0], before, CLAUSES[5]], [CLAUSES[0], after, CLAUSES[5]]).changes
    return change


def words(change: PassageChange, *wanted: PieceKind) -> str:
    return "".join(piece.text for piece in change.pieces if piece.kind in wanted)


def test_a_contract_and_its_new_version_differ_in_what_a_lawyer_would_mark():
    result = changes_between(old_version(), new_version())

    assert [(change.id, change.kind) for change in result.changes] == [
        ("C1", ADDED),
        ("C2", CHANGED),
        ("C3", REWORDED),
    ]
    assert result.unchanged == 3
    assert words(result.changes[1], PieceKind.GONE) == "11230"
    assert words(result.changes[1], PieceKind.COME) == "22490"


def test_the_same_document_has_no_changes():
    result = changes_between(old_version(), old_version())
    assert (result.changes, result.unchanged, result.similarity) == ((), len(OLD), 1.0)


def test_typography_line_breaks_and_case_are_no_changes():
    before = ['The "Supplier" shall not re-sell\nthe goods.', "PAYMENT TERMS"]
    after = ["The “Supplier” shall not resell the goods.", "Payment terms"]
    assert kinds(before, after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("4. Notice must be given in writing.", "5. Notice must be given in writing."),
        ("4.2 Notice must be given in writing.", "5.1 Notice must be given in writing."),
        ("(a) notice must be given in writing", "(b) notice must be given in writing"),
        ("Section 4. Notice must be given.", "Section 5. Notice must be given."),
        ("§ 4 Die Kündigung bedarf der Schriftform.", "§ 5 Die Kündigung bedarf der Schriftform."),
    ],
)
def test_a_new_number_before_a_clause_is_no_change(before, after):
    assert kinds([before], [after]) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("30 days after delivery the price is due.", "60 days after delivery the price is due."),
        ("12.3 million shares are issued.", "12.4 million shares are issued."),
        ("The price is $100.", "The price is €100."),
        ("A loss of 5 is shared.", "A loss of -5 is shared."),
    ],
)
def test_a_number_or_a_sign_that_differs_is_a_change_even_where_the_letters_are_the_same(before, after):
    assert only(before, after).kind is CHANGED


def test_a_reference_to_a_clause_that_was_only_renumbered_is_no_change():
    before = ["1. Fees are due monthly.", "2. Late fees bear interest as Section 1 says."]
    after = [
        "1. The term is one year long.",
        "2. Fees are due monthly.",
        "3. Late fees bear interest as Section 2 says.",
    ]
    assert kinds(before, after) == [ADDED]


def test_a_reference_to_another_clause_is_a_change():
    before = ["1. Fees are due monthly.", "2. Late fees bear interest as Section 1 says."]
    after = ["1. Fees are due monthly.", "2. Late fees bear interest as Section 4 says."]
    assert kinds(before, after) == [CHANGED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The Supplier shall repair the goods.", "The Supplier may repair the goods."),
        ("The Supplier is liable for losses.", "The Supplier is not liable for losses."),
        ("Fees are paid by 1 March of each year.", "Fees are paid by 1 April of each year."),
        ("Fees are paid in March of each year.", "Fees are paid in June of each year."),
        ("Notice is given to Acme Limited in London.", "Notice is given to Beta Limited in London."),
        ("The cost is borne by the landlord.", "The cost is borne by the tenant."),
        ("Acme pays Beta for the goods.", "Beta pays Acme for the goods."),
        ("Notices go to Élan Limited.", "Notices go to Érable Limited."),
        ("Goods are insured and delivered.", "Goods are insured or delivered."),
        ("The licence is limited to one site.", "The licence is unlimited to one site."),
        ("Consent must be in writing first.", "Consent must be in hand first."),
        ("The fee is due.", "The fee is due if the board of the owner has seen the accounts."),
        (
            "All of it was written by us and by nobody else.",
            "None of that came from you, whoever says so, ever.",
        ),
    ],
)
def test_what_may_turn_the_meaning_is_a_change(before, after):
    assert CHANGED in kinds([before], [after]) or {ADDED, REMOVED} <= set(kinds([before], [after]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("This agreement starts on the signing of both.", "This contract starts on the signing of both."),
        ("The goods are sent to the warehouse quickly.", "The goods are shipped to the warehouse quickly."),
        ("Questions go to the help desk of the vendor.", "Questions are put to the help desk of the vendor."),
    ],
)
def test_other_words_for_the_same_are_reworded(before, after):
    assert only(before, after).kind is REWORDED


def test_a_clause_that_moved_is_moved_and_those_it_passed_are_not():
    before, after = CLAUSES, [*CLAUSES[1:5], CLAUSES[0], CLAUSES[5]]

    (change,) = found(before, after).changes

    assert (change.kind, change.moved) == (MOVED, True)
    assert change.before is not None
    assert change.after is not None
    assert (change.before.passages, change.after.passages) == ((1,), (5,))


def test_a_clause_that_moved_and_changed_is_changed_and_says_that_it_moved():
    changed = CLAUSES[1].replace("30 days", "90 days")
    (change,) = found(CLAUSES, [CLAUSES[0], *CLAUSES[2:], changed]).changes
    assert (change.kind, change.moved) == (CHANGED, True)


def test_paragraphs_that_moved_together_are_one_change():
    before, after = CLAUSES, [*CLAUSES[2:], *CLAUSES[:2]]
    (change,) = found(before, after).changes
    assert change.kind is MOVED
    assert change.after is not None
    assert change.after.passages == (5, 6)


def test_what_an_insertion_pushes_down_has_not_moved():
    assert kinds(CLAUSES, ["A new clause about the storage of spare parts in Hull.", *CLAUSES]) == [ADDED]


def test_short_text_that_recurs_has_not_moved():
    before = ["Signature:", *CLAUSES[:3], "Signature:", *CLAUSES[3:]]
    after = [*CLAUSES[:3], "Signature:", *CLAUSES[3:], "Signature:"]
    assert MOVED not in kinds(before, after)


def test_a_paragraph_that_was_split_or_merged_is_no_change():
    one = f"{CLAUSES[0]} {CLAUSES[1]}"
    before, after = [CLAUSES[5], one, CLAUSES[3]], [CLAUSES[5], CLAUSES[0], CLAUSES[1], CLAUSES[3]]
    assert kinds(before, after) == []
    assert kinds(after, before) == []


def test_a_paragraph_that_was_split_and_changed_is_one_change():
    one = f"{CLAUSES[0]} {CLAUSES[1]}"
    after = [CLAUSES[5], CLAUSES[0], CLAUSES[1].replace("30", "60"), CLAUSES[3]]

    (change,) = found([CLAUSES[5], one, CLAUSES[3]], after).changes

    assert change.kind is CHANGED
    assert change.after is not None
    assert change.after.passages == (3,)
    assert words(change, PieceKind.GONE) == "30"


@given(st.lists(st.integers(0, 11), max_size=8), st.lists(st.integers(0, 11), max_size=8))
def test_where_a_program_breaks_a_text_into_paragraphs_is_no_change(before, after):
    sentences = [*CLAUSES, *(clause.replace("the", "any") for clause in CLAUSES)]
    assert kinds(broken(sentences, before), broken(sentences, after)) == []


def broken(sentences: Sequence[str], breaks: Sequence[int]) -> list[str]:
    """Paragraphs that end after these sentences."""
    bounds = [0, *sorted({place + 1 for place in breaks}), len(sentences)]
    return [" ".join(sentences[start:end]) for start, end in pairwise(bounds) if start < end]


def test_a_change_in_a_text_that_is_broken_otherwise_is_told_alone():
    before = [" ".join(CLAUSES[:3]), " ".join(CLAUSES[3:])]
    after = [CLAUSES[0], " ".join(CLAUSES[1:5]).replace("30 days", "60 days"), CLAUSES[5]]
    (change,) = found(before, after).changes
    assert (words(change, PieceKind.GONE), words(change, PieceKind.COME)) == ("30", "60")


def test_a_new_heading_belongs_to_the_clause_under_it():
    after = [*CLAUSES, "Spare parts", "The Supplier keeps a store of spare parts in Hull for ten years."]
    (change,) = found(CLAUSES, after).changes
    assert change.after is not None
    assert change.after.passages == (7, 8)


def test_what_was_removed_comes_where_it_stood():
    after = [CLAUSES[0], *CLAUSES[2:5], CLAUSES[5].replace("England", "France")]
    assert kinds(CLAUSES, after) == [REMOVED, CHANGED]


def test_page_furniture_and_what_we_computed_are_not_compared():
    before: list[str | tuple[PassageKind, str]] = [
        (PassageKind.HEADER, "Draft of Monday"),
        (PassageKind.PROFILE, "3 rows"),
        CLAUSES[0],
    ]
    after: list[str | tuple[PassageKind, str]] = [
        (PassageKind.HEADER, "Draft of Friday"),
        (PassageKind.PROFILE, "4 rows"),
        CLAUSES[0],
    ]
    assert changes_between(document_of(*before), document_of(*after)).changes == ()


def test_a_tracked_change_is_compared_as_part_of_the_text_alone():
    before = document_of("The cap is $5,000 in total.")
    after = document_of(
        "The cap is $5,000 in total.", (PassageKind.DELETION, "$1,000"), (PassageKind.INSERTION, "$5,000")
    )
    assert changes_between(before, after).changes == ()


def test_a_total_at_the_foot_of_each_page_is_compared():
    pages = [
        (f"Page about matter {letter * 5}.", f"Total of this page: ${price}")
        for letter, price in zip("abcd", (1, 2, 3, 4), strict=True)
    ]
    before = [text for page in pages for text in page]
    after = [text.replace("$3", "$30") for text in before]
    assert kinds(before, after) == [CHANGED]


def test_a_clause_that_became_a_comment_is_gone_from_the_text():
    before, after = document_of(*CLAUSES[:2]), document_of(CLAUSES[0], (PassageKind.COMMENT, CLAUSES[1]))
    assert {change.kind for change in changes_between(before, after).changes} == {ADDED, REMOVED}


def test_a_table_as_long_as_a_book_is_compared_too():
    cells = " | ".join(str(number) for number in range(30_000))
    change = only(cells, f"{cells} | 7")
    assert change.kind is CHANGED


def test_scripts_without_spaces_are_compared_letter_by_letter():
    change = only(
        "本契約の期間は一年間とし、自動的に更新される。", "本契約の期間は三年間とし、自動的に更新される。"
    )
    assert (words(change, PieceKind.GONE), words(change, PieceKind.COME)) == ("一", "三")


def test_old_passages_are_known_to_stand_where_their_counterparts_stand():
    after = new_version()
    spans = changes_between(old_version(), after).spans
    start, end = spans[3]
    assert after.text[start:end] == NEW[3]


def test_similarity_is_high_for_a_version_and_low_for_another_document():
    other = document_of(*CLAUSES)
    assert similarity(old_version(), new_version()) > 0.85
    assert similarity(old_version(), other) < VERSION_OF
    assert similarity(document_of(*CLAUSES), document_of(*reversed(CLAUSES))) == 1.0


def test_documents_without_text_are_not_similar():
    assert similarity(document_of(), document_of()) == 0.0
    assert similarity(document_of(), old_version()) == 0.0


PARAGRAPHS = st.lists(
    st.sampled_from([*CLAUSES, "Signature:", "(a) no", "1.2 Fees of 30", "  ", "$5"]), max_size=8
)
ANY_TEXT = st.lists(st.text(max_size=60), max_size=5)


@given(PARAGRAPHS | ANY_TEXT, PARAGRAPHS | ANY_TEXT)
def test_every_word_of_a_change_stands_in_its_document(before, after):
    result = found(before, after)
    old_text = "\n\n".join(before)
    for change in result.changes:
        if change.kind is not MOVED and change.after:
            assert words(change, PieceKind.KEPT, PieceKind.COME) == change.after.text
        for piece in change.pieces:
            if piece.kind is PieceKind.GONE:
                assert all(line in old_text for line in piece.text.split("\n"))
    assert 0.0 <= result.similarity <= 1.0


@given(PARAGRAPHS | ANY_TEXT, PARAGRAPHS | ANY_TEXT)
def test_every_passage_is_told_at_most_once_and_the_same_way_each_time(before, after):
    result = found(before, after)
    told = [number for change in result.changes if change.after for number in change.after.passages]
    assert len(told) == len(set(told))
    assert result == found(before, after)


@given(PARAGRAPHS)
def test_a_document_beside_itself_has_no_changes(paragraphs):
    assert kinds(paragraphs, paragraphs) == []


def test_two_documents_of_a_thousand_passages_are_compared():
    dice = random.Random(7)
    before = [
        f"{dice.choice(CLAUSES)} Item {dice.randrange(10**6)} of {dice.randrange(10**6)}."
        for _ in range(1_000)
    ]
    after = [text.replace("Item", "Unit") if dice.random() < 0.1 else text for text in before]
    del after[100:110]
    counts = changes_between(document_of(*before, pages=False), document_of(*after, pages=False)).counts()
    assert counts[REMOVED] == 10
    assert 60 <= counts[REWORDED] + counts.get(CHANGED, 0) <= 140
