"""How a comparison of two documents shows itself in its thread: one message, and a file with what has no room in it."""

from __future__ import annotations

from functools import partial

import structlog

from smallprint.jobs.changes import is_silent
from smallprint.models.domain import DocumentChanges, Job
from smallprint.reports.changes_markdown import changes_markdown
from smallprint.slack.blocks.changes import changes_message, comparing_message
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import failure_message
from smallprint.slack.client import SlackClients
from smallprint.slack.destinations import Destinations
from smallprint.slack.file_names import file_name
from smallprint.slack.messages import as_slack_takes_it, put_or_post, update
from smallprint.slack.posts import Posts

log = structlog.get_logger()

COMPLETE = "All changes"


class ThreadChanges:
    """Implements the jobs' ChangesDelivery. What nobody asked for is posted when it is known, never before."""

    def __init__(self, clients: SlackClients, posts: Posts, destinations: Destinations) -> None:
        self._clients = clients
        self._posts = posts
        self._destinations = destinations

    async def announce(self, job: Job) -> None:
        """Post, once, that the two are being compared. Raises SlackError."""
        await self._post(job, comparing_message())

    async def deliver(self, job: Job, changes: DocumentChanges) -> None:
        """Show the changes, once; the complete ones follow as a file when they do not fit.

        Raises:
            SlackError: Slack could not be reached or refused; calling again is safe.
        """
        message = changes_message(changes)
        problems = validate_blocks(message.blocks)
        if problems:
            log.error("changes break a limit of Slack", job=job.id, problems=problems[:3])
        complete = await as_slack_takes_it(message, partial(self._show, job))
        if message.overflow or not complete:
            await self._upload(job, changes)

    async def fail(self, job: Job, sentence: str) -> None:
        """The sentence in the place of the announcement. Raises SlackError."""
        await as_slack_takes_it(failure_message(sentence), partial(self._show, job))

    async def _show(self, job: Job, message: Message) -> None:
        """A silent job's message is posted as it is; another's takes the place of the announcement."""
        if is_silent(job):
            await self._post(job, message)
            return
        ts = await self._post(job, comparing_message())
        anew = partial(self._post, job, tag="changes-again")
        await put_or_post(message, partial(self._update, job, ts), anew)

    async def _post(self, job: Job, message: Message, *, tag: str = "changes") -> str:
        place = await self._destinations.of(job)
        return await self._posts.message(f"{job.id}/{tag}", place.channel, place.thread_ts, message)

    async def _update(self, job: Job, ts: str, message: Message) -> None:
        await update(self._clients, await self._destinations.channel_of(job), ts, message)

    async def _upload(self, job: Job, changes: DocumentChanges) -> None:
        place = await self._destinations.of(job)
        name = file_name(changes.after.name, "changes", job.id)
        await self._posts.file(
            f"{job.id}/changes-file",
            place.channel,
            place.thread_ts,
            name,
            COMPLETE,
            changes_markdown(changes),
        )
