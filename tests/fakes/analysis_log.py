"""The log of analyses, in memory."""

from __future__ import annotations

from collections.abc import Mapping

from smallprint.models.domain import AnalysisRequest, Document, Prompt, Report


class InMemoryAnalysisLog:
    """Keeps the promise that counts: the prompt versions of the first `begin` hold on every retry."""

    def __init__(self) -> None:
        self.versions: dict[str, Mapping[str, int]] = {}
        self.offline: dict[str, bool] = {}
        self.reports: dict[str, Report] = {}
        self.failures: dict[str, str] = {}

    async def begin(
        self, request: AnalysisRequest, document: Document, prompts: Mapping[str, Prompt], *, offline: bool
    ) -> Mapping[str, int]:
        self.offline[request.analysis_id] = offline
        now = {agent: prompt.version for agent, prompt in prompts.items()}
        return self.versions.setdefault(request.analysis_id, now)

    async def report(self, analysis_id: str) -> Report | None:
        return self.reports.get(analysis_id)

    async def finish(self, report: Report) -> None:
        self.reports[report.analysis_id] = report

    async def fail(self, analysis_id: str, code: str) -> None:
        self.failures[analysis_id] = code
