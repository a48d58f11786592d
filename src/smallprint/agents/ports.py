"""What the orchestrator needs of the world outside: where prompts come from, and where analyses are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from smallprint.models.domain import AnalysisRequest, Document, HeldVersion, Prompt, Report


class PromptSource(Protocol):
    """`prompts/versions.py`."""

    async def resolve(self, agent: str, *, channel: str = "", document_sha256: str = "") -> Prompt:
        """The channel's own, the canary, or the live one: never fails."""
        ...

    async def version(self, agent: str, version: int) -> Prompt: ...


class AnalysisLog(Protocol):
    """`services/database/analyses.py`."""

    async def begin(
        self,
        request: AnalysisRequest,
        document: Document,
        prompts: Mapping[str, Prompt],
        *,
        offline: bool,
    ) -> Mapping[str, HeldVersion]:
        """Agent to the version that holds for this analysis: on a retry those of the first time."""
        ...

    async def report(self, analysis_id: str) -> Report | None: ...

    async def earlier(
        self, request: AnalysisRequest, document: Document, fingerprint: str, since: datetime
    ) -> tuple[Report, str] | None:
        """A finished report of the same bytes and fingerprint that whoever asks could see, and who asked for it."""
        ...

    async def finish(self, report: Report, fingerprint: str = "") -> None: ...

    async def fail(self, analysis_id: str, code: str) -> None: ...
