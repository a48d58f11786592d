"""Tracing with OpenTelemetry (the extra `otel`): the names of spans and attributes, and nothing of a document.

`gen_ai.*` names are those of the GenAI conventions, which are still moving, so they stand here and nowhere else.
Below an agent's span stand the anthropic SDK's own, one for each call, with tokens, stop reason and request id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, Status, StatusCode
from opentelemetry.util.types import AttributeValue

from smallprint import __version__
from smallprint.errors import SmallprintError
from smallprint.models.domain import AgentRun, Job, Prompt, RiskLevel
from smallprint.services.tracing import EndedWith, Took

JOB_SPAN = "document job"
AGENT_SPAN = "invoke_agent {agent}"

OPERATION = "gen_ai.operation.name"
AGENT_NAME = "gen_ai.agent.name"
PROMPT_NAME = "gen_ai.prompt.name"
PROMPT_VERSION = "gen_ai.prompt.version"
RESPONSE_MODEL = "gen_ai.response.model"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
"""Cached ones included, as the conventions want it."""
CACHE_READ_TOKENS = "gen_ai.usage.cache_read.input_tokens"
CACHE_WRITE_TOKENS = "gen_ai.usage.cache_creation.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
REASONING_TOKENS = "gen_ai.usage.reasoning.output_tokens"
ERROR_TYPE = "error.type"
JOB_ID = "smallprint.job.id"
JOB_TRIGGER = "smallprint.job.trigger"
JOB_OUTCOME = "smallprint.job.outcome"
ANALYSIS_ID = "smallprint.analysis.id"
COST_USD = "smallprint.cost_usd"
INSTEAD_OF = "smallprint.instead_of_model"

SENDING_S = 2.0
"""Also for every other batch: what a backend that is down may hold up a restart for (main.py counts the seconds)."""

_LEVELS = frozenset(level.value for level in RiskLevel)


def sending_to(endpoint: str) -> TracerProvider:
    """Spans in batches over OTLP/HTTP. Headers, sampling and the service's name come from the usual OTEL_… variables.

    Raises:
        ModuleNotFoundError: the exporter is not installed.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - tests send nothing
        OTLPSpanExporter,
    )

    ours = Resource({"service.name": "smallprint", "service.version": __version__})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=SENDING_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class Spans:
    """Tracing, by a TracerProvider of our own: nothing global is set."""

    def __init__(self, provider: TracerProvider) -> None:
        self.provider = provider
        self._tracer = provider.get_tracer("smallprint", __version__)

    @contextmanager
    def job(self, job: Job) -> Iterator[EndedWith]:
        with self._span(JOB_SPAN, {JOB_ID: job.id, JOB_TRIGGER: job.trigger}) as span:

            def ended_with(outcome: str) -> None:
                span.set_attribute(JOB_OUTCOME, outcome)
                if outcome not in _LEVELS:
                    _fail(span, outcome)

            yield ended_with

    @contextmanager
    def agent(self, name: str, analysis_id: str, prompt: Prompt | None) -> Iterator[Took]:
        attributes: dict[str, AttributeValue] = {
            OPERATION: "invoke_agent",
            AGENT_NAME: name,
            ANALYSIS_ID: analysis_id,
        }
        if prompt is not None:
            attributes |= {PROMPT_NAME: prompt.agent, PROMPT_VERSION: str(prompt.version)}
        with self._span(AGENT_SPAN.format(agent=name), attributes) as span:
            yield lambda run: span.set_attributes(_used(run))

    async def close(self) -> None:
        # Both wait for the network, in a thread that is left behind if the backend does not answer.
        await asyncio.to_thread(self.provider.force_flush, round(SENDING_S * 1000))
        await asyncio.to_thread(self.provider.shutdown)

    @contextmanager
    def _span(self, name: str, attributes: dict[str, AttributeValue]) -> Iterator[Span]:
        """What an exception says is not recorded: a parser's message can hold document text."""
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                _fail(span, error.code if isinstance(error, SmallprintError) else type(error).__name__)
                raise


def _fail(span: Span, code: str) -> None:
    span.set_status(Status(StatusCode.ERROR))
    span.set_attribute(ERROR_TYPE, code)


def _used(run: AgentRun) -> dict[str, AttributeValue]:
    usage = run.usage
    written = usage.cache_write_5m_tokens + usage.cache_write_1h_tokens
    used: dict[str, AttributeValue] = {
        RESPONSE_MODEL: run.model,
        INPUT_TOKENS: usage.input_tokens + usage.cache_read_tokens + written,
        CACHE_READ_TOKENS: usage.cache_read_tokens,
        CACHE_WRITE_TOKENS: written,
        OUTPUT_TOKENS: usage.output_tokens,
        REASONING_TOKENS: usage.thinking_tokens,
    }
    if run.cost_usd is not None:
        used[COST_USD] = float(run.cost_usd)
    if run.instead_of:
        used[INSTEAD_OF] = run.instead_of
    return used
