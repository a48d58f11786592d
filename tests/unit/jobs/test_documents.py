from __future__ import annotations

from smallprint.jobs.documents import RecentDocuments
from tests.fakes.passages import document_of


def test_the_oldest_document_makes_room() -> None:
    documents, text = RecentDocuments(2), document_of("text")
    for job in ("a", "b", "c"):
        documents.keep(job, text)
    assert documents.get("a") is None
    assert documents.get("b") is text
    assert documents.get("c") is text


def test_a_dropped_document_is_gone() -> None:
    documents = RecentDocuments(2)
    documents.keep("a", document_of("text"))
    documents.drop("a")
    documents.drop("never there")
    assert documents.get("a") is None
