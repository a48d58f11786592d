"""A whole process that analyses a file twice and compares, and may be made to die on the way.

`python -m tests.fakes.comparing_process FOLDER API_URL TOKEN CHANNEL TS FILE DEATH`, where DEATH is "before" or
"after" the comparison is posted, or "never".
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.repeats import with_prompts
from smallprint.jobs.workflow import DocumentTools
from smallprint.models.domain import Job, Report
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack.client import connect
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.files import SlackFiles
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources
from tests.fakes.files import PlainReader
from tests.fakes.job_process import PaidAnalyser

MAX_BYTES = 1_000_000
DEATHS = ("before", "after", "never")


class MortalDelivery(ThreadDelivery):
    """Posts to Slack; `death` comes round the comparison."""

    death = "never"

    async def compare(self, job: Job, before: Report | None, after: Report) -> None:
        if self.death == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        await super().compare(job, before, after)
        if self.death == "after":
            os.kill(os.getpid(), signal.SIGKILL)


async def work(folder: Path, url: str, token: str, first: Job, death: str) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/app.db")
    clients = connect(token, url)
    sources = Sources(SlackFiles(clients, token, url, max_bytes=MAX_BYTES), None)
    posts = Posts(clients, PostStore(database), owner=str(os.getpid()))
    delivery = MortalDelivery(clients, posts, Destinations(clients, posts), name_of=sources.name_of)
    delivery.death = death
    analyser = PaidAnalyser(folder, deaths=0)
    jobs = DocumentJobs(
        engine_url=f"sqlite:///{folder}/jobs.db",
        store=JobStore(database),
        documents=DocumentTools(
            files=sources,
            reader=PlainReader(),
            analyser=analyser,
            reports=analyser,
            delivery=delivery,
            concurrency=1,
        ),
        retry_interval_s=0.05,
    )
    await jobs.start()
    again = with_prompts(first, {"document_analysis": 2}, user=first.user, thread_ts=first.thread_ts)
    for number, job in enumerate((first, again), 1):
        await jobs.accept([job])
        while (await jobs.counts()).done < number:  # noqa: ASYNC110 - a test process
            await asyncio.sleep(0.02)
    await jobs.stop(5)
    await clients.session.close()
    await database.close()


if __name__ == "__main__":
    place, api_url, bot_token, channel, ts, file_id, how = sys.argv[1:]
    shared = Job(f"doc-{file_id}", "T0ACME0001", channel, ts, file_id, "U0ANN00001", "message")
    asyncio.run(work(Path(place), api_url, bot_token, shared, how))
