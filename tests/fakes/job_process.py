"""A whole process that works through jobs, to be killed: `python -m tests.fakes.job_process FOLDER JOBS DEATHS URL`.

Everything with an effect outside the process leaves a line in a file: a paid call in paid.log, a post in
posts.log. The posts go through the real PostStore, as Slack's do.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from smallprint.jobs.messages import message_id
from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.workflow import DocumentTools, OnExpected, OnStep
from smallprint.models.domain import AnalysisRequest, Document, Ending, Job, Progress, Report
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from tests.fakes.files import PlainReader, ShelfOfFiles
from tests.fakes.job_store import a_job
from tests.fakes.reports import low_report

CALL_S = (0.1, 0.3)
CONCURRENCY = 4
POISON = a_job(1).id


class Lines:
    """A file of lines that survives the process: each is on disk when `add` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[str]:
        return self._path.read_text().splitlines() if self._path.exists() else []

    def add(self, line: str) -> None:
        descriptor = os.open(self._path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
        os.close(descriptor)


class LoggedDelivery:
    def __init__(self, posts: PostStore, log: Lines) -> None:
        self._posts = posts
        self._log = log
        self._owner = str(os.getpid())

    async def announce(self, job: Job) -> None:
        await self._once(f"{job.id}/placeholder")

    async def progress(self, job: Job, progress: Progress) -> None:
        pass

    def leave(self, job: Job) -> None:
        pass

    async def deliver(self, job: Job, report: Report) -> None:
        await self._once(f"{job.id}/result")

    async def compare(self, job: Job, before: Report | None, after: Report) -> None:
        await self._once(f"{job.id}/comparison")

    async def fail(self, job: Job, code: str, sentence: str) -> None:
        await self._once(f"{job.id}/failure")

    async def sum_up(self, endings: Sequence[Ending]) -> None:
        await self._once(f"{message_id(endings[0].job)}/summary")

    async def _once(self, tag: str) -> None:
        claim = await self._posts.claim(tag, self._owner)
        if claim.state == "sent":
            return
        if claim.state == "won" or tag not in self._log.all():
            self._log.add(tag)
        await self._posts.sent(tag, "1.0")


class PaidAnalyser:
    """Two paid calls; an answer that arrived is never bought again. A poisoned one kills the process."""

    def __init__(self, folder: Path, deaths: int) -> None:
        self._paid = Lines(folder / "paid.log")
        self._done = Lines(folder / "reports.log")
        self._deaths = Lines(folder / "deaths.log")
        self._may_die = deaths

    async def run(
        self,
        document: Document,
        request: AnalysisRequest,
        progress: OnStep,
        *,
        last_try: bool,
        expecting: OnExpected | None = None,
    ) -> Report:
        for agent in ("analyst", "reviewer"):
            key = f"{request.analysis_id}/{agent}"
            if key not in self._paid.all():
                await asyncio.sleep(random.uniform(*CALL_S))
                self._paid.add(key)
            if request.analysis_id == POISON and len(self._deaths.all()) < self._may_die:
                self._deaths.add("died")
                os.kill(os.getpid(), signal.SIGKILL)
        self._done.add(request.analysis_id)
        return self._report(request.analysis_id)

    async def report(self, analysis_id: str) -> Report | None:
        return self._report(analysis_id) if analysis_id in self._done.all() else None

    def _report(self, analysis_id: str) -> Report:
        return replace(low_report(), analysis_id=analysis_id)


async def work(folder: Path, number: int, deaths: int, url: str) -> None:
    database = await Database.open(url)
    analyser = PaidAnalyser(folder, deaths)
    jobs = DocumentJobs(
        engine_url=url if url.startswith("postgresql") else f"sqlite:///{folder}/jobs.db",
        store=JobStore(database),
        documents=DocumentTools(
            files=ShelfOfFiles(),
            reader=PlainReader(),
            analyser=analyser,
            reports=analyser,
            delivery=LoggedDelivery(PostStore(database), Lines(folder / "posts.log")),
            concurrency=CONCURRENCY,
        ),
        retry_interval_s=0.05,
    )
    await jobs.start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await jobs.accept([a_job(n + 1) for n in range(number)])
    Lines(folder / "starts.log").add("started")
    while not stop.is_set() and (await jobs.counts()).done < number:  # noqa: ASYNC110 - a test process
        await asyncio.sleep(0.02)
    await jobs.stop_intake()
    await jobs.stop(5)
    await database.close()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
