"""How a comparison of two documents shows itself in its thread: one message, and a file with what has no room in it."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath

import structlog

from smallprint.errors import SlackRefused
from smallprint.jobs.changes import is_silent
from smallprint.models.domain import DocumentChanges, Job
from smallprint.reports.changes_markdown import changes_markdown
from smallprint.slack.blocks.changes import changes_message, comparing_message
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import failure_message
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts

log = structlog.get_logger()

COMPLETE = "All changes"

_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_TOO_MUCH = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})


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
        complete = await self._show(job, message)
        if message.overflow or not complete:
            await self._upload(job, changes)

    async def fail(self, job: Job, sentence: str) -> None:
        """The sentence in the place of the announcement. Raises SlackError."""
        await self._show(job, failure_message(sentence))

    async def _show(self, job: Job, message: Message) -> bool:
        """False when Slack did not take the blocks and only the text could be shown."""
        try:
            await self._put(job, message)
        except SlackRefused as refusal:
            if refusal.slack_code not in _TOO_MUCH:
                raise
            await self._put(job, Message(message.text, []))
            return False
        return True

    async def _put(self, job: Job, message: Message) -> None:
        """A silent job's message is posted as it is; another's takes the place of the announcement."""
        if is_silent(job):
            await self._post(job, message)
            return
        ts = await self._post(job, comparing_message())
        try:
            await self._update(job, ts, message)
        except SlackRefused as refusal:
            if refusal.slack_code not in _GONE:
                raise
            await self._post(job, message, tag="changes-again")

    async def _post(self, job: Job, message: Message, *, tag: str = "changes") -> str:
        place = await self._destinations.of(job)
        return await self._posts.message(f"{job.id}/{tag}", place.channel, place.thread_ts, message)

    async def _update(self, job: Job, ts: str, message: Message) -> None:
        await ask(
            self._clients.write.chat_update(
                channel=await self._destinations.channel_of(job),
                ts=ts,
                text=message.text,
                blocks=list(message.blocks),
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        )

    async def _upload(self, job: Job, changes: DocumentChanges) -> None:
        place = await self._destinations.of(job)
        mark = hashlib.sha256(job.id.encode()).hexdigest()[:8]  # tells the files of one thread apart
        name = f"{_stem(changes.after.name)}-changes-{mark}.md"
        await self._posts.file(
            f"{job.id}/changes-file",
            place.channel,
            place.thread_ts,
            name,
            COMPLETE,
            changes_markdown(changes),
        )


def _stem(name: str) -> str:
    """A file name's stem, short and harmless: letters, digits, dashes."""
    return re.sub(r"[^\w]+", "-", PurePath(name).stem).strip("-")[:60] or "document"
