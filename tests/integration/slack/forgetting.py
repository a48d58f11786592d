"""A thread with a result, the database behind it, and who forgets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from smallprint.jobs.erasing import Eraser
from smallprint.models.domain import AnalysisRequest, Brief, Job
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.connection import Database
from smallprint.services.database.erasures import ErasureStore
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.forget_command import ForgetCommand
from smallprint.slack.forgetting import Forgetting
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from tests.fakes.passages import document_of
from tests.fakes.reports import medium_report
from tests.fakes.slack import FakeSlack

SECRET = "zanzibarquince"


class Office:
    """A thread with a result, the database behind it, and who forgets."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database, folder: Path) -> None:
        self.slack, self.clients, self.database, self.folder = slack, clients, database, folder
        self.store = ErasureStore(database)
        self.posts = Posts(clients, PostStore(database), "one")
        destinations = Destinations(clients, self.posts)
        self.delivery = ThreadDelivery(clients, self.posts, destinations, name_of=_no_name)
        self.stopped: list[str] = []
        forgetting = Forgetting(clients, self.store, destinations)
        self.eraser = Eraser(self.store, stop_job=self._stop, delivery=forgetting)
        self.permissions = Permissions(clients, team="T0ACME0001", admin_users=frozenset({"U0OLLY0001"}))
        self.command = ForgetCommand(self.store, self.store.add, self.permissions, noticed=self.eraser.notice)

    async def _stop(self, job: Job) -> None:
        self.stopped.append(job.id)

    async def analysed(self, ts: str, file: str = "F1", state: JobState = JobState.DONE) -> Job:
        brief = Brief(side=f"the {SECRET}")
        job = Job(
            f"doc-{file}{ts}", "T0ACME0001", "C0CONTRACT", ts, file, "U0ANN00001", "message", ts, brief=brief
        )
        await JobStore(self.database).add([Arrival(job, JobState.QUEUED, datetime.now(UTC))])
        request = AnalysisRequest(job.id, job.team, job.channel, job.user, job.trigger)
        report = replace(
            medium_report(), analysis_id=job.id, document_name=f"{SECRET}.pdf", summary=f"{SECRET} x"
        )
        analyses = AnalysisStore(self.database)
        await analyses.begin(request, document_of("The rent."), {}, offline=True)
        await analyses.finish(report)
        await self.delivery.deliver(job, report)
        if state is JobState.DONE:
            await JobStore(self.database).finish(job.id, state, "medium")
        return job

    def thread(self, ts: str) -> list[str]:
        return [str(reply["text"]) for reply in self.slack.replies("contracts", ts)]

    def bytes_hold_the_secret(self) -> bool:
        return any(SECRET.encode() in file.read_bytes() for file in self.folder.glob("app.db*"))

    async def report(self, job: Job) -> object:
        return await AnalysisStore(self.database).report(job.id)


async def _no_name(_: Job) -> str:
    return ""


@asynccontextmanager
async def an_office(slack: FakeSlack, clients: SlackClients, folder: Path) -> AsyncIterator[Office]:
    database = await Database.open(f"sqlite+aiosqlite:///{folder / 'app.db'}")
    yield Office(slack, clients, database, folder)
    await database.close()
