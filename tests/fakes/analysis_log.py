"""The log of analyses, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from smallprint.models.domain import AnalysisRequest, Document, HeldVersion, Prompt, Report


class InMemoryAnalysisLog:
    """Keeps the promise that counts: the prompt versions of the first `begin` hold on every retry."""

    def __init__(self) -> None:
        self.versions: dict[str, Mapping[str, HeldVersion]] = {}
        self.offline: dict[str, bool] = {}
        self.reports: dict[str, Report] = {}
        self.failures: dict[str, str] = {}
        self._requests: dict[str, AnalysisRequest] = {}
        self._finished: list[tuple[AnalysisRequest, str, str, Report]] = []

    async def begin(
        self, request: AnalysisRequest, document: Document, prompts: Mapping[str, Prompt], *, offline: bool
    ) -> Mapping[str, HeldVersion]:
        self._requests[request.analysis_id] = request
        self.offline[request.analysis_id] = offline
        now = {agent: HeldVersion(each.version, each.arm, each.activation) for agent, each in prompts.items()}
        return self.versions.setdefault(request.analysis_id, now)

    async def report(self, analysis_id: str) -> Report | None:
        return self.reports.get(analysis_id)

    async def earlier(
        self, request: AnalysisRequest, document: Document, fingerprint: str, since: datetime
    ) -> tuple[Report, str] | None:
        for asked, sha256, mark, report in self._finished:
            could_see = asked.channel == request.channel or (asked.user == request.user != "")
            same = sha256 == document.sha256 and mark == fingerprint and asked.team == request.team
            if same and could_see and report.created_at >= since and report.earlier is None:
                return report, asked.user
        return None

    async def finish(self, report: Report, fingerprint: str = "") -> None:
        self.reports[report.analysis_id] = report
        if fingerprint:
            request = self._requests[report.analysis_id]
            self._finished.append((request, report.document_sha256, fingerprint, report))

    async def fail(self, analysis_id: str, code: str) -> None:
        self.failures[analysis_id] = code
