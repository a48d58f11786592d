from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.sentences import MAX_SENTENCE_CHARS, fold, split, split_sentences
from smallprint.models.domain import Passage, PassageKind


def test_an_abbreviation_does_not_end_a_sentence():
    text = "Acme Inc. shall pay under Sec. 2.1 and Art. 4, e.g. Fees. The U.S. law applies."
    assert list(split(text)) == [
        "Acme Inc. shall pay under Sec. 2.1 and Art. 4, e.g. Fees.",
        "The U.S. law applies.",
    ]


def test_the_number_of_a_clause_belongs_to_its_sentence():
    assert list(split("12.1. Neither party may assign. 12.2. It ends.")) == [
        "12.1. Neither party may assign.",
        "12.2. It ends.",
    ]


def test_a_wrapped_line_is_one_sentence_and_a_list_item_is_its_own():
    text = "The Supplier\nshall deliver the goods.\n(a) by road; or\n(b) by sea"
    assert list(split(text)) == ["The Supplier\nshall deliver the goods.", "(a) by road; or", "(b) by sea"]


def test_headings_and_lines_of_a_table_of_contents_are_marked():
    sentences = list(
        split_sentences([Passage(1, "12. Assignment\nNo party may assign.\n13. Liability ....... 14", 0, 60)])
    )
    assert [sentence.is_heading for sentence in sentences] == [True, False, True]
    assert sentences[1].heading == "12. assignment"


def test_a_sentence_in_capitals_is_not_taken_for_a_heading():
    (sentence,) = split_sentences([Passage(1, "USE OF THE SERVICE IS AT YOUR SOLE RISK.", 0, 40)])
    assert not sentence.is_heading


def test_a_definition_is_marked():
    (sentence,) = split_sentences(
        [Passage(1, "The term “Affiliate” means any entity that controls a party.", 0, 60)]
    )
    assert sentence.is_definition


def test_a_long_sentence_is_quoted_by_the_clauses_around_the_place():
    text = "It shall " + "; ".join(f"do the thing number {number}" for number in range(60)) + "."
    sentence = next(split_sentences([Passage(1, text, 0, len(text))]))
    at = sentence.folded.index("number 30")
    part = sentence.around(at, at + 9, 200)
    assert part in text
    assert len(part) <= 200
    assert "number 30" in part


@given(st.text(max_size=4_000))
def test_every_sentence_stands_in_the_text_word_for_word_and_none_is_endless(text):
    for sentence in split(text):
        assert sentence in text
        assert 0 < len(sentence) <= MAX_SENTENCE_CHARS


@given(st.text(alphabet="ab ;,.(1)\n", min_size=10, max_size=3_000), st.integers(0, 3_000))
def test_what_is_shown_of_a_sentence_stands_in_the_text(text, at):
    for sentence in split_sentences([Passage(1, text, 0, len(text))]):
        part = sentence.around(min(at, len(sentence.folded)), min(at + 5, len(sentence.folded)), 100)
        assert part in text


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_a_row_of_a_table_is_one_sentence_and_no_heading():
    text = "No. | Question | Answer\n1.1 | Is it safe? | No | Not yet. Soon.\nTotal | EUR 12"
    sentences = list(split_sentences([Passage(1, text, 0, len(text), kind=PassageKind.TABLE)]))
    assert [sentence.text for sentence in sentences] == text.split("\n")
    assert not any(sentence.is_heading for sentence in sentences)


def test_prose_in_a_cell_is_read_by_the_sentence():
    text = "Term | " + "The Supplier shall deliver the goods. " * 30
    sentences = list(split_sentences([Passage(1, text, 0, len(text), kind=PassageKind.TABLE)]))
    assert len(sentences) == 30


def test_a_numbered_line_with_one_capital_is_a_heading_when_it_has_no_verb():
    def headings(line: str) -> list[bool]:
        return [sentence.is_heading for sentence in split_sentences([Passage(1, line, 0, len(line))])]

    assert headings("9. Transfer and change of ownership") == [True]
    assert headings("9.1 Neither party may assign this agreement.") == [False]
