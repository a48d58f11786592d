"""Spans for whoever runs a tracing backend: one for each job and one for each agent that works on a document.

Off unless OTEL_EXPORTER_OTLP_ENDPOINT is set; OpenTelemetry is loaded only then (services/spans.py).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

import structlog

from smallprint.models.domain import AgentRun, Job, Prompt

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

NOT_INSTALLED = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed, so there are no traces."
    ' Install the extra, pip install "smallprint[otel]", or remove the setting.'
)

log = structlog.get_logger()

EndedWith = Callable[[str], None]
"""Told a job's outcome: the risk level, or an error's code."""
Took = Callable[[AgentRun], None]
"""Told what an agent used."""


class Tracing(Protocol):
    """One per process; close it."""

    @property
    def provider(self) -> TracerProvider | None:
        """For the spans of the anthropic SDK; None when there are none."""
        ...

    def job(self, job: Job) -> AbstractContextManager[EndedWith]:
        """Around a whole job."""
        ...

    def agent(self, name: str, analysis_id: str, prompt: Prompt | None) -> AbstractContextManager[Took]:
        """Around one agent's work, all its questions to a model included."""
        ...

    async def close(self) -> None:
        """Send what has not been sent, for a few seconds at most."""
        ...


class NoTracing:
    """Costs nothing, loads nothing."""

    provider = None

    def job(self, job: Job) -> AbstractContextManager[EndedWith]:
        return nullcontext(_ignore)

    def agent(self, name: str, analysis_id: str, prompt: Prompt | None) -> AbstractContextManager[Took]:
        return nullcontext(_ignore)

    async def close(self) -> None:
        """Nothing to send."""


def open_tracing(endpoint: str | None) -> Tracing:
    """Spans sent to `endpoint` (OTLP over HTTP, without the path /v1/traces); none without one, or without the extra."""
    if not endpoint:
        return NoTracing()
    try:
        from smallprint.services.spans import Spans, sending_to  # noqa: PLC0415 - an extra that few install

        return Spans(sending_to(endpoint))
    except ModuleNotFoundError:
        log.warning(NOT_INSTALLED)
        return NoTracing()


def _ignore(_: object) -> None:
    pass
