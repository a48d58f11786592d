"""An analyser without agents: every document is harmless."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from smallprint.jobs.workflow import OnExpected, OnStep
from smallprint.models.domain import AnalysisRequest, Document, Expected, Report, Step
from tests.fakes.reports import low_report


class HarmlessAnalyser:
    """Also the source of the reports it made. `troubles` are raised first, one a call."""

    def __init__(self, *troubles: BaseException, seconds: float = 0.0) -> None:
        self.troubles = list(troubles)
        self.seconds = seconds
        self.runs: list[str] = []
        self.last_tries: list[bool] = []
        self.requests: list[AnalysisRequest] = []
        self.most_at_once = 0
        self._now = 0
        self._reports: dict[str, Report] = {}

    async def run(
        self,
        document: Document,
        request: AnalysisRequest,
        progress: OnStep,
        *,
        last_try: bool,
        expecting: OnExpected | None = None,
    ) -> Report:
        await self.begins(request)
        self.runs.append(request.analysis_id)
        self.requests.append(request)
        self.last_tries.append(last_try)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            if expecting is not None:
                await expecting(Expected(1, 120_000_000))
            await progress(Step.ANALYSING)
            await asyncio.sleep(self.seconds)
            if self.troubles:
                raise self.troubles.pop(0)
        finally:
            self._now -= 1
        made = replace(low_report(), analysis_id=request.analysis_id, document_name=document.name)
        report = await self.made(made, document, request)
        self._reports[request.analysis_id] = report
        return report

    async def begins(self, request: AnalysisRequest) -> None:
        """For those who have something to say to it before."""

    async def made(self, report: Report, document: Document, request: AnalysisRequest) -> Report:
        """For those who want another report, or to keep it elsewhere too."""
        return report

    def keeps_in(self, other: HarmlessAnalyser) -> None:
        """Both keep their reports in one place."""
        self._reports = other._reports

    async def report(self, analysis_id: str) -> Report | None:
        return self._reports.get(analysis_id)
