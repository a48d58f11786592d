"""Documents on their way through the real product (engine, agents, client, database), watched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry

from smallprint.bootstrap.product import assemble
from smallprint.bootstrap.watching import Watching
from smallprint.config import Settings
from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.workflow import DocumentTools
from smallprint.models.domain import Job
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.metrics import Metrics
from smallprint.services.spans import JOB_SPAN, Spans
from tests.fakes.delivery import RecordingDelivery
from tests.fakes.files import PlainReader, ShelfOfFiles


def said_of(span: ReadableSpan) -> dict[str, Any]:
    """The span's attributes."""
    return dict(span.attributes or {})


class Recorded:
    """Tracing that keeps its spans."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracing = Spans(provider)

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self._exporter.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]

    def path_of(self, span: ReadableSpan) -> list[str]:
        """The names from the root to the span."""
        by_id = {each.context.span_id: each for each in self.spans if each.context}
        path = [span.name]
        while span.parent is not None:
            span = by_id[span.parent.span_id]
            path.insert(0, span.name)
        return path


class Watched:
    """Jobs, what was delivered, and what metrics and traces say of them."""

    def __init__(self) -> None:
        self.metrics = Metrics(CollectorRegistry())
        self.recorded = Recorded()
        self.delivery = RecordingDelivery()
        self.files = ShelfOfFiles()
        self.reader = PlainReader()
        self.jobs: DocumentJobs
        self.database: Database

    @asynccontextmanager
    async def open(self, folder: Path, claude_url: str, **settings: Any) -> AsyncIterator[None]:
        values = {
            "anthropic_api_key": "sk-ant-test",
            "anthropic_base_url": claude_url,
            "database_url": f"sqlite+aiosqlite:///{folder}/smallprint.db",
            "max_retries": 0,
            **settings,
        }
        tracing = self.recorded.tracing
        async with AsyncExitStack() as stack:
            product = await stack.enter_async_context(
                assemble(Settings(_env_file=None, **values), metrics=self.metrics, tracing=tracing)
            )
            self.database = product.database
            self.jobs = DocumentJobs(
                engine_url=f"sqlite:///{folder}/jobs.db",
                store=JobStore(product.database),
                documents=DocumentTools(
                    files=self.files,
                    reader=self.reader,
                    analyser=product.orchestrator,
                    reports=product.analyses,
                    delivery=self.delivery,
                    concurrency=2,
                ),
                retry_interval_s=0.01,
                watch=Watching(self.metrics, tracing),
            )
            await self.jobs.start()
            stack.push_async_callback(self.jobs.stop, 5)
            yield

    async def finish(self, *jobs: Job) -> None:
        """Accept the jobs and return when all have ended."""
        ended = len(self.recorded.named(JOB_SPAN)) + len(jobs)
        await self.jobs.accept(jobs)
        async with asyncio.timeout(20):
            while len(self.recorded.named(JOB_SPAN)) < ended:  # noqa: ASYNC110 - spans tell nobody that they ended
                await asyncio.sleep(0.01)
