"""A message in a channel, and one process that answers it in its thread."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smallprint.models.domain import Job
from smallprint.services.database.connection import Database
from smallprint.services.database.posts import PostStore
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts
from tests.fakes.slack import FakeSlack


@dataclass(frozen=True)
class Thread:
    """What was posted in it is kept in the database: a new process over the same one goes on."""

    slack: FakeSlack
    clients: SlackClients
    database: Database
    job: Job

    def process(self, owner: str = "first") -> ThreadDelivery:
        """A delivery with nothing in memory: what a restart leaves."""
        posts = Posts(self.clients, PostStore(self.database), owner)
        return ThreadDelivery(self.clients, posts, Destinations(self.clients, posts), name_of=no_name)

    def replies(self) -> list[dict[str, Any]]:
        return self.slack.replies("contracts", self.job.thread_ts)

    def files(self) -> list[dict[str, Any]]:
        return [reply for reply in self.replies() if reply.get("files")]


async def no_name(_: Job) -> str:
    return ""


@asynccontextmanager
async def thread_in(
    folder: Path, slack: FakeSlack, clients: SlackClients, *, trigger: str = "message"
) -> AsyncIterator[Thread]:
    """`trigger`: of the job that is answered."""
    database = await Database.open(f"sqlite+aiosqlite:///{folder / 'posts.db'}")
    share = await slack.say("contracts", "ann", "please read")
    job = Job("doc-1234567890", "T0ACME0001", "C0CONTRACT", share.ts, "F1", "U0ANN00001", trigger)
    try:
        yield Thread(slack, clients, database, job)
    finally:
        await database.close()
