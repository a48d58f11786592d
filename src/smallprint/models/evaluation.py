"""An evaluation as it is kept: what was evaluated, how, and what came of it. Frozen, plain, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from smallprint.models.domain import Report


class EvaluationMode(StrEnum):
    """Who answered."""

    OFFLINE = "offline"
    """The rules: no AI, no prompts."""
    SCRIPTED = "scripted"
    """A model made from the labels: exercises the product and the metrics, says nothing about a prompt."""
    REPLAY = "replay"
    """Recorded answers of a real model."""
    RECORD = "record"
    """A real model, its answers being recorded."""
    LIVE = "live"
    """A real model."""

    @property
    def judges_prompts(self) -> bool:
        """True if a prompt version may be called good or bad for what came out."""
        return self in {EvaluationMode.REPLAY, EvaluationMode.RECORD, EvaluationMode.LIVE}


class RecordingMode(StrEnum):
    """What to do with recorded answers."""

    REPLAY = "replay"
    """Only what is recorded; what is not is an error."""
    RECORD = "record"
    """What is recorded, and from the model what is not: a run that broke off goes on where it was."""
    LIVE = "live"
    """Only the model; nothing is read or kept."""


class EvaluationVerdict(StrEnum):
    """A run beside the one it was compared with."""

    NOT_WORSE = "not_worse"
    WORSE = "worse"
    UNDECIDED = "undecided"
    """Too few documents to tell."""


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """One document, analysed once, and its score."""

    document_id: str
    repeat: int
    """0-based."""
    report: Report | None
    """Quotes the document."""
    error: str
    """Code of the error when there is no report."""
    score: str
    """JSON of `evaluation.scoring.DocumentScore`."""


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """Every document of a data set, analysed `repeats` times."""

    id: str
    dataset: str
    """The folder with the labels, as an absolute path."""
    dataset_sha256: str
    """Of its labels: runs are compared only where it is the same."""
    profile: str
    """Empty for the one that is set up."""
    prompts: Mapping[str, int]
    """Agent → prompt version, of the agents that took part."""
    prompt_hashes: Mapping[str, str]
    """Agent → sha256 of that version."""
    models: Mapping[str, str]
    """Agent → model."""
    mode: EvaluationMode
    repeats: int
    started_at: datetime
    finished_at: datetime
    metrics: str
    """JSON of `evaluation.metrics.Metrics`."""
    app_version: str
    compared_with: str = ""
    """Id of the run that the verdict refers to."""
    verdict: EvaluationVerdict | None = None
    results: tuple[EvaluationResult, ...] = field(default=(), repr=False)
    """In the order of the data set; empty in a list of runs."""
