"""A change of what is live, tried or pinned, and the analyses after it: real database, real agents, scripted model."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.orchestrator import Orchestrator
from smallprint.agents.profiles import Models, staffings
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.agents.team import Team
from smallprint.errors import GateRefused, ModelOverloaded
from smallprint.models.database import analyses
from smallprint.models.domain import Agent, AnalysisRequest, Document, Gate, Report, Step
from smallprint.models.evaluation import EvaluationMode, EvaluationRun, EvaluationVerdict
from smallprint.prompts.arms import bucket
from smallprint.prompts.gate import EvaluationGate, GatePolicy
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.connection import Database
from smallprint.services.database.evaluations import EvaluationStore
from smallprint.services.database.prompts import PromptStore
from smallprint.services.pricing import Pricing
from tests.fakes.answers import a_review, an_analysis
from tests.fakes.language_model import ScriptedModel
from tests.fakes.passages import document_of
from tests.fakes.prompt_files import FakePromptFiles
from tests.fakes.prompts import CONTRACTS, a_prompt

ANALYST = Agent.ANALYST.value
DOCUMENT = document_of("The law of Ireland applies.")
MODELS = Models("claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5")


class Product:
    """What a process is made of, on a database that outlives it."""

    def __init__(self, database: Database, versions: PromptVersions) -> None:
        self.versions = versions
        self.database = database

    async def analyse(
        self,
        document: Document = DOCUMENT,
        *,
        analysis_id: str = "",
        channel: str = "C1",
        fault: bool = False,
    ) -> Report:
        first = ModelOverloaded() if fault else an_analysis()
        team = Team(
            DocumentAnalyst(ScriptedModel(first)),
            staffings(MODELS),
            DocumentReviewer(ScriptedModel(a_review())),
        )
        store = AnalysisStore(self.database)
        orchestrator = Orchestrator(team, prompts=self.versions, log=store, price=Pricing().cost)
        request = AnalysisRequest(analysis_id or uuid4().hex, channel=channel)
        return await orchestrator.run(document, request, _nobody_looks, last_try=False)


async def _nobody_looks(step: Step) -> None:
    pass


@asynccontextmanager
async def started(folder: Path, newest: int = 2, policy: GatePolicy = GatePolicy.WARN):
    """A process from its start to its end, with the prompt files of a release."""
    database = await Database.open(f"sqlite:///{folder}/small.db")
    files = FakePromptFiles(*(a_prompt(agent, number) for agent in Agent for number in range(1, newest + 1)))
    versions = PromptVersions(
        files,
        PromptStore(database),
        contracts=frozenset(CONTRACTS.values()),
        gate=EvaluationGate(policy, EvaluationStore(database)),
    )
    await versions.import_templates()
    try:
        yield Product(database, versions)
    finally:
        await database.close()


def why(reason: str = "a try") -> dict[str, Any]:
    return {"actor": "U1", "reason": reason, "request_id": uuid4().hex}


def used(report: Report) -> list[tuple[int | None, str]]:
    return [(run.prompt_version, run.prompt_arm) for run in report.agents]


async def test_the_next_analysis_uses_what_was_set_and_the_one_after_a_rollback_the_former(tmp_path):
    async with started(tmp_path) as product:
        assert used(await product.analyse()) == [(2, "live"), (2, "live")]
        await product.versions.set(ANALYST, 1, **why())
        assert used(await product.analyse()) == [(1, "live"), (2, "live")]
        await product.versions.rollback(ANALYST, **why())
        assert used(await product.analyse()) == [(2, "live"), (2, "live")]


async def test_a_restart_and_a_deploy_keep_a_rollback(tmp_path):
    async with started(tmp_path) as product:
        await product.versions.set(ANALYST, 1, **why())
    async with started(tmp_path, newest=3) as product:
        assert used(await product.analyse()) == [(1, "live"), (3, "live")]
        assert "the release has v3" in (await product.versions.list(ANALYST))[0].waiting


async def test_a_canary_is_named_in_the_report_and_the_analysis_keeps_which_row_made_it_so(tmp_path):
    async with started(tmp_path) as product:
        move = await product.versions.canary(ANALYST, 1, bucket(DOCUMENT.sha256) + 1, **why())
        report = await product.analyse(analysis_id="an1")
        assert used(report) == [(1, "canary"), (2, "live")]
        async with product.database.read() as connection:
            arms = (await connection.execute(select(analyses.c.arms))).scalar_one()
        assert f'"document_analysis": {{"arm": "canary", "activation": {move.id}}}' in arms
        kept = await AnalysisStore(product.database).report("an1")
        assert kept is not None
        assert used(kept) == used(report)


async def test_a_retry_in_another_process_keeps_version_and_arm_whatever_was_changed_meanwhile(tmp_path):
    async with started(tmp_path) as product:
        await product.versions.pin(ANALYST, 1, "C1", **why())
        with pytest.raises(ModelOverloaded):
            await product.analyse(analysis_id="an1", fault=True)
        await product.versions.unpin(ANALYST, "C1", **why())
    async with started(tmp_path, newest=3) as product:
        assert used(await product.analyse(analysis_id="an1")) == [(1, "pin"), (2, "live")]
        assert used(await product.analyse()) == [(3, "live"), (3, "live")]


async def test_the_gate_reads_the_evaluations_that_are_kept(tmp_path):
    async with started(tmp_path, policy=GatePolicy.REQUIRE) as product:
        with pytest.raises(GateRefused, match="no evaluation of exactly this version"):
            await product.versions.set(ANALYST, 1, **why())
        await EvaluationStore(product.database).save(evaluation(1, EvaluationVerdict.NOT_WORSE))
        assert (await product.versions.set(ANALYST, 1, **why())).gate is Gate.PASSED
        assert (await product.versions.rollback(ANALYST, **why())).gate is Gate.NONE
        listed = (await product.versions.list(ANALYST))[0]
        assert [version.evaluation for version in listed.versions] == [None, EvaluationVerdict.NOT_WORSE]


def evaluation(version: int, verdict: EvaluationVerdict) -> EvaluationRun:
    now = datetime.now(UTC)
    return EvaluationRun(
        id="5eed00",
        dataset="evaluation/datasets/house",
        dataset_sha256="0" * 64,
        profile="",
        prompts={ANALYST: version},
        prompt_hashes={ANALYST: a_prompt(Agent.ANALYST, version).sha256},
        models={},
        mode=EvaluationMode.LIVE,
        repeats=1,
        started_at=now,
        finished_at=now,
        metrics="{}",
        app_version="0.1.0",
        verdict=verdict,
    )
