"""Evaluations as they are kept: found by a part of their id, with their reports, and with a verdict on a prompt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from smallprint.errors import DatabaseError, UnknownEvaluation
from smallprint.models.database import eval_results
from smallprint.models.evaluation import EvaluationMode, EvaluationResult, EvaluationRun, EvaluationVerdict
from smallprint.services.database.evaluations import EvaluationStore
from tests.fakes.reports import medium_report
from tests.integration.databases import DIALECTS, fresh_database

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANALYST_V4, ANALYST_V3 = "a4" * 32, "a3" * 32
RUN = EvaluationRun(
    id="c0ffee01",
    dataset="datasets/house",
    dataset_sha256="d" * 64,
    profile="balanced",
    prompts={"document_analysis": 4},
    prompt_hashes={"document_analysis": ANALYST_V4},
    models={"document_analysis": "claude-sonnet-5-5"},
    mode=EvaluationMode.LIVE,
    repeats=2,
    started_at=NOON,
    finished_at=NOON + timedelta(minutes=3),
    metrics='{"recall": 1}',
    app_version="0.1.0",
    results=(
        EvaluationResult("nda", 0, medium_report(), "", '{"hits": 1}'),
        EvaluationResult("nda", 1, None, "model_overloaded", '{"hits": 0}'),
        EvaluationResult("lease", 0, medium_report(), "", '{"hits": 2}'),
    ),
)


@pytest.fixture(params=DIALECTS)
async def database(request, tmp_path):
    async with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def store(database):
    return EvaluationStore(database)


def later(run_id: str, minutes: int, **changes) -> EvaluationRun:
    return replace(RUN, id=run_id, finished_at=RUN.finished_at + timedelta(minutes=minutes), **changes)


async def test_a_run_comes_back_with_its_reports_and_errors_in_the_order_of_the_data_set(store):
    await store.save(RUN)
    assert await store.get("c0ffee01") == RUN


@pytest.mark.parametrize("name", ["c0ffee01", "c0f", "latest"])
async def test_a_run_is_found_by_its_id_its_beginning_or_as_the_latest(store, name):
    await store.save(later("bead0001", -60))
    await store.save(RUN)
    assert (await store.get(name)).id == RUN.id


async def test_an_id_that_begins_another_one_is_not_ambiguous(store):
    await store.save(RUN)
    await store.save(later("c0ffee012", 1))
    assert (await store.get("c0ffee01")).id == "c0ffee01"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("beef", 'no evaluation "beef"'),
        ("c0", "fits 2 evaluations .c0ffee01, c0ffee02."),
        ("", "fits 2 evaluations"),
        ("%", 'no evaluation "%"'),
    ],
)
async def test_a_name_that_fits_none_or_several_is_answered_with_what_to_do(store, name, sentence):
    await store.save(RUN)
    await store.save(later("c0ffee02", 1))
    with pytest.raises(UnknownEvaluation, match=sentence):
        await store.get(name)


async def test_before_the_first_run_the_latest_one_is_explained(store):
    with pytest.raises(UnknownEvaluation, match="eval run DATASET"):
        await store.get("latest")


async def test_the_list_is_newest_first_and_without_reports(store):
    await store.save(RUN)
    await store.save(later("bead0001", 5))
    assert [(run.id, run.results) for run in await store.list()] == [("bead0001", ()), ("c0ffee01", ())]


async def test_a_verdict_is_found_under_the_hash_of_the_prompt_version_it_is_about(store):
    await store.save(RUN)
    assert await store.latest_verdict("document_analysis", ANALYST_V4) is None
    await store.record_verdict(RUN.id, EvaluationVerdict.NOT_WORSE, compared_with="bead0001")
    found = await store.latest_verdict("document_analysis", ANALYST_V4)
    assert found is not None
    assert (found.id, found.verdict, found.compared_with) == (
        RUN.id,
        EvaluationVerdict.NOT_WORSE,
        "bead0001",
    )


@pytest.mark.parametrize(
    ("agent", "sha256"),
    [("document_analysis", ANALYST_V3), ("findings_review", ANALYST_V4), ("document_analysis", "a4")],
)
async def test_a_verdict_counts_for_exactly_one_version_of_one_agent(store, agent, sha256):
    await store.save(replace(RUN, verdict=EvaluationVerdict.NOT_WORSE))
    assert await store.latest_verdict(agent, sha256) is None


async def test_the_newest_verdict_counts(store):
    await store.save(later("bead0001", 5, verdict=EvaluationVerdict.WORSE))
    await store.save(replace(RUN, verdict=EvaluationVerdict.NOT_WORSE))
    found = await store.latest_verdict("document_analysis", ANALYST_V4)
    assert found is not None
    assert found.verdict is EvaluationVerdict.WORSE


@pytest.mark.parametrize("mode", [EvaluationMode.SCRIPTED, EvaluationMode.OFFLINE])
async def test_answers_that_no_model_gave_say_nothing_about_a_prompt(store, mode):
    await store.save(replace(RUN, mode=mode, verdict=EvaluationVerdict.NOT_WORSE))
    assert await store.latest_verdict("document_analysis", ANALYST_V4) is None


async def test_a_verdict_on_an_unknown_run_is_refused(store):
    with pytest.raises(UnknownEvaluation):
        await store.record_verdict("beef", EvaluationVerdict.WORSE, compared_with="c0ffee01")


async def test_a_report_that_can_no_longer_be_read_is_a_sentence_without_the_documents_words(store, database):
    await store.save(RUN)
    async with database.write() as connection:
        await connection.execute(update(eval_results).values(report='{"summary": "confidential"}'))
    with pytest.raises(DatabaseError, match="another release") as refused:
        await store.get(RUN.id)
    assert "confidential" not in f"{refused.value}{refused.value.__cause__}"
