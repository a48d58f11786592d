"""What is counted, under which names and labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from smallprint.models.domain import ModelCall, Usage
from smallprint.services.metrics import CountedCalls, Metrics, Standing
from tests.fakes.call_log import InMemoryCallLog

CALL = ModelCall(
    id="c1",
    analysis_id="doc-secret-analysis",
    agent="document_analysis",
    purpose="main",
    attempt=1,
    prompt_version=4,
    request_model="claude-sonnet-5-5",
    started_at=datetime(2026, 11, 1, tzinfo=UTC),
    latency_ms=2400,
    status="ok",
    usage=Usage(100, 2000, 30, 4, 500, 200),
    cost_nano_usd=12_500_000,
    response_model="claude-sonnet-5-5-of-some-server",
)
STANDING = Standing({"waiting": 1, "queued": 2, "running": 3}, 90.0, budget_left_usd=17.25)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


def samples(metrics: Metrics, standing: Standing | None = None) -> Mapping[str, float]:
    """`name{label=value}` → value, of everything that is exported."""
    families = text_string_to_metric_families(metrics.render(standing).decode())
    return {
        sample.name
        + "".join(f"{{{name}={value}}}" for name, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_model_call_counts_by_model_and_outcome_with_tokens_seconds_and_cost(metrics):
    metrics.model_called(CALL)
    metrics.model_called(replace(CALL, status="model_overloaded", usage=Usage(), cost_nano_usd=0))
    seen = samples(metrics)
    model = "{model=claude-sonnet-5-5}"
    assert seen[f"smallprint_model_calls_total{model}{{outcome=ok}}"] == 1
    assert seen[f"smallprint_model_calls_total{model}{{outcome=model_overloaded}}"] == 1
    assert seen[f"smallprint_model_call_seconds_sum{model}"] == pytest.approx(4.8)
    assert seen[f"smallprint_model_cost_usd_total{model}"] == pytest.approx(0.0125)
    tokens = {name: value for name, value in seen.items() if name.startswith("smallprint_model_tokens_total")}
    assert sum(tokens.values()) == 100 + 2000 + 30 + 4 + 500


def test_an_unknown_cost_is_counted_as_unknown_and_never_as_nothing(metrics):
    metrics.model_called(replace(CALL, cost_nano_usd=None))
    seen = samples(metrics)
    assert seen["smallprint_model_calls_unpriced_total{model=claude-sonnet-5-5}"] == 1
    assert "smallprint_model_cost_usd_total{model=claude-sonnet-5-5}" not in seen


def test_jobs_count_by_state_and_outcome_and_steps_by_their_seconds(metrics):
    metrics.job_ended("done", "critical")
    metrics.job_ended("failed", "encrypted")
    metrics.step_ended("analyse", 31.0)
    seen = samples(metrics)
    assert seen["smallprint_jobs_ended_total{outcome=critical}{state=done}"] == 1
    assert seen["smallprint_jobs_ended_total{outcome=encrypted}{state=failed}"] == 1
    assert seen["smallprint_job_step_seconds_count{step=analyse}"] == 1
    assert seen["smallprint_job_step_seconds_bucket{le=40.0}{step=analyse}"] == 1
    assert seen["smallprint_job_step_seconds_bucket{le=20.0}{step=analyse}"] == 0


def test_slack_calls_count_by_method_and_outcome(metrics):
    metrics.slack_called("chat.update", "rate_limited")
    assert samples(metrics)["smallprint_slack_calls_total{method=chat.update}{outcome=rate_limited}"] == 1


def test_how_things_stand_is_shown_as_of_now(metrics):
    seen = samples(metrics, STANDING)
    assert seen["smallprint_jobs{state=queued}"] == 2
    assert seen["smallprint_jobs_oldest_unfinished_seconds"] == 90
    assert seen["smallprint_budget_left_usd"] == 17.25
    assert samples(metrics, Standing({}))["smallprint_jobs_oldest_unfinished_seconds"] == 0


def test_without_a_limit_no_budget_is_shown_rather_than_an_empty_one(metrics):
    assert "smallprint_budget_left_usd" not in samples(metrics, Standing({"queued": 0}))


def test_names_follow_prometheus_conventions(metrics):
    everything(metrics)
    families = list(text_string_to_metric_families(metrics.render(STANDING).decode()))
    for family in families:
        assert re.fullmatch(r"(smallprint|process)_[a-z_]+", family.name)
        assert family.documentation
        assert not any(sample.name.endswith("_created") for sample in family.samples)
        assert (family.type == "counter") == any(s.name.endswith("_total") for s in family.samples)


def test_no_label_holds_what_has_no_bound(metrics):
    everything(metrics)
    text = metrics.render(STANDING).decode()
    assert "secret-analysis" not in text
    assert "of-some-server" not in text
    labels = set(re.findall(r'([a-z_]+)="', text))
    assert labels == {"state", "outcome", "step", "method", "model", "kind", "le", "version"}


def test_two_processes_in_one_interpreter_do_not_share_anything():
    one, other = Metrics(CollectorRegistry()), Metrics(CollectorRegistry())
    one.job_ended("done", "low")
    assert "smallprint_jobs_ended_total{outcome=low}{state=done}" not in samples(other)
    assert "smallprint" not in "".join(family.name for family in REGISTRY.collect())


async def test_calls_are_counted_and_passed_on(metrics):
    log = InMemoryCallLog()
    counted = CountedCalls(log, metrics)
    await counted.record(CALL, "a/b/main", "{}")
    assert log.calls == [CALL]
    assert (await counted.answer("a/b/main")) == log.answers["a/b/main"]
    assert samples(metrics)["smallprint_model_calls_total{model=claude-sonnet-5-5}{outcome=ok}"] == 1


async def test_a_call_that_cannot_be_recorded_was_still_billed(metrics):
    class Full(InMemoryCallLog):
        async def record(self, call: ModelCall, key: str, answer: str | None) -> None:
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any
        await CountedCalls(Full(), metrics).record(CALL, "k", None)
    assert samples(metrics)["smallprint_model_calls_total{model=claude-sonnet-5-5}{outcome=ok}"] == 1


def everything(metrics: Metrics) -> None:
    metrics.model_called(CALL)
    metrics.model_called(replace(CALL, cost_nano_usd=None))
    metrics.job_ended("done", "low")
    metrics.step_ended("read", 0.2)
    metrics.slack_called("chat.postMessage", "ok")
