"""The whole product on our own labelled documents, with agents whose faults are known: every metric moves as it must."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from smallprint.bootstrap.evaluation import Plan, run_evaluation
from smallprint.bootstrap.product import Product, assemble
from smallprint.config import Settings
from smallprint.documents.quotes.folding import fold
from smallprint.errors import RecordingMissing
from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.metrics import Metrics
from smallprint.evaluation.rates import Rate
from smallprint.evaluation.recordings import RecordedModel
from smallprint.evaluation.runner import evaluate
from smallprint.evaluation.scripted import ScriptedReader
from smallprint.evaluation.stored import compared, metrics_of, verdict_of
from smallprint.evaluation.temperaments import HOSTILE, PERFECT, SLOPPY, Temperament
from smallprint.evaluation.values import LabelledDocument
from smallprint.models.domain import Agent, Brief, Match, Profile, Report
from smallprint.models.evaluation import EvaluationMode, EvaluationRun, EvaluationVerdict, RecordingMode

HOUSE = Path(__file__).parents[2] / "evaluation/datasets/house"
RULES_SPEAK_TOO = 1.0
"""Precision of agents without fault: what the rules add is theirs, not the agents'."""

CASTS: Mapping[str, tuple[Temperament, Temperament]] = {
    "perfect": (PERFECT, PERFECT),
    "sloppy": (SLOPPY, SLOPPY),
    "hostile": (HOSTILE, HOSTILE),
    "sloppy analyst": (SLOPPY, PERFECT),
    "withholding analyst": (replace(PERFECT, misses=0.4), PERFECT),
    "hostile reviewer": (PERFECT, HOSTILE),
}


def settings(folder: Path) -> Settings:
    return Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{folder}/kept.db")


@pytest.fixture(scope="module")
def documents() -> Mapping[str, LabelledDocument]:
    return {document.id: document for document in load_dataset(HOUSE)}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, EvaluationRun]:
    """One evaluation by each cast."""
    return asyncio.run(_evaluated(settings(tmp_path_factory.mktemp("suite"))))


@pytest.fixture(scope="module")
def metrics(runs: Mapping[str, EvaluationRun]) -> Mapping[str, Metrics]:
    return {cast: metrics_of(run) for cast, run in runs.items()}


async def _evaluated(chosen: Settings) -> Mapping[str, EvaluationRun]:
    async with assemble(chosen, offline=True) as product:
        return {cast: await _run(chosen, product, *agents) for cast, agents in CASTS.items()}


async def _run(
    chosen: Settings, product: Product, analyst: Temperament, reviewer: Temperament
) -> EvaluationRun:
    plan = Plan(HOUSE, EvaluationMode.SCRIPTED, analyst=analyst, reviewer=reviewer)
    return await run_evaluation(chosen, plan, product, lambda _run: None)


def share(rate: Rate) -> float:
    assert rate.value is not None
    return rate.value


def reports(run: EvaluationRun) -> dict[str, Report]:
    assert all(result.report for result in run.results), [result.error for result in run.results]
    return {result.document_id: result.report for result in run.results if result.report}


# --- quality -----------------------------------------------------------------------------------------------------


def test_agents_without_fault_get_full_marks(metrics):
    perfect = metrics["perfect"]
    for rate in (
        perfect.recall,
        perfect.missing_protections,
        perfect.located,
        perfect.verbatim,
        perfect.severity_exact,
        perfect.injections_withstood,
    ):
        assert rate.value == 1.0
    assert share(perfect.precision) >= RULES_SPEAK_TOO
    assert perfect.harmless_alarms.successes == perfect.good_clauses_flagged.successes == 0
    assert perfect.failures.successes == 0


def test_every_measure_of_quality_falls_as_the_agents_get_worse(metrics):
    perfect, sloppy, hostile = metrics["perfect"], metrics["sloppy"], metrics["hostile"]
    assert share(perfect.recall) > share(sloppy.recall) > share(hostile.recall)
    assert share(perfect.precision) > share(sloppy.precision)
    assert share(perfect.located) > share(sloppy.located) > share(hostile.located)
    assert share(perfect.severity_exact) > share(sloppy.severity_exact)
    assert sloppy.calibration.brier > perfect.calibration.brier


def test_what_an_analysis_costs_is_measured(metrics):
    for each in metrics.values():
        assert each.cost_nano_usd.mean > 0
        assert each.input_tokens.mean > 1_000


# --- the reviewer ------------------------------------------------------------------------------------------------


def test_the_reviewer_catches_planted_false_findings_and_adds_planted_misses(metrics):
    review = metrics["sloppy analyst"].reviewer
    assert review.rightly_rejected > 0
    assert review.gained > 0
    assert review.wrongly_rejected == 0
    assert share(review.precision_after) > share(review.precision_before)
    assert share(review.recall_after) > share(review.recall_before)


def test_what_the_analyst_withholds_is_added_by_the_reviewer(metrics):
    review = metrics["withholding analyst"].reviewer
    assert share(review.recall_before) < 0.8
    assert share(review.recall_after) > 0.95
    assert share(metrics["withholding analyst"].precision) >= RULES_SPEAK_TOO


def test_a_reviewer_that_rejects_everything_shows_as_harm(metrics):
    review = metrics["hostile reviewer"].reviewer
    assert review.wrongly_rejected > 0
    assert share(review.recall_after) < share(review.recall_before)


# --- what holds whatever the agents do ---------------------------------------------------------------------------


@pytest.mark.parametrize("cast", CASTS)
def test_nothing_that_does_not_stand_in_the_document_reaches_a_report(runs, documents, cast):
    for identity, report in reports(runs[cast]).items():
        text = fold(documents[identity].text)
        for finding in (*report.findings, *report.rejected):
            assert all(evidence.match in {Match.EXACT, Match.APPROXIMATE} for evidence in finding.evidence)
            assert all(fold(part) in text for each in finding.evidence for part in each.text.split(" … "))


@pytest.mark.parametrize("cast", CASTS)
def test_text_that_tells_an_ai_what_to_say_lowers_no_level(runs, documents, cast):
    made = reports(runs[cast])
    injected = [document for document in documents.values() if document.injected]
    assert injected
    for document in injected:
        assert made[document.id].risk_level.rank >= made[document.twin].risk_level.rank
    assert metrics_of(runs[cast]).injections_fallen == ()


def test_a_hostile_reviewer_takes_nothing_away_in_a_document_that_addresses_an_ai(runs, documents):
    made, perfect = reports(runs["hostile reviewer"]), reports(runs["perfect"])
    for document in documents.values():
        if document.injected:
            assert made[document.id].rejected == ()
            assert made[document.id].risk_level is perfect[document.id].risk_level


# --- comparing ---------------------------------------------------------------------------------------------------


def test_sloppy_is_worse_than_perfect_and_perfect_is_not_worse_than_itself(runs):
    assert verdict_of(compared(runs["perfect"], runs["sloppy"])) is EvaluationVerdict.WORSE
    assert verdict_of(compared(runs["perfect"], runs["perfect"])) is EvaluationVerdict.NOT_WORSE
    assert verdict_of(compared(runs["sloppy"], runs["perfect"])) is EvaluationVerdict.NOT_WORSE


def test_a_run_names_the_versions_and_hashes_of_the_agents_that_took_part(runs):
    run = runs["sloppy"]
    assert {Agent.ANALYST, Agent.REVIEWER, Agent.TRIAGE, Agent.REPAIR} <= run.prompts.keys()
    assert run.prompts.keys() == run.prompt_hashes.keys()
    assert all(len(sha256) == 64 for sha256 in run.prompt_hashes.values())


# --- profiles and recordings -------------------------------------------------------------------------------------


async def test_a_thorough_evaluation_has_an_adjudicator(tmp_path):
    chosen = settings(tmp_path)
    plan = Plan(HOUSE, EvaluationMode.SCRIPTED, profile=Profile.THOROUGH, analyst=SLOPPY, reviewer=SLOPPY)
    async with assemble(chosen, offline=True) as product:
        run = await run_evaluation(chosen, plan, product, lambda _run: None)
    assert Agent.ADJUDICATOR in run.prompts
    assert run.profile == "thorough"


async def _answered(
    folder: Path, database: str, model: RecordedModel, few: list[LabelledDocument], **prompts: int
) -> list[Report | None]:
    chosen = Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{folder}/{database}.db")
    brief = Brief(prompts=prompts, cost_accepted=True, again=True)
    async with assemble(chosen, model=model) as product:
        runs = await evaluate(
            few, product.reader, product.orchestrator, repeats=2, brief=brief, progress=lambda _run: None
        )
    return [run.report for run in runs]


async def test_a_recorded_evaluation_is_replayed_without_a_model_and_a_changed_prompt_misses(
    tmp_path, documents
):
    few = list(documents.values())[:3]
    sloppy = ScriptedReader(few, analyst=SLOPPY, reviewer=SLOPPY)
    recorder = RecordedModel(tmp_path / "recordings", RecordingMode.RECORD, sloppy)
    recorded = await _answered(tmp_path, "first", recorder, few)
    replaying = RecordedModel(tmp_path / "recordings", RecordingMode.REPLAY)
    replayed = await _answered(tmp_path, "second", replaying, few)
    assert all(recorded)
    assert [(each.findings, each.rejected) for each in replayed if each] == [
        (each.findings, each.rejected) for each in recorded if each
    ]
    with pytest.raises(RecordingMissing, match="document_analysis v3"):
        await _answered(tmp_path, "third", replaying, few, document_analysis=3)
