import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.references import find_missing_attachments
from smallprint.agents.sentences import split_sentences
from smallprint.models.domain import Finding
from tests.fakes.passages import document_of


def missing(*texts: str) -> tuple[Finding, ...]:
    return find_missing_attachments(tuple(split_sentences(document_of(*texts).passages)))


def test_an_annex_that_is_relied_on_and_not_there_is_named():
    (finding,) = missing("The acceptance criteria are set out in Annex C.", "ANNEX A", "Screens.")
    assert "Annex C" in finding.statement
    assert finding.quotations[0].text == "The acceptance criteria are set out in Annex C."


@pytest.mark.parametrize(
    "heading", ["ANNEX C", "Annex C - Acceptance criteria", 'Annex "C"', "Annex C: how the work is tested"]
)
def test_an_annex_with_a_heading_of_its_own_is_there(heading):
    assert not missing("The acceptance criteria are set out in Annex C.", heading, "They are strict.")


def test_an_annex_that_is_promised_for_later_is_missing_although_it_is_named():
    assert missing("The survey is at Appendix 2 and will be sent round after the meeting.")


@pytest.mark.parametrize(
    "sentence",
    [
        "Goods listed in Schedule 1 to the Medicines Act are excluded.",
        "The parties shall attend as scheduled.",
        "The work follows the schedule a month later.",
        "Exhibit halls are open.",
    ],
)
def test_what_belongs_to_a_law_or_is_no_attachment_is_left_alone(sentence):
    assert not missing(sentence)


def test_many_missing_attachments_are_one_finding():
    (finding,) = missing(*(f"The terms are set out in Schedule {number}." for number in range(1, 8)))
    assert "and 3 more" in finding.statement
    assert len(finding.quotations) == 3


@given(st.text(alphabet="Annex Schedul12AB in set out.\n", max_size=120))
def test_no_text_stops_the_search(text):
    missing(text)
