"""An evaluation of the whole product: with Claude at the wire, recorded, replayed without it, and kept out of its tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from smallprint.bootstrap.evaluation import Plan, run_evaluation
from smallprint.bootstrap.product import Product, assemble
from smallprint.bootstrap.spending import budget_books
from smallprint.config import Settings
from smallprint.errors import ConfigurationError, RecordingMissing, UnknownPromptVersion
from smallprint.evaluation.stored import metrics_of
from smallprint.evaluation.values import DocumentRun
from smallprint.models.database import analyses
from smallprint.models.evaluation import EvaluationMode, EvaluationRun
from smallprint.models.usage import EVERYTHING, Grouping, Period
from smallprint.services.database.usage import UsageStore
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.labelled import labelled, write_labels


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    folder.mkdir()
    for name in ("one", "two"):
        write_labels(labelled(folder, name))
    return folder


def settings(folder: Path, claude: FakeClaude | None = None) -> Settings:
    key: dict[str, Any] = (
        {"anthropic_api_key": "sk-ant-test", "anthropic_base_url": claude.url} if claude else {}
    )
    return Settings(
        _env_file=None, database_url=f"sqlite+aiosqlite:///{folder}/kept.db", max_retries=0, **key
    )


def plan(dataset: Path, mode: EvaluationMode, **changes) -> Plan:
    return Plan(dataset, mode, recordings=dataset / "recordings", **changes)


async def run(chosen: Settings, planned: Plan) -> EvaluationRun:
    async with assemble(chosen, offline=True) as product:
        return await run_evaluation(chosen, planned, product, lambda _run: None)


def found(evaluation: EvaluationRun) -> list[tuple[str, ...]]:
    assert all(result.report for result in evaluation.results)
    return [tuple(each.finding.id for each in r.report.findings) for r in evaluation.results if r.report]


async def analyses_in(product: Product) -> int:
    async with product.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(analyses))).scalar_one()


async def test_what_claude_answered_is_replayed_without_it(tmp_path, dataset, claude):
    recorded = await run(settings(tmp_path, claude), plan(dataset, EvaluationMode.RECORD, repeats=2))
    asked = len(claude.billed)
    assert asked >= 2 * 2 * 2
    replayed = await run(settings(tmp_path), plan(dataset, EvaluationMode.REPLAY, repeats=2))
    assert len(claude.billed) == asked
    assert found(replayed) == found(recorded)
    assert replayed.prompt_hashes == recorded.prompt_hashes
    assert metrics_of(replayed).cost_nano_usd == metrics_of(recorded).cost_nano_usd
    assert metrics_of(recorded).cost_nano_usd


async def test_a_recording_is_of_one_prompt_version(tmp_path, dataset, claude):
    await run(settings(tmp_path, claude), plan(dataset, EvaluationMode.RECORD))
    older = plan(dataset, EvaluationMode.REPLAY, prompts={"analyst": 3})
    with pytest.raises(RecordingMissing, match="document_analysis v3"):
        await run(settings(tmp_path), older)


async def test_a_prompt_version_goes_by_its_agents_short_name_and_is_the_one_that_is_asked(
    tmp_path, dataset, claude
):
    evaluated = await run(
        settings(tmp_path, claude), plan(dataset, EvaluationMode.LIVE, prompts={"reviewer": 2})
    )
    assert evaluated.prompts["findings_review"] == 2
    with pytest.raises(UnknownPromptVersion):
        await run(settings(tmp_path), plan(dataset, EvaluationMode.SCRIPTED, prompts={"reviewer": 99}))


async def test_a_document_that_claude_declines_is_a_failure_and_no_stop(tmp_path, dataset, claude):
    claude.always(outcomes.refusal(), match="one.txt")
    evaluated = await run(settings(tmp_path, claude), plan(dataset, EvaluationMode.RECORD))
    assert [result.error for result in evaluated.results] == ["model_refused", ""]
    replayed = await run(settings(tmp_path), plan(dataset, EvaluationMode.REPLAY))
    assert [result.error for result in replayed.results] == ["model_refused", ""]


async def test_rules_never_stand_in_for_an_ai_that_is_measured(tmp_path, dataset, claude):
    claude.always(outcomes.overloaded())
    chosen = settings(tmp_path, claude).model_copy(update={"offline_fallback": True})
    evaluated = await run(chosen, plan(dataset, EvaluationMode.LIVE))
    assert [result.error for result in evaluated.results] == ["model_overloaded"] * 2


async def test_without_a_key_a_live_evaluation_says_so(tmp_path, dataset):
    with pytest.raises(ConfigurationError, match="ANTHROPIC_API_KEY"):
        await run(settings(tmp_path), plan(dataset, EvaluationMode.LIVE))


async def test_an_evaluation_leaves_no_analysis_that_somebody_could_be_shown(tmp_path, dataset):
    heard: list[DocumentRun] = []
    chosen = settings(tmp_path)
    async with assemble(chosen, offline=True) as product:
        evaluated = await run_evaluation(
            chosen, plan(dataset, EvaluationMode.SCRIPTED), product, heard.append
        )
        assert await analyses_in(product) == 0
    assert sorted(run.document_id for run in heard) == ["one", "two"]
    assert {result.document_id for result in evaluated.results} == {"one", "two"}


# --- what it costs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [EvaluationMode.LIVE, EvaluationMode.RECORD])
async def test_what_an_evaluation_spends_is_in_the_books_and_nothing_is_held_after_it(
    tmp_path, dataset, claude, mode
):
    chosen = settings(tmp_path, claude).model_copy(update={"monthly_budget_usd": Decimal(100)})
    async with assemble(chosen, offline=True) as product:
        evaluated = await run_evaluation(chosen, plan(dataset, mode), product, lambda _run: None)
        spent = await UsageStore(product.database).spend(Period.TODAY, Grouping.AGENT, viewer=EVERYTHING)
        (*_, workspace) = await budget_books(chosen, product.database).standing()
    assert found(evaluated)
    assert spent.usage == claude.usage
    assert (spent.total.documents, spent.total.calls) == (2, len(claude.billed))
    assert workspace.spent_nano_usd == spent.total.cost_nano_usd > 0
    assert workspace.reserved_nano_usd == 0


async def test_a_second_evaluation_asks_again_and_is_paid_again(tmp_path, dataset, claude):
    await run(settings(tmp_path, claude), plan(dataset, EvaluationMode.LIVE))
    asked = len(claude.billed)
    await run(settings(tmp_path, claude), plan(dataset, EvaluationMode.LIVE))
    assert len(claude.billed) == 2 * asked


async def test_an_evaluation_ends_where_the_budget_does(tmp_path, dataset, claude):
    chosen = settings(tmp_path, claude).model_copy(update={"monthly_budget_usd": Decimal("0.001")})
    evaluated = await run(chosen, plan(dataset, EvaluationMode.LIVE))
    assert [result.error for result in evaluated.results] == ["budget_reached"] * 2
    assert claude.billed == []
