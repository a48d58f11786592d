"""Without an AI a question gets the passages that match it best, verbatim, and is told so."""

from __future__ import annotations

from smallprint.agents.best_passages import NOT_AN_AI, answer_by_words
from smallprint.models.domain import Match, Question
from tests.fakes.passages import document_of

NOTICE = "Either party may terminate this agreement with ninety days' written notice."
AGREEMENT = document_of("Services Agreement", "Invoices are due within thirty days.", NOTICE)


def test_the_best_passage_is_quoted_with_its_page() -> None:
    answer = answer_by_words([AGREEMENT], Question("How much notice do we need to terminate?"))
    assert answer.found
    evidence = answer.points[0].evidence[0]
    assert (evidence.match, evidence.text, evidence.locator) == (Match.EXACT, NOTICE, "p. 2")
    assert answer.notes == (NOT_AN_AI,)
    assert answer.cost_nano_usd == 0


def test_a_question_of_other_words_is_not_in_the_document() -> None:
    answer = answer_by_words([AGREEMENT], Question("Who wrote Hamlet?"))
    assert (answer.found, answer.points) == (False, ())


def test_a_long_passage_is_quoted_where_it_answers() -> None:
    long = document_of(" ".join(["The garden is green."] * 60 + [NOTICE] + ["The pond is deep."] * 60))
    answer = answer_by_words([long], Question("terminate with written notice"))
    assert answer.points[0].evidence[0].text == NOTICE


def test_of_several_documents_each_passage_says_whose_it_is() -> None:
    other = document_of("A lease", "Rent is due monthly in advance.", name="lease.pdf")
    answer = answer_by_words([AGREEMENT, other], Question("When is the rent due in advance?"))
    assert answer.documents[answer.points[0].document] == "lease.pdf"
