"""From runs to what is kept of an evaluation, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from smallprint.errors import EvaluationError
from smallprint.evaluation.comparison import Comparison, compare
from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.metrics import Metrics, summarise
from smallprint.evaluation.scores import DocumentScore
from smallprint.evaluation.scoring import score
from smallprint.evaluation.values import DocumentRun, LabelledDocument
from smallprint.models.domain import AgentRun
from smallprint.models.evaluation import EvaluationResult, EvaluationRun, EvaluationVerdict

UNREADABLE = (
    "I can't read the figures of evaluation {id} any more: another release made it. Please run it again."
)
CHANGED = "The labels in {dataset} have changed since evaluation {id}. Please run it again."
OTHER_DATASET = "{base} and {candidate} were not run on the same labels, so they can't be compared."

_METRICS = TypeAdapter(Metrics)
_SCORE = TypeAdapter(DocumentScore)


def results_of(
    documents: Sequence[LabelledDocument], runs: Iterable[DocumentRun]
) -> tuple[EvaluationResult, ...]:
    """Each run with its score."""
    labelled = {document.id: document for document in documents}
    return tuple(
        EvaluationResult(
            document_id=run.document_id,
            repeat=run.repeat,
            report=run.report,
            error=run.error,
            score=_SCORE.dump_json(score(labelled[run.document_id], run)).decode(),
        )
        for run in runs
    )


def metrics_json(results: Iterable[EvaluationResult]) -> str:
    return _METRICS.dump_json(summarise([_SCORE.validate_json(each.score) for each in results])).decode()


def metrics_of(run: EvaluationRun) -> Metrics:
    """Raises EvaluationError when another release wrote them."""
    try:
        return _METRICS.validate_json(run.metrics)
    except ValidationError:
        raise EvaluationError(UNREADABLE.format(id=run.id)) from None


def scores_of(run: EvaluationRun) -> tuple[DocumentScore, ...]:
    """Raises EvaluationError when another release wrote them."""
    try:
        return tuple(_SCORE.validate_json(result.score) for result in run.results)
    except ValidationError:
        raise EvaluationError(UNREADABLE.format(id=run.id)) from None


def agents_of(runs: Iterable[DocumentRun]) -> Mapping[str, AgentRun]:
    """Agent → one of its runs, of the agents that took part."""
    return {made.agent: made for run in runs if run.report for made in run.report.agents}


def compared(base: EvaluationRun, candidate: EvaluationRun) -> Comparison:
    """The candidate against the base.

    Raises:
        EvaluationError: they are not of the same labels, or the labels have changed since.
    """
    if base.dataset_sha256 != candidate.dataset_sha256:
        raise EvaluationError(OTHER_DATASET.format(base=base.id, candidate=candidate.id))
    documents = load_dataset(Path(candidate.dataset))
    if dataset_sha256(documents) != candidate.dataset_sha256:
        raise EvaluationError(CHANGED.format(dataset=candidate.dataset, id=candidate.id))
    return compare(documents, _runs(base), _runs(candidate))


def verdict_of(comparison: Comparison) -> EvaluationVerdict:
    return EvaluationVerdict[comparison.judgement.name]


def dataset_sha256(documents: Iterable[LabelledDocument]) -> str:
    """Of the labels, the labelled texts and the files that are read."""
    digest = hashlib.sha256()
    for document in sorted(documents, key=lambda document: document.id):
        labels = (
            document.id,
            document.text,
            document.expected,
            sorted(document.labelled_absent),
            document.must_not_flag,
            document.exhaustive,
            document.level,
            document.injected,
            document.twin,
        )
        digest.update(repr(labels).encode(errors="surrogatepass"))
        digest.update(document.file.read_bytes())
    return digest.hexdigest()


def _runs(run: EvaluationRun) -> list[DocumentRun]:
    return [DocumentRun(each.document_id, each.repeat, each.report, each.error) for each in run.results]
