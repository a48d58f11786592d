"""What a Prometheus server learns of the running process: names, labels and the text of `GET /metrics`.

Labels are bounded: states, steps, error codes, Slack's methods, the models of the settings. Never an id, a channel,
a person or a file. Counters begin at 0 with the process; what has to be kept is in the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from smallprint import __version__
from smallprint.models.domain import NANO_USD_PER_USD, ModelCall, Usage

if TYPE_CHECKING:
    from smallprint.models.completion import Completion
    from smallprint.services.ai_client import CallLog

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""What every release of Prometheus understands."""

SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600, 1800)
"""Upper bounds of the histograms' buckets: from a post in Slack to an analysis that waited for its retries."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand at the moment of a scrape; it is asked for then, not kept."""

    jobs: Mapping[str, int]
    """Jobs by state: waiting, queued, running, done, failed, undelivered."""
    oldest_seconds: float = 0.0
    """Age of the oldest unfinished job; 0 when there is none."""
    budget_left_usd: float | None = None
    """Of the workspace's month; None without a limit."""


class Metrics:
    """One per process. Counting is a dictionary look-up and an addition, and never fails."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        ProcessCollector(registry=registry)
        Info("smallprint_build", "The running release", registry=registry).info({"version": __version__})
        self._jobs = Counter(
            "smallprint_jobs_ended",
            "Jobs that this process brought to an end, by risk level or error code",
            ("state", "outcome"),
            registry=registry,
        )
        self._steps = Histogram(
            "smallprint_job_step_seconds",
            "Seconds that a step of a job took, retries and their waits included",
            ("step",),
            buckets=SECONDS,
            registry=registry,
        )
        self._slack = Counter(
            "smallprint_slack_calls",
            "Calls of Slack's Web API",
            ("method", "outcome"),
            registry=registry,
        )
        self._model_metrics(registry)

    def _model_metrics(self, registry: CollectorRegistry) -> None:
        self._calls = Counter(
            "smallprint_model_calls",
            "Requests to a model, each retry by itself; the outcome is ok or an error code",
            ("model", "outcome"),
            registry=registry,
        )
        self._call_seconds = Histogram(
            "smallprint_model_call_seconds",
            "Seconds that a request to a model took",
            ("model",),
            buckets=SECONDS,
            registry=registry,
        )
        self._tokens = Counter(
            "smallprint_model_tokens",
            "Tokens that were billed; the kinds add up to all of them",
            ("model", "kind"),
            registry=registry,
        )
        self._cost = Counter(
            "smallprint_model_cost_usd",
            "List price of the requests to a model",
            ("model",),
            registry=registry,
        )
        self._unpriced = Counter(
            "smallprint_model_calls_unpriced",
            "Requests whose cost is unknown, and is in no sum: an unknown model, or an answer that was lost",
            ("model",),
            registry=registry,
        )

    def step_ended(self, step: str, seconds: float) -> None:
        """`step`: announce, read, analyse, deliver or fail."""
        self._steps.labels(step).observe(seconds)

    def job_ended(self, state: str, outcome: str) -> None:
        """`state`: done, failed or undelivered; `outcome`: a risk level or an error's code."""
        self._jobs.labels(state, outcome).inc()

    def slack_called(self, method: str, outcome: str) -> None:
        """`outcome`: one of those of slack/client.py."""
        self._slack.labels(method, outcome).inc()

    def model_called(self, call: ModelCall) -> None:
        """The model is the one that was asked for: what a server says it is has no bound."""
        model = call.request_model
        self._calls.labels(model, call.status).inc()
        self._call_seconds.labels(model).observe(call.latency_ms / 1000)
        for kind, tokens in _by_kind(call.usage).items():
            self._tokens.labels(model, kind).inc(tokens)
        if call.cost_nano_usd is None:
            self._unpriced.labels(model).inc()
        else:
            self._cost.labels(model).inc(call.cost_nano_usd / NANO_USD_PER_USD)

    def render(self, standing: Standing | None) -> bytes:
        """Prometheus's text format; without a standing (no database) its gauges are absent rather than wrong."""
        return generate_latest(_Scrape((*self._registry.collect(), *_gauges(standing))))


class CountedCalls:
    """A CallLog that counts what it passes on."""

    def __init__(self, calls: CallLog, metrics: Metrics) -> None:
        self._calls = calls
        self._metrics = metrics

    async def answer(self, key: str) -> Completion | None:
        return await self._calls.answer(key)

    async def begin(self, call: ModelCall) -> None:
        await self._calls.begin(call)

    async def record(self, call: ModelCall, key: str, answer: str | None) -> None:
        self._metrics.model_called(call)  # first: it was billed, whether or not the database can be written
        await self._calls.record(call, key, answer)


class _Scrape(Collector):
    """What is shown once, without the time at which each counter began: that doubles the number of series."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        for family in self._families:
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family


def _by_kind(usage: Usage) -> dict[str, int]:
    """Claude's own parts; thinking is part of the output and not told apart, so that the kinds can be added up."""
    return {
        "input": usage.input_tokens,
        "cache_read": usage.cache_read_tokens,
        "cache_write_5m": usage.cache_write_5m_tokens,
        "cache_write_1h": usage.cache_write_1h_tokens,
        "output": usage.output_tokens,
    }


def _gauges(standing: Standing | None) -> tuple[Metric, ...]:
    jobs = GaugeMetricFamily("smallprint_jobs", "Jobs by state", labels=("state",))
    oldest = GaugeMetricFamily(
        "smallprint_jobs_oldest_unfinished_seconds", "Age of the oldest unfinished job; 0 without one"
    )
    left = GaugeMetricFamily(
        "smallprint_budget_left_usd", "What the workspace may still spend this month; absent without a limit"
    )
    if standing is not None:
        for state, count in standing.jobs.items():
            jobs.add_metric((state,), count)
        oldest.add_metric((), standing.oldest_seconds)
        if standing.budget_left_usd is not None:
            left.add_metric((), standing.budget_left_usd)
    return jobs, oldest, left
