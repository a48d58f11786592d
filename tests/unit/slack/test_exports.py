"""Copies of documents: never many of them in memory at once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from smallprint.documents.highlights import Highlight, HighlightedPdf
from smallprint.models.domain import Decisions, Job, Report, SharedFile
from smallprint.slack.blocks.export import ExportForm
from smallprint.slack.exports import AT_ONCE, Exports
from smallprint.slack.posts import Posts
from smallprint.slack.seen_result import SeenResult
from tests.fakes.job_store import a_job
from tests.fakes.reports import medium_report

CONTENT = b"%PDF-"


class Everything:
    """Reports, jobs, files, and who marks them; counts the documents that are held."""

    def __init__(self) -> None:
        self.held = self.most = 0

    async def report(self, analysis_id: str) -> Report | None:
        return replace(medium_report(), document_sha256=hashlib.sha256(CONTENT).hexdigest())

    async def decisions(self, _: str) -> Decisions:
        return {}

    async def get(self, _: str) -> Job | None:
        return a_job()

    async def require(self, user: str, job: Job, channel: str) -> None: ...

    async def fetch(self, _: Job) -> SharedFile:
        self.held += 1
        self.most = max(self.most, self.held)
        await asyncio.sleep(0)
        return SharedFile("a.pdf", CONTENT)

    async def highlight(self, content: bytes, marks: Sequence[Highlight]) -> HighlightedPdf:
        await asyncio.sleep(0.001)
        self.held -= 1
        return HighlightedPdf(content, len(marks))


class Thread:
    def __init__(self) -> None:
        self.tags: set[str] = set()

    async def file(self, tag: str, *_: object) -> str:
        self.tags.add(tag)
        return "F1"


async def test_a_hundred_who_want_a_copy_at_once_get_it_two_at_a_time() -> None:
    office, thread = Everything(), Thread()
    exports = Exports(office, office, office, office, office, office, cast(Posts, thread))
    seen = SeenResult("an1", "C1", "1.1", "1.1")
    await asyncio.gather(
        *(exports.post(seen, ExportForm.PDF, user="U1", request=f"V{number}") for number in range(100))
    )
    assert office.most == AT_ONCE
    assert len(thread.tags) == 100
