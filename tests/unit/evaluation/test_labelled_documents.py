"""The measuring on documents that experts labelled, where they are present."""

from __future__ import annotations

from pathlib import Path

import pytest

from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.metrics import summarise
from smallprint.evaluation.scoring import score
from smallprint.evaluation.values import LabelledDocument
from tests.fakes.judged import HIGH, found, run

LABELLED = Path(__file__).resolve().parents[4] / "shared" / "evaldata" / "dev"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled documents are not here"),
]


@pytest.fixture(scope="module")
def documents() -> tuple[LabelledDocument, ...]:
    return load_dataset(LABELLED)


def test_every_document_is_read_with_its_labels(documents):
    assert len(documents) == 26
    assert sum(len(document.expected) for document in documents) == 222
    assert {document.source for document in documents if not document.exhaustive} == {"tosdr"}


def test_a_reader_who_quotes_every_label_finds_everything_and_is_never_wrong(documents):
    scores = [
        score(document, run(*(found(each.category, *each.quotes, severity=each.risk or HIGH) for each in document.expected)))
        for document in documents
    ]  # fmt: skip
    metrics = summarise(scores)
    assert metrics.recall.value == metrics.precision.value == metrics.missing_protections.value == 1.0
    assert metrics.severity_kappa == 1.0


def test_a_reader_who_says_nothing_finds_nothing_and_is_never_wrong(documents):
    metrics = summarise([score(document, run()) for document in documents])
    assert (metrics.recall.value, metrics.precision.value) == (0.0, None)
