"""What is kept of an evaluation comes back as figures, and only runs of the same labels are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smallprint.errors import EvaluationError
from smallprint.evaluation.stored import (
    compared,
    dataset_sha256,
    metrics_json,
    metrics_of,
    results_of,
    scores_of,
    verdict_of,
)
from smallprint.evaluation.values import DocumentRun, LabelledDocument
from smallprint.models.domain import RiskLevel
from smallprint.models.evaluation import EvaluationMode, EvaluationRun, EvaluationVerdict
from tests.fakes.labelled import labelled, write_labels
from tests.fakes.reports import medium_report

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def documents(tmp_path: Path) -> list[LabelledDocument]:
    documents = [labelled(tmp_path, name) for name in ("a", "b")]
    for document in documents:
        write_labels(document)
    return documents


def kept(documents: list[LabelledDocument], *runs: DocumentRun) -> EvaluationRun:
    results = results_of(documents, runs)
    return EvaluationRun(
        id="c0ffee",
        dataset=str(documents[0].file.parent),
        dataset_sha256=dataset_sha256(documents),
        profile="",
        prompts={},
        prompt_hashes={},
        models={},
        mode=EvaluationMode.LIVE,
        repeats=1,
        started_at=NOW,
        finished_at=NOW,
        metrics=metrics_json(results),
        app_version="0",
        results=results,
    )


def test_figures_survive_being_kept(documents):
    run = kept(documents, DocumentRun("a", 0, medium_report()), DocumentRun("b", 0, None, "model_overloaded"))
    assert [score.document_id for score in scores_of(run)] == ["a", "b"]
    assert scores_of(run)[1].error == "model_overloaded"
    assert (metrics_of(run).documents, metrics_of(run).failures.successes) == (2, 1)


def test_nothing_is_lost_between_two_equal_runs_and_two_documents_are_too_few_to_tell(documents):
    run = kept(documents, DocumentRun("a", 0, medium_report()), DocumentRun("b", 0, None, "model_overloaded"))
    comparison = compared(run, run)
    assert comparison.documents == 2
    assert comparison.flips == ()
    assert verdict_of(comparison) is EvaluationVerdict.UNDECIDED


def test_runs_of_other_labels_are_not_compared(documents):
    run = kept(documents, DocumentRun("a", 0, medium_report()))
    with pytest.raises(EvaluationError, match="not run on the same labels"):
        compared(run, replace(run, dataset_sha256="0" * 64))


def test_labels_that_changed_since_are_not_used_to_judge_an_old_run(documents):
    run = kept(documents, DocumentRun("a", 0, medium_report()))
    write_labels(replace(documents[0], level=RiskLevel.LOW))
    with pytest.raises(EvaluationError, match="changed since evaluation c0ffee"):
        compared(run, run)


@pytest.mark.parametrize(
    "change", [{"level": RiskLevel.LOW}, {"expected": ()}, {"text": "x"}, {"labelled_absent": frozenset()}]
)
def test_a_changed_label_is_another_data_set(documents, change):
    changed = [replace(documents[0], **change), documents[1]]
    assert dataset_sha256(changed) != dataset_sha256(documents)
    assert dataset_sha256(documents[::-1]) == dataset_sha256(documents)


def test_a_changed_file_is_another_data_set(documents):
    before = dataset_sha256(documents)
    documents[0].file.write_bytes(b"other")
    assert dataset_sha256(documents) != before


def test_figures_of_another_release_are_a_sentence(documents):
    run = kept(documents, DocumentRun("a", 0, medium_report()))
    strange = replace(run, metrics="{}", results=(replace(run.results[0], score="{}"),))
    for read in (metrics_of, scores_of):
        with pytest.raises(EvaluationError, match="another release"):
            read(strange)
